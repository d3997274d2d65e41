"""提请关注: planted patterns are found with their rows and cells, ordinary lists show nothing, none is a finding."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from months import frame
from supervising import EMPLOYED, PATH, TRAINED, employed, person, roster, supervised, trained

from pipeline.programme import Programme


def seen(programme: Programme, **files: bytes) -> pd.DataFrame:
    """to_look_at.csv of lists under the names of unit and kind."""
    named = {
        PATH.format(unit=unit, kind=kind): content
        for name, content in files.items()
        for unit, _, kind in (name.partition("_"),)
    }
    return frame(supervised(named, programme).to_look_at)


MANY_DAYS = ("2018-09-01", "2018-10-08", "2018-10-22", "2018-11-05")
AMOUNTS = ("1100", "1250", "1400", "1600", "1800")


def test_an_ordinary_month_shows_nothing(programme: Programme) -> None:
    """Nor are the same persons on two lists a block copied from one to the other."""
    people = [person(n) for n in range(24)]
    found = seen(
        programme,
        农安县_培训=roster("农安县", "培训", TRAINED, trained(people)),
        农安县_就业=roster("农安县", "就业", EMPLOYED, employed(people[:16], MANY_DAYS, AMOUNTS)),
    )
    assert found.empty


SHARED = "13844445555"
RUN = [f"22012219700315{n:03d}" for n in (22, 24, 26, 28)]
RUN_OF_PHONES = [f"1391234560{n}" for n in (3, 1, 2)]
COPIED = [person(n)[1] for n in range(30, 35)]


@pytest.fixture(scope="module")
def planted(programme: Programme) -> pd.DataFrame:
    """What is seen of counties of which every pair shows a pattern of its own."""
    in_a_run = [
        *((w, person(n)[1]) for n, w in enumerate(RUN, 10)),
        *(person(20 + n, p) for n, p in enumerate(RUN_OF_PHONES)),
    ]
    equal = employed([person(n) for n in range(60, 72)], ["2018-10-08"], ["1200"] * 11 + ["1500"])
    return seen(
        programme,
        德惠市_培训=roster("德惠市", "培训", TRAINED, trained([person(1, SHARED), person(2), person(3, SHARED)])),
        榆树市_培训=roster("榆树市", "培训", TRAINED, trained([person(4), person(5, SHARED)])),
        农安县_培训=roster("农安县", "培训", TRAINED, trained(in_a_run)),
        舒兰市_培训=roster("舒兰市", "培训", TRAINED, trained(person(n, p) for n, p in enumerate(COPIED, 30))),
        磐石市_培训=roster("磐石市", "培训", TRAINED, trained([person(36), *(person(n, p) for n, p in enumerate(COPIED, 40))])),
        敦化市_就业=roster("敦化市", "就业", EMPLOYED, equal),
        珲春市_培训=roster("珲春市", "培训", TRAINED, trained([person(n) for n in range(80, 90)], finish="2018-09-01")),
    )  # fmt: skip


def test_one_phone_for_many_is_shown_at_each_cell_whoever_lists_it(planted: pd.DataFrame) -> None:
    found = planted[planted["unit"].isin(["220183", "220182"])]
    assert set(found["clue"]) == {"shared_phones"}
    assert list(zip(found["unit"], found["cell"], strict=True)) == [
        ("220183", "D4"), ("220183", "D6"), ("220182", "D5"),
    ]  # fmt: skip
    assert set(found["evidence"]) == {"电话 138****5555 登记给 3 人，涉及 2 个单位"}
    assert SHARED not in planted.to_csv()


def test_runs_of_numbers_are_shown_with_their_rows(planted: pd.DataFrame) -> None:
    own = planted[planted["unit"] == "220122"]
    runs = {clue: list(of_clue["cell"]) for clue, of_clue in own.groupby("clue")}
    assert runs == {"number_runs": ["B4", "B5", "B6", "B7"], "phone_runs": ["D8", "D9", "D10"]}


def test_a_block_copied_from_another_list_is_shown_on_both_sides(planted: pd.DataFrame) -> None:
    found = planted[planted["unit"].isin(["220283", "220284"])]
    assert set(found["clue"]) == {"copied_blocks"}
    assert sorted(found["cell"]) == sorted([*(f"D{n}" for n in range(4, 9)), *(f"D{n}" for n in range(5, 10))])  # fmt: skip
    assert set(found["persons"]) == {5}


def test_equal_incomes_and_one_day_say_how_large_a_share(planted: pd.DataFrame) -> None:
    found = planted[planted["unit"].isin(["222403", "222404"])]
    evidence = found.drop_duplicates("rank").set_index("clue")["evidence"]
    assert list(found.drop_duplicates("rank")["clue"]) == ["equal_amounts", "one_day", "one_day"]
    assert evidence["equal_amounts"] == "月收入（元）都是 1200，共 11 人，占该单位该项的 91%"
    assert set(evidence["one_day"]) == {
        "12 人都在 2018-10-08 开始，占该单位该项的 100%",
        "10 人都在 2018-09-01 当天开始、当天结束，占该单位该项的 100%",
    }


def test_a_programme_may_seek_nothing(programme: Programme) -> None:
    people = [person(n, "13844445555") for n in range(6)]
    files = {PATH.format(unit="农安县", kind="培训"): roster("农安县", "培训", TRAINED, trained(people))}  # fmt: skip
    found = supervised(files, replace(programme, clues=(), appraisals=()))
    assert found.to_look_at.num_rows == found.performance.num_rows == 0


@pytest.mark.parametrize("least", [3, 7])
def test_what_is_shown_begins_with_so_many_persons(programme: Programme, least: int) -> None:
    clue = replace(programme.clues[0], least=least)
    people = [person(n, "13844445555") for n in range(6)]
    files = {PATH.format(unit="农安县", kind="培训"): roster("农安县", "培训", TRAINED, trained(people))}  # fmt: skip
    found = supervised(files, replace(programme, clues=(clue,))).to_look_at
    assert found.num_rows == (6 if least <= 6 else 0)
