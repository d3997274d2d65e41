"""A plain workbook with the same cells at the same places, for files that are no editable xlsx."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Cell as Filed
from pipeline.model import Grid
from pipeline.office import settled, shown_width
from pipeline.render.marked.old_looks import dress

_WIDEST_COLUMN, _LONGEST_TEXT = 42, 32_000
_MOST_DIGITS = 15  # more than a number in Excel can hold


def rebuilt(grids: Sequence[Grid], content: bytes) -> tuple[bytes, Mapping[str, str], bool]:
    """An xlsx of the grids read from a file; for each grid's name the name its sheet has there; and
    whether the looks of the file, an old .xls, came along."""
    book = Workbook()
    book.remove(book.worksheets[0])
    names = {}
    for grid in grids:
        sheet = book.create_sheet(ILLEGAL_CHARACTERS_RE.sub("", grid.name)[:31] or "Sheet1")
        names[grid.name] = sheet.title
        _fill(sheet, grid)
    if not book.worksheets:
        book.create_sheet("Sheet1")
    dressed = dress(book, content)
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue()), names, dressed


def _fill(sheet: Worksheet, grid: Grid) -> None:
    widths: dict[int, int] = {}
    for (row, column), filed in sorted(grid.cells.items()):
        cell = sheet.cell(row, column)
        if isinstance(cell, Cell):
            _put(cell, filed)
        widths[column] = max(widths.get(column, 6), min(shown_width(filed.text), _WIDEST_COLUMN))
    for top, left, bottom, right in grid.merges:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        sheet.cell(top, left).alignment = Alignment("center", "center", wrap_text=True)
        for column in range(left, right + 1) if right > left else ():
            widths.pop(column, None)
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width + 2
    for column in grid.hidden_columns:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    for row in grid.hidden_rows:
        sheet.row_dimensions[row].hidden = True
    if grid.hidden:
        sheet.sheet_state = "hidden"


def _put(cell: Cell, filed: Filed) -> None:
    """The value under its type; what Excel would spoil stays the text that was read."""
    text = ILLEGAL_CHARACTERS_RE.sub("", filed.text)[:_LONGEST_TEXT]
    number = _number(text) if filed.type == "n" else None
    day = _day(text) if filed.type == "d" else None
    if number is not None:
        cell.value = number
    elif day is not None:
        cell.value = day
        cell.number_format = "yyyy-mm-dd" if type(day) is date else "yyyy-mm-dd hh:mm:ss"
    else:
        cell.value, cell.data_type, cell.number_format = text, "s", "@"


def _number(text: str) -> int | float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if len(text.replace("-", "").replace(".", "")) > _MOST_DIGITS:
        return None
    return int(number) if number == int(number) and "." not in text else number


def _day(text: str) -> date | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.date() if midnight and len(text) == 10 else moment
