"""Formulas remember what they come to: a reader that works nothing out sees it, and sees nothing wrong."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter
from delivered import MONTHS, SUMMARY
from office import converted, needs_office
from python_calamine import CalamineWorkbook
from random_formulas import VALUES, random_formula
from remembered import Shown, differing, forgotten, remembered

from pipeline.home import Home
from pipeline.office.fill import filled

LINES = [
    {"name": "长春市", "target": 120, "done": 100, "rate": 0.8333333333333334, "note": ""},
    {"name": "吉林市", "target": 80, "done": 90.5, "rate": None, "note": "含5人补报"},
    {"name": "延边州", "target": 0, "done": 0, "rate": "—", "note": ""},
    {"name": "白城市", "target": 15, "done": "—", "rate": -2.5, "note": "=1+1"},
]
# in a sheet with the list in A2:E2 (A2:E5 when filled), a day in A3 (A6), TRUE in A4 (A7), "12" in A5 (A8),
# blank in A6 (A9); each with what it comes to
CERTAIN: dict[str, Any] = {
    "SUM(B2:B2)": 215,
    "SUM(B2:C2)": 405.5,
    "SUM(B:B)": 215,
    "SUM('数据 一'!B2:B2,总任务,1)": 431,
    "SUM(D2:D2)": 0.8333333333333334 - 2.5,
    "AVERAGE(B2:B2)": 53.75,
    "COUNT(B2:D2)": 9,
    "COUNTA(E2:E2)": 2,
    "MAX(B2:B2)-MIN(B2:B2)": 120,
    "C2/B2": 100 / 120,
    "ROUND(C2/B2,4)": 0.8333,
    "B2*10%": 12,
    "-B2^2": 14400,
    'IF(B2>C2,"欠"&(B2-C2)&"人","完成")': "欠20人",
    'IF(AND(B2>0,ISNUMBER(C2)),C2/B2,"—")': 100 / 120,
    'IFERROR(B2/0,"—")': "—",
    "1/0": Shown("e", "#DIV/0!"),
    'VLOOKUP("没有",A2:B2,2,FALSE)': Shown("e", "#N/A"),
    'A2+"x"': Shown("e", "#VALUE!"),
    'VLOOKUP("吉林市",A2:C2,2,FALSE)': 80,
    'INDEX(B2:B2,MATCH("白城市",A2:A2,0))': 15,
    'COUNTIF(A2:A2,"*市")': 3,
    'COUNTIF(B2:B2,">=80")': 2,
    'SUMIF(A2:A2,"*市",B2:B2)': 215,
    'SUMIFS(B2:B2,A2:A2,"*市",C2:C2,">95")': 120,
    "SUMPRODUCT((B2:B2>20)*B2:B2)": 200,
    'SUMPRODUCT((A2:A2="长春市")*(B2:B2))': 120,
    "RANK(B2,$B$2:$B$2)": 1,
    "LARGE(B2:B2,2)": 80,
    "SUBTOTAL(9,B2:B2)": 215,
    'TEXT(C2/B2,"0.0%")': "83.3%",
    'TEXT(1234567.891,"#,##0.00")': "1,234,567.89",
    'TEXT(A3,"yyyy年m月d日")': "2018年11月30日",
    'TEXT(B2,"0人")': "120人",
    'A2&"完成"&C2&"人"': "长春市完成100人",
    'ROUND(C2/B2*100,1)&"%"': "83.3%",
    "CONCATENATE(A2,\"共\",TEXT(SUM(B2:B2),\"0\"))": "长春市共215",
    "LEFT(A2,2)": "长春",
    'SUBSTITUTE(A2,"市","")': "长春",
    'REPT("■",3)': "■■■",
    "A5+1": 13,
    "A6": 0,
    'IF(A6="","空",A6)': "空",
    "A6=0": True,
    "ROW()": 0,  # where it stands
    "YEAR(A3)": 2018,
    "A3-DATE(2018,11,1)": 29,
    'HYPERLINK("#名单!A"&ROW(A2),"看"&A2)': "看长春市",
    "E2": 0,
    "名单!A1": "甲&乙 <1>",
}  # fmt: skip
# what programs work out each in their way, what depends on the day, what is not known here; and what rests on it
DOUBTFUL = (
    "TODAY()", "RAND()", 'INDIRECT("B2")', "OFFSET(B2,1,0)", "SUM(OFFSET(B2,0,0,2,1))", "A2:A2", "UNIQUE(A2:A2)",
    'SUMPRODUCT((LEFT(A2:A2,1)="长")*B2:B2)', "SUM({1,2})", 'TEXT(B2,"[DBNum1]")', 'D2&""', "LEN(D2)", "1/3&\"\"",
    '"甲"<"乙"', "0.1*3=0.3", "IF(0.1*3=0.3,1,2)", "0.5-0.4-0.1", "LENB(A2)", 'VLOOKUP("x",A2:B2,2)', "没有的名字+1",
    "表1[完成]", "'[其他.xlsx]表'!A1", "SUBTOTAL(109,B2:B2)", 'SUM("3",1)', "A4", "SUM(A4,1)", "(A6=0)=TRUE", 'SUMPRODUCT((A2:A2<"乙")*1)', "RANK(7,B2:B2)", "CELL(\"row\",A1)", "没有的表!A1", "TRIM(A2)",
)  # fmt: skip


DRAWN = 400  # formulas drawn at random


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A template full of formulas, filled: the certain ones in H, below them the doubtful ones."""
    file = tmp_path_factory.mktemp("calculated") / "模板.xlsx"
    book = xlsxwriter.Workbook(str(file))
    sheet, other, names = (book.add_worksheet(name) for name in ("汇总", "数据 一", "名单"))
    for each in (sheet, other):
        for column, name in enumerate(("name", "target", "done", "rate", "note")):
            start = "{% row line in lines %}" if not column else ""
            each.write_string(1, column, f"{start}{{{{ line.{name} }}}}")
    draw = Random(20181130)
    for row in range(9, 17):
        for column in range(6):
            other.write(row, column, draw.choice(VALUES))
    for row in range(DRAWN):
        other.write_formula(30 + row, 8, f"={random_formula(draw)}", None, 999)
    sheet.write_formula("F2", '=IF(B2=0,"—",C2/B2)', None, 0.99)
    sheet.write_datetime("A3", date(2018, 11, 30), book.add_format({"num_format": "yyyy-m-d"}))
    sheet.write_boolean("A4", True)
    sheet.write_string("A5", "12")
    names.write_string("A1", "{{ title }}")
    names.write_array_formula("C1:C2", "{=汇总!B2:B3}", None, 7)
    names.write_number("C2", 7)
    names.write_formula("D1", "=SUM(C1:C2)")
    names.write_formula("D2", "=D1+1", None, 8)
    book.define_name("总任务", "=汇总!$B$2:$B$2")
    for row, formula in enumerate((*CERTAIN, *DOUBTFUL), 10):
        sheet.write_string(row, 6, formula)
        sheet.write_formula(row, 7, f"={formula}", None, 999)
    sheet.write_formula(10, 8, f"=H{11 + len(CERTAIN)}+1", None, 999)
    book.close()
    return filled(file, {"lines": LINES, "title": "甲&乙 <1>", "office": "某省残联"})


def test_a_formula_remembers_what_it_comes_to_after_rows_were_repeated(calculated: bytes) -> None:
    found = remembered(calculated)
    first = 11 + len(LINES) - 1
    wrong = {
        formula: (found["汇总", f"H{row}"], expected)
        for row, (formula, expected) in enumerate(CERTAIN.items(), first)
        if found["汇总", f"H{row}"] != _shown(row if formula == "ROW()" else expected)
    }
    assert wrong == {}
    in_the_list = [found["汇总", f"F{n}"] for n in range(2, 6)]
    assert in_the_list == [
        Shown("n", repr(100 / 120)), Shown("n", repr(90.5 / 80)), Shown("str", "—"), Shown("e", "#VALUE!"),
    ]  # fmt: skip


def _shown(value: Any) -> Shown:
    if isinstance(value, Shown):
        return value
    if isinstance(value, bool):
        return Shown("b", str(int(value)))
    return Shown("str", value) if isinstance(value, str) else Shown("n", repr(value))


def test_what_is_not_certain_is_left_to_who_opens_it_and_nothing_old_stays(
    calculated: bytes,
) -> None:
    found = remembered(calculated)
    first = 11 + len(LINES) - 1 + len(CERTAIN)
    known = {f: found["汇总", f"H{row}"] for row, f in enumerate(DOUBTFUL, first)}
    assert {f: shown for f, shown in known.items() if shown is not None} == {}
    assert found["汇总", f"I{first - len(CERTAIN)}"] is None  # rests on a doubtful one
    assert found["名单", "C1"] is found["名单", "D1"] is found["名单", "D2"] is None
    names = CalamineWorkbook.from_filelike(io.BytesIO(calculated)).get_sheet_by_name("名单")
    assert names.to_python() == [["甲&乙 <1>"]]  # nothing of what the array came to in the template
    assert b'fullCalcOnLoad="1"' in _part(calculated, "xl/workbook.xml")


def test_an_array_formula_moves_with_its_rows(calculated: bytes) -> None:
    names = _part(calculated, "xl/worksheets/sheet3.xml").decode()
    assert '<f t="array" ref="C1:C2">汇总!B2:B6</f>' in names


@needs_office
def test_an_office_program_works_out_the_same(calculated: bytes, tmp_path: Path) -> None:
    file = tmp_path / "算.xlsx"
    file.write_bytes(forgotten(calculated))
    assert differing(calculated, converted(file, tmp_path, "xlsx").read_bytes()) == []
    at_random = [
        shown for (sheet, _), shown in remembered(calculated).items() if sheet == "数据 一"
    ]
    assert len(at_random) == DRAWN
    assert (
        sum(shown is not None for shown in at_random) > DRAWN / 3
    )  # the others nobody can be sure of


def test_every_formula_delivered_has_its_value(delivered: Home) -> None:
    """In all workbooks of a month, the agencies' and the counties' own too, as calamine reads them."""
    counted = 0
    for file in sorted((delivered.outbox / MONTHS[-1]).rglob("*.xlsx")):
        found = remembered(file.read_bytes())
        assert [place for place, shown in found.items() if shown is None] == [], file.name
        counted += len(found)
    assert counted > 200
    sheet = CalamineWorkbook.from_path(delivered.outbox / MONTHS[-1] / SUMMARY).get_sheet_by_name(
        "溯源"
    )
    rows = [row for row in sheet.to_python() if row[0] == "长春市"]
    assert [row[2] for row in rows] == ["汇总表 C7"]


@needs_office
def test_the_summary_is_worked_out_alike_by_an_office_program(
    delivered: Home, tmp_path: Path
) -> None:
    content = (delivered.outbox / MONTHS[-1] / SUMMARY).read_bytes()
    file = tmp_path / SUMMARY
    file.write_bytes(forgotten(content))
    assert differing(content, converted(file, tmp_path, "xlsx").read_bytes()) == []


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)
