"""SpreadsheetML 2003: a workbook written as one XML document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.places import LAST_COLUMN, LAST_ROW
from pipeline.office.read.converted import (
    NO_RESULT,
    bounded,
    bounded_together,
    cell_of,
    exact_number,
    packed,
)
from pipeline.office.xmlparts import parse_xml

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"


def read_spreadsheet_xml(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All sheets of an Excel 2003 XML file. Raises Unreadable."""
    root = parse_xml(content.lstrip(b"\xef\xbb\xbf \t\r\n"))
    grids: list[Grid] = []
    for sheet in root.iter(f"{_SS}Worksheet"):
        grids.append(_spreadsheet(sheet, limits))
        bounded_together(grids, limits)
    return tuple(grids)


def _spreadsheet(sheet: Any, limits: Limits) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[tuple[int, int, int, int]] = []
    hidden: set[int] = set()
    name, row = str(sheet.get(f"{_SS}Name", "")), 0
    for line in sheet.iter(f"{_SS}Row"):
        first = max(_whole(line.get(f"{_SS}Index"), row + 1), row + 1)
        if first > LAST_ROW:
            break
        row = min(first + _whole(line.get(f"{_SS}Span"), 0), LAST_ROW)
        if line.get(f"{_SS}Hidden") == "1":
            hidden |= set(range(first, row + 1))
        for column, wide, tall, cell in _spreadsheet_line(line):
            if wide or tall:
                merges.append((first, column, first + tall, column + wide))
            if cell.type:
                cells[first, column] = cell
        bounded(cells, name, limits)
    last_row, last_column = (max((p[n] for p in cells), default=0) for n in (0, 1))
    return Grid(
        name,
        packed(cells),
        tuple(merges),
        frozenset(r for r in hidden if r <= last_row),
        frozenset(c for c in _hidden_columns(sheet) if c <= last_column),
        sheet.findtext(f"{_X}WorksheetOptions/{_X}Visible", "").startswith("Sheet"),
    )


def _hidden_columns(sheet: Any) -> Iterator[int]:
    column = 0
    for element in sheet.iter(f"{_SS}Column"):
        first = max(_whole(element.get(f"{_SS}Index"), column + 1), column + 1)
        column = min(first + _whole(element.get(f"{_SS}Span"), 0), LAST_COLUMN)
        if element.get(f"{_SS}Hidden") == "1":
            yield from range(first, column + 1)


def _whole(text: str | None, otherwise: int) -> int:
    return (
        min(int(text[:12]), LAST_ROW) if text and text.isascii() and text.isdigit() else otherwise
    )


def _spreadsheet_line(line: Any) -> Iterator[tuple[int, int, int, Cell]]:
    column = 0
    for element in line.iter(f"{_SS}Cell"):
        column = max(_whole(element.get(f"{_SS}Index"), column + 1), column + 1)
        if column > LAST_COLUMN:
            return
        wide = _whole(element.get(f"{_SS}MergeAcross"), 0)
        tall = _whole(element.get(f"{_SS}MergeDown"), 0)
        data = element.find(f"{_SS}Data")
        unanswered = data is None and element.get(f"{_SS}Formula")
        yield column, wide, tall, Cell(NO_RESULT, "e") if unanswered else _spreadsheet_cell(data)
        column += wide


def _spreadsheet_cell(data: Any) -> Cell:
    if data is None:
        return Cell("", "")
    text = "".join(data.itertext())
    kind = data.get(f"{_SS}Type", "String")
    if kind == "Number":
        try:
            float(text)
            return Cell(exact_number(text), "n")
        except ValueError:
            return cell_of(text)
    if kind == "DateTime":
        return Cell(text[:10], "d") if text else Cell("", "")
    if kind == "Boolean":
        return cell_of(text == "1")
    return Cell(text, "e") if kind == "Error" else cell_of(text)
