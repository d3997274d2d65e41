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
    submission,
)

from pipeline.ingest.explained import explained
from pipeline.programme import Programme
from pipeline.read.part import tables_of

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
    columns = explained(submission(drawn(TITLE, *lines)), programme)
    assert [line.letters for line in columns] == ["A", "B", "C", "D", "E", "F", "B"]


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


def test_a_remark_beside_a_name_and_its_number_is_neither(programme: Programme) -> None:
    rows = [
        f"{n} | {name}{'（已退出）' if n == 2 else ''}{i} | {i}43 | 是 | 2018-09-01 | 2018-09-15"
        for n, name, i in PERSONS
    ]
    header = "序号 | 姓名身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"
    filed = read(drawn(TITLE, header, *rows), programme)
    assert counted(filed, programme)[B][0] == "李桂兰(已退出)"
    assert issues(filed, programme) == {("S42", "B2"), ("S41", "B4")}


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
是否建档立卡 | 是 | 备注 | 无
开班时间 | 2018-09-01 | 结业时间 | 2018-09-15
"""
BOXES = """姓名 | {name} | | 性别 | 女
身份证号 | {boxes}
残疾人证号 | {number}43 | | 是否建档立卡 | ☑是 □否
培训起止时间 | 2018年9月1日至15日
"""
INSIDE = """姓名：{name} 性别：女 | 身份证号：{number}
残疾人证号：{number}43 | 是否建档立卡：是
开班时间：2018年9月1日 | 结业时间：2018年9月15日
"""
ABOVE = """姓名 | 性别 | 身份证号
{name} | 女 | {number}
残疾人证号 | 是否建档立卡 | 民族
{number}43 | 是 | 汉族
开班时间 | 结业时间
2018-09-01 | 2018-09-15
"""
GUARDED = """残疾妇女培训登记表
姓名 | {name} | 政治面貌 | 群众 | 照片
身份证号 | {number} | 残疾人证号 | {number}43
监护人姓名 | 张三 | 监护人身份证号 | {guardian}
建档立卡户 | 是 | 帮扶责任人 | 李四
培训项目 | 开班时间 | 结业时间
刺绣 | 2018-09-01 | 2018-09-15
本人签字：{name}
"""
FAMILY = """登记表
编号：00{n} | 填表日期：2018年8月{n}日
姓名： | {name} | 性别： | 女
身份证号： | {number} | 残疾人证号： | {number}43
是否建档立卡： | 是 | 培训起止时间： | 2018.9.1-9.15
家庭成员
姓名 | 与本人关系 | 身份证号
张建国 | 丈夫 | {guardian}
村委会意见 | 同意。2018年8月20日
"""
CARDS = {
    "plain": CARD,
    "a digit a cell": BOXES,
    "in one cell": INSIDE,
    "names above": ABOVE,
    "a guardian, an own title": GUARDED,
    "her family, an own head": FAMILY,
}


def cards(kind: str, numbers: list[str], *, beside: bool = False) -> list[str]:
    drawn_cards = [
        CARDS[kind].format(n=n, name=name, number=i, boxes=" | ".join(i), guardian=G).split("\n")
        for (n, name, _), i in zip(PERSONS, numbers, strict=True)
    ]
    if beside:
        pairs = zip(*drawn_cards[:2], strict=True)
        wide = [f"{one} | | | {other}" if one else "" for one, other in pairs]
        drawn_cards = [wide, drawn_cards[2]]
    return [line for card in drawn_cards for line in card]


def side(numbers: list[str], per: int = 3) -> list[str]:
    lines: list[str] = []
    for first in range(0, 3, per):
        some = list(zip(PERSONS, numbers, strict=True))[first : first + per]
        lines += [
            " | ".join(["序号", *(str(n) for (n, _, _), _ in some)]),
            " | ".join(["姓名", *(name for (_, name, _), _ in some)]),
            " | ".join(["身份证号", *(i for _, i in some)]),
            " | ".join(["残疾人证号", *(f"{i}43" for _, i in some)]),
            " | ".join(["是否建档立卡", *["是"] * len(some)]),
            " | ".join(["开班时间", *["2018-09-01"] * len(some)]),
            " | ".join(["结业时间", *["2018-09-15"] * len(some)]),
            "",
        ]
    return lines


def pairs(numbers: list[str]) -> list[str]:
    lines = [
        "序号 | 姓名 | 性别 | 身份证号 | 开班时间",
        " | 民族 | 是否建档立卡 | 残疾人证号 | 结业时间",
    ]
    for (n, name, _), i in zip(PERSONS, numbers, strict=True):
        lines += [f"{n} | {name} | 女 | {i} | 2018-09-01", f" | 汉族 | 是 | {i}43 | 2018-09-15"]
    return [*lines, "合计 | 3人", "填表人： | 王某"]


NO_ROWS = {kind: (lambda numbers, kind=kind: cards(kind, numbers)) for kind in CARDS} | {
    "side by side": lambda numbers: cards("plain", numbers, beside=True),
    "on its side": side, "on its side twice": lambda numbers: side(numbers, 2), "two lines each": pairs,
}  # fmt: skip
# where the second person's number stands
SECOND = {
    "plain": "B8", "a digit a cell": "B8", "in one cell": "B6", "names above": "C10", "a guardian, an own title": "B13", "her family, an own head": "B15",
    "side by side": "H3", "on its side": "C4", "on its side twice": "C4", "two lines each": "D6",
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_ROWS)
def test_persons_who_are_no_rows_are_read_and_said_where_they_stand(
    kind: str, programme: Programme
) -> None:
    if kind == "side by side":  # three forms, two of them beside each other, are no matrix
        numbers = [A, B]
        lines = cards("plain", [*numbers, C], beside=True)[:5]
    else:
        numbers = [A, B, C]
        lines = NO_ROWS[kind](numbers)
    filed = read(drawn(TITLE, *lines), programme)
    assert counted(filed, programme) == {i: ALL[i] for i in numbers}
    assert issues(filed, programme) == set()
    wrong = B[:17] + ("1" if B[17] != "1" else "2")
    filed = read(
        drawn(
            TITLE,
            *(line.replace(B, wrong).replace(" | ".join(B), " | ".join(wrong)) for line in lines),
        ),
        programme,
    )
    assert set(counted(filed, programme)) == {i for i in numbers if i != B}
    assert ("C35", SECOND[kind]) in issues(filed, programme)


def test_a_course_of_hers_is_a_line_of_her_form(programme: Programme) -> None:
    more = "培训项目 | 开班时间 | 结业时间\n刺绣 | 2018-09-01 | 2018-09-15\n剪纸 | 2018-10-01 | 2018-10-15\n"
    form = "\n".join(CARD.split("\n")[:3]) + "\n" + more
    lines = [form.format(name=name, number=i) for _, name, i in PERSONS]
    filed = read(drawn(TITLE, *lines), programme)
    rows = tables_of(filed, programme)["rows"].to_pylist()
    assert {(r["number"], r["start"]) for r in rows if not r["fault"]} == {
        (i, start) for _, _, i in PERSONS for start in ("2018-09-01", "2018-10-01")
    }


UNSURE = {
    "one form lacks a line": lambda: [line for n, line in enumerate(cards("plain", [A, B, C])) if n != 6],
    "a number under no name": lambda: [*cards("plain", [A, B, C]), f" | | {D}"],
    "the head of a group and its members": lambda: [
        f"姓名 | 王秀英 | 身份证号 | {A}", f"残疾人证号 | {A}43 | 备注 | 组长", "姓名 | 性别 | 身份证号", f"李桂兰 | 女 | {B}", f"张玉兰 | 女 | {C}",
    ],
    "forms of two counties": lambda: [
        line for unit, card in zip(("南关区", "朝阳区", "二道区"), (CARD.format(name=n, number=i) for _, n, i in PERSONS), strict=True)
        for line in (f"{unit}登记表", card)
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", UNSURE)
def test_forms_that_are_not_plain_are_said_and_not_guessed(kind: str, programme: Programme) -> None:
    filed = read(drawn(TITLE, *UNSURE[kind]()), programme)
    assert counted(filed, programme) == {}
    assert {rule for rule, _ in issues(filed, programme)} <= {"S43", "F03"}
    assert issues(filed, programme)


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
    "13844445555": {("S41", "B4")},
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


def test_no_warning_at_a_cell_hides_the_error_for_which_its_row_is_returned(
    programme: Programme,
) -> None:
    first = line(1, "王秀英", A, start="2018-13-01")
    again = line(2, "李桂兰", B, start="同上")
    filed = read(drawn(TITLE, HEADER, first, again, LINES[2]), programme)
    assert set(counted(filed, programme)) == {C}
    assert issues(filed, programme) == {("C38", "G3"), ("S17", "G4"), ("C38", "G4")}


@pytest.mark.parametrize("title", ["2018年培训人员花名册", "2018年培训就业人员花名册"])
def test_columns_of_a_kind_that_the_title_leaves_out_are_said(
    title: str, programme: Programme
) -> None:
    header = HEADER.replace(" | 备注", " | 就业形式 | 就业单位 | 就业时间")
    rows = (f"{text} | 居家就业 | 巧手社 | 2018-10-08" for text in LINES)
    filed = read(drawn(title, TITLE, header, *rows), programme)
    both = "就业" in title
    assert {table.kind for table in filed.tables} == {"training", *(["employment"] * both)}
    assert issues(filed, programme) == (set() if both else {("S47", "3")})
