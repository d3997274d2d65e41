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
    people = [person(n) for n in range(24)]
    found = seen(
        programme,
        农安县_培训=roster("农安县", "培训", TRAINED, trained(people)),
        农安县_就业=roster("农安县", "就业", EMPLOYED, employed(people[:16], MANY_DAYS, AMOUNTS)),
    )
    assert found.empty


def test_one_phone_for_many_is_shown_at_each_cell_whoever_lists_it(programme: Programme) -> None:
    shared = "13844445555"
    found = seen(
        programme,
        农安县_培训=roster("农安县", "培训", TRAINED, trained([person(1, shared), person(2), person(3, shared)])),
        榆树市_培训=roster("榆树市", "培训", TRAINED, trained([person(4), person(5, shared)])),
    )  # fmt: skip
    assert set(found["clue"]) == {"shared_phones"}
    assert list(zip(found["unit"], found["cell"], strict=True)) == [
        ("220122", "D4"), ("220122", "D6"), ("220182", "D5"),
    ]  # fmt: skip
    assert set(found["evidence"]) == {"电话 138****5555 登记给 3 人，涉及 2 个单位"}
    assert shared not in found.to_csv()


def test_runs_of_numbers_are_shown_with_their_rows(programme: Programme) -> None:
    women = [f"22012219700315{n:03d}" for n in (22, 24, 26, 28)]
    phones = [f"1391234560{n}" for n in (3, 1, 2)]
    found = seen(
        programme,
        农安县_培训=roster(
            "农安县", "培训", TRAINED,
            trained([*((w, person(n)[1]) for n, w in enumerate(women)), *(person(40 + n, p) for n, p in enumerate(phones))]),
        ),
    )  # fmt: skip
    runs = {clue: list(own["cell"]) for clue, own in found.groupby("clue")}
    assert runs == {"number_runs": ["B4", "B5", "B6", "B7"], "phone_runs": ["D8", "D9", "D10"]}


def test_a_block_copied_from_another_list_is_shown_on_both_sides(programme: Programme) -> None:
    phones = [person(n)[1] for n in range(5)]
    found = seen(
        programme,
        农安县_培训=roster("农安县", "培训", TRAINED, trained(person(n, p) for n, p in enumerate(phones))),
        榆树市_培训=roster("榆树市", "培训", TRAINED, trained([person(30), *(person(50 + n, p) for n, p in enumerate(phones))])),
    )  # fmt: skip
    assert set(found["clue"]) == {"copied_blocks"}
    assert sorted(found["cell"]) == sorted([*(f"D{n}" for n in range(4, 9)), *(f"D{n}" for n in range(5, 10))])  # fmt: skip
    assert set(found["persons"]) == {5}


def test_the_same_person_on_two_lists_is_no_copy(programme: Programme) -> None:
    people = [person(n) for n in range(8)]
    found = seen(
        programme,
        农安县_培训=roster("农安县", "培训", TRAINED, trained(people)),
        农安县_就业=roster("农安县", "就业", EMPLOYED, employed(people, MANY_DAYS, AMOUNTS)),
    )
    assert found.empty


def test_equal_incomes_and_one_day_say_how_large_a_share(programme: Programme) -> None:
    people = [person(n) for n in range(12)]
    amounts = ["1200"] * 11 + ["1500"]
    found = seen(
        programme,
        农安县_就业=roster("农安县", "就业", EMPLOYED, employed(people, ["2018-10-08"], amounts)),
        榆树市_培训=roster("榆树市", "培训", TRAINED, trained([person(60 + n) for n in range(10)], finish="2018-09-01")),
    )  # fmt: skip
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
