"""The task breakdown table (任务分解表), in any layout like the real ones, with its sums checked."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.ingest.filing_date import filed_on
from pipeline.ingest.layout import spread
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.ingest.papers.tasks.headings import SUM
from pipeline.ingest.papers.tasks.layout import Layout, Stated, find_layouts
from pipeline.ingest.papers.tasks.named_places import place_of
from pipeline.ingest.papers.tasks.task_rows import Rows, read_rows
from pipeline.ingest.papers.tasks.task_sums import check_sums, made_whole
from pipeline.model import Grid
from pipeline.values import column_letters

__all__ = ["place_of", "read"]

_HEAD, _WIDE = 20, 120  # rows and columns in which the layout shows


def read(book: Book) -> Paper | None:
    """Targets per unit, indicator and year of a whole workbook; None where it is no task table."""
    whole = Rows()
    for grid in book.grids:
        for turned in (False, True):
            if found := _read_sheet(grid, book, turned=turned):
                _add(whole, found, turned=turned)
                break
    if not whole.stated:
        return None
    filed = _filed_on(whole.stated, book)
    stated, issues, partly = made_whole(whole.stated, whole.without, book.programme)
    first = {(s.unit, s.indicator, s.year): s for s in reversed(stated) if not s.own}
    lines: Lines = [
        {
            "file": book.file.path, "unit": s.unit, "indicator": s.indicator, "year": s.year,
            "count": s.number, "sheet": s.sheet, "row": s.row, "column": column_letters(s.column),
            "filed_on": filed,
        }
        for _, s in sorted(first.items(), key=str)
        if s.year != SUM and s.number is not None
    ]  # fmt: skip
    checked = check_sums(stated, partly, book.programme)
    return Paper({"targets": lines}, (*whole.issues, *issues, *checked))


def _filed_on(stated: Iterable[Stated], book: Book) -> str:
    """The day of the workbook, as ISO: the newest that one of its tables says above or below its numbers."""
    days = []
    for grid in book.grids:
        rows = [s.row for s in stated if s.sheet == grid.name]
        if rows:
            days.append(filed_on(grid, min(rows), max(rows), book.programme, book.day)[0])
    return max((day.isoformat() for day in days if day), default="")


def _add(whole: Rows, found: Rows, *, turned: bool) -> None:
    """What one sheet says beside what the others say, at the places where it stands as filed."""
    whole.stated += map(_back, found.stated) if turned else found.stated
    whole.issues += [] if turned else found.issues
    for unit, others in found.without.items():
        whole.without.setdefault(unit, set()).update(others)


def _turned(grid: Grid, bottom: int, right: int) -> Grid:
    """Units across, indicators down: the same table lying on its side, as far as said."""
    found = grid.lines(1, min(bottom, grid.last_row))
    cells = {(c, r): cell for r, c, cell in found if c <= right}
    merges = tuple((left, top, right, bottom) for top, left, bottom, right in grid.merges)
    return Grid(grid.name, cells, merges)


def _back(entry: Stated) -> Stated:
    return entry._replace(row=entry.column, column=entry.row)


def _read_sheet(grid: Grid, book: Book, *, turned: bool) -> Rows | None:
    """The blocks of one sheet; None where it holds no task table."""
    programme = book.programme
    shown = _turned(grid, _WIDE, _HEAD) if turned else grid
    head = spread(shown, 1, _HEAD)
    layouts = find_layouts(shown, head, book.file.file_name, programme)
    if not layouts:
        return None
    if turned:
        grid = _turned(grid, grid.last_row, grid.last_column)
    found = Rows()
    for layout in layouts:
        cells = spread(grid, 1, grid.last_row, _last(layout)) if _by_row(layout) else head
        own = read_rows(grid, cells, layout, programme, book.day)
        _add(found, own, turned=False)
        found.totals += own.totals
        found.wider |= own.wider
    # a prefecture may be handed the province's table: its total is then not the prefecture's
    if not found.wider and all(s.unit != programme.gazetteer.top for s in found.stated):
        found.stated = [*found.totals, *found.stated]
    return found if found.stated else None


def _by_row(layout: Layout) -> bool:
    return bool(layout.year_column or layout.indicator_column)


def _last(layout: Layout) -> int:
    return max(*layout.regions, layout.year_column, layout.indicator_column)
