"""Layouts counties send, drawn as text: what is read as whom, at which row."""

from __future__ import annotations

import io

import openpyxl
import pytest
from drawing import id_no, workbook

from pipeline.ingest import read_file
from pipeline.model import Reading, Status, Submission
from pipeline.programme import Programme

A, B, C = (id_no(f"22010219780{n}05002") for n in (1, 2, 3))
ROW = "女 | {0} | {0}43 | 是 | 2018-09-01 | 2018-09-10"
HEADER = "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"
TITLE = "填报单位：南关区残联 | | 填报日期：2018年11月26日"


def read(content: bytes, programme: Programme, name: str = "a.xlsx") -> Reading:
    return read_file(Submission(f"2018-11/{name}", "0" * 64, "2018-11", content), programme)


def persons(reading: Reading) -> list[tuple[str, int, str, str]]:
    """(kind, Excel row, name, ID) of every person read; the certificate tells the ID if need be."""
    return [
        (
            s.kind,
            int(row),
            s.text.loc[row, "name"],
            s.text.loc[row, "id_no" if "id_no" in s.text else "cert_no"][:18],
        )
        for s in reading.sheets
        for row in s.text.index
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
    assert reading.sheets[1].columns["id_no"] == "B"
    assert {u for s in reading.sheets for u in s.units} == {"220102"}


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
    assert [set(s.units) for s in reading.sheets] == [{"220102"}, {"220103"}]
    assert [str(s.filed_on) for s in reading.sheets] == ["2018-11-26", "2018-11-25"]
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
    assert reading.sheets[0].text.loc[3, "phone"] == "13804310000"


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
    assert list(reading.sheets[0].text["started_on"]) == ["2018-09-01", "2018-10-01"]


def test_a_table_far_from_the_corner_keeps_its_coordinates(programme: Programme) -> None:
    picture = "\n".join(["== 表", "", "", *(" | | | " + line for line in (TITLE, HEADER))])
    picture += "\n | | | 1 | 王秀英 | " + ROW.format(A)
    reading = read(workbook(picture), programme)
    assert persons(reading) == [("training", 5, "王秀英", A)]
    assert reading.sheets[0].columns["id_no"] == "G"


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
