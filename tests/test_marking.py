"""A county's file marked: what programs and villains write into packages costs no mark and no other byte."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from drawing import workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from raw_packages import edited, ods, xlsx

from pipeline.model import Issue, Severity
from pipeline.office.mark import Front, Line, mark
from pipeline.office.read import read_grids

ROSTER = "== 表\n姓名 | 证号\n王秀英 | 1\n李桂兰 | 2"


def commented() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROSTER)))
    book.worksheets[0]["A2"].comment = Comment("县里的批注", "县残联")
    book.defined_names["区域"] = openpyxl.workbook.defined_name.DefinedName(
        "区域", attr_text="表!$A$1"
    )
    book.worksheets[0].print_title_rows = "1:1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def issue(cell: str = "B2", sheet: str = "表", severity: Severity = Severity.ERROR) -> Issue:
    column, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
    return Issue("C20", severity, "证号不对", "a.xlsx", sheet, int(row), column)


def marked(content: bytes, *issues: Issue) -> bytes:
    issues = issues or (issue(),)
    lines = [Line("甲", i.sheet, i.cell, i.severity, "退回", i.message) for i in issues]
    return mark(content, issues, Front("核对", ("请改",), lines))


def notes_and_fills(content: bytes) -> tuple[dict[str, str], set[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    cells = [c for row in sheet.iter_rows() for c in row]
    return (
        {c.coordinate: c.comment.text for c in cells if c.comment},
        {c.coordinate for c in cells if c.fill.fgColor.rgb == "FFFFC7CE"},
    )


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert re.search(old, content), old
        return re.sub(old, new, content)

    return change


SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
ODD: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a comment without author": ("xl/comments/comment1.xml", swap(rb"<authors>.*?</authors>", b"")),
    "no list of comments": (
        "xl/comments/comment1.xml", swap(rb"<commentList>.*</commentList>", b"")),
    "a comment without text": ("xl/comments/comment1.xml", swap(rb"<text>.*</text>", b"")),
    "an XML comment among relations": (
        "xl/_rels/workbook.xml.rels", swap(rb"(<Relationships[^>]*>)", rb"\1<!-- made by x -->")),
    "an XML comment among the sheet's relations": (
        "xl/worksheets/_rels/sheet1.xml.rels", swap(rb"(<Relationships[^>]*>)", rb"\1<!-- x -->")),
    "an XML comment among cells": (SHEET, swap(rb"(<sheetData>)", rb'\1<!-- <c r="B2"/> -->')),
    "an XML comment among styles": (STYLES, swap(rb"(<cellXfs[^>]*>)", rb"\1<!-- x -->")),
    "a style that is no number": (SHEET, swap(rb'(<c r="B2")', rb'\1 s="x"')),
    "a style far beyond all": (SHEET, swap(rb'(<c r="B2")', rb'\1 s="99999"')),
    "a name of no sheet": (BOOK, swap(rb'localSheetId="0"', b'localSheetId=""')),
    "a sheet without number": (BOOK, swap(rb'sheetId="1" ', b"")),
    "a sheet with a word for number": (BOOK, swap(rb'sheetId="1"', b'sheetId="one"')),
    "rows without numbers": (SHEET, swap(rb'(<row) r="\d+"', rb"\1")),
    "cells without places": (SHEET, swap(rb'(<c) r="\w+"', rb"\1")),
    "a merge of nothing": (SHEET, swap(rb"(</sheetData>)", rb"\1<mergeCells><mergeCell/></mergeCells>")),
    "single quotes and spaces": (SHEET, swap(rb'<c r="B2"', rb"<c  r = 'B2' ")),
    "another encoding": (SHEET, lambda c: c.decode().encode("utf-16")),
    "a column without bounds": (SHEET, swap(rb"(<sheetData>)", rb'<cols><col width="9"/></cols>\1')),
}  # fmt: skip


@pytest.mark.parametrize("odd", sorted(ODD))
def test_odd_packages_are_marked_in_place(odd: str) -> None:
    part, change = ODD[odd]
    content = edited(commented(), part, change)
    made = marked(content, issue("B2"), issue("D5"))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        sheet = package.read(SHEET).decode("utf-8")
        front = package.read("xl/worksheets/sheetMark1.xml").decode("utf-8")
        notes = "".join(
            package.read(n).decode("utf-8") for n in package.namelist() if "/comment" in n
        )
    assert "已按原样逐格抄成" not in front
    assert notes.count("证号不对") == 2
    fresh = re.findall(r"<c [^>]*\bs\s*=\s*\"(\d+)\"", sheet)
    assert len(fresh) >= 2
    assert "王秀英" in "".join(c.text for g in read_grids(made) for c in g.cells.values())


def test_prefixed_worksheets_are_marked_in_place() -> None:
    prefixed = re.compile(rb"<(/?)(?=[a-zA-Z])")
    content = edited(commented(), SHEET, lambda c: prefixed.sub(rb"<\1x:", c).replace(b"xmlns=", b"xmlns:x="))  # fmt: skip
    notes, fills = notes_and_fills(marked(content, issue("B3"), issue("C9")))
    assert set(notes) == {"A2", "B3", "C9"}
    assert fills == {"B3", "C9"}


def test_a_note_is_added_to_the_countys_own() -> None:
    notes, _ = notes_and_fills(marked(commented(), issue("A2")))
    assert notes == {"A2": "县里的批注\n【退回】证号不对"}


def resaved(content: bytes) -> bytes:
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(out)
    return out.getvalue()


@pytest.mark.parametrize("on_the_way", [bytes, resaved])
def test_a_workbook_that_comes_back_again_bears_no_old_marks(
    on_the_way: Callable[[bytes], bytes],
) -> None:
    """Only of what is wrong now: what was mended looks clean, and the county's own comment stays."""
    origin = {"made_from": "0" * 64}
    found = (issue("A2"), issue("B2"), issue("B3", severity=Severity.INFO))
    once = mark(commented(), found, Front("核对", ("请改",), ()), origin)
    again = mark(on_the_way(once), [issue("B3")], Front("核对", ("请改",), ()), origin)
    assert notes_and_fills(again) == ({"A2": "县里的批注", "B3": "【退回】证号不对"}, {"B3"})
    assert openpyxl.load_workbook(io.BytesIO(again)).sheetnames[:2] == ["核对结果", "表"]


@pytest.mark.parametrize("on_the_way", [bytes, resaved])
def test_a_county_s_own_colour_shows_again_when_our_mark_goes(
    on_the_way: Callable[[bytes], bytes],
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(commented()))
    sheet: Any = book.worksheets[0]
    for cell, colour in (("A2", "FFFFFF00"), ("B2", "FF92D050")):
        sheet[cell].fill = PatternFill("solid", fgColor=colour)
    out = io.BytesIO()
    book.save(out)
    origin, front = {"made_from": "0" * 64}, Front("核对", ("请改",), ())
    content = mark(out.getvalue(), [issue("A2"), issue("B2"), issue("B3")], front, origin)
    for found in ([issue("A2")], []):  # over two rounds
        content = mark(on_the_way(content), found, front, origin)
    shown: Any = openpyxl.load_workbook(io.BytesIO(content))["表"]
    assert [shown[c].fill.fgColor.rgb for c in ("A2", "B2")] == ["FFFFFF00", "FF92D050"]
    assert shown["B3"].fill.patternType is None


def test_what_stands_behind_the_notes_stays_behind_them() -> None:
    rule = (
        '<conditionalFormatting sqref="A1"><cfRule type="dataBar" priority="1"><dataBar><cfvo type="min"/>'
        '<cfvo type="max"/><color rgb="FF638EC6"/></dataBar><extLst><ext uri="{B}"/></extLst></cfRule>'
        "</conditionalFormatting>"
    )
    styles = (
        "<fonts><font/></fonts><fills><fill/><fill/></fills><borders><border/></borders>"
        "<cellXfs><xf/></cellXfs>"
    )
    content = xlsx('<row r="1"><c r="A1"><v>1</v></c></row>', after=f'{rule}<extLst><ext uri="{{A}}"/></extLst>', styles=styles)  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(marked(content, issue("A1")))) as package:
        sheet = package.read(SHEET).decode("utf-8")
    assert sheet.index("</conditionalFormatting>") < sheet.index("<legacyDrawing")
    assert sheet.index("<legacyDrawing") < sheet.index('<extLst><ext uri="{A}"')


@pytest.mark.parametrize("name", ["一/二", "a?b", "x]*[", "\x07铃", "'引'", "很长" * 30])
def test_sheets_whose_names_excel_refuses_are_renamed_in_the_copy(name: str) -> None:
    copied = name.replace("\x07", "")
    row = "<table:table-row>" + "".join(
        f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>'
        for t in ("姓名", "证号")
    )
    tables = "".join(
        f'<table:table table:name="{n}">{row}</table:table-row></table:table>'
        for n in (copied, "另一")
    )
    made = marked(ods(tables), issue("B1", sheet=copied))
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert len(book.sheetnames) == 3
    assert not any(re.search(r"[\[\]:*?/\\]", n) or len(n) > 31 for n in book.sheetnames)
    links = [c.hyperlink.location for r in book.worksheets[0].iter_rows() for c in r if c.hyperlink]
    assert links == ["'" + book.sheetnames[1].replace("'", "''") + "'!B1"]


def test_control_characters_in_a_county_file_break_neither_copy_nor_front() -> None:
    content = "姓名,证号\n王\ufffe秀\x0b英,=1+1\n".encode("utf-8")
    found = Issue(
        "C20", Severity.ERROR, "不对\x00\ud800", "a.csv", read_grids(content)[0].name, 2, "B"
    )
    book = openpyxl.load_workbook(io.BytesIO(marked(content, found)))
    cell = book.worksheets[1]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert cell.comment is not None
    assert cell.comment.text == "【退回】不对"


def test_a_long_sheet_has_notes_on_the_gravest_and_colours_on_all() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 6_001))
    styles = (
        "<fonts><font/></fonts><fills><fill/><fill/></fills><borders><border/></borders>"
        "<cellXfs><xf/></cellXfs>"
    )
    found = [issue(f"A{n}", severity=Severity.WARNING) for n in range(1, 6_000)] + [issue("A6000")]
    made = marked(xlsx(rows, styles=styles), *found)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        sheet = package.read(SHEET).decode("utf-8")
        notes = package.read("xl/commentsMark1.xml").decode("utf-8")
    assert len(re.findall(r'<c s="[12]" r=|<c r="A\d+" s="|<c s="\d" r="A', sheet)) == 6_000
    assert notes.count("<comment ") == 5_000
    assert 'ref="A6000"' in notes


def test_untouched_parts_are_the_same_bytes() -> None:
    content = commented()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as was,
        zipfile.ZipFile(io.BytesIO(marked(content))) as now,
    ):
        assert now.testzip() is None
        assert was.read("xl/theme/theme1.xml") == now.read("xl/theme/theme1.xml")
        before, after = was.read(SHEET), now.read(SHEET)
    marks = re.compile(rb'<c [^>]*r="B2"[^>]*>| tabSelected="1"|<legacyDrawing[^>]*>')
    assert marks.sub(b"", after) == marks.sub(b"", before)
