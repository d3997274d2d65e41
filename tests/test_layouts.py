"""Layouts counties send, drawn as text: what is read as whom, at which row."""

from __future__ import annotations

import io

import openpyxl
import pytest
from drawing import id_no, workbook

from pipeline.ingest import as_filed
from pipeline.model import Status, Submission
from pipeline.model.as_filed import Filed
from pipeline.programme import Programme
from pipeline.read.part import tables_of

A, B, C = (id_no(f"22010219780{n}05002") for n in (1, 2, 3))
ROW = "女 | {0} | {0}43 | 是 | 2018-09-01 | 2018-09-10"
HEADER = "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"
TITLE = "填报单位：南关区残联 | | 填报日期：2018年11月26日"


def read(content: bytes, programme: Programme, name: str = "a.xlsx") -> Filed:
    return as_filed(Submission(f"2018-11/{name}", "0" * 64, "2018-11", content), programme)


def persons(reading: Filed) -> list[tuple[str, int, str, str]]:
    """(kind, Excel row, name, ID) of every person read; the certificate tells the ID if need be."""
    return [
        (t.kind, row, name, number[:18])
        for t in reading.tables
        for row, name, number in zip(
            t.rows, t.texts["name"], t.texts.get("id_no", t.texts["cert_no"]), strict=True
        )
    ]


def test_a_header_printed_again_on_every_page_is_no_person(programme: Programme) -> None:
    picture = "\n".join(
        [TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A), HEADER, "2 | 李桂兰 | " + ROW.format(B)]
    )
    assert persons(read(workbook(picture), programme)) == [
        ("training", 3, "王秀英", A),
        ("training", 5, "李桂兰", B),
    ]


def test_a_roster_that_runs_on_below_a_header_in_another_order(programme: Programme) -> None:
    picture = "\n".join(
        [
            TITLE,
            HEADER,
            "1 | 王秀英 | " + ROW.format(A),
            "",
            "序号 | 身份证号 | 残疾人证号 | 姓名 | 性别 | 是否建档立卡 | 开班时间 | 结业时间",
            f"2 | {B} | {B}43 | 李桂兰 | 女 | 是 | 2018-09-01 | 2018-09-10",
        ]
    )
    reading = read(workbook(picture), programme)
    assert persons(reading) == [("training", 3, "王秀英", A), ("training", 6, "李桂兰", B)]
    assert reading.tables[1].letters["id_no"] == "B"
    assert {u for s in reading.tables for u in s.units} == {"220102"}


def test_two_tables_of_two_kinds_and_two_counties_on_one_sheet(programme: Programme) -> None:
    picture = "\n".join(
        [
            "南关区培训人员花名册",
            TITLE,
            HEADER,
            "1 | 王秀英 | " + ROW.format(A),
            "合计 | 1",
            "制表人：张三",
            "",
            "宽城区就业人员花名册",
            "填报单位：宽城区残联 | | 填报日期：2018年11月25日",
            "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 就业单位 | 就业时间",
            f"1 | 李桂兰 | 女 | {B} | {B}43 | 是 | 巧手编织社 | 2018-10-08",
        ]
    )
    reading = read(workbook(picture), programme)
    assert persons(reading) == [("training", 4, "王秀英", A), ("employment", 11, "李桂兰", B)]
    assert [set(s.units) for s in reading.tables] == [{"220102"}, {"220103"}]
    assert [str(s.filed_on) for s in reading.tables] == ["2018-11-26", "2018-11-25"]
    assert [i for i in reading.issues if i.severity == "error"] == []


def test_one_person_over_two_merged_rows_is_one_person(programme: Programme) -> None:
    picture = "\n".join(
        [
            TITLE,
            HEADER + " | 联系电话",
            f"1 | 王秀英 | 女 | {A} | {A}43 | 是 | 2018-09-01 | 2018-09-10",
            " | | | | | | | | 13804310000",
            "2 | 李桂兰 | " + ROW.format(B) + " | 13804310001",
        ]
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(picture)))
    for letter in "ABCDEF":
        book.worksheets[0].merge_cells(f"{letter}3:{letter}4")
    out = io.BytesIO()
    book.save(out)
    reading = read(out.getvalue(), programme)
    assert persons(reading) == [("training", 3, "王秀英", A), ("training", 5, "李桂兰", B)]
    assert reading.tables[0].texts["phone"][0] == "13804310000"


def test_two_courses_of_one_person_over_merged_rows_stay_two_rows(programme: Programme) -> None:
    picture = "\n".join(
        [TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A), " | | | | | | 2018-10-01 | 2018-10-09"]
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(picture)))
    for letter in "ABCDEF":
        book.worksheets[0].merge_cells(f"{letter}3:{letter}4")
    out = io.BytesIO()
    book.save(out)
    reading = read(out.getvalue(), programme)
    assert [p[1:] for p in persons(reading)] == [(3, "王秀英", A), (4, "王秀英", A)]
    assert reading.tables[0].texts["started_on"] == ["2018-09-01", "2018-10-01"]


def test_a_table_far_from_the_corner_keeps_its_coordinates(programme: Programme) -> None:
    picture = "\n".join(["== 表", "", "", *(" | | | " + line for line in (TITLE, HEADER))])
    picture += "\n | | | 1 | 王秀英 | " + ROW.format(A)
    reading = read(workbook(picture), programme)
    assert persons(reading) == [("training", 5, "王秀英", A)]
    assert reading.tables[0].letters["id_no"] == "G"


@pytest.mark.parametrize(
    ("mend", "rule"),
    [("xl/vbaProject.bin", "F06"), ("xl/externalLinks/externalLink1.xml", "F07")],
)
def test_macros_and_links_are_said_and_left_alone(
    programme: Programme, mend: str, rule: str
) -> None:
    import zipfile

    content = workbook("\n".join([TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A)]))
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(mend, b"")
    reading = read(out.getvalue(), programme)
    assert [(i.rule, i.severity) for i in reading.issues] == [(rule, "warning")]
    assert reading.status == Status.ACCEPTED


def test_a_word_table_and_a_web_page_are_rosters_too(programme: Programme) -> None:
    import docx

    lines = [HEADER.split(" | "), ["1", "王秀英", *ROW.format(A).split(" | ")]]
    document = docx.Document()
    document.add_paragraph("填报单位：南关区残联")
    table = document.add_table(0, len(lines[0]))
    for line in lines:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    assert persons(read(out.getvalue(), programme, "a.docx")) == [("training", 3, "王秀英", A)]
    rows = "".join("<tr>" + "".join(f"<td>{t}</td>" for t in line) + "</tr>" for line in lines)
    page = f"<html><meta charset=gb2312><table>{rows}</table></html>".encode("gb18030")
    assert persons(read(page, programme, "南关区.xls")) == [("training", 2, "王秀英", A)]


def test_a_row_of_column_numbers_is_no_person_though_a_county_wrote_in_it(
    programme: Programme,
) -> None:
    picture = "\n".join(
        [
            TITLE,
            HEADER + " | 监护人",
            "甲 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 自填",
            "1 | 王秀英 | " + ROW.format(A) + " | 张三",
        ]
    )
    assert persons(read(workbook(picture), programme)) == [("training", 4, "王秀英", A)]


def drawn(*lines: str, merged: tuple[str, ...] = ()) -> bytes:
    """A sheet of these lines below the filing line, with ranges merged."""
    book = openpyxl.load_workbook(io.BytesIO(workbook("\n".join((TITLE, *lines)))))
    for where in merged:
        book.worksheets[0].merge_cells(where)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def findings_at(reading: Filed, programme: Programme) -> list[tuple[str, str]]:
    """Rule and cell of all that is to be mended or looked at in a reading, checks included."""
    issues = tables_of(reading, programme)["issues"].to_pylist()
    return sorted(
        (i["rule"], f"{i['column']}{i['row'] or ''}" if i["column"] else "")
        for i in issues
        if i["severity"] != "info" and i["listed"]
    )


FIRST, SECOND, THIRD = (
    f"{n} | {name} | {ROW.format(who)}"
    for n, (name, who) in enumerate((("王秀英", A), ("李桂兰", B), ("张凤芝", C)), 1)
)
WHO = "序号 | 姓名 | 身份证号 | 残疾人证号"
DATES = "2018-09-01 | 2018-09-10"


@pytest.mark.parametrize("gap", ["", " | "])
@pytest.mark.parametrize("who", [WHO, "姓名 | 残疾人证号"])
def test_two_lists_side_by_side_are_two_lists(who: str, gap: str, programme: Programme) -> None:
    def line(n: int, name: str, number: str) -> str:
        cells = {"序号": str(n), "姓名": name, "身份证号": number, "残疾人证号": number + "43"}
        return " | ".join(cells[h] for h in who.split(" | ")) + " | " + DATES

    header = f"{who} | 开班时间 | 结业时间"
    content = drawn(
        f"{header} | {gap}{header}",
        f"{line(1, '王秀英', A)} | {gap}{line(3, '张凤芝', C)}",
        line(2, "李桂兰", B),
    )
    reading = read(content, programme)
    assert persons(reading) == [
        ("training", 3, "王秀英", A), ("training", 4, "李桂兰", B), ("training", 3, "张凤芝", C),
    ]  # fmt: skip
    assert findings_at(reading, programme) == []
    letters = [s.letters["name"] for s in reading.tables]
    assert letters[0] < letters[1]


def test_a_header_merged_downwards_is_no_person(programme: Programme) -> None:
    content = drawn(
        f"{WHO} | 培训时间 | ",
        " | | | | 起 | 止",
        f"1 | 王秀英 | {A} | {A}43 | {DATES}",
        merged=("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2"),
    )
    reading = read(content, programme)
    assert persons(reading) == [("training", 4, "王秀英", A)]
    assert (reading.tables[0].letters["started_on"], findings_at(reading, programme)) == ("E", [])


def test_below_a_tall_header_the_lower_row_names_the_columns(programme: Programme) -> None:
    content = drawn(
        f"{HEADER} | 补贴情况 | ",
        " | | | | | | | | 补贴标准 | 补贴总额",
        f"{FIRST} | 100 | 200",
        merged=(*(f"{c}2:{c}3" for c in "ABCDEFGH"), "I2:J2"),
    )
    reading = read(content, programme)
    assert persons(reading) == [("training", 4, "王秀英", A)]
    assert findings_at(reading, programme) == [("S03", "I3"), ("S03", "J3")]
    assert "“补贴标准”" in reading.issues[0].message


def test_four_header_rows(programme: Programme) -> None:
    content = drawn(
        "一、名单",
        "序号 | 个人信息 | | | 培训情况 | ",
        " | 姓名 | 证件 | | 时间 | ",
        " | | 身份证号 | 残疾人证号 | 开始 | 结束",
        f"1 | 王秀英 | {A} | {A}43 | {DATES}",
        merged=("A2:F2", "A3:A5", "B3:D3", "E3:F3", "B4:B5", "C4:D4", "E4:F4"),
    )
    reading = read(content, programme)
    assert persons(reading) == [("training", 6, "王秀英", A)]
    assert findings_at(reading, programme) == []


@pytest.mark.parametrize(
    ("header", "cells", "fields", "rules"),
    [
        ("培训时间 | ", DATES, ("started_on", "finished_on"), ["S13"]),
        ("残疾类别及等级 | | 培训时间", "肢体 | 三级 | 2018.9.1-9.10", ("category", "grade"), ["S13"]),
        ("残疾类别 | 培训时间", "肢体三级 | 2018.9.1-9.10", ("category_grade",), ["S14"]),
        ("开班时间", "2018.9.1-9.10", ("training_time",), ["S14"]),
        ("联系电话 | 联系电话 | 培训时间", "13804310000 | 13904310000 | 2018.9.1-9.10", ("phone", "phone_2"), []),
        ("补贴金额 | 补贴金额 | 培训时间", "1 | 2 | 2018.9.1-9.10", (), ["S03", "S03"]),
        ("家庭住址 | 现住址 | 培训时间", "甲 | 乙 | 2018.9.1-9.10", ("home_address",), ["S12"]),
        ("出生日期 | 出生年月 | 培训时间", "1978-01-05 | 1978年1月 | 2018.9.1-9.10", ("birth",), ["S12"]),
        ("残疾等级 | 等级 | 培训时间", "三级 | 初级 | 2018.9.1-9.10", ("grade",), ["S12"]),
        ("等级 | 残疾等级 | 培训时间", "初级 | 三级 | 2018.9.1-9.10", ("", "grade"), ["S12"]),
        ("残疾等级 | 等级 | 培训时间", "三级 | 二级 | 2018.9.1-9.10", None, ["S02"]),
    ],
)  # fmt: skip
def test_columns_split_joined_and_doubled(
    header: str,
    cells: str,
    fields: tuple[str, ...] | None,
    rules: list[str],
    programme: Programme,
) -> None:
    content = drawn(f"{WHO} | {header}", f"1 | 王秀英 | {A} | {A}43 | {cells}")
    reading = read(content, programme)
    assert [rule for rule, _ in findings_at(reading, programme)] == rules
    if fields is None:
        assert (reading.status, reading.refused_rows) == (Status.RETURNED, 1)
        return
    assert persons(reading) == [("training", 3, "王秀英", A)]
    found = {letter: name for name, letter in reading.tables[0].letters.items()}
    assert [found.get("EFG"[n], "") for n in range(len(fields))] == list(fields)


def test_a_header_merged_over_two_columns_is_start_and_finish(programme: Programme) -> None:
    line = f"1 | 王秀英 | {A} | {A}43 | {DATES}"
    reading = read(drawn(f"{WHO} | 培训时间", line, merged=("E2:F2",)), programme)
    assert [reading.tables[0].letters[f] for f in ("started_on", "finished_on")] == ["E", "F"]
    assert findings_at(reading, programme) == [("S13", "E2")]


def test_a_header_its_column_contradicts_is_told_by_the_checksum(programme: Programme) -> None:
    both = read(
        drawn(
            "序号 | 姓名 | 身份证号 | 证件号码 | 培训时间",
            f"1 | 王秀英 | {A} | {A}43 | 2018.9.1-9.10",
        ),
        programme,
    )
    assert [both.tables[0].letters[f] for f in ("id_no", "cert_no")] == ["C", "D"]
    assert findings_at(both, programme) == [("S14", "D2")]
    alone = read(
        drawn("姓名 | 证件号码 | 性别 | 培训时间", f"王秀英 | {A}43 | 女 | 2018.9.1-9.10"),
        programme,
    )
    assert persons(alone) == [("training", 3, "王秀英", A)]


def test_a_column_without_a_header_is_known_by_its_numbers_or_said(programme: Programme) -> None:
    content = drawn(
        "序号 | 姓名 | | 残疾人证号 | | 培训时间",
        f"1 | 王秀英 | {A} | {A}43 | 草编 | 2018.9.1-9.10",
    )
    reading = read(content, programme)
    assert reading.tables[0].letters["id_no"] == "C"
    assert findings_at(reading, programme) == [("S15", "C2"), ("S16", "E2")]


def test_headers_dressed_up_in_every_way(programme: Programme) -> None:
    content = drawn(
        "*序号 | *姓  名（必填） | ★性别 | 1.身份证号码（18位） | 【必填】残疾人证号 | 是否建档立卡（是/否）"
        " | 开班时间（年-月-日） | 结业时间#",
        FIRST,
    )
    reading = read(content, programme)
    assert persons(reading) == [("training", 3, "王秀英", A)]
    assert findings_at(reading, programme) == []


def test_unseen_headers_are_taken_when_clear_and_listed(
    programme: Programme,
) -> None:
    content = drawn(
        "序号 | 学员姓名（女） | 公民身份号 | 残疾人证号码(20位) | 开班起始时间 | 结业终止时间",
        f"1 | 王秀英 | {A} | {A}43 | {DATES}",
    )
    reading = read(content, programme)
    assert persons(reading) == [("training", 3, "王秀英", A)]
    assert findings_at(reading, programme) == [("S10", "C2"), ("S10", "E2"), ("S10", "F2")]
    assert "暂按“开班时间”读取" in reading.issues[1].message


def test_two_readings_are_an_error_that_names_both(programme: Programme) -> None:
    content = drawn(
        "序号 | 姓名 | 号码一 | 号码二 | 性别 | 培训时间",
        f"1 | 王秀英 | {A} | {B} | 女 | 2018.9.1-9.10",
    )
    reading = read(content, programme)
    assert (reading.status, reading.refused_rows) == (Status.RETURNED, 1)
    messages = [i.message for i in reading.issues if i.rule == "S11"]
    assert ["D 列也像" in messages[0], "C 列也像" in messages[1]] == [True, True]


def test_another_persons_column_is_not_hers(programme: Programme) -> None:
    content = drawn(f"{HEADER} | 户主姓名 | 户主身份证号", f"{FIRST} | 王大力 | {C}")
    assert findings_at(read(content, programme), programme) == [("S03", "I2"), ("S03", "J2")]
    content = drawn(
        "序号 | 户主姓名 | 身份证号 | 残疾人证号 | 培训时间",
        f"1 | 王大力 | {A} | {A}43 | 2018.9.1-9.10",
    )
    reading = read(content, programme)
    assert reading.status == Status.RETURNED
    assert findings_at(reading, programme) == [("S01", ""), ("S03", "B2")]


def test_same_as_above_is_filled_and_said_but_never_who_she_is(programme: Programme) -> None:
    second = SECOND.replace("2018-09-01", "同上").replace("2018-09-10", "〃")
    content = drawn(
        f"{HEADER} | 培训项目", f"{FIRST} | 草编", f"{second} | 同上", f'{THIRD} | "',
        f"4 | 同上 | {ROW.format(A)} | 草编",
    )  # fmt: skip
    reading = read(content, programme)
    texts = reading.tables[0].texts
    assert texts["training_item"] == ["草编"] * 4
    assert texts["started_on"][1] == "2018-09-01"
    assert texts["name"][3] == ""  # her own number, and no name: it is asked for
    assert [c for r, c in findings_at(reading, programme) if r == "S17"] == ["G4", "H4", "I4", "I5"]


def test_totals_footers_notes_and_samples_are_no_persons(programme: Programme) -> None:
    content = drawn(
        HEADER,
        f"示例 | 张三 | {ROW.format(B)}",
        FIRST,
        "农安镇小计 | 1",
        SECOND,
        " | 小计：2人",
        THIRD,
        " | 合计：4人",
        "5",
        " | 审核人（签字）：王五 | | 填表人：李四",
        " | 以上共3人",
        " | 填报单位（公章）",
        "注：本表一式两份",
        "单位负责人（签字）：赵六",
    )
    reading = read(content, programme)
    assert [p[1] for p in persons(reading)] == [4, 6, 8]
    assert findings_at(reading, programme) == [("S05", "B7"), ("S05", "B9"), ("S19", "")]


def test_a_title_that_counts_is_held_against_the_rows(programme: Programme) -> None:
    for stated, rules in (("（共2人）", []), ("，共计120人", ["S05"])):
        content = drawn(f"南关区培训人员花名册{stated}", HEADER, FIRST, SECOND)
        assert [r for r, _ in findings_at(read(content, programme), programme)] == rules


def test_in_a_bundle_a_blank_county_is_nobodys(programme: Programme) -> None:
    picture = "\n".join(
        [
            "填报单位：长春市残联",
            f"{HEADER} | 区县",
            f"{FIRST} | 农安县",
            SECOND,
            f"{THIRD} | 德惠市",
        ]
    )
    reading = read(workbook(picture), programme)
    assert reading.tables[0].units == ["220122", "", "220183"]
    assert [(i.rule, i.cell) for i in reading.issues] == [("S18", "I4")]


@pytest.mark.parametrize("column", ["姓名", "身份证号", "结业时间", "民族"])
def test_a_formula_error_is_one_issue_at_its_cell(column: str, programme: Programme) -> None:
    header = f"{HEADER} | 民族"
    at = header.split(" | ").index(column)
    book = openpyxl.load_workbook(io.BytesIO(drawn(header, f"{FIRST} | 汉族", f"{SECOND} | 汉族")))
    for row, value in ((3, "#N/A"), (4, "=A1")):
        book.worksheets[0].cell(row, at + 1).value = value
    out = io.BytesIO()
    book.save(out)
    part = tables_of(read(out.getvalue(), programme), programme)
    issues = [i for i in part["issues"].to_pylist() if i["listed"]]
    letter = "ABCDEFGHI"[at]
    required = column != "民族"
    assert [(i["rule"], f"{i['column']}{i['row']}", i["severity"]) for i in issues] == [
        ("C01" if required else "C02", f"{letter}{row}", "error" if required else "warning")
        for row in (3, 4)
    ]
    assert ["N/A" in i["message"] or "没有结果" in i["message"] for i in issues] == [True, True]
    assert part["rows"].column("fault").to_pylist() == [required, required]


def test_damaged_characters_are_said(programme: Programme) -> None:
    content = (
        "\n".join([TITLE, HEADER, FIRST]).replace(" | ", ",").encode()[:-1] + "年".encode()[:2]
    )
    reading = read(content, programme, "a.csv")
    assert len(persons(reading)) == 1
    assert [(i.rule, i.severity) for i in reading.issues] == [("F10", "warning")]
