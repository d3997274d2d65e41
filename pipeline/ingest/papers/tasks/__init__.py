"""The task breakdown table (任务分解表), in any layout like the real ones, with its sums checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.ingest.headers import spread
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.ingest.papers.tasks.layout import SUM, Cells, Layout, Stated, Year, find_layout
from pipeline.ingest.papers.tasks.task_sums import check_sums
from pipeline.ingest.plain import plain
from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters, compact, fold, read_count

_TOTAL_LINE = re.compile(r"(全省|全州|全市)?(合计|总计|计)|全省|全州|全市")
_NOTE = re.compile(r"(注|备注|说明)[::]?.*")
_YEAR_CELL = re.compile(r"(20\d{2})(?:\.0)?年?度?", re.ASCII)
_HEAD, _WIDE = 20, 120  # rows and columns in which the layout shows


def read(book: Book) -> Paper | None:
    """Targets per unit, indicator and year of a whole workbook; None where it is no task table."""
    stated: list[Stated] = []
    issues: list[Issue] = []
    for grid in book.grids:
        for turned in (False, True):
            found = _read_sheet(grid, book, turned=turned)
            if found:
                entries, faults = found
                stated += [_back(e) for e in entries] if turned else entries
                issues += [] if turned else faults
                break
    if not stated:
        return None
    targets = {(s.unit, s.indicator, s.year): s.number for s in reversed(stated) if s.year != SUM}
    lines: Lines = [
        {"file": book.file.path, "unit": u, "indicator": i, "year": int(y), "count": count}
        for (u, i, y), count in sorted(targets.items(), key=str)
    ]
    return Paper({"targets": lines}, (*issues, *check_sums(stated, book.programme)))


def _turned(grid: Grid, bottom: int, right: int) -> Grid:
    """Units across, indicators down: the same table lying on its side, as far as said."""
    found = grid.lines(1, min(bottom, grid.last_row))
    cells = {(c, r): cell for r, c, cell in found if c <= right}
    merges = tuple((left, top, right, bottom) for top, left, bottom, right in grid.merges)
    return Grid(grid.name, cells, merges)


def _back(entry: Stated) -> Stated:
    return entry._replace(row=entry.column, column=entry.row)


def _read_sheet(grid: Grid, book: Book, *, turned: bool) -> tuple[list[Stated], list[Issue]] | None:
    programme, day, file_name = book.programme, book.day, book.file.file_name
    shown = _turned(grid, _WIDE, _HEAD) if turned else grid
    head = spread(shown, 1, _HEAD)
    layout = find_layout(shown, head, file_name, programme)
    if layout is None:
        return None
    if turned:
        grid = _turned(grid, grid.last_row, grid.last_column)
    cells = spread(grid, 1, grid.last_row, max(layout.regions)) if layout.year_column else head
    stated: list[Stated] = []
    totals: list[Stated] = []
    issues: list[Issue] = []
    wider = False
    for row in range(layout.bottom + 1, grid.last_row + 1):
        named = _region(row, grid, cells, layout)
        entries = list(_entries(row, grid, layout))
        if not entries or not named or _NOTE.fullmatch(named):
            continue
        if _TOTAL_LINE.fullmatch(named):
            totals += [e._replace(unit=programme.gazetteer.top) for e in entries]
        elif unit := _unit(named, programme, day):
            stated += [e._replace(unit=unit) for e in entries]
        elif programme.gazetteer.elsewhere_in(named):
            wider = True
        else:
            issue = programme.issue("S09", text=named)
            letters = column_letters(layout.regions[-1])
            issues.append(issue.at(sheet=grid.name, row=row, column=letters))
    # a prefecture may be handed the province's table: its total is then not the prefecture's
    if not wider and all(s.unit != programme.gazetteer.top for s in stated):
        stated = [*totals, *stated]
    return (stated, issues) if stated else None


def _entries(row: int, grid: Grid, layout: Layout) -> Iterator[Stated]:
    """The numbers of one row, each with its indicator and year."""
    of_row: Year = layout.year
    if layout.year_column:
        match = _YEAR_CELL.fullmatch(compact(_text(grid, row, layout.year_column)))
        of_row = int(match[1]) if match else ""
    for column, (indicator, year) in layout.columns.items():
        count = read_count(_text(grid, row, column))
        if count is not None and (year or of_row):
            yield Stated("", indicator, year or of_row, count, grid.name, row, column)


def _text(grid: Grid, row: int, column: int) -> str:
    return grid.column(column, row, row)[0][0]


def _region(row: int, grid: Grid, cells: Cells, layout: Layout) -> str:
    """The narrowest place the row names; a bare 小计 stands for the place to its left."""
    texts = [compact(text) for c in layout.regions if (text := _text(grid, row, c))]
    if layout.year_column:  # one unit over several rows, often merged
        texts = [compact(cells[row, c]) for c in layout.regions if (row, c) in cells]
    if not texts and (text := _text(grid, row, 1)):
        texts = [compact(text)]
    return next((t for t in reversed(texts) if plain(t) not in ("小计", "计")), "")


def _unit(named: str, programme: Programme, day: date | None) -> str:
    gazetteer = programme.gazetteer
    if found := gazetteer.find_one(named, day):
        return found
    bare = [
        u.code
        for u in gazetteer.units
        if u.code != gazetteer.top
        and fold(u.name).rstrip("市州县区") == fold(named)
        and (day is None or u.valid_on(day))
    ]
    prefectures = [code for code in bare if gazetteer.is_prefecture(code)]
    return (prefectures or bare)[0] if len(prefectures or bare) == 1 else ""
