"""The register: who she is over all returns, what changed, who left the roster, and who only seems to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from as_if_alone import Case, Cases, Seen
from drawing import id_no, picture_of, workbook
from months import Registered, claimed

from pipeline.home import open_home
from pipeline.model import Issue
from pipeline.programme import Programme
from pipeline.run import run

WANG, LI, ZHAO, SUN, ZHOU, WU = (id_no(f"220102197803{n:02d}002") for n in range(1, 7))
NAMES = dict(zip((WANG, LI, ZHAO, SUN, ZHOU, WU), ("王秀英", "李桂兰", "赵玉梅", "孙丽华", "周淑琴", "吴凤英"), strict=True))  # fmt: skip
HEADER = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 联系电话 | 户籍地址 | 培训项目 | 开班时间 | 结业时间"
WORK = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 就业单位 | 就业时间"


def training(filed: str, *women: str | tuple[str, dict[str, str]], unit: str = "南关区") -> str:
    """A roster of women by number; a pair gives what is typed otherwise."""
    lines = [f"填报单位：{unit}残联 | | 填报日期：{filed}", HEADER]
    for woman in women:
        number, other = woman if isinstance(woman, tuple) else (woman, {})
        typed = {
            "name": NAMES.get(number, ""), "gender": "女", "id": number, "cert": f"{number}43",
            "poor": "是", "phone": "13844445555", "address": f"{unit}平安乡", "item": "编织",
            "start": "2018-09-03", "finish": "2018-09-07",
        } | other  # fmt: skip
        lines.append(" | ".join(typed.values()))
    return "== 培训\n" + "\n".join(lines)


def employment(filed: str, *women: str, unit: str = "南关区") -> str:
    lines = [f"填报单位：{unit}残联 | | 填报日期：{filed}", WORK]
    lines += [f"{NAMES[w]} | 女 | {w} | {w}43 | 是 | 编织社 | 2018-10-08" for w in women]
    return "== 就业\n" + "\n".join(lines)


cases = Cases()


@pytest.fixture(scope="module")
def faults(programme: Programme) -> dict[str, Exception | None]:
    return cases.faults(programme, "2018-11")


OCTOBER, NOVEMBER = "2018年10月26日", "2018年11月26日"


def kept(
    files: Mapping[str, str | bytes], programme: Programme, period: str = "2018-11"
) -> tuple[Registered, list[Issue]]:
    """The register of a month of its own."""
    drawn = {p: workbook(f) if isinstance(f, str) else f for p, f in files.items()}
    claims, _ = claimed(drawn, programme, period)
    return claims.register, [i for i in claims.issues if i.rule.startswith("T")]


def found(seen: Seen) -> list[Issue]:
    """What is found over time, in the words the case was drawn with."""
    return [
        i._replace(file=seen.drawn(i.file), unit=seen.drawn(i.unit), message=seen.drawn(i.message))
        for i in seen.issues
        if i.rule.startswith("T")
    ]


def person(seen: Seen, number: str) -> dict[str, str]:
    people = seen.register.people
    (row,) = people[people["id_no"] == seen.moves[number]].to_dict("records")
    return {str(name): seen.drawn(str(value)) for name, value in row.items()}


def happened(seen: Seen, number: str) -> list[tuple[str, str, str]]:
    own = events(seen, number)
    return list(zip(own["period"], own["event"], own["unit"].map(seen.drawn), strict=True))


def events(seen: Seen, number: str) -> pd.DataFrame:
    every = seen.register.events
    return every[every["id_no"] == seen.moves[number]]


def changed(seen: Seen, number: str) -> list[tuple[str, ...]]:
    own = events(seen, number).query("event == 'changed'")
    columns = own[["field", "before", "after", "note", "period", "cell"]]
    return [tuple(map(seen.drawn, line)) for line in columns.itertuples(index=False, name=None)]


@cases()
def a_person_is_followed_through_all_her_returns() -> Case:
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, WANG, LI),
        "2018-11/南关区.xlsx": training(NOVEMBER, WANG, LI),
        "2018-11/南关就业.xlsx": employment(NOVEMBER, WANG),
    }
    seen = yield files
    assert found(seen) == []
    followed = person(seen, WANG)
    assert (followed["first_seen"], followed["last_seen"], followed["name"]) == (
        "2018-10",
        "2018-11",
        "王秀英",
    )
    assert (followed["training_on"], followed["training_in"], followed["training_times"]) == ("2018-09-03", "220102", "1")  # fmt: skip
    assert (followed["employment_on"], followed["employment_in"]) == ("2018-10-08", "220102")
    assert person(seen, LI)["employment_on"] == ""
    assert happened(seen, WANG) == [
        ("2018-10", "seen", "220102"),
        ("2018-11", "seen", "220102"),
        ("2018-11", "began", "220102"),
        ("2018-11", "began", "220102"),
        ("2018-11", "counted", "220102"),
        ("2018-11", "counted", "220102"),
    ]


@cases()
def what_changed_is_listed_with_its_cell_and_spelling_is_no_change() -> Case:
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, (WANG, {"phone": "13844445556", "start": "2018-09-04"}), LI),
        "2018-11/南关区.xlsx": training(NOVEMBER, (WANG, {"start": "2018.9.3"}), (LI, {"finish": "2018年9月7日"})),
    }  # fmt: skip
    seen = yield files
    assert sorted(changed(seen, WANG)) == [
        ("phone", "13844445556", "13844445555", "2018-10", "2018-11", "F3"),
        ("started_on", "2018-09-04", "2018-09-03", "2018-10", "2018-11", "I3"),
    ]
    assert person(seen, WANG)["changed"] == "phone;started_on"
    assert changed(seen, LI) == []


@cases()
def a_second_course_is_no_change_of_the_first() -> Case:
    more = {"item": "刺绣", "start": "2018-08-06", "finish": "2018-08-10"}
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, WANG),
        "2018-11/南关区.xlsx": training(NOVEMBER, WANG, (WANG, more)),
    }
    seen = yield files
    assert changed(seen, WANG) == []
    assert person(seen, WANG)["training_times"] == "2"
    assert person(seen, WANG)["training_on"] == "2018-08-06"


@cases()
def a_column_the_form_does_not_have_is_no_change() -> Case:
    short = (
        f"== 培训\n填报单位：南关区残联 | | 填报日期：{NOVEMBER}\n"
        "姓名 | 性别 | 身份证号 | 残疾人证号 | 开班时间 | 结业时间\n"
        f"王秀英 | 女 | {WANG} | {WANG}43 | 2018-09-03 | 2018-09-07"
    )
    seen = yield {"2018-10/南关区.xlsx": training(OCTOBER, WANG), "2018-11/南关区.xlsx": short}
    assert changed(seen, WANG) == []


@cases()
def who_is_dropped_is_named_at_the_new_return_by_her_row_alone() -> Case:
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, WANG, LI, ZHAO),
        "2018-11/南关区.xlsx": training(NOVEMBER, WANG, ZHAO),
    }
    seen = yield files
    assert [(i.rule, i.file, i.unit, i.row) for i in found(seen)] == [
        ("T20", "2018-11/南关区.xlsx", "220102", None)
    ]
    assert "2018-10/南关区.xlsx“培训”第 4 行" in found(seen)[0].message
    assert "李" not in found(seen)[0].message
    assert LI[-4:] not in found(seen)[0].message
    assert person(seen, LI)["left"] == "220102"
    assert person(seen, LI)["left_since"] == "2018-11"
    assert happened(seen, LI)[-1] == ("2018-11", "dropped", "220102")


def test_a_month_later_the_question_is_not_asked_again(programme: Programme) -> None:
    files = {
        "2018-09/南关区.xlsx": training("2018年9月26日", WANG, LI),
        "2018-10/南关区.xlsx": training(OCTOBER, WANG),
        "2018-11/南关区.xlsx": training(NOVEMBER, WANG),
    }
    register, issues = kept(files, programme)
    assert issues == []
    assert register.people.set_index("id_no").loc[LI, "left_since"] == "2018-10"
    _, then = kept(files, programme, "2018-10")
    assert [i.rule for i in then] == ["T20"]


@cases()
def who_comes_back_has_not_left() -> Case:
    files = {
        "2018-09/南关区.xlsx": training("2018年9月26日", WANG, LI),
        "2018-10/南关区.xlsx": training(OCTOBER, WANG),
        "2018-11/南关区.xlsx": training(NOVEMBER, WANG, LI),
    }
    seen = yield files
    assert found(seen) == []
    assert person(seen, LI)["left"] == ""
    assert [e for _, e, _ in happened(seen, LI)] == ["seen", "dropped", "began", "back", "counted"]


@cases()
def another_sheet_or_file_of_the_unit_is_the_same_roster() -> Case:
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, WANG, LI),
        "2018-11/平安乡.xlsx": training(NOVEMBER, WANG),
        "2018-11/永安乡.xlsx": training(NOVEMBER, LI),
    }
    assert found((yield files)) == []


@cases()
def a_nil_return_drops_everybody() -> Case:
    nil = f"== 培训\n填报单位：南关区残联 | | 填报日期：{NOVEMBER}\n{HEADER}\n零报告"
    files = {"2018-10/南关区.xlsx": training(OCTOBER, WANG, LI), "2018-11/南关区.xlsx": nil}
    seen = yield files
    assert [i.rule for i in found(seen)] == ["T20", "T20"]
    assert {person(seen, number)["left_since"] for number in (WANG, LI)} == {"2018-11"}


@cases()
def a_list_that_lost_most_of_its_people_is_one_finding() -> Case:
    """As when a county sends only what is new, or one township."""
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, WANG, LI, ZHAO, SUN, ZHOU),
        "2018-11/南关区.xlsx": training(NOVEMBER, WU),
    }
    seen = yield files
    assert [i.rule for i in found(seen)] == ["T21"]
    assert "列有 5 人" in found(seen)[0].message
    assert "有 5 人不见了" in found(seen)[0].message
    dropped = seen.register.dropped
    own = dropped["id_no"].isin([seen.moves[w] for w in (WANG, LI, ZHAO, SUN, ZHOU)])
    assert len(dropped[own & dropped["recent"].astype(bool)]) == 5


NEAR = id_no(WANG[:16] + "4")  # one digit of WANG's number mistyped, the check digit recomputed
SAME_DAY = id_no("220103" + WANG[6:14] + "486")
STRANGER = id_no("22010219850505002")


@cases(
    [
        ({"id": NEAR, "cert": NEAR + "43"}, "身份证号前 17 位有 1 位不同"),
        ({"id": SAME_DAY, "cert": SAME_DAY + "43"}, "出生日期相同"),
        ({"id": STRANGER, "cert": STRANGER + "43"}, "联系电话相同"),
    ],
)
def a_mended_number_is_a_correction_and_no_departure(typed: dict[str, str], evidence: str) -> Case:
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, (WANG, typed), LI),
        "2018-11/南关区.xlsx": training(NOVEMBER, WANG, LI),
    }
    seen = yield files
    (issue,) = found(seen)
    assert (issue.rule, issue.cell, issue.severity) == ("T23", "C3", "info")
    assert evidence in issue.message
    followed = person(seen, WANG)
    assert (followed["first_seen"], followed["left"]) == ("2018-10", "")
    assert "id_no" in followed["changed"].split(";")
    assert seen.moves[typed["id"]] not in set(seen.register.people["id_no"])
    assert ("2018-11", "corrected", "220102") in happened(seen, WANG)


@cases()
def one_name_alone_makes_nobody_the_same() -> Case:
    other = {"name": "王秀英", "phone": "13944441111"}
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, WANG, LI),
        "2018-11/南关区.xlsx": training(NOVEMBER, LI, (STRANGER, other)),
    }
    seen = yield files
    assert [i.rule for i in found(seen)] == ["T20"]
    assert len({person(seen, number)["id_no"] for number in (WANG, LI, STRANGER)}) == 3


@cases()
def who_moved_is_named_with_her_new_unit() -> Case:
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, WANG, LI),
        "2018-11/南关区.xlsx": training(NOVEMBER, LI),
        "2018-11/敦化市.xlsx": training(NOVEMBER, WANG, unit="敦化市"),
    }
    seen = yield files
    (issue,) = found(seen)
    assert (issue.rule, issue.severity, issue.unit) == ("T22", "info", "220102")
    assert issue.message.endswith("现由敦化市上报")
    followed = person(seen, WANG)
    assert (followed["unit"], followed["left"], followed["training_in"]) == (
        "222403",
        "220102",
        "222403",
    )


def test_a_new_year_begins_a_new_roster(programme: Programme) -> None:
    next_year = {"start": "2019-03-04", "finish": "2019-03-08"}
    files = {
        "2018-12/南关区.xlsx": training("2018年12月26日", WANG, LI),
        "2019-03/南关区.xlsx": training("2019年3月26日", (LI, next_year)),
    }
    register, issues = kept(files, programme, "2019-03")
    assert issues == []
    assert register.events.query("event == 'changed'").empty
    assert register.people.set_index("id_no").loc[WANG, "last_seen"] == "2018-12"


def test_a_return_that_cannot_be_read_drops_nobody(programme: Programme) -> None:
    files: dict[str, str | bytes] = {
        "2018-10/南关区.xlsx": training(OCTOBER, WANG),
        "2018-11/南关.xls": b"\xd0\xcf\x11\xe0" * 99,
    }
    register, issues = kept(files, programme)
    assert issues == []
    assert register.people.set_index("id_no").loc[WANG, "left"] == ""


def test_each_return_of_its_own_drops_nobody(programme: Programme) -> None:
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, WANG, LI),
        "2018-11/南关区.xlsx": training(NOVEMBER, ZHAO),
    }
    register, issues = kept(files, replace(programme, scope="period"))
    assert issues == []
    assert set(register.people["left"]) == {""}


def test_people_say_since_when_and_what_changed(programme: Programme) -> None:
    files = {
        "2018-10/南关区.xlsx": training(OCTOBER, (WANG, {"phone": "13844445556"})),
        "2018-11/南关区.xlsx": training(NOVEMBER, WANG, LI),
    }
    claims, _ = claimed({p: workbook(t) for p, t in files.items()}, programme, "2018-11")
    followed = claims.people[["id_no", "first_seen", "last_seen", "changed"]].to_numpy().tolist()
    assert followed == [
        [WANG, "2018-10", "2018-11", "phone"],
        [LI, "2018-11", "2018-11", ""],
    ]


def test_an_empty_month_has_an_empty_register(programme: Programme) -> None:
    nil = f"== 培训\n填报单位：南关区残联\n{HEADER}\n零报告"
    register, issues = kept({"2018-11/南关区.xlsx": nil}, programme)
    assert (len(register.people), len(register.events), issues) == (0, 0, [])
    assert isinstance(register.dropped, pd.DataFrame)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> Path:
    """The papers of a month in which three have left a roster: for good, to another, by another number."""
    home = tmp_path_factory.mktemp("home")
    files = {
        "2018-10/南关区.xlsx": training(
            OCTOBER, (WANG, {"id": NEAR, "cert": NEAR + "43"}), LI, SUN
        ),
        "2018-11/南关区.xlsx": training(NOVEMBER, WANG),
        "2018-11/敦化市.xlsx": training(NOVEMBER, SUN, unit="敦化市"),
    }
    for path, content in files.items():
        file = home / "inbox" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(workbook(content))
    return run(open_home(home), "", programme)[1].folder


def test_each_unit_gets_a_list_of_those_who_left_and_no_other_units(delivered: Path) -> None:
    (listed,) = delivered.glob("退回/*/减少名单.xlsx")
    assert listed.parent.name == "220102_南关区"
    assert listed.stat().st_mode & 0o077 == 0
    lines = picture_of(listed.read_bytes()).splitlines()[4:]
    assert [line.split(" | ")[2:7] + line.split(" | ")[9:10] for line in lines] == [
        ["李桂兰", LI, "2018-10/南关区.xlsx", "培训", "4", "本期各单位名单中均未见"],
        ["孙丽华", SUN, "2018-10/南关区.xlsx", "培训", "5", "现由敦化市上报"],
        ["王秀英", NEAR, "2018-10/南关区.xlsx", "培训", "3",
         "疑为更正证件号，见本期“培训”第 3 行（姓名相同，身份证号前 17 位有 1 位不同）"],
    ]  # fmt: skip
    page = (delivered / "index.html").read_text(encoding="utf-8")
    assert "1 人不见了，1 人转由其他单位上报，1 人更正了证件号" in page


def test_the_tables_hold_everybody_and_are_private(delivered: Path) -> None:
    for name, columns in (
        ("register", ["id_no", "name", "unit"]),
        ("history", ["id_no", "period", "on"]),
    ):
        table = delivered / "data" / f"{name}.parquet"
        assert table.stat().st_mode & 0o077 == 0
        followed = pd.read_parquet(table)
        assert list(followed.columns[:3]) == columns
        assert set(followed["id_no"]) == {WANG, LI, SUN}
    people = pd.read_parquet(delivered / "data" / "people.parquet")
    assert list(people.columns[:7]) == ["id_no", "indicator", "year", "unit", "counted_for", "fate", "start"]  # fmt: skip
    assert list(people.columns[-6:]) == [
        "file",
        "sheet",
        "row",
        "first_seen",
        "last_seen",
        "changed",
    ]


@pytest.mark.parametrize("name", cases)
def test_the_case(name: str, faults: dict[str, Exception | None]) -> None:
    if fault := faults[name]:
        raise fault
