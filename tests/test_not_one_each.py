"""Columns that hold two things, or a third of one, and rows that are of the woman above, drawn as text."""

from __future__ import annotations

import pytest
from drawing import workbook
from test_careless import (
    ALL,
    HEADER,
    LINES,
    PERSONS,
    TITLE,
    A,
    B,
    C,
    D,
    G,
    counted,
    drawn,
    issues,
    line,
    read,
)

from pipeline.programme import Programme

BEGIN = "序号 | 姓名 | 身份证号 | 残疾人证号 | 是否建档立卡"
MERGED = ("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3")
# header rows and what stands in every row below them, the first five columns left out
DAYS_APART = {
    "below their names": (("开班时间 | | | 结业时间 | | ", "年 | 月 | 日 | 年 | 月 | 日"), "#2018 | #9 | #1 | #2018 | #9 | #15"),
    "as texts": (("开班日期 | | | 结业日期 | | ", "年份 | 月份 | 日 | 年 | 月 | 日"), "2018年 | 9月 | 1日 | 18 | 09 | 15"),
    "on one line": (("开班年 | 开班月 | 开班日 | 结业年 | 结业月 | 结业日",), "#2018 | #9 | #1 | #2018 | #9 | #15"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAYS_APART)
@pytest.mark.parametrize("joined", [True, False])
def test_a_day_in_three_columns_is_one(kind: str, joined: bool, programme: Programme) -> None:
    heads, days = DAYS_APART[kind]
    merged = (*MERGED, "F2:H2", "I2:K2") if joined and len(heads) > 1 else ()
    lines = [f"{BEGIN} | {heads[0]}", *(f" | | | | | {head}" for head in heads[1:])]
    rows = (f"{n} | {name} | {i} | {i}43 | 是 | {days}" for n, name, i in PERSONS)
    filed = read(drawn(TITLE, *lines, *rows, merged=merged), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


def test_a_day_that_is_none_in_three_columns_is_said_at_the_first(programme: Programme) -> None:
    rows = [
        f"{n} | {name} | {i} | {i}43 | 是 | #2018 | #9 | #{31 if n == 2 else 1} | 2018-09-30"
        for n, name, i in PERSONS
    ]
    header = f"{BEGIN} | 开班年 | 开班月 | 开班日 | 结业时间"
    filed = read(drawn(TITLE, header, *rows), programme)
    assert set(counted(filed, programme)) == {A, C}
    assert issues(filed, programme) == {("C38", "F4")}


def test_a_certificates_day_in_three_columns_is_not_hers(programme: Programme) -> None:
    header = f"{BEGIN} | 发证年 | 发证月 | 发证日 | 开班时间 | 结业时间"
    days = "#2015 | #5 | #1 | 2018-09-01 | 2018-09-15"
    rows = (f"{n} | {name} | {i} | {i}43 | 是 | {days}" for n, name, i in PERSONS)
    filed = read(drawn(TITLE, header, *rows), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


TOGETHER = {
    "姓名及身份证号": "{name}{number}",
    "姓名（身份证号码）": "{name}（{number}）",
    "身份证号、姓名": "{number} {name}",
    "姓名/身份证": "{name}/身份证号：{number}",
}


@pytest.mark.parametrize("header", TOGETHER)
def test_a_name_and_a_number_in_one_column_are_two(header: str, programme: Programme) -> None:
    rows = []
    for n, name, number in PERSONS:
        both = TOGETHER[header].format(name=name, number=number)
        rows.append(f"{n} | {both} | {number}43 | 是 | 2018-09-01 | 2018-09-15")
    lines = (f"序号 | {header} | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间", *rows)
    filed = read(drawn(TITLE, *lines), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == {("S42", "B2")}
    table = filed.tables[0]
    assert table.letters["name"] == table.letters["id_no"] == "B"


def test_a_wrong_number_beside_a_name_is_said_where_it_stands(programme: Programme) -> None:
    wrong = A[:17] + ("1" if A[17] != "1" else "2")
    rows = [
        f"{n} | {name}{wrong if n == 1 else i} | {i}43 | 是 | 2018-09-01 | 2018-09-15"
        for n, name, i in PERSONS
    ]
    header = "序号 | 姓名身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"
    filed = read(drawn(TITLE, header, *rows), programme)
    assert set(counted(filed, programme)) == {B, C}
    assert ("C35", "B3") in issues(filed, programme)


@pytest.mark.parametrize("header", ["监护人姓名及身份证号", "户主姓名、身份证号码"])
def test_anothers_name_and_number_in_one_column_are_not_hers(
    header: str, programme: Programme
) -> None:
    rows = (text.replace("| 女 |", f"| 张三{G} |") for text in LINES)
    filed = read(drawn(TITLE, HEADER.replace("| 性别 |", f"| {header} |"), *rows), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


CARD = """姓名 | {name} | 性别 | 女
身份证号 | {number} | 残疾人证号 | {number}43
开班时间 | 2018-09-01 | 结业时间 | 2018-09-15
"""


def test_forms_and_lists_on_their_side_are_said_and_not_guessed(programme: Programme) -> None:
    cards = [CARD.format(name=name, number=i) for _, name, i in PERSONS]
    side = [
        " | ".join(["姓名", *(name for _, name, _ in PERSONS)]),
        " | ".join(["身份证号", *(i for _, _, i in PERSONS)]),
        " | ".join(["残疾人证号", *(f"{i}43" for _, _, i in PERSONS)]),
    ]
    for lines, place in ((cards, "A3"), (side, "A3")):
        filed = read(drawn(TITLE, *lines), programme)
        assert counted(filed, programme) == {}
        assert issues(filed, programme) == {("S43", place)}
        assert "3 人" in next(i.message for i in filed.issues if i.rule == "S43")


PAPERS = ["证件类型 | 身份证", "证件种类 | 居民身份证", "曾用名 | "]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("lines", [LINES, LINES[:1]])
def test_the_sort_of_paper_before_a_number_makes_no_form_of_a_list(
    paper: str, lines: list[str], programme: Programme
) -> None:
    header, sort = paper.split(" | ")
    rows = (text.replace("| 女 |", f"| 女 | {sort} |") for text in lines)
    filed = read(
        drawn(TITLE, HEADER.replace("| 身份证号", f"| {header} | 身份证号"), *rows), programme
    )
    assert len(counted(filed, programme)) == len(lines)
    assert issues(filed, programme) == set()


ABSENT = {
    ("备注", "未结业"): True,
    ("备注", "（中途退出）"): True,
    ("备注", "未就业"): False,
    ("备注", "脱贫户，2017年退出"): False,
    ("是否结业", "否"): True,
    ("是否参训", "×"): True,
    ("是否结业", "是"): False,
    ("是否就业", "否"): False,
    ("是否愿意参加培训", "否"): False,
}


@pytest.mark.parametrize("column", ABSENT)
def test_a_row_that_says_she_did_not_take_part_counts_and_is_said(
    column: tuple[str, str], programme: Programme
) -> None:
    header, text = column
    first = f"{LINES[0]} | {text}"
    filed = read(drawn(TITLE, HEADER.replace("备注", header), first, *LINES[1:]), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == ({("S46", "I3")} if ABSENT[column] else set())


OTHER_LISTS = {
    "the same women": ("设备发放登记表", "设备名称 | 发放时间", PERSONS, set()),
    "one more": ("设备发放登记表", "设备名称 | 发放时间", (*PERSONS, (4, "陈雪莲", D)), {"S01", "S11"}),
    "jobs": ("就业人员", "就业单位 | 发放时间", PERSONS, {"S01", "S11"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHER_LISTS)
def test_another_list_of_the_same_women_is_not_told_what_a_return_lacks(
    kind: str, programme: Programme
) -> None:
    title, columns, persons, expected = OTHER_LISTS[kind]
    rows = (f"{n} | {name} | {i} | 缝纫机 | 2018-10-01" for n, name, i in persons)
    second = [f"== {title}", title, f"序号 | 姓名 | 身份证号 | {columns}", *rows]
    filed = read(workbook("\n".join(["== 一", TITLE, HEADER, *LINES, *second])), programme)
    assert counted(filed, programme) == ALL
    assert {rule for rule, _ in issues(filed, programme)} <= expected
    assert bool(issues(filed, programme)) == bool(expected)


def test_who_is_to_be_called_above_a_list_makes_no_form_of_it(programme: Programme) -> None:
    above = f"填表人 | 张三 | 身份证号 | {G}"
    filed = read(drawn(TITLE, above, HEADER, *LINES), programme)
    assert counted(filed, programme) == ALL


def test_a_sheet_that_is_refused_says_of_no_column_that_it_counted(programme: Programme) -> None:
    header = "序号 | 学员名儿 | 身份证号 | 残疾人证号 | 是否建档立卡"
    rows = (f"{n} | {name} | {i} | {i}43 | 是" for n, name, i in PERSONS)
    filed = read(drawn(TITLE, header, *rows), programme)
    assert not any("已计入" in i.message for i in filed.issues)


AGAIN = {
    "all of her": ("同上", "同上", "〃", True),
    "her name": ("〃", A, f"{A}43", True),
    "her numbers": ("王秀英", "同上", "同上", True),
    "another woman's name": ("同上", B, f"{B}43", False),
}


@pytest.mark.parametrize("kind", AGAIN)
def test_the_same_as_above_is_the_woman_above_or_nobody(kind: str, programme: Programme) -> None:
    name, number, certificate, hers = AGAIN[kind]
    again = f"2 | {name} | 女 | {number} | {certificate} | 是 | 2018-10-01 | 2018-10-15"
    filed = read(drawn(TITLE, HEADER, LINES[0], again), programme)
    assert set(counted(filed, programme)) == {A}
    found = {rule for rule, place in issues(filed, programme) if place.endswith("4")}
    assert found == ({"S17"} if hers else {"C20"})
    assert not any(A in i.message for i in filed.issues)


REMARKS = {
    "（已退出）": {("S41", "B4")},
    "[死亡]": {("S41", "B4")},
    "—组长": {("S41", "B4")},
    "（曾用名：王英）": set(),
    "（又名王小英）": set(),
    "（A）": set(),
}


@pytest.mark.parametrize("remark", REMARKS)
def test_a_remark_behind_a_name_is_said(remark: str, programme: Programme) -> None:
    rows = [LINES[0], line(2, f"李桂兰{remark}", B), LINES[2]]
    filed = read(drawn(TITLE, HEADER, *rows), programme)
    assert set(counted(filed, programme)) == {A, B, C}
    assert issues(filed, programme) == REMARKS[remark]


HINTS = [
    " | 与身份证一致 | 男/女 | 18位 | 20位 | 是/否 | 年-月-日 | 年-月-日",
    " | 必填 | 下拉选择 | 18位数字 | | 是或否 | 格式：2018-09-01 | 精确到日",
]


@pytest.mark.parametrize("hint", HINTS)
def test_how_to_fill_a_form_is_no_person(hint: str, programme: Programme) -> None:
    filed = read(drawn(TITLE, HEADER, hint, *LINES), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


FILED = {
    "填报日期：11月26日": "2018-11-26",
    "填报时间：2018-11-26 09:12": "2018-11-26",
    "填报日期：11.26": "2018-11-26",
    "填报日期：1月5日": "2019-01-05",
}


@pytest.mark.parametrize("words", FILED)
def test_the_day_of_filing_may_lack_its_year_or_have_an_hour(
    words: str, programme: Programme
) -> None:
    title = TITLE.replace("填报日期：2018年11月26日", words)
    filed = read(workbook("\n".join([title, HEADER, *LINES])), programme)
    assert str(filed.tables[0].filed_on) == FILED[words]
    assert D not in counted(filed, programme)
