"""Whose column is it: headers nobody has seen, columns of a county's own, answers that last."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from drawing import drop, workbook
from office import converted, needs_office

from pipeline.home import open_home
from pipeline.ingest.recognition import Seen, Sheet, Spellings, decide
from pipeline.model import Submission
from pipeline.programme import Programme
from pipeline.read.part import part_of
from pipeline.run import run

KNOWN = "姓名 | 身份证号 | 残疾人证号 | 开班时间 | 结业时间"
LINES = """
王秀英 | <22010219780305002> | <22010219780305002+43> | 2018-09-01 | 2018-09-10
李桂兰 | <22010219800101004> | <22010219800101004+32> | 2018-09-01 | 2018-09-10
张玉梅 | <22010219851212006> | <22010219851212006+41> | 2018-09-01 | 2018-09-10
"""


def roster(header: str, lines: str = LINES) -> str:
    return f"== 培训花名册\n填报单位：南关区残联\n{header}\n{lines.strip()}"


def taken(header: str, lines: str, programme: Programme) -> dict[str, str]:
    """Header -> field as read from a drawn roster."""
    content = workbook(roster(header, lines))
    file = Submission("2018-11/南关区培训.xlsx", "", "2018-11", content)
    part = part_of(file, programme)
    return {c["header"]: c["field"] for c in part["columns"].to_pylist()}


@pytest.mark.parametrize(
    "header",
    [
        "学员名字 | 公民证件号码 | 二代残证号 | 开课时间 | 结课时间",
        "受训妇女姓名 | 身份证（18位） | 残疾证（20位） | 培训起 | 培训止",
        "姓 名/Name | 居民身份证编号 | 持证编号 | 参训开始日 | 参训结束日",
        "名字 | 号码 | 残证 | 何时开班 | 何时结业",
        "受助人 | 身份正号 | 惨疾证号 | 揩班实间 | 结叶时见",
        "参加人员 | 身份证信息 | 残联发的证号 | 第一天 | 最后一天",
        "学员名称 | 个人身份号 | 残疾证明号 | 培训时间从 | 培训时间到",
        "绣娘姓名 | 十八位身份证号 | 二十位残疾证号 | 首课日期 | 末课日期",
        "参培妇女 | 身份证字号 | 残证编码 | 授课开始日期 | 授课结束日期",
    ],
)
def test_a_header_spelt_otherwise_is_the_same_column(header: str, programme: Programme) -> None:
    found = taken(header, LINES, programme)
    assert list(found.values()) == ["name", "id_no", "cert_no", "started_on", "finished_on"]


def test_a_yes_or_no_is_no_date_however_short_the_list(programme: Programme) -> None:
    header = "姓名 | 身份证号 | 残疾人证号 | 开班时间 | 结业时间 | 是否获得结业证"
    line = LINES.strip().split("\n")[0] + " | 是"
    found = taken(header, line, programme)
    assert found["结业时间"] == "finished_on"
    assert found.get("是否获得结业证") in (None, "certified")


def test_another_persons_number_name_and_phone_are_never_hers(programme: Programme) -> None:
    header = f"户主姓名 | 监护人身份证号 | {KNOWN} | 帮扶责任人电话 | 残疾证发证日期 | 银行卡号"
    lines = "\n".join(
        f"赵大山 | <22010219700101001> | {line} | 13900001234 | 2012-05-06 | 6228480000000000{n}"
        for n, line in enumerate(LINES.strip().split("\n"))
    )
    found = taken(header, lines, programme)
    assert set(found) == set(KNOWN.split(" | "))


def test_her_number_is_the_one_her_certificate_begins_with(programme: Programme) -> None:
    """Two columns of numbers under strange headers: the certificate tells which is hers."""
    header = "姓名 | 号码甲 | 号码乙 | 残疾人证号 | 开班时间 | 结业时间"
    lines = "\n".join(
        f"{name} | <2201021970010100{n}> | {number} | {rest}"
        for n, (name, number, rest) in enumerate(
            line.split(" | ", 2) for line in LINES.strip().split("\n")
        )
    )
    found = taken(header, lines, programme)
    assert found["号码乙"] == "id_no"
    assert "号码甲" not in found


def test_a_decision_says_its_evidence_and_what_came_second(programme: Programme) -> None:
    column = Seen(1, ("开始上课的时间",), ["2018-09-01", "2018-09-02"], ["s", "s"])
    decision = decide(Sheet([column], "2018-11"), "training", Spellings(programme))
    weighed = decision.taken[1]
    assert weighed.field == "started_on"
    assert sum(e.points for e in weighed.evidence) == weighed.points
    assert decision.second[1].points < weighed.points


OPENS, CONTRADICTED, OWN_COLUMN = ("220102", "南关区"), ("220103", "宽城区"), ("220122", "农安县")


def _of(unit: tuple[str, str], picture: str) -> str:
    """The picture as a unit files it, of women of its own."""
    code, name = unit
    return picture.replace("南关区", name).replace("<220102", f"<{code}")


def _answered(file: Path, to: Path, answers: Mapping[str, str]) -> None:
    """The questions with what each unit's column 日子一 is said to be."""
    book: Any = openpyxl.load_workbook(file)
    sheet = book["认列"]
    at = {cell.value: cell.column for cell in sheet[3]}
    left = dict(answers)
    for row in range(4, sheet.max_row + 1):
        if sheet.cell(row, at["表头"]).value == "日子一":
            field = left.pop(sheet.cell(row, at["单位"]).value)
            sheet.cell(row, at["认作"], field)
            sheet.cell(row, at["适用"], "本单位")
            sheet.cell(row, at["裁定人"], "王某")
    assert not left
    book.save(to)


AMBIGUOUS = "姓名 | 身份证号 | 残疾人证号 | 日子一 | 结业时间 | 日子二"


def ambiguous() -> str:
    """Two columns of days of which either may be the start."""
    lines = [f"{line} | 2018-09-0{n}" for n, line in enumerate(LINES.strip().split("\n"), 1)]
    return roster(AMBIGUOUS, "\n".join(lines))


class Month(NamedTuple):
    """A month in which three counties file: what it counts, and what it lays into the outbox."""

    home: Path
    counted: dict[str, int]

    def out(self, period: str = "2018-11") -> Path:
        return self.home / "outbox" / period


def worked(home: Path, programme: Programme, period: str = "2018-11") -> Month:
    figures = run(open_home(home), period, programme)[0]
    own = [
        line for line in figures.table.to_pylist()
        if (line["level"], line["scope"], line["indicator"]) == ("county", "year", "training")
    ]  # fmt: skip
    return Month(home, {line["unit"]: line["counted"] for line in own})


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> Month:
    home = tmp_path_factory.mktemp("asked")
    for unit in (OPENS, CONTRADICTED):
        drop(home / "inbox", f"2018-11/{unit[1]}培训.xlsx", _of(unit, ambiguous()))
    lines = "\n".join(f"{line} | 是" for line in LINES.strip().split("\n"))
    picture = _of(OWN_COLUMN, roster(f"{KNOWN} | 是否住校", lines))
    drop(home / "inbox", "2018-11/农安县培训.xlsx", picture)
    month = worked(home, programme)
    shutil.copytree(month.out(), month.out("first"))
    return month


@pytest.fixture(scope="module")
def answered(asked: Month, programme: Programme) -> Month:
    answers = {"南关区": "开班时间", "宽城区": "联系电话"}
    _answered(asked.out("first") / "待裁定.xlsx", asked.home / "inbox" / "待裁定.xlsx", answers)
    return worked(asked.home, programme)


def test_a_column_nobody_can_tell_waits_for_the_clerk_and_her_answer_lasts(
    asked: Month, answered: Month, programme: Programme
) -> None:
    code, _ = OPENS
    assert (asked.counted[code], answered.counted[code]) == (0, 3)
    drop(asked.home / "inbox", "2018-12/南关区培训.xlsx", ambiguous())
    assert worked(asked.home, programme, "2018-12").counted[code] == 3


@needs_office
def test_an_answer_says_the_same_whatever_program_saved_it(
    asked: Month, tmp_path: Path, programme: Programme
) -> None:
    filled = tmp_path / "待裁定.xlsx"
    answers = {"南关区": "开班时间", "宽城区": "联系电话"}
    _answered(asked.out("first") / "待裁定.xlsx", filled, answers)
    files = [filled, *(converted(filled, tmp_path, suffix) for suffix in ("ods", "xls"))]
    read = [
        part_of(Submission(file.name, "", "", file.read_bytes()), programme)["column_answers"]
        for file in files
    ]
    given = [[(a["unit"], a["header"], a["field"]) for a in table.to_pylist()] for table in read]
    assert given[0] == given[1] == given[2]
    assert {("220102", "日子一", "started_on"), ("220103", "日子一", "phone")} <= set(given[0])


def test_an_answer_that_the_cells_contradict_is_asked_again(answered: Month) -> None:
    sheet = openpyxl.load_workbook(answered.out() / "待裁定.xlsx")["认列"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert any({"宽城区", "日子一", "未读取：内容不符"} <= set(row) for row in rows)


def fates(header: str, lines: str, programme: Programme) -> list[tuple[str, bool]]:
    """Name and fault of every person of a drawn roster."""
    content = workbook(roster(header, lines))
    part = part_of(Submission("2018-11/南关区培训.xlsx", "", "2018-11", content), programme)
    return [(row["name"], row["fault"]) for row in part["rows"].to_pylist()]


ONE = LINES.strip().split("\n")[0]


@pytest.mark.parametrize(
    ("header", "cell", "fault"),
    [
        ("贫困户类别", "一般户", True),
        ("脱贫户", "否", True),
        ("是否贫困人口", "否", True),
        ("建档立卡（是填1）", "0", True),
        ("户属性", "非贫困户", True),
        ("男女", "男", True),
        ("学员的性别", "男", True),
        ("是否贫困村", "否", False),
        ("丈夫性别", "男", False),
        ("孩子性别", "男", False),
        ("贫困户编号", "22010001", False),
        ("建档立卡年度", "2014", False),
    ],
)
def test_what_bars_a_person_is_found_and_what_is_said_of_others_is_not_held_against_her(
    header: str, cell: str, *, fault: bool, programme: Programme
) -> None:
    assert fates(f"{KNOWN} | {header}", f"{ONE} | {cell}", programme) == [("王秀英", fault)]


@pytest.mark.parametrize(
    "other",
    ["报名时间", "残疾证发证日期", "录入日期", "体检日期", "证书发放日期", "意向调查时间"],
)
def test_days_of_something_else_are_neither_start_nor_finish(
    other: str, programme: Programme
) -> None:
    header = f"{other} | 姓名 | 身份证号 | 残疾人证号 | 上课时间（起） | 上课时间（止）"
    lines = "\n".join(f"2018-08-1{n} | {line}" for n, line in enumerate(LINES.strip().split("\n")))
    found = taken(header, lines, programme)
    assert other not in found
    assert list(found.values())[-2:] == ["started_on", "finished_on"]


def test_a_day_named_by_those_with_whom_it_began_is_asked_and_not_called_missing(
    programme: Programme,
) -> None:
    header = "姓名 | 身份证号 | 残疾人证号 | 就业单位 | 进社区工厂的那天"
    lines = LINES.replace("2018-09-01 | 2018-09-10", "巧手社 | 2018-10-08")
    for named in ("进社区工厂的那天", "老师带进厂时间", "户主同意时间"):
        content = workbook(roster(header.replace("进社区工厂的那天", named), lines))
        part = part_of(Submission("2018-11/南关区就业.xlsx", "", "2018-11", content), programme)
        assert "S01" not in {i["rule"] for i in part["issues"].to_pylist()}, named


def test_a_span_and_a_finish_of_something_else_are_not_both_hers(programme: Programme) -> None:
    lines = LINES.replace("2018-09-01 | 2018-09-10", "2018.9.1-9.10 | 2025-09-10")
    found = taken("姓名 | 身份证号 | 残疾人证号 | 学期 | 房租终止", lines, programme)
    assert found["学期"] == "training_time"
    assert "房租终止" not in found


def test_numbers_of_others_are_not_asked_about_where_her_certificate_says_hers(
    programme: Programme,
) -> None:
    header = "姓名 | 大舅证件号 | 残疾人证号 | 开班时间 | 结业时间"
    lines = "\n".join(
        " | ".join([cells[0], f"<2201021970010100{n}>", *cells[2:]])
        for n, line in enumerate(LINES.strip().split("\n"))
        if (cells := line.split(" | "))
    )
    content = workbook(roster(header, lines))
    part = part_of(Submission("2018-11/南关区培训.xlsx", "", "2018-11", content), programme)
    assert not [i for i in part["issues"].to_pylist() if i["rule"] in ("S01", "S11")]
    assert part["rows"].num_rows == 3


@pytest.mark.parametrize("other", ["面试日期", "考试日期", "报到登记日期", "保险起始日期"])
def test_a_span_leaves_no_start_to_guess(other: str, programme: Programme) -> None:
    header = f"{other} | 姓名 | 身份证号 | 残疾人证号 | 几号到几号"
    lines = "\n".join(
        f"2018-08-1{n} | {line.replace(' | 2018-09-10', '至2018-09-10')}"
        for n, line in enumerate(LINES.strip().split("\n"))
    )
    assert list(taken(header, lines, programme).values())[-1] == "training_time"
    assert other not in taken(header, lines, programme)


def test_of_two_days_under_unknown_words_neither_is_guessed(programme: Programme) -> None:
    header = "姓名 | 身份证号 | 残疾人证号 | 庚日 | 辛日 | 结业时间"
    lines = "\n".join(
        line.replace(" | 2018-09-01", f" | 2018-08-2{n} | 2018-09-01")
        for n, line in enumerate(LINES.strip().split("\n"))
    )
    assert "started_on" not in taken(header, lines, programme).values()


def test_the_last_digits_alone_are_no_number(programme: Programme) -> None:
    line = "王秀英 | 5002 | <22010219780305002+43> | 2018-09-01 | 2018-09-10"
    header = "姓名 | 身份证号（后四位） | 残疾人证号 | 开班时间 | 结业时间"
    assert fates(header, line, programme) == [("王秀英", False)]


def test_two_lists_beside_each_other_under_strange_headers(programme: Programme) -> None:
    half = "学员名字 | 证件号（身份证） | 残证号 | 上课起 | 上课止"
    first, second, _ = LINES.strip().split("\n")
    assert fates(f"{half} | | {half}", f"{first} | | {second}", programme) == [
        ("王秀英", False),
        ("李桂兰", False),
    ]


def test_a_countys_own_columns_are_no_business_of_its_letter(asked: Month) -> None:
    out = asked.out("first")
    assert "是否住校" in (out / "data" / "issues.csv").read_text(encoding="utf-8-sig")
    assert asked.counted[OWN_COLUMN[0]] == 3
    assert [folder.name for folder in (out / "退回").glob("*农安县*")] == []
    assert (out / "退回").exists()  # the others are asked something
