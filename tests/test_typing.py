"""What a file's rows come to as tables: values, faults, and every error that returns a row."""

from __future__ import annotations

import pytest
from drawing import id_no, workbook

from pipeline.model import Submission
from pipeline.model.tables import Part
from pipeline.programme import Programme
from pipeline.read.part import part_of

A, B = id_no("22010219780105002"), id_no("22010219800210004")
HEADER = "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"
TITLE = "填报单位：{unit} | | 填报日期：2018年11月26日"


def filed(programme: Programme, *lines: str, unit: str = "南关区残联") -> Part:
    content = workbook("\n".join([TITLE.format(unit=unit), HEADER, *lines]))
    return part_of(Submission("2018-11/a.xlsx", "0" * 64, "2018-11", content), programme)


def person(nth: int, number: str, start: str = "2018-09-01", *, poor: str = "是") -> str:
    return f"{nth} | 王秀英 | 女 | {number} | {number[:18]}43 | {poor} | {start} | 2018-09-10"


@pytest.mark.parametrize("start", ["1979-09-01", "2007-12-31", "1987-06-30"])
def test_a_start_before_she_was_ten_or_long_before_the_programme_is_no_date(
    start: str, programme: Programme
) -> None:
    part = filed(programme, person(1, A, start))
    assert part["rows"].column("start").to_pylist() == [""]
    assert part["rows"].column("fault").to_pylist() == [True]
    issues = part["issues"].to_pylist()
    assert [(i["rule"], i["row"], i["column"]) for i in issues if i["severity"] == "error"] == [
        ("C38", 3, "G")
    ]


def test_every_error_of_a_row_is_kept_and_one_is_listed_at_a_cell(programme: Programme) -> None:
    man = id_no("22010219780105003")
    (line,) = (
        line
        for line in filed(programme, person(1, man).replace(" | 女 | ", " |  | "))[
            "issues"
        ].to_pylist()
        if line["rule"] == "R20"
    )
    assert (line["listed"], line["column"]) == (True, "D")
    both = filed(programme, person(1, A, "2018-12-05"))["issues"].to_pylist()
    at_finish = [(i["rule"], i["listed"]) for i in both if i["column"] == "H"]
    assert at_finish == [("R23", True), ("R24", False)]


@pytest.mark.parametrize(
    "cell", ["2018-06-01" + "-" * 30_000, "2018" + " " * 30_000 + "6", "፪፪", "9" * 4_400]
)
def test_an_absurd_cell_costs_itself_alone(cell: str, programme: Programme) -> None:
    part = filed(programme, person(1, A, cell), person(2, B))
    rows = part["rows"].to_pylist()
    assert [(r["row"], r["start"], r["fault"]) for r in rows] == [
        (3, "", True), (4, "2018-09-01", False),
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["፩" * 18, "፩" * 15, "１" * 17 + "x"])
def test_digits_of_another_script_are_no_number(number: str, programme: Programme) -> None:
    part = filed(programme, person(1, number), person(2, B))
    assert [r["number"] for r in part["rows"].to_pylist()] == ["", B]


@pytest.mark.parametrize(
    ("words", "day"), [(("填报日期", "上报日期"), "26"), (("上报日期", "填报日期"), "26")]
)
def test_of_two_words_in_one_line_the_first_tells(
    words: tuple[str, str], day: str, programme: Programme
) -> None:
    dates = f"{words[0]}：2018年11月26日 {words[1]}：2018年11月28日"
    content = workbook("\n".join([f"填报单位：南关区残联 | | {dates}", HEADER, person(1, A)]))
    part = part_of(Submission("2018-11/a.xlsx", "0" * 64, "2018-11", content), programme)
    assert part["filings"].column("filed_on").to_pylist() == [f"2018-11-{day}"]


def test_a_second_table_is_found_however_far_down(programme: Programme) -> None:
    first = [person(n, A) for n in range(1, 41)]
    second = ["填报单位：宽城区残联", HEADER.replace("序号 | ", "编号 | "), person(1, B)]
    part = filed(programme, *first, *second)
    rows = part["rows"].to_pylist()
    assert [(r["table"], r["row"], r["unit"]) for r in rows][-1] == (2, 45, "220103")
    assert len(rows) == 41


def test_birth_and_gender_are_derived_where_no_column_says_them(programme: Programme) -> None:
    picture = "\n".join(
        ["填报单位：南关区残联", "姓名 | 残疾人证号 | 开班时间 | 结业时间",
         f"王秀英 | {A}43 | 2018-09-01 | 2018-09-10"]
    )  # fmt: skip
    file = Submission("2018-11/a.xlsx", "0" * 64, "2018-11", workbook(picture))
    (row,) = part_of(file, programme)["rows"].to_pylist()
    derived = {name: row[f"f_{name}"] for name in ("id_no", "birth", "gender", "category", "grade")}
    assert derived == {
        "id_no": A, "birth": "1978-01-05", "gender": "2", "category": "4", "grade": "3",
    }  # fmt: skip
