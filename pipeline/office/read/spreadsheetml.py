"""SpreadsheetML 2003: a workbook written as one XML document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.places import LAST_COLUMN, LAST_ROW
from pipeline.office.read.converted import (
    NO_RESULT,
    bounded,
    bounded_together,
    cell_of,
    day_or_time,
    exact_number,
    packed,
)
from pipeline.office.read.displayed import is_odd, shows_nothing
from pipeline.office.read.encodings import in_true_encoding
from pipeline.office.read.formats import Shows, shown, value_shown
from pipeline.office.read.looks import Looks, is_of_signs
from pipeline.office.xmlparts import parse_filed

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d).*)?|(\d\d:\d\d:\d\d).*")
_YES = ("1", "true")
# formats by name (XML Spreadsheet Reference, ss:NumberFormat)
_NAMED = {
    **dict.fromkeys(("General Date", "Long Date", "Medium Date", "Short Date"), "yyyy-mm-dd"),
    **dict.fromkeys(("Long Time", "Medium Time", "Short Time"), "hh:mm:ss"),
    "Yes/No": '"是";"是";"否"',
    "True/False": '"真";"真";"假"',
    "On/Off": '"开";"开";"关"',
    **dict.fromkeys(
        (
            "General Number",
            "Currency",
            "Euro Currency",
            "Fixed",
            "Standard",
            "Percent",
            "Scientific",
        ),
        "0.00",
    ),
}


@dataclass
class _Dress:
    """What the styles of the workbook show, each by the number its name stands for."""

    numbers: dict[str, int] = field(default_factory=dict)
    formats: list[str] = field(default_factory=list)
    looks: Looks = field(default_factory=Looks)
    from_1904: bool = False

    def number(self, *styles: str | None) -> int:
        """The number of the first style that is named and known."""
        return next((self.numbers[s] for s in styles if s in self.numbers), -1)

    def shows(self, style: int) -> Shows:
        """What a style shows of a number."""
        return shown(self.formats[style]) if style >= 0 else Shows.NUMBER


def read_spreadsheet_xml(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All sheets of an Excel 2003 XML file. Raises Unreadable."""
    root = parse_filed(in_true_encoding(content))
    dress = _dress(root)
    grids: list[Grid] = []
    for sheet in root.iter(f"{_SS}Worksheet"):
        grids.append(_spreadsheet(sheet, dress, limits))
        bounded_together(grids, limits)
    return tuple(grids)


def _dress(root: Any) -> _Dress:
    found, formats, struck, signs = _Dress(), dict[int, str](), set[int](), dict[int, str]()
    for nth, style in enumerate(root.iter(f"{_SS}Style")):
        name, parent = _attribute(style, "ID", ""), found.number(_attribute(style, "Parent"))
        about, font = style.find(f"{_SS}NumberFormat"), style.find(f"{_SS}Font")
        above = found.formats[parent] if parent >= 0 else ""
        code = above if about is None else _attribute(about, "Format", "") or ""
        found.numbers[name or ""] = nth
        found.formats.append(_NAMED.get(code, code))
        if font is not None and _attribute(font, "StrikeThrough") in _YES:
            struck.add(nth)
        family = "" if font is None else _attribute(font, "FontName", "") or ""
        if is_of_signs(family):
            signs[nth] = family
        if is_odd(found.formats[nth]):
            formats[nth] = found.formats[nth]
    blank = frozenset(n for n, code in enumerate(found.formats) if shows_nothing(code))
    found.looks = Looks(formats, signs, frozenset(struck), blank=blank)
    found.from_1904 = next(root.iter(f"{_X}Date1904"), None) is not None
    return found


def _attribute(element: Any, name: str, otherwise: str | None = None) -> str | None:
    """An attribute, with its namespace or, as some programs write, without."""
    found = element.get(f"{_SS}{name}", element.get(name))
    return otherwise if found is None else str(found)


def _spreadsheet(sheet: Any, dress: _Dress, limits: Limits) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[tuple[int, int, int, int]] = []
    hidden: set[int] = set()
    struck, blank = set[tuple[int, int]](), set[tuple[int, int]]()
    name, columns = _attribute(sheet, "Name", "") or "", dict(_column_styles(sheet))
    row, left = _corner(sheet)
    for line in sheet.iterfind(f"{_SS}Table/{_SS}Row"):
        first = max(_whole(_attribute(line, "Index"), row + 1), row + 1)
        if first > LAST_ROW:
            break
        row = min(first + _whole(_attribute(line, "Span"), 0), LAST_ROW)
        if _attribute(line, "Hidden") in _YES:
            hidden |= set(range(first, row + 1))
        for column, wide, tall, element in _spreadsheet_line(line, left):
            if wide or tall:
                merges.append((first, column, first + tall, column + wide))
            styled = (
                _attribute(element, "StyleID"),
                _attribute(line, "StyleID"),
                columns.get(column),
            )
            style = dress.number(*styled)
            cell = dress.looks.seen(_spreadsheet_cell(element, style, dress), style)
            if cell.type:
                cells[first, column] = cell
                struck.update([(first, column)] if style in dress.looks.struck else [])
                blank.update([(first, column)] if dress.looks.hides(cell, style) else [])
        bounded(cells, name, limits)
    last_row, last_column = (max((p[n] for p in cells), default=0) for n in (0, 1))
    return Grid(
        name,
        packed(cells),
        tuple(merges),
        frozenset(r for r in hidden if r <= last_row),
        frozenset(c for c in _hidden_columns(sheet) if c <= last_column),
        sheet.findtext(f"{_X}WorksheetOptions/{_X}Visible", "").startswith("Sheet"),
        struck=frozenset(struck),
        blank=frozenset(blank),
    )


def _corner(sheet: Any) -> tuple[int, int]:
    """How many rows and columns stand before the table."""
    table = sheet.find(f"{_SS}Table")
    if table is None:
        return 0, 0
    top, left = (max(_whole(_attribute(table, f"{n}Cell"), 1), 1) - 1 for n in ("Top", "Left"))
    return top, left


def _columns(sheet: Any) -> Iterator[tuple[int, int, Any]]:
    """The first and last column each column element speaks of, and the element."""
    column = 0
    for element in sheet.iterfind(f"{_SS}Table/{_SS}Column"):
        first = max(_whole(_attribute(element, "Index"), column + 1), column + 1)
        column = min(first + _whole(_attribute(element, "Span"), 0), LAST_COLUMN)
        yield first, column, element


def _column_styles(sheet: Any) -> Iterator[tuple[int, str]]:
    for first, last, element in _columns(sheet):
        if style := _attribute(element, "StyleID"):
            yield from dict.fromkeys(range(first, last + 1), style).items()


def _hidden_columns(sheet: Any) -> Iterator[int]:
    for first, last, element in _columns(sheet):
        if _attribute(element, "Hidden") in _YES:
            yield from range(first, last + 1)


def _whole(text: str | None, otherwise: int) -> int:
    return (
        min(int(text[:12]), LAST_ROW) if text and text.isascii() and text.isdigit() else otherwise
    )


def _spreadsheet_line(line: Any, before: int) -> Iterator[tuple[int, int, int, Any]]:
    column = before
    for element in line.iterfind(f"{_SS}Cell"):
        column = max(_whole(_attribute(element, "Index"), column + 1), column + 1)
        if column > LAST_COLUMN:
            return
        wide = _whole(_attribute(element, "MergeAcross"), 0)
        tall = _whole(_attribute(element, "MergeDown"), 0)
        yield column, wide, tall, element
        column += wide


def _spreadsheet_cell(element: Any, style: int, dress: _Dress) -> Cell:
    data = element.find(f"{_SS}Data")
    text = "" if data is None else "".join(data.itertext())
    kind = "" if data is None else _attribute(data, "Type", "String")
    if not text.strip() and _attribute(element, "Formula") and kind != "String":
        return Cell(NO_RESULT, "e")
    if kind == "Number":
        return _numeral(text, dress.shows(style), dress)
    if kind == "DateTime":
        return _moment(text.strip())
    if kind == "Boolean":
        return cell_of(text.strip().lower() in _YES)
    return Cell(text, "e") if kind == "Error" else cell_of(text)


def _numeral(text: str, shows: Shows, dress: _Dress) -> Cell:
    try:
        number = float(text)
    except ValueError:
        return cell_of(text)
    if shows is Shows.NUMBER:
        return Cell(exact_number(text), "n")
    return cell_of(value_shown(number, shows, from_1904=dress.from_1904))


def _moment(text: str) -> Cell:
    found = _MOMENT.fullmatch(text)
    return cell_of(text) if found is None else day_or_time(found[1], found[2] or found[3])
