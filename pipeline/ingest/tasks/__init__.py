"""The task breakdown table (任务分解表), in any layout like the real ones, with its sums checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pipeline.ingest.headers import plain, spread
from pipeline.ingest.tasks.layout import SUM, Layout, Stated, Year, find_layout
from pipeline.ingest.tasks.sums import check_sums
from pipeline.model import Cell, Grid, Issue, Target, TaskTable
from pipeline.programme import Programme
from pipeline.values import column_letters, compact, fold, read_count

_TOTAL_LINE = re.compile(r"(全省|全州|全市)?(合计|总计|计)|全省|全州|全市")
_NOTE = re.compile(r"(注|备注|说明)[::]?.*")
_YEAR_CELL = re.compile(r"(20\d{2})(?:\.0)?年?度?")


def read_task_table(
    grids: Iterable[Grid], file_name: str, programme: Programme, day: date | None
) -> TaskTable | None:
    """Targets per unit, indicator and year of a whole workbook; None where it is no task table."""
    stated: list[Stated] = []
    issues: list[Issue] = []
    for grid in grids:
        for turned in (False, True):
            found = _read_sheet(_turned(grid) if turned else grid, file_name, programme, day)
            if found:
                entries, faults = found
                stated += [_back(e) for e in entries] if turned else entries
                issues += [] if turned else faults
                break
    if not stated:
        return None
    targets = {(s.unit, s.indicator, s.year): s.number for s in reversed(stated) if s.year != SUM}
    table = [Target(u, i, int(y), count) for (u, i, y), count in sorted(targets.items(), key=str)]
    return TaskTable(tuple(table), (*issues, *check_sums(stated, programme)))


def _turned(grid: Grid) -> Grid:
    """Units across, indicators down: the same table lying on its side."""
    cells = {(c, r): cell for (r, c), cell in grid.cells.items()}
    merges = tuple((left, top, right, bottom) for top, left, bottom, right in grid.merges)
    return Grid(grid.name, cells, merges)


def _back(entry: Stated) -> Stated:
    return entry._replace(row=entry.column, column=entry.row)


def _read_sheet(
    grid: Grid, file_name: str, programme: Programme, day: date | None
) -> tuple[list[Stated], list[Issue]] | None:
    cells = spread(grid)
    layout = find_layout(grid, cells, file_name, programme)
    if layout is None:
        return None
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
        cell = grid.cells.get((row, layout.year_column))
        match = _YEAR_CELL.fullmatch(compact(cell.text)) if cell else None
        of_row = int(match[1]) if match else ""
    for column, (indicator, year) in layout.columns.items():
        cell = grid.cells.get((row, column))
        count = read_count(cell.text) if cell else None
        if count is not None and (year or of_row):
            yield Stated("", indicator, year or of_row, count, grid.name, row, column)


def _region(row: int, grid: Grid, cells: Mapping[tuple[int, int], Cell], layout: Layout) -> str:
    """The narrowest place the row names; a bare 小计 stands for the place to its left."""
    texts = [compact(grid.cells[row, c].text) for c in layout.regions if (row, c) in grid.cells]
    if layout.year_column:  # one unit over several rows, often merged
        texts = [compact(cells[row, c].text) for c in layout.regions if (row, c) in cells]
    if not texts and (row, 1) in grid.cells:
        texts = [compact(grid.cells[row, 1].text)]
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
