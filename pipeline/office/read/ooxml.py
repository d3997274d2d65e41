"""xlsx, xlsm and xlsb: calamine for values, the parts themselves for what calamine does not tell."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.faults import Unreadable
from pipeline.office.package import Package
from pipeline.office.read.binary import with_binary_facts
from pipeline.office.read.book import Book, SheetPart
from pipeline.office.read.cells import bounded, cell_of
from pipeline.office.read.sheetxml import Facts, facts_of, sparse_cells

_REFERENCE = re.compile(rb"""<(?:\w+:)?c [^>]*?\br=["']([A-Z]{1,3})(\d{1,12})["']""")
_FACTS = re.compile(
    rb"""hidden=["'](?:1|true)|\bt=["']e["']|<(?:\w+:)?f[ />]|\b(?:ht|width)=["']0["']"""
)
_BOX_FACTOR = (
    4  # a bounding box may be this much larger than the cells allowed before it is refused
)


def read_ooxml(content: bytes, package: Package, limits: Limits) -> tuple[Grid, ...]:
    """All worksheets with hidden rows and columns, error cells and merges. Raises Unreadable."""
    if "xl/workbook.bin" in package:
        return with_binary_facts(package, read_with_calamine(content, limits))
    book = Book(package)
    if any(_box(sheet.content) > _BOX_FACTOR * limits.cells for sheet in _worksheets(book)):
        return _sparse(book, limits)  # one stray cell at the far edge: read cell by cell
    try:
        grids = read_with_calamine(content, limits)
    except Unreadable as fault:
        if fault.code != "F01":
            raise
        return _sparse(book, limits)
    return _with_facts(book, grids)


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


def _sparse(book: Book, limits: Limits) -> tuple[Grid, ...]:
    """The second reader: cell by cell, for what calamine refuses or would drown in."""
    if not book.worksheets:
        raise Unreadable("F01", "文件已损坏，或里面没有工作表")
    grids = []
    for sheet in book.worksheets:
        cells, facts = sparse_cells(sheet.content, book, sheet.name, limits)
        grids.append(_told(Grid(sheet.name, cells, hidden=sheet.hidden), facts))
    return tuple(grids)


def _worksheets(book: Book) -> tuple[SheetPart, ...]:
    """Nothing where the list of sheets is damaged: calamine may still read what there is."""
    try:
        return book.worksheets
    except Unreadable:
        return ()


def _with_facts(book: Book, grids: tuple[Grid, ...]) -> tuple[Grid, ...]:
    """Hidden rows and columns, error cells, formulas that were never calculated."""
    by_name = {sheet.name: sheet for sheet in _worksheets(book)}
    return tuple(
        _told(grid, facts_of(sheet.content))
        if (sheet := by_name.get(grid.name)) and _FACTS.search(sheet.content)
        else grid
        for grid in grids
    )


def _told(grid: Grid, facts: Facts) -> Grid:
    cells = {**grid.cells, **facts.errors}
    last_row = max((r for r, _ in cells), default=0)
    last_column = max((c for _, c in cells), default=0)
    return replace(
        grid,
        cells=cells,
        merges=grid.merges or tuple(facts.merges),
        hidden_rows=frozenset(r for r in facts.hidden_rows if r <= last_row),
        hidden_columns=facts.hidden_columns(last_column),
    )
