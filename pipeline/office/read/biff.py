"""Old .xls and .et: calamine for the values of BIFF8, xlrd for older ones and for what is hidden."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.faults import Unreadable
from pipeline.office.read.cells import ERROR, bounded, cell_of
from pipeline.office.read.ooxml import read_with_calamine

_ERROR_TYPE = 5
_GARBLED = "\ufffd"


def read_biff(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All sheets of a BIFF workbook, whole in a compound file or bare. Raises Unreadable."""
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except Exception:  # xlrd raises anything from AssertionError to struct.error
        return read_with_calamine(content, limits)
    if book.biff_version >= 80:
        grids = _by_calamine(content, limits)
        garbled = any(_GARBLED in cell.text for g in grids for cell in g.cells.values())
        if len(grids) == book.nsheets and not garbled:
            return tuple(_with_facts(g, s, book) for g, s in zip(grids, book.sheets(), strict=True))
    return tuple(_grid(book, sheet, limits) for sheet in book.sheets())


def _by_calamine(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """Nothing where calamine refuses what xlrd has opened: a stray cell at the edge, or damage."""
    try:
        return read_with_calamine(content, limits)
    except Unreadable:
        return ()


def _with_facts(grid: Grid, sheet: Any, book: Any) -> Grid:
    """Error cells, merges, hidden rows and columns; cells calamine left out."""
    cells = dict(grid.cells)
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == _ERROR_TYPE:
                cells[row + 1, column + 1] = _error(sheet.cell_value(row, column))
            elif kind and (row + 1, column + 1) not in cells:
                found = cell_of(_value(book, sheet.cell(row, column)))
                if found.type:
                    cells[row + 1, column + 1] = found
    rows, columns = _hidden(sheet)
    merges = grid.merges or _merges(sheet)
    return replace(grid, cells=cells, merges=merges, hidden_rows=rows, hidden_columns=columns)


def _error(code: int) -> Cell:
    import xlrd

    return Cell(xlrd.error_text_from_code.get(code, ERROR), "e")


def _value(book: Any, cell: Any) -> object:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return cell.value
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


def _grid(book: Any, sheet: Any, limits: Limits) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            if cell.ctype == _ERROR_TYPE:
                cells[row + 1, column + 1] = _error(cell.value)
            elif (found := cell_of(_value(book, cell))).type:
                cells[row + 1, column + 1] = found
    bounded(cells, sheet.name, limits)
    rows, columns = _hidden(sheet)
    return Grid(sheet.name, cells, _merges(sheet), rows, columns, bool(sheet.visibility))


def _merges(sheet: Any) -> tuple[tuple[int, int, int, int], ...]:
    return tuple(
        (top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells
    )


def _hidden(sheet: Any) -> tuple[frozenset[int], frozenset[int]]:
    rows = frozenset(
        r + 1 for r, info in sheet.rowinfo_map.items() if info.hidden and r < sheet.nrows
    )
    columns = frozenset(
        c + 1 for c, info in sheet.colinfo_map.items() if info.hidden and c < sheet.ncols
    )
    return rows, columns
