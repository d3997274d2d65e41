"""Sheets as a clerk in a hurry makes them, drawn as text by kind: what is clear at a glance is read, the rest is said."""

from __future__ import annotations

import io
import re
from collections import Counter

import openpyxl
import pytest
from drawing import id_no, workbook
from openpyxl.comments import Comment

from pipeline.ingest import as_filed
from pipeline.model import Submission, cell_at
from pipeline.model.as_filed import Filed
from pipeline.model.tables import Part
from pipeline.programme import Programme
from pipeline.read.part import part_of, tables_of

A, B, C, D = (id_no(f"22010219780{n}05002") for n in (1, 2, 3, 4))
G = id_no("22010219550101001")
TITLE = "填报单位：南关区残联 | | 填报日期：2018年11月26日"
HEADER = "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间 | 备注"
PERSONS = ((1, "王秀英", A), (2, "李桂兰", B), (3, "张玉兰", C))
MERGED = ("A2:A3", "B2:B3", "C2:C3", "D2:D3")


def line(
    n: int, name: str, number: str, start: str = "2018-09-01", finish: str = "2018-09-15"
) -> str:
    return f"{n} | {name} | 女 | {number} | {number}43 | 是 | {start} | {finish}"


LINES = [line(*person) for person in PERSONS]


def drawn(*lines: str, merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook("\n".join(lines))))
    for where in merged:
        book.worksheets[0].merge_cells(where)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, **looks: object) -> bytes:
    """The first sheet's cells with another number format (by place), or a Comment on them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, look in looks.items():
        cell = book.worksheets[0][place]
        if isinstance(look, Comment):
            cell.comment = look
        else:
            cell.number_format = look
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def submission(content: bytes, name: str = "a.xlsx") -> Submission:
    return Submission(f"2018-11/{name}", "0" * 64, "2018-11", content)


def read(content: bytes, programme: Programme, name: str = "a.xlsx") -> Filed:
    return as_filed(submission(content, name), programme)


def counted(filed: Filed, programme: Programme) -> dict[str, tuple[str, str, str]]:
    """Who counts: number -> name, start, finish."""
    rows = tables_of(filed, programme)["rows"].to_pylist()
    return {r["number"]: (r["name"], r["start"], r["finish"]) for r in rows if not r["fault"]}


def issues(filed: Filed, programme: Programme) -> set[tuple[str, str]]:
    """Rule and cell of what the county is asked about; the clerk's own notes on columns left out."""
    return {
        (i["rule"], cell_at(i["column"], i["row"]) or str(i["row"] or ""))
        for i in tables_of(filed, programme)["issues"].to_pylist()
        if i["listed"] and i["severity"] in ("error", "warning") and i["rule"] != "S03"
    }


SEPTEMBER = ("2018-09-01", "2018-09-15")
ALL = {number: (name, *SEPTEMBER) for _, name, number in PERSONS}

WHOSE = {
    "hers first": (
        "序号 | 残疾妇女本人 | | | | 监护人 | | | 培训 | ",
        " | 姓名 | 身份证号 | 残疾证号 | 是否建档立卡 | 姓名 | 身份证号 | 电话 | 开始 | 结束",
        "{n} | {name} | {number} | {number}43 | 是 | 张三 | {guardian} | 13944440000 | 2018.9.1 | 2018.9.15",
        ("A2:A3", "B2:E2", "F2:H2", "I2:J2"),
    ),
    "the householder first": (
        "序号 | 户主信息 | | 学员信息 | | | | 培训信息 | | 包保干部 | ",
        " | 姓名 | 身份证号 | 姓名 | 身份证号 | 残疾证号 | 是否建档立卡 | 开班时间 | 结业时间 | 姓名 | 电话",
        "{n} | 张三 | {guardian} | {name} | {number} | {number}43 | 是 | 2018.9.1 | 2018.9.15 | 李四 | 13944440000",
        ("A2:A3", "B2:C2", "D2:G2", "H2:I2", "J2:K2"),
    ),
    "each field under its own name": (
        "学员 | | | | 授课教师 | | 培训情况 | ",
        "姓名 | 身份证号 | 残疾证号 | 是否建档立卡 | 姓名 | 电话 | 开班 | 结业",
        "{name} | {number} | {number}43 | 是 | 刘建国 | 13944440000 | 2018.9.1 | 2018.9.15",
        ("A2:D2", "E2:F2", "G2:H2"),
    ),
    "both in one group": (
        "序号 | 残疾人及监护人信息 | | | | 培训时间 | ",
        " | 姓名 | 身份证号 | 残疾证号 | 是否建档立卡 | 起 | 止",
        "{n} | {name} | {number} | {number}43 | 是 | 2018.9.1 | 2018.9.15",
        ("A2:A3", "B2:E2", "F2:G2"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WHOSE)
@pytest.mark.parametrize("joined", [True, False])
def test_a_group_says_whose_the_columns_below_it_are(
    kind: str, joined: bool, programme: Programme
) -> None:
    above, below, row, merged = WHOSE[kind]
    rows = (row.format(n=n, name=name, number=i, guardian=G) for n, name, i in PERSONS)
    content = drawn(TITLE, above, below, *rows, merged=merged if joined else ())
    filed = read(content, programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


@pytest.mark.parametrize("first", [True, False])
def test_of_two_numbers_hers_is_the_one_her_certificate_begins_with(
    first: bool, programme: Programme
) -> None:
    hers, others = "姓名 | 身份证号", "户主 | 身份证号"
    header = f"{others if first else hers} | {hers if first else others} | 残疾证号 | 是否建档立卡 | 培训时间"
    rows = []
    for _, name, number in PERSONS:
        own, other = f"{name} | {number}", f"张三 | {G}"
        rows.append(
            f"{other if first else own} | {own if first else other} | {number}43 | 是 | 2018.9.1-9.15"
        )
    filed = read(drawn(TITLE, header, *rows), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


LANGUAGES = [
    "No. | Name | Sex | ID No. | Disability Certificate No. | Poor | Start Date | End Date | Remark",
    "번호 | 이름 | 성별 | 주민등록번호 | 장애인증번호 | 빈곤호 | 시작일 | 종료일 | 비고",
]


@pytest.mark.parametrize("other", LANGUAGES)
@pytest.mark.parametrize("above", [True, False])
def test_the_header_in_a_second_language_is_no_person(
    other: str, above: bool, programme: Programme
) -> None:
    header = (other, HEADER) if above else (HEADER, other)
    filed = read(drawn(TITLE, *header, *LINES), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


TICKS = ["√ | ", "1 | ", "√ | ×", "是 | "]


@pytest.mark.parametrize("tick", TICKS)
@pytest.mark.parametrize("merged", [(*MERGED, "E2:F2", "G2:G3", "H2:H3"), MERGED])
def test_a_tick_below_yes_or_no_is_the_answer(
    tick: str, merged: tuple[str, ...], programme: Programme
) -> None:
    no = " | ".join(reversed(tick.split(" | "))) if "×" in tick else " | √"
    rows = [
        f"{n} | {name} | {i} | {i}43 | {no if n == 3 else tick} | 2018.9.1 | 2018.9.15"
        for n, name, i in PERSONS
    ]
    header = "序号 | 姓名 | 身份证号 | 残疾证号 | 是否建档立卡 | | 开班时间 | 结业时间"
    filed = read(drawn(TITLE, header, " | | | | 是 | 否 | | ", *rows, merged=merged), programme)
    assert set(counted(filed, programme)) == {A, B}
    assert issues(filed, programme) == {("R21", "E6")}


def test_two_ticks_are_no_answer(programme: Programme) -> None:
    rows = [f"{n} | {name} | {i} | {i}43 | √ | √ | 2018.9.1 | 2018.9.15" for n, name, i in PERSONS]
    header = "序号 | 姓名 | 身份证号 | 残疾证号 | 是否建档立卡 | | 开班时间 | 结业时间"
    merged = (*MERGED, "E2:F2", "G2:G3", "H2:H3")
    filed = read(drawn(TITLE, header, " | | | | 是 | 否 | | ", *rows, merged=merged), programme)
    assert issues(filed, programme) == {("C56", f"E{row}") for row in (4, 5, 6)}


JOBS = [
    "2018年10月8日至今",
    "2018.10.8-",
    "2018.10.8起",
    "2018-10-08~今",
    "2018年10月8日（在岗）",
    "2018.1008",
]
JOB_HEADER = (
    "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 就业形式 | 就业单位 | 就业时间"
)


def job(start: str) -> bytes:
    rows = (
        f"{n} | {name} | 女 | {i} | {i}43 | 是 | 居家就业 | 巧手社 | {start}"
        for n, name, i in PERSONS
    )
    return drawn(TITLE, JOB_HEADER, *rows)


@pytest.mark.parametrize("start", JOBS)
def test_what_goes_on_since_a_day_began_on_it(start: str, programme: Programme) -> None:
    filed = read(job(start), programme)
    assert {start for _, start, _ in counted(filed, programme).values()} == {"2018-10-08"}
    assert issues(filed, programme) == set()


@pytest.mark.parametrize("start", ["2018.10.8-2018.11.20", "10月8日"])
def test_a_start_with_doubt_counts_and_is_said(start: str, programme: Programme) -> None:
    filed = read(job(start), programme)
    assert {start for _, start, _ in counted(filed, programme).values()} == {"2018-10-08"}
    assert {rule for rule, _ in issues(filed, programme)} == {"C43"}


WITHOUT_YEAR = [
    "9月1日 | 9月15日",
    "9月1号 | 9月15号",
    "9月1日-9月15日",
    "9.1-9.15",
    "从9月1日到9月15日，共15天",
]


@pytest.mark.parametrize("days", WITHOUT_YEAR)
def test_a_day_without_a_year_is_the_returns(days: str, programme: Programme) -> None:
    two = " | " in days
    header = f"序号 | 姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | {'开班时间 | 结业时间' if two else '培训时间'}"
    rows = (f"{n} | {name} | {i} | {i}43 | 是 | {days}" for n, name, i in PERSONS)
    filed = read(drawn(TITLE, header, *rows), programme)
    assert counted(filed, programme) == ALL
    assert {rule for rule, _ in issues(filed, programme)} <= {"C41", "C42"}


NO_DAYS = ["至今", "9.1", "待定", "2018年9月31日", "9月31日"]


@pytest.mark.parametrize("start", NO_DAYS)
def test_what_may_be_another_day_is_not_guessed(start: str, programme: Programme) -> None:
    filed = read(drawn(TITLE, HEADER, *LINES[:2], line(3, "张玉兰", C, start=start)), programme)
    assert C not in counted(filed, programme)
    assert ("C38", "G5") in issues(filed, programme)


DRESSED = ["1.{}", "2、{}", "3{}", "★{}", "{}*", "{}（残疾）", "{}女士", "姓名：{}", "{}。"]


@pytest.mark.parametrize("dress", DRESSED)
def test_what_stands_round_a_name_is_none_of_it(dress: str, programme: Programme) -> None:
    rows = [line(n, dress.format(name), i) for n, name, i in PERSONS]
    filed = read(drawn(TITLE, HEADER, *rows), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


POOR = {
    "是": ["建卡", "在册", "国贫户", "2016年建档", "2017年脱贫", "未脱贫户", "是/", "脱贫享受政策"],
    "否": ["正常户", "普通户", "非贫"],
}


@pytest.mark.parametrize("answer", POOR)
def test_poor_or_not_in_other_words(answer: str, programme: Programme) -> None:
    for word in POOR[answer]:
        rows = [text.replace("| 是 |", f"| {word} |") for text in LINES]
        filed = read(drawn(TITLE, HEADER, *rows), programme)
        assert set(counted(filed, programme)) == (set(ALL) if answer == "是" else set()), word
        assert {rule for rule, _ in issues(filed, programme)} == (
            set() if answer == "是" else {"R21"}
        ), word


def test_a_number_that_shows_how_to_write_numbers_is_nobodys(programme: Programme) -> None:
    header = HEADER.replace("身份证号", f"身份证号（18位，如：{D}）")
    notes = f"1.身份证号必须为18位，例：{D}，末位X大写"
    filed = read(drawn(TITLE, notes, header, *LINES), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


def test_days_in_narrow_rows_are_no_title(programme: Programme) -> None:
    header = "姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 培训时间"
    rows = (f"{name} | {i} | {i}43 | 是 | 2018年9月1日至2018年9月15日" for _, name, i in PERSONS)
    filed = read(drawn(TITLE, header, *rows), programme)
    assert issues(filed, programme) == set()


HIDDEN = {
    "a row": {f"{c}4": ";;;" for c in "ABCDEFGH"},
    "a number": {"D4": ";;;"},
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_a_format_hides_counts_and_is_said(kind: str, programme: Programme) -> None:
    filed = read(changed(drawn(TITLE, HEADER, *LINES), **HIDDEN[kind]), programme)
    assert counted(filed, programme) == ALL
    assert {rule for rule, _ in issues(filed, programme)} == {"S04"}
    assert "第 4 行" in next(i.message for i in filed.issues if i.rule == "S04")


def test_zeros_that_a_format_hides_are_nothing_new(programme: Programme) -> None:
    content = changed(
        drawn(TITLE, HEADER, *LINES, " | ".join(["4", *["#0"] * 7])), A6=";;;", B6=";;;", D6=";;;"
    )
    filed = read(content, programme)
    assert issues(filed, programme) == set()


def test_a_character_that_a_text_format_shows_is_hers(programme: Programme) -> None:
    rows = [LINES[0], line(2, "桂兰", B), LINES[2]]
    content = changed(drawn(TITLE, HEADER, *rows), B4='"李"@', D4='@"号"', B3='@"（女）"')
    filed = read(content, programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


COMMENTS = {f"另有一人{D}": {("S30", "")}, f"身份证{B}": set(), "已核实": set()}


@pytest.mark.parametrize("text", COMMENTS)
def test_a_number_in_a_comment_is_said_where_it_is_nobodys(text: str, programme: Programme) -> None:
    content = changed(drawn(TITLE, HEADER, *LINES), B4=Comment(text, "a"))
    filed = read(content, programme)
    assert issues(filed, programme) == COMMENTS[text]
    assert not any(D in i.message for i in filed.issues)


ALONE = {
    "names and villages": (
        "\n".join(["4 | 陈雪莲 | 永安乡", "5 | 刘淑贤 | 三岗镇"]),
        {("S38", "B1")},
    ),
    "names alone": ("\n".join(["陈雪莲", "刘淑贤", "赵凤芝"]), {("S38", "A1")}),
    "a list to sign": ("\n".join(["姓名 | 签字", "王秀英", "李桂兰", "张玉兰"]), set()),
    "the teachers": (
        "\n".join(["教师 | 电话", "孙丽华 | 13944440000", "周玉珍 | 13944440001"]),
        set(),
    ),
    "whom to call": (
        "\n".join(["== 联系方式", "姓名 | 电话", "孙建国 | 13944440000", "李国强 | 13944440001"]),
        set(),
    ),
    "words": ("\n".join(["单位", "时间", "项目", "任务"]), set()),
    "villages": ("\n".join(["王家村", "李家屯", "高家店镇"]), set()),
}


@pytest.mark.parametrize("kind", ALONE)
def test_names_without_numbers_on_another_sheet_are_said(kind: str, programme: Programme) -> None:
    second, expected = ALONE[kind]
    filed = read(workbook("\n".join(["== 一", TITLE, HEADER, *LINES, "== 二", second])), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == expected


ABSENT = {
    "未参加培训人员名单": True,
    "2019年拟培训": True,
    "未就业妇女培训名单": False,
    "培训花名册": False,
}


@pytest.mark.parametrize("title", ABSENT)
def test_who_did_not_take_part_is_not_counted_and_that_is_said(
    title: str, programme: Programme
) -> None:
    sheets = ["== 一", TITLE, HEADER, *LINES, "== 二", title, HEADER, line(4, "陈雪莲", D)]
    filed = read(workbook("\n".join(sheets)), programme)
    assert (D in counted(filed, programme)) != ABSENT[title]
    assert {rule for rule, _ in issues(filed, programme)} == ({"S39"} if ABSENT[title] else set())


def test_a_file_of_those_who_did_not_take_part_files_nothing(programme: Programme) -> None:
    filed = read(workbook("\n".join(["未参加培训人员名单", TITLE, HEADER, *LINES])), programme)
    assert filed.tables == ()
    assert filed.status == "not_a_return"
    assert {rule for rule, _ in issues(filed, programme)} == {"S39"}


def test_a_web_form_shows_its_caption_and_its_fields(programme: Programme) -> None:
    cells = "".join(
        f"<tr>{''.join(f'<td><input value={v!r}></td>' for v in text.split(' | '))}</tr>"
        for text in LINES
    )
    heads = "".join(f"<th>{h}</th>" for h in HEADER.split(" | "))
    page = f"<table><caption>填报单位：南关区残联</caption><tr>{heads}</tr>{cells}</table>"
    filed = read(f"<html><body>{page}</body></html>".encode("gb18030"), programme, "a.html")
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


# ------------------------------------------------------------------ columns that nobody could name


def questions(part: Part) -> dict[str, dict[str, object]]:
    return {
        line["header"]: line
        for line in part["column_questions"].to_pylist()
        if line["state"] != "own"
    }


def roster_of(
    headers: str, cells: str, names: tuple[str, ...] = ("王秀英", "李桂兰", "张玉兰")
) -> bytes:
    rows = (
        f"{name} | {i} | {i}43 | 是 | {cells}" for name, i in zip(names, (A, B, C), strict=True)
    )
    return drawn(TITLE, f"{headers}", *rows)


def test_a_sheet_waits_for_a_column_that_may_be_what_it_lacks(programme: Programme) -> None:
    header = "花名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 培训时间"
    content = roster_of(header, "2018.9.1-9.15", ("亓官秀英", "妫凤兰", "爨玉芝"))
    part = part_of(submission(content), programme)
    asked = questions(part)["花名"]
    assert (asked["state"], asked["readings"], asked["waits"]) == ("asked", "name", True)
    assert {i["rule"] for i in part["issues"].to_pylist()} & {"S01", "S11"} == {"S11"}
    after = part_of(submission(content), programme, answers={("220102", "花名"): "name"})
    assert {r["number"] for r in after["rows"].to_pylist() if not r["fault"]} == {A, B, C}


def test_columns_of_one_header_are_asked_about_one_by_one(programme: Programme) -> None:
    header = "姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 某项 | 某项 | 某项"
    content = roster_of(header, "2018-09-15 | 2018-10-01 | 2018-09-01")
    asked = questions(part_of(submission(content), programme))
    assert {"某项(e列)", "某项(f列)", "某项(g列)"} <= set(asked)
    answers = {
        ("220102", "某项(e列)"): "finished_on",
        ("220102", "某项(f列)"): "",
        ("220102", "某项(g列)"): "started_on",
    }
    after = part_of(submission(content), programme, answers=answers)
    found = {(r["start"], r["finish"]) for r in after["rows"].to_pylist() if not r["fault"]}
    assert found == {SEPTEMBER}


def test_a_column_that_may_say_who_is_not_eligible_is_asked_about(programme: Programme) -> None:
    header = "姓名 | 身份证号 | 残疾人证号 | 庚项 | 培训时间"
    content = roster_of(header, "2018.9.1-9.15")
    asked = questions(part_of(submission(content), programme))["庚项"]
    assert (asked["state"], asked["readings"], asked["waits"]) == ("open", "poor", False)
    after = part_of(submission(content), programme, answers={("220102", "庚项"): "poor"})
    assert after["rows"].column("f_poor").to_pylist() == ["yes"] * 3


def test_what_a_sheet_is_called_outvotes_a_stray_column(programme: Programme) -> None:
    header = JOB_HEADER.replace("就业形式 | 就业单位 | 就业时间", "证书编号 | 签约上岗时间")
    rows = (f"{n} | {name} | 女 | {i} | {i}43 | 是 | JL0001 | 2018-10-08" for n, name, i in PERSONS)
    filed = read(drawn("南关区就业人员花名册", TITLE, header, *rows), programme)
    assert [t.kind for t in filed.tables] == ["employment"]
    assert set(counted(filed, programme)) == {A, B, C}


NO_DAYS_HEADER = "序号 | 姓名 | 身份证号 | 残疾人证号 | 是否建档立卡"
UNDATED = [f"{n} | {name} | {i} | {i}43 | 是" for n, name, i in PERSONS]
ABOVE = {
    "a label": "培训时间：2018年9月1日至2018年9月15日 | | 培训地点：文化站",
    "a label and more": "培训时间：2018年9月1日—15日  培训地点：文化站",
    "the next cell": "培训时间： | 2018.9.1-2018.9.15",
    "in brackets": "编织培训班花名册（2018年9月1日至9月15日）",
}


@pytest.mark.parametrize("kind", ABOVE)
def test_a_courses_time_above_its_list_is_everybodys(kind: str, programme: Programme) -> None:
    filed = read(drawn(ABOVE[kind], TITLE, NO_DAYS_HEADER, *UNDATED, "合计 | 3人"), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == {("S40", "A1")}


def test_each_part_of_a_list_has_the_time_above_it(programme: Programme) -> None:
    parts = (
        "第一期（2018年9月1日—9月15日）",
        *UNDATED[:2],
        "第二期（2018年10月8日—10月20日）",
        UNDATED[2],
    )
    filed = read(drawn(TITLE, NO_DAYS_HEADER, *parts), programme)
    second = {C: ("张玉兰", "2018-10-08", "2018-10-20")}
    assert counted(filed, programme) == ALL | second
    assert issues(filed, programme) == {("S40", "A3")}


def test_a_list_without_any_time_is_still_told_so(programme: Programme) -> None:
    filed = read(
        drawn("填报日期2018年11月26日", TITLE, NO_DAYS_HEADER, *UNDATED),
        programme,
        "南关区培训.xlsx",
    )
    assert counted(filed, programme) == {}
    assert {rule for rule, _ in issues(filed, programme)} == {"S01"}


def test_a_column_of_another_kind_is_no_start_of_a_job(programme: Programme) -> None:
    header = "序号 | 姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 报名时间 | 结业时间"
    rows = (f"{n} | {name} | {i} | {i}43 | 是 | 2018.8.20 | 2018.9.15" for n, name, i in PERSONS)
    filed = read(drawn(TITLE, header, *rows), programme)
    assert counted(filed, programme) == {}
    assert issues(filed, programme)


SIGNED = [
    f"负责人 | 王某 | | 身份证号 | {G}",
    f"授课教师姓名 | 王某 | | 身份证号 | {G}",
    f" | 负责人： | 王某 | | 身份证号： | {G}",
    f"法定代表人 | 王某 | | 身份证号 | {G} | 联系电话 | 13944445555",
    f"负责人：王某 身份证号：{G}",
]


@pytest.mark.parametrize("foot", SIGNED)
def test_who_signs_with_a_number_is_no_person(foot: str, programme: Programme) -> None:
    filed = read(drawn(TITLE, HEADER, *LINES, foot), programme)
    assert counted(filed, programme) == ALL
    assert {rule for rule, _ in issues(filed, programme)} == {"S30"}


@pytest.mark.parametrize("header", ["培训周期（起止）", "培训周期", "学习时段"])
@pytest.mark.parametrize("days", ["2018.9.1-2018.9.15", "9月1日—9月15日"])
def test_a_span_under_a_word_for_its_length_is_the_time(
    header: str, days: str, programme: Programme
) -> None:
    head = f"序号 | 姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | {header}"
    rows = [f"{n} | {name} | {i} | {i}43 | 是 | {days}" for n, name, i in PERSONS]
    filed = read(drawn(TITLE, head, *rows), programme)
    assert counted(filed, programme) == ALL
    assert {rule for rule, _ in issues(filed, programme)} <= {"S10", "S14", "C41"}
    beside = drawn(TITLE, f"{HEADER} | 培训周期", *(f"{text} |  | 15天" for text in LINES))
    assert issues(read(beside, programme), programme) == set()


IN_LATIN_LETTERS = [
    "xuhao | xingming | xb | sfzh | cjzh | jdlk | kbsj | jysj",
    "XH | XM | XB | SFZ | CJZ | SFJDLK | KB | JY",
]


@pytest.mark.parametrize("header", IN_LATIN_LETTERS)
def test_headers_in_latin_letters_are_read(header: str, programme: Programme) -> None:
    filed = read(drawn(TITLE, header, *LINES), programme)
    assert counted(filed, programme) == ALL
    assert {rule for rule, _ in issues(filed, programme)} <= {"S10", "S20"}


@pytest.mark.parametrize("first", [True, False])
def test_of_two_columns_of_names_hers_are_names_of_women(first: bool, programme: Programme) -> None:
    head = "序号 | {} | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"
    men = ("张建国", "李志强", "王德福")
    rows = [
        f"{n} | {' | '.join((name, man) if first else (man, name))} | {i} | {i}43 | 是 | 2018-09-01 | 2018-09-15"
        for (n, name, i), man in zip(PERSONS, men, strict=True)
    ]
    filed = read(drawn(TITLE, head.format("甲 | 乙"), *rows), programme)
    assert counted(filed, programme) == ALL
    assert {rule for rule, _ in issues(filed, programme)} == {"S10"}


@pytest.mark.parametrize("held", ["女 女 女", "肢体 视力 听力", "南关区 南关区 南关区"])
def test_what_holds_no_names_is_not_read_as_names(held: str, programme: Programme) -> None:
    named = zip(held.split(), (A, B, C), strict=True)
    filed = read(drawn(TITLE, HEADER, *(line(1, *who) for who in named)), programme)
    assert counted(filed, programme) == {}
    assert issues(filed, programme) == {("S01", ""), ("S22", "B2")}


def test_a_column_of_sexes_under_a_word_for_persons_leaves_the_names_to_their_own(
    programme: Programme,
) -> None:
    header = HEADER.replace("性别", "受训人xb").replace("姓名", "花名")
    filed = read(drawn(TITLE, header, *LINES), programme)
    assert counted(filed, programme) == ALL


def test_of_two_columns_of_names_under_unknown_words_the_clerk_says_which(
    programme: Programme,
) -> None:
    header = "咱村的 | 身份证号 | 残疾人证号 | 是否建档立卡 | 那谁 | 培训时间"
    mothers = dict(zip((A, B, C), ("赵桂英", "孙淑珍", "周玉芝"), strict=True))
    rows = (f"{n} | {i} | {i}43 | 是 | {mothers[i]} | 2018.9.1-9.15" for _, n, i in PERSONS)
    part = part_of(submission(drawn(TITLE, header, *rows)), programme)
    assert [row["fault"] for row in part["rows"].to_pylist() if not row["fault"]] == []
    assert {line["readings"] for line in questions(part).values()} == {"name"}


@pytest.mark.parametrize(("count", "asked"), [(4, set()), (5, {("C04", "B3")})])
def test_one_name_dragged_over_many_numbers_is_asked_about(
    count: int, asked: set[tuple[str, str]], programme: Programme
) -> None:
    numbers = [id_no(f"220102197801{n:02}002") for n in range(1, count + 1)]
    lines = [line(n, "王秀英", number) for n, number in enumerate(numbers, 1)]
    filed = read(drawn(TITLE, HEADER, *lines), programme)
    assert (len(counted(filed, programme)), issues(filed, programme)) == (count, asked)


def test_two_columns_of_one_field_wait_for_the_clerk(programme: Programme) -> None:
    header = "姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 残疾等级 | 等级 | 培训时间"
    content = roster_of(header, "三级 | 二级 | 2018.9.1-9.15")
    asked = questions(part_of(submission(content), programme))
    assert {h: (line["readings"], line["waits"]) for h, line in asked.items()} == {
        "残疾等级": ("grade", True),
        "等级": ("grade", True),
    }
    answers = {("220102", "残疾等级"): "grade", ("220102", "等级"): ""}
    after = part_of(submission(content), programme, answers=answers)
    assert after["rows"].column("f_grade").to_pylist() == ["3"] * 3
    assert not any(after["rows"].column("fault").to_pylist())


def test_of_three_days_those_are_hers_that_lie_as_far_apart_as_is_written(
    programme: Programme,
) -> None:
    head = "序号 | 姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 甲 | 乙 | 丙 | 培训天数"
    days = (
        "2018-09-01 | 2018-09-15 | 15天",
        "2018-09-03 | 2018-09-08 | 6天",
        "2018-10-08 | 2018-10-12 | 5天",
    )
    rows = [
        f"{n} | {name} | {i} | {i}43 | 是 | 2018-08-{9 + n} | {on}"
        for (n, name, i), on in zip(PERSONS, days, strict=True)
    ]
    filed = read(drawn(TITLE, head, *rows), programme)
    assert [found[1:] for found in counted(filed, programme).values()] == [
        tuple(on.split(" | ")[:2]) for on in days
    ]
    without = read(drawn(TITLE, head, *(row.rpartition(" | ")[0] for row in rows)), programme)
    assert counted(without, programme) == {}


TRADITIONAL = (
    "填報單位：南關區殘聯 | | 填報日期：2018年11月26日",
    "序號 | 姓名 | 性別 | 身份證號碼 | 殘疾人證號 | 是否建檔立卡 | 開班時間 | 結業時間 | 備註",
    f"1 | 王秀英 | 女 | {A} | {A}43 | 是 | 2018-09-01 | 2018-09-15",
    f"2 | 李桂蘭 | 女 | {B} | {B}43 | 是 | 2018-09-01 | 2018-09-15",
    f"3 | 張玉蘭 | 女 | {C} | {C}43 | 是 | 2018-09-01 | 2018-09-15",
    "合計 | 3人",
    "審核人：趙某 | | 填報人：錢某",
)


def test_a_sheet_in_traditional_characters_is_read_in_simplified_ones(programme: Programme) -> None:
    filed = read(drawn(*TRADITIONAL), programme)
    assert filed.units == ("220102",)
    assert counted(filed, programme) == ALL
    assert {rule for rule, _ in issues(filed, programme)} == {"S48"}


def test_a_form_in_traditional_characters_keeps_the_names_in_it_as_typed(
    programme: Programme,
) -> None:
    persons = [line(1, "陳秀英", A), line(2, "李桂兰", B), line(3, "张玉兰", C)]
    words = ["开班，结业、残疾人证、建档立卡：请写明时间，据实填报", "关于报送培训班学员名单的说明"]
    filed = read(drawn(*words, TRADITIONAL[0], TRADITIONAL[1], *persons), programme)
    assert counted(filed, programme) == ALL | {A: ("陳秀英", *SEPTEMBER)}
    assert "S48" not in {rule for rule, _ in issues(filed, programme)}


CITY = "2018年贫困残疾妇女手工制作培训人员花名册"
OTHER_COUNTY = "填报单位：宽城区残联 | | 填报日期：2018年11月26日"
OTHERS = [line(1, "赵春梅", D)]
JOBS_BELOW = (
    "序号 | 残疾人基本情况 | | | | | 就业情况 | | 备注",
    " | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 就业时间 | 就业单位",
    *(f"{n} | {name} | 女 | {i} | {i}43 | 是 | 2018-09-01 | 某合作社" for n, name, i in PERSONS),
)
GROUPED = (
    "序号 | 残疾人基本情况 | | | | | 培训情况 | | 备注",
    " | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间",
)
TOTALS = ("指标 | 年度任务 | 累计完成 | 备注", "培训 | 10 | 3", "就业 | 5 | 2")
WRITTEN = ("典型经验 | 依托合作社统一供料、统一回收。", "存在问题 | 居住分散，集中培训组织困难。")
NANGUAN, KUANCHENG = "220102", "220103"
# lines of one sheet, and whose the rows are: how many of each unit and kind
STACKED = {
    "another county's list under the same header": (
        (
            CITY,
            TITLE,
            HEADER,
            *LINES,
            "合计 | 3人",
            CITY,
            OTHER_COUNTY,
            HEADER,
            *OTHERS,
            "合计 | 1人",
        ),
        {(NANGUAN, "training"): 3, (KUANCHENG, "training"): 1},
    ),
    "another county's list right below, without a total": (
        (CITY, TITLE, HEADER, *LINES, OTHER_COUNTY, HEADER, *OTHERS),
        {(NANGUAN, "training"): 3, (KUANCHENG, "training"): 1},
    ),
    "another county's list below its day and telephone in one cell": (
        (
            CITY,
            TITLE,
            HEADER,
            *LINES,
            "填报单位：宽城区残联 联系电话：13844440000 填报日期：2018年11月26日",
            HEADER,
            *OTHERS,
        ),
        {(NANGUAN, "training"): 3, (KUANCHENG, "training"): 1},
    ),
    "another county named on a line": (
        (CITY, TITLE, HEADER, *LINES, "宽城区", HEADER, *OTHERS),
        {(NANGUAN, "training"): 3, (KUANCHENG, "training"): 1},
    ),
    "a second list of the same county, each with its total": (
        (CITY, TITLE, HEADER, *LINES, "合计 | 3人", CITY, TITLE, HEADER, *OTHERS, "合计 | 1人"),
        {(NANGUAN, "training"): 4},
    ),
    "title and header on every page, one total at the end": (
        (CITY, TITLE, HEADER, *LINES, "本页小计 | 3人", CITY, TITLE, HEADER, *OTHERS, "合计 | 4人"),
        {(NANGUAN, "training"): 4},
    ),
    "a header of two rows on every page": (
        (CITY, TITLE, *GROUPED, *LINES, *GROUPED, *OTHERS, "合计 | 4人"),
        {(NANGUAN, "training"): 4},
    ),
    "half of a header's words on every page": (
        (
            CITY,
            TITLE,
            "序号 | 姓名 | 性别 | 身份 | 残疾人 | 是否建 | 开班 | 结业",
            " | | | 证号 | 证号 | 档立卡 | 时间 | 时间",
            *LINES,
            "序号 | 姓名 | 性别 | 身份 | 残疾人 | 是否建 | 开班 | 结业",
            *OTHERS,
        ),
        {(NANGUAN, "training"): 4},
    ),
    "a list of another kind with a header of two rows": (
        (CITY, TITLE, *GROUPED, *LINES, "合计 | 3人", "就业人员花名册", TITLE, *JOBS_BELOW),
        {(NANGUAN, "training"): 3, (NANGUAN, "employment"): 3},
    ),
    "what was done, and what the county writes": (
        (CITY, TITLE, HEADER, *LINES, "合计 | 3人", "", *TOTALS, "", *WRITTEN),
        {(NANGUAN, "training"): 3},
    ),
    "columns numbered and then moved": (
        (CITY, TITLE, HEADER, "1 | 3 | 2 | 5 | 4 | 6 | 8 | 7 | 9", *LINES),
        {(NANGUAN, "training"): 3},
    ),
}


@pytest.mark.parametrize("kind", STACKED)
def test_each_table_of_a_sheet_is_whose_its_own_lines_say(kind: str, programme: Programme) -> None:
    lines, expected = STACKED[kind]
    filed = read(drawn(*lines), programme, "长春市.xlsx")
    rows = tables_of(filed, programme)["rows"].to_pylist()
    assert Counter((r["unit"], r["kind"]) for r in rows if not r["fault"]) == expected
    assert issues(filed, programme) == set()


def test_totals_below_a_list_are_stated_ones(programme: Programme) -> None:
    filed = read(drawn(*STACKED["what was done, and what the county writes"][0]), programme)
    assert [(s["unit"], s["indicator"], s["count"]) for s in filed.lines["stated"]] == [
        (NANGUAN, "training", 3),
        (NANGUAN, "employment", 2),
    ]
    assert [s["unit"] for s in filed.lines["narratives"]] == [NANGUAN, NANGUAN]


def test_a_headers_words_cut_over_two_rows_are_one_word(programme: Programme) -> None:
    lines = (
        CITY,
        TITLE,
        "序号 | 残疾人基本情况 | | | | | 培训情况 | | 备注",
        " | 姓名 | 性别 | 身份 | 残疾人 | 是否建 | 开班 | 结业",
        " | | | 证号 | 证号 | 档立卡 | 时间 | 时间",
        *LINES,
    )
    filed = read(drawn(*lines), programme)
    assert counted(filed, programme) == ALL
    assert issues(filed, programme) == set()


def test_each_countys_totals_and_words_below_its_list_are_its_own(programme: Programme) -> None:
    own = (CITY, TITLE, HEADER, *LINES, "合计 | 3人", "", *TOTALS, "", *WRITTEN, "")
    other = (CITY, OTHER_COUNTY, HEADER, *OTHERS, "合计 | 1人", "", *TOTALS, "", *WRITTEN)
    filed = read(drawn(*own, *other), programme, "长春市.xlsx")
    units = [NANGUAN, NANGUAN, KUANCHENG, KUANCHENG]
    assert [line["unit"] for line in filed.lines["stated"]] == units
    assert [line["unit"] for line in filed.lines["narratives"]] == units


def beside(one: str, other: str) -> str:
    cells = re.split(r"\s\|(?=\s|$)", one)
    return " | ".join([*cells, *[""] * (10 - len(cells)), other])


def test_lists_side_by_side_below_a_header_of_two_rows_are_two(programme: Programme) -> None:
    lines = map(beside, (*GROUPED, *LINES), JOBS_BELOW)
    filed = read(drawn(CITY, TITLE, *lines), programme)
    rows = tables_of(filed, programme)["rows"].to_pylist()
    expected = {(NANGUAN, "training"): 3, (NANGUAN, "employment"): 3}
    assert Counter((r["unit"], r["kind"]) for r in rows if not r["fault"]) == expected
    assert issues(filed, programme) == set()
