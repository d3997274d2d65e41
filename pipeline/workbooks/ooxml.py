"""xlsx, xlsm and xlsb: calamine for values, openpyxl for what calamine does not tell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.workbooks.cells import bounded, cell_of
from pipeline.workbooks.faults import Unreadable

NO_RESULT = "#公式没有结果"
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml$")
_REFERENCE = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_FACTS = re.compile(rb'hidden="(?:1|true)"|t="e"|<(?:\w+:)?f[ >/]')
_BOX_FACTOR = (
    4  # a bounding box may be this much larger than the cells allowed before it is refused
)


def read_ooxml(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All worksheets with hidden rows and columns, error cells and merges. Raises Unreadable."""
    parts = _sheet_parts(content)
    if any(_box(part) > _BOX_FACTOR * limits.cells for part in parts):
        return _sparse(content, limits)  # one stray cell at the far edge: read cell by cell
    try:
        grids = read_with_calamine(content, limits)
    except Unreadable as fault:
        if fault.code != "F01":
            raise
        return _sparse(content, limits)
    if any(_FACTS.search(part) for part in parts):
        grids = _with_facts(content, grids)
    return grids


def _sheet_parts(content: bytes) -> list[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return [package.read(n) for n in package.namelist() if _SHEET_PART.match(n)]
    except Exception as fault:
        raise Unreadable("F01", "文件已损坏，或没有传完整") from fault


def _box(part: bytes) -> int:
    """Cells in the rectangle around all cells of a sheet: what a dense reader would ask memory for."""
    rows, columns = 0, 0
    for letters, digits in _REFERENCE.findall(part):
        rows = max(rows, int(digits))
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        columns = max(columns, column)
    return rows * columns


def read_with_calamine(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All worksheets by calamine. Raises Unreadable, also for a panic of its own."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        grids = []
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            if sheet.total_height * sheet.total_width > _BOX_FACTOR * limits.cells:
                raise Unreadable("F05", f"工作表“{about.name}”超过 {limits.cells} 个单元格")
            cells = dict(_cells(sheet))
            bounded(cells, about.name, limits)
            hidden = about.visible != SheetVisibleEnum.Visible
            merges = tuple(
                (top + 1, left + 1, bottom + 1, right + 1)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            )
            grids.append(Grid(about.name, cells, merges, hidden=hidden))
        return tuple(grids)
    except Unreadable:
        raise
    except BaseException as fault:  # a Rust panic is no Exception
        if isinstance(fault, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise Unreadable("F01", "文件已损坏，或不是表格") from fault


def _cells(sheet: Any) -> Iterator[tuple[tuple[int, int], Cell]]:
    start = sheet.start
    if start is None:
        return
    for r, row in enumerate(sheet.to_python(), start[0] + 1):
        for c, value in enumerate(row, start[1] + 1):
            if value != "" and (cell := cell_of(value)).type:
                yield (r, c), cell


def _sparse(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """The second reader: openpyxl, cell by cell, for what calamine refuses or would drown in."""
    import openpyxl

    grids = []
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            cells: dict[tuple[int, int], Cell] = {}
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None and (found := cell_of(cell.value)).type:
                        kind = "e" if cell.data_type == "e" else found.type
                        cells[int(cell.row or 0), int(cell.column or 0)] = Cell(found.text, kind)
                bounded(cells, sheet.title, limits)
            grids.append(Grid(sheet.title, cells, hidden=sheet.sheet_state != "visible"))
    except Unreadable:
        raise
    except Exception as fault:
        raise Unreadable("F01", "文件已损坏，或不是表格") from fault
    if not grids:
        raise Unreadable("F01", "文件里没有工作表")
    return tuple(grids)


def _with_facts(content: bytes, grids: tuple[Grid, ...]) -> tuple[Grid, ...]:
    """Hidden rows and columns, error cells, formulas that were never calculated."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content))
    except Exception:  # calamine has read it; only these facts are missing
        return grids
    told = []
    for grid in grids:
        if grid.name not in book.sheetnames:
            told.append(grid)
            continue
        sheet: Any = book[grid.name]
        cells = dict(grid.cells)
        for row in sheet.iter_rows():
            for cell in row:
                place = (cell.row, cell.column)
                if cell.data_type == "e":
                    cells[place] = Cell(str(cell.value), "e")
                elif cell.data_type == "f" and place not in cells:
                    cells[place] = Cell(NO_RESULT, "e")
        last_row = max((r for r, _ in cells), default=0)
        last_column = max((c for _, c in cells), default=0)
        rows = frozenset(r for r, d in sheet.row_dimensions.items() if d.hidden and r <= last_row)
        columns = frozenset(
            c
            for d in sheet.column_dimensions.values()
            if d.hidden and d.min and d.max
            for c in range(d.min, min(d.max, last_column) + 1)
        )
        told.append(replace(grid, cells=cells, hidden_rows=rows, hidden_columns=columns))
    return tuple(told)
