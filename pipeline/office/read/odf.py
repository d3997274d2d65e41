"""ods and fods, from their XML, with repeats held in bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.package import Package
from pipeline.office.places import LAST_COLUMN, LAST_ROW
from pipeline.office.read.converted import (
    ERROR,
    NO_RESULT,
    bounded_together,
    cell_of,
    exact_number,
    packed,
    too_many,
)
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import parse_xml

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_HOLDING = frozenset(_TEXT + name for name in ("list", "list-item", "list-header", "section"))
# phonetic guides, notes, comments: not what the cell says
_UNSEEN = frozenset({f"{_TEXT}ruby-text", f"{_TEXT}note", f"{_OFFICE}annotation"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST_REPEAT = (
    100_000  # of one filled row: nobody filed those, and walking them costs a gigabyte
)
_ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "Err:")


def read_odf(package: Package, limits: Limits) -> tuple[Grid, ...]:
    """All sheets with merges and hidden rows and columns. Raises Unreadable."""
    if b"encryption-data" in package.part("META-INF/manifest.xml"):
        raise Unreadable("F01", "ods 表格设有打开密码。请取消密码后重新报送")
    return _sheets(package.xml("content.xml"), limits)


def read_flat_odf(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All sheets of a workbook saved as one XML document (fods). Raises Unreadable."""
    return _sheets(parse_xml(content), limits)


def _sheets(root: Any, limits: Limits) -> tuple[Grid, ...]:
    hidden = frozenset(_hidden_styles(root))
    grids: list[Grid] = []
    # only the document's own tables: drawings, tracked changes and links hold others
    for table in (
        t for b in root.iter(f"{_OFFICE}spreadsheet") for t in b.iterchildren(f"{_TABLE}table")
    ):
        is_hidden = table.get(f"{_TABLE}style-name") in hidden
        pictured = next(table.iter(f"{_DRAW}image", f"{_DRAW}object-ole"), None) is not None
        grids.append(replace(_sheet(table, limits), hidden=is_hidden, pictured=pictured))
        bounded_together(grids, limits)
    if not grids:
        raise Unreadable("F01", "文件里没有工作表，或是旧版 OpenOffice 表格。请另存为 .xlsx")
    return tuple(grids)


def _hidden_styles(root: Any) -> Iterator[str]:
    """The table styles that hide a sheet."""
    for style in root.iter(f"{_STYLE}style"):
        about = style.find(f"{_STYLE}table-properties")
        if about is not None and about.get(f"{_TABLE}display") == "false":
            yield style.get(f"{_STYLE}name", "")


def _sheet(table: Any, limits: Limits) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[tuple[int, int, int, int]] = []
    hidden: set[int] = set()
    name = str(table.get(f"{_TABLE}name", ""))
    row = 1
    for line in table.iter(f"{_TABLE}table-row"):
        times = min(_times(line, "rows"), LAST_ROW - row + 1)
        if times < 1:
            break
        found = dict(_line(line, row, merges))
        if found and times > _LONGEST_REPEAT:
            why = f"工作表“{name}”第 {row} 行原样重复了 {times // 10_000} 万余次，请删去重复的行"
            raise Unreadable("F05", why)
        if len(cells) + times * len(found) > limits.cells:
            raise too_many(name, limits)
        for again in range(times if found else 0):
            cells.update(((row + again, c), cell) for c, cell in found.items())
        if line.get(f"{_TABLE}visibility") in ("collapse", "filter") and found:
            hidden |= set(range(row, row + times))
        row += times
    columns = frozenset(_hidden_columns(table, max((c for _, c in cells), default=0)))
    return Grid(name, packed(cells), tuple(merges), frozenset(hidden), columns)


def _line(
    line: Any, row: int, merges: list[tuple[int, int, int, int]]
) -> Iterator[tuple[int, Cell]]:
    column = 1
    for cell in line:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = _times(cell, "columns")
        found = _cell(cell) if cell.tag == f"{_TABLE}table-cell" else Cell("", "")
        if found.type:
            for again in range(min(times, LAST_COLUMN - column + 1)):
                yield column + again, found
        tall = _whole(cell.get(f"{_TABLE}number-rows-spanned"), LAST_ROW)
        wide = _whole(cell.get(f"{_TABLE}number-columns-spanned"), LAST_COLUMN)
        if tall > 1 or wide > 1:
            merges.append((row, column, row + tall - 1, column + wide - 1))
        column = min(column + times, LAST_COLUMN)


def _cell(cell: Any) -> Cell:
    kind = cell.get(f"{_OFFICE}value-type", "")
    paragraphs = list(_paragraphs(cell))
    text = "\n".join("".join(_written(p)) for p in paragraphs)
    if cell.get(f"{_CALCEXT}value-type") == "error" or text.startswith(_ERRORS):
        return Cell(text or ERROR, "e")
    if not kind and not text and cell.get(f"{_TABLE}formula"):
        return Cell(NO_RESULT, "e")
    if kind in ("float", "percentage", "currency"):
        return _number(cell.get(f"{_OFFICE}value", ""), text)
    if kind == "date":
        day = cell.get(f"{_OFFICE}date-value", "")[:10]
        return Cell(day, "d") if _DAY.fullmatch(day) else cell_of(text)
    if kind == "boolean":
        return cell_of(cell.get(f"{_OFFICE}boolean-value") == "true")
    return cell_of(text if paragraphs else cell.get(f"{_OFFICE}string-value", ""))


def _paragraphs(element: Any) -> Iterator[Any]:
    """A cell's own paragraphs, headings and list items: a note in it has paragraphs too."""
    for child in element:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield child
        elif child.tag in _HOLDING:
            yield from _paragraphs(child)


def _number(value: str, text: str) -> Cell:
    try:
        float(value)
        return Cell(exact_number(value), "n")
    except ValueError:  # no number after all: what is shown stands
        return cell_of(text)


def _written(paragraph: Any) -> Iterator[str]:
    """The text of a paragraph; runs of spaces are elements of their own."""
    yield paragraph.text or ""
    for child in paragraph:
        if child.tag == f"{_TEXT}s":
            yield " " * _whole(child.get(f"{_TEXT}c"), 100)
        elif child.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield " "
        elif child.tag not in _UNSEEN:
            yield from _written(child)
        yield child.tail or ""


def _times(element: Any, what: str) -> int:
    """How often a row or cell is repeated, in bounds of what a sheet can hold."""
    most = LAST_ROW if what == "rows" else LAST_COLUMN
    return _whole(element.get(f"{_TABLE}number-{what}-repeated"), most)


def _whole(text: str | None, most: int) -> int:
    return max(1, min(int(text[:12]), most)) if text and text.isascii() and text.isdigit() else 1


def _hidden_columns(table: Any, last: int) -> Iterator[int]:
    column = 1
    for element in table.iter(f"{_TABLE}table-column"):
        times = _times(element, "columns")
        if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            yield from range(column, min(column + times, last + 1))
        column += times
