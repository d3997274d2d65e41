"""The summary as it lies on paper: fonts by name, heights, what is printed, and no number wider than its column."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from delivered import MONTHS
from openpyxl.utils import get_column_letter, range_boundaries
from readable import Filling

from pipeline.home import Home
from pipeline.office import shown_width
from pipeline.office.fill import filled

SUMMARY, LAST = "全省汇总表.xlsx", MONTHS[-1]
TABLES = {
    "汇总表": "A3",
    "差异桥": "A3",
    "报送情况": "A3",
    "构成分析": "A4",
    "数据质量": "A4",
    "暂计说明": "A4",
}
PAPERS = {"A3": "8", "A4": "9"}
FONTS = {"方正小标宋简体", "黑体", "宋体", "仿宋_GB2312", "楷体_GB2312"}


@pytest.fixture(scope="module")
def made(filling: Filling, templates: Path) -> bytes:
    return filled(templates / SUMMARY, filling.view)


@pytest.fixture(scope="module")
def book(made: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(made))


def printed(sheet: Any) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(sheet.print_area.rpartition("!")[2])
    return int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)


def test_tables_are_set_up_for_printing(book: Any) -> None:
    for name, paper in TABLES.items():
        sheet = book[name]
        assert str(sheet.page_setup.paperSize) == PAPERS[paper], name
        assert sheet.page_setup.orientation == "landscape", name
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((None, 0), (1, 0)), name  # fmt: skip
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, name
        assert sheet.print_title_rows in ("$1:$4", "$1:$5"), name
        assert sheet.freeze_panes, name
        assert "第 &P 页　共 &N 页" in sheet.oddFooter.center.text, name
        texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value]
        assert any(t.startswith("单位负责人：") for t in texts), name
        assert any(t.startswith("填表日期：") for t in texts), name


def test_nothing_lies_outside_the_print_area(book: Any) -> None:
    for sheet in book.worksheets:
        left, top, right, bottom = printed(sheet)
        outside = [
            c.coordinate
            for row in sheet.iter_rows()
            for c in row
            if c.value is not None and not (left <= c.column <= right and top <= c.row <= bottom)
        ]
        assert outside == [], sheet.title


def test_fonts_are_named_and_rows_are_tall_enough(book: Any) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            height = sheet.row_dimensions[row[0].row].height or sheet.sheet_format.defaultRowHeight
            for cell in (c for c in row if c.value is not None):
                assert cell.font.name in FONTS, (sheet.title, cell.coordinate)
                assert height >= cell.font.sz * 1.2, (sheet.title, cell.coordinate)


@pytest.mark.parametrize("name", ["待裁定.xlsx", "优先更正清单.xlsx"])
def test_what_a_clerk_works_on_is_shown_whole(delivered: Home, name: str) -> None:
    """Every wrapped text of a row that repeats has the lines it needs, header and first columns stay."""
    book: Any = openpyxl.load_workbook(delivered.outbox / LAST / name)
    for sheet in book.worksheets:
        if sheet.sheet_state == "hidden":
            continue
        assert sheet.freeze_panes, sheet.title
        assert "第 &P 页" in sheet.oddFooter.center.text, sheet.title
        merged = {cell for area in sheet.merged_cells.ranges for cell in area.cells}
        for cell in (c for row in sheet.iter_rows(min_row=3) for c in row if c.value is not None):
            if (cell.row, cell.column) not in merged:
                width = sheet.column_dimensions[get_column_letter(cell.column)].width
                room = width * 10.5 / cell.font.sz
                lines = -(-shown_width(str(cell.value)) // int(room))
                height = sheet.row_dimensions[cell.row].height or sheet.sheet_format.defaultRowHeight  # fmt: skip
                assert height >= lines * cell.font.sz * 1.2, (sheet.title, cell.coordinate)


def test_no_number_shows_as_hashes(book: Any) -> None:
    for sheet in book.worksheets:
        for cell in (c for row in sheet.iter_rows() for c in row):
            if isinstance(cell.value, int | float):
                shown = f"{cell.value:.2%}" if "%" in cell.number_format else f"{cell.value:g}"
                width = sheet.column_dimensions[get_column_letter(cell.column)].width
                assert len(shown) + 1 < width, (sheet.title, cell.coordinate)


def test_charts_tell_what_they_show_and_hold_their_values(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        drawing = package.read("xl/drawings/drawing1.xml").decode()
        charts = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/charts/chart")]  # fmt: skip
        core = package.read("docProps/core.xml").decode()
    assert drawing.count("descr=") == len(charts) == 8
    for chart in charts:
        assert chart.count("<c:f>") == chart.count("Cache>") / 2
        assert "{{" not in chart
    assert "吉林省残疾人联合会" in core
    assert "openpyxl" not in core
    assert "XlsxWriter" not in core


def test_bars_are_full_at_a_hundred_per_cent(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        sheet = package.read("xl/worksheets/sheet2.xml").decode()
    bars = sheet.count('<dataBar minLength="0" maxLength="100">')
    assert bars == sheet.count('<cfvo type="num" val="1"/>') == 4
