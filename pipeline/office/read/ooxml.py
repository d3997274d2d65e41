"""xlsx and xlsm: calamine for what is written as usual, the parts themselves for what is not."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.limits import Limits
from pipeline.model import Columns, Grid
from pipeline.office.package import Package
from pipeline.office.read.binary import read_binary
from pipeline.office.read.book import Book, SheetPart
from pipeline.office.read.converted import bounded, bounded_together, packed, with_cells
from pipeline.office.read.dense import read_dense
from pipeline.office.read.evidence import (
    days_before_time,
    facts_in,
    is_usual,
    long_numbers,
    places_within,
)
from pipeline.office.read.facts import Facts
from pipeline.office.read.looks import looked_at
from pipeline.office.read.sheetxml import sparse_cells
from pipeline.office.read.tags import Tags, tags_of
from pipeline.office.unreadable import Unreadable

_TEXT_CELL = re.compile(rb"""\st=["']s["'][^<>]*>\s*<v>""")  # its text stands among the shared ones
_BOX_FACTOR = 4  # a rectangle around the cells may be this much larger than the cells allowed


def read_ooxml(package: Package, limits: Limits) -> tuple[Grid, ...]:
    """All worksheets with hidden rows and columns, error cells and merges. Raises Unreadable."""
    book = Book(package)
    if book.part.lower().endswith(".bin"):
        return read_binary(package, book.part, limits)
    if not any(sheet.content for sheet in book.worksheets):
        raise Unreadable("F01", "文件已损坏，或里面没有工作表")
    if not book.shared_strings and any(_TEXT_CELL.search(s.content) for s in book.worksheets):
        raise Unreadable("F01", "文件已损坏，里面的文字丢失")
    most = _BOX_FACTOR * limits.cells
    usual = {
        nth: tags
        for nth, sheet in enumerate(book.worksheets)
        if book.is_usual
        and is_usual(sheet.content, tags := tags_of(sheet.content))
        and places_within(sheet.content, tags, most)
    }
    try:
        parts = (book.worksheets[nth].content for nth in usual)
        dense = dict(zip(usual, read_dense(parts, book, limits), strict=True))
    except Unreadable as fault:
        if fault.code != "F01":
            raise
        dense = {}
    grids: list[Grid] = []
    for nth, sheet in enumerate(book.worksheets):
        if not sheet.content:
            grids.append(Grid(sheet.name, {}, hidden=sheet.hidden, lost=True))
        elif nth in dense:
            grids.append(_gridded(sheet, dense[nth], usual[nth], book, limits))
        else:
            grids.append(_sparse(sheet, book, limits))
        bounded_together(grids, limits)
    return tuple(grids)


def _sparse(sheet: SheetPart, book: Book, limits: Limits) -> Grid:
    """The second reader: cell by cell, for what calamine refuses, gets wrong or would drown in."""
    cells, facts = sparse_cells(sheet.content, book, sheet.name, limits)
    grid = Grid(
        sheet.name,
        packed(cells),
        hidden=sheet.hidden,
        pictured=sheet.pictured,
        struck=frozenset(facts.struck),
        blank=frozenset(facts.blank),
    )
    return _with_facts(grid, facts)


def _gridded(sheet: SheetPart, columns: Columns, tags: Tags, book: Book, limits: Limits) -> Grid:
    """The cells calamine read, with what it does not tell: errors, hidden parts, all the digits."""
    bounded(columns, sheet.name, limits)
    numbers = long_numbers(sheet.content, columns)
    numbers |= days_before_time(sheet.content, book.dated)
    cells = with_cells(columns, numbers) if numbers else columns
    otherwise, struck, blank = looked_at(sheet.content, cells, book.looks)
    cells = with_cells(cells, otherwise) if otherwise else cells
    grid = Grid(
        sheet.name,
        cells,
        hidden=sheet.hidden,
        pictured=sheet.pictured,
        struck=struck,
        blank=blank,
    )
    return _with_facts(grid, facts_in(sheet.content, tags))


def _with_facts(grid: Grid, facts: Facts) -> Grid:
    if facts.errors:
        grid = replace(grid, cells=with_cells(grid.cells, facts.errors))
    return replace(
        grid,
        merges=tuple(facts.merges),
        hidden_rows=frozenset(r for r in facts.hidden_rows if r <= grid.last_row),
        hidden_columns=facts.hidden_columns(grid.last_column),
    )
