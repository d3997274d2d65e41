"""The task breakdown table (任务分解表), in any layout like the real ones, with its sums checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.ingest.headers import plain, spread
from pipeline.model import Cell, Grid, Issue, Target, TaskTable
from pipeline.programme import Programme
from pipeline.values import column_letters, compact, fold, read_count

_YEAR = re.compile(r"(20\d{2})年?(?:度)?")
_SUM = "sum"
_TOTAL_LINE = re.compile(r"(全省|全州|全市)?(合计|总计|计)|全省|全州|全市")
_NOTE = re.compile(r"(注|备注|说明)[::]?.*")


@dataclass(frozen=True)
class _Layout:
    """Where things stand: the rows of the header and what each column holds."""

    bottom: int
    regions: tuple[int, ...]
    columns: Mapping[int, tuple[str, int | str]]  # column -> indicator, year or sum


@dataclass(frozen=True)
class _Line:
    """One row of the table: the unit it is for, its numbers, and the place of each."""

    row: int
    unit: str
    numbers: Mapping[tuple[str, int | str], int]


def read_task_table(grid: Grid, programme: Programme, day: date | None) -> TaskTable | None:
    """Targets per unit, indicator and year; None where the sheet is no task table."""
    cells = spread(grid)
    layout = _layout(grid, cells, programme)
    if layout is None:
        return None
    lines: list[_Line] = []
    totals: list[_Line] = []
    issues: list[Issue] = []
    wider = False
    for row in range(layout.bottom + 1, grid.last_row + 1):
        numbers = {
            what: count
            for column, what in layout.columns.items()
            if (cell := grid.cells.get((row, column)))
            and (count := read_count(cell.text)) is not None
        }
        named = _region(row, grid, cells, layout)
        if not numbers or not named or _NOTE.fullmatch(named):
            continue
        unit = _unit(named, row, cells, layout, programme, day)
        if _TOTAL_LINE.fullmatch(named):
            totals.append(_Line(row, programme.gazetteer.top, numbers))
        elif unit:
            lines.append(_Line(row, unit, numbers))
        elif programme.gazetteer.is_elsewhere(named):
            wider = True
        else:
            issues.append(
                programme.issue("S09", text=named).at(
                    sheet=grid.name, row=row, column=column_letters(layout.regions[-1])
                )
            )
    if not lines and not totals:
        return None
    # a prefecture may be handed the province's table: its total is then not the prefecture's
    if not wider and all(line.unit != programme.gazetteer.top for line in lines):
        lines = [*totals[:1], *lines]
    targets = _targets(lines, programme)
    issues += _check_sums(lines, layout, programme, grid)
    return TaskTable(tuple(targets), tuple(issues))


def _layout(
    grid: Grid, cells: Mapping[tuple[int, int], Cell], programme: Programme
) -> _Layout | None:
    """One to three header rows: 地区, and above each number an indicator and a year."""
    for top in range(1, min(grid.last_row, 15) + 1):
        for height in (1, 2, 3):
            bottom = top + height - 1
            regions, columns = [], {}
            for column in range(1, min(grid.last_column, 100) + 1):
                path = [
                    plain(cells[r, column].text)
                    for r in range(top, bottom + 1)
                    if (r, column) in cells
                ]
                if any(text in programme.words["region"] for text in path):
                    regions.append(column)
                elif what := _what(path, column, top, bottom, cells, programme):
                    columns[column] = what
            years = {what[1] for what in columns.values()} - {_SUM}
            if regions and years and bottom < grid.last_row:
                return _Layout(bottom, tuple(regions), columns)
    return None


def _what(
    path: list[str],
    column: int,
    top: int,
    bottom: int,
    cells: Mapping[tuple[int, int], Cell],
    programme: Programme,
) -> tuple[str, int | str] | None:
    indicator = _indicator(path, programme) or _indicator_to_the_left(
        column, top, bottom, cells, programme
    )
    if not indicator:
        return None
    whole = "".join(path)
    if match := _YEAR.search(whole):
        return indicator, int(match[1])
    if any(text in programme.words["subtotal"] for text in path):
        return indicator, _SUM
    return None


def _indicator(path: list[str], programme: Programme) -> str:
    for text in path:
        bare = re.sub(r"\(.*?\)", "", _YEAR.sub("", text)).strip("人()")
        for indicator in programme.indicators:
            if bare in map(fold, indicator.target_headers):
                return indicator.name
    return ""


def _indicator_to_the_left(
    column: int,
    top: int,
    bottom: int,
    cells: Mapping[tuple[int, int], Cell],
    programme: Programme,
) -> str:
    """The group heading where merges are not told (csv, ods): the nearest one to the left."""
    for left in range(column, 0, -1):
        path = [plain(cells[r, left].text) for r in range(top, bottom) if (r, left) in cells]
        if found := _indicator(path, programme):
            return found
    return ""


def _region(row: int, grid: Grid, cells: Mapping[tuple[int, int], Cell], layout: _Layout) -> str:
    """The narrowest place the row names; a bare 小计 stands for the place to its left."""
    texts = [compact(grid.cells[row, c].text) for c in layout.regions if (row, c) in grid.cells]
    if not texts and (row, 1) in grid.cells:
        texts = [compact(grid.cells[row, 1].text)]
    return next((t for t in reversed(texts) if t not in ("小计", "计")), "")


def _unit(
    named: str,
    row: int,
    cells: Mapping[tuple[int, int], Cell],
    layout: _Layout,
    programme: Programme,
    day: date | None,
) -> str:
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


def _targets(lines: list[_Line], programme: Programme) -> Iterator[Target]:
    """One target a unit, indicator and year: the county's own line, the first that stands."""
    seen = set()
    for line in lines:
        for (indicator, year), count in line.numbers.items():
            if year == _SUM or (line.unit, indicator, year) in seen:
                continue
            seen.add((line.unit, indicator, year))
            yield Target(line.unit, indicator, int(year), count)


def _check_sums(
    lines: list[_Line], layout: _Layout, programme: Programme, grid: Grid
) -> Iterator[Issue]:
    """Years against subtotal, counties against prefecture, prefectures against the province."""
    gazetteer = programme.gazetteer
    place = {what: column_letters(column) for column, what in layout.columns.items()}
    by_unit = {line.unit: line for line in reversed(lines)}
    for line in lines:
        for indicator in programme.indicators:
            stated = line.numbers.get((indicator.name, _SUM))
            years = [n for (i, y), n in line.numbers.items() if i == indicator.name and y != _SUM]
            if stated is not None and years and sum(years) != stated:
                yield _unequal(
                    f"{gazetteer.name(line.unit)}{indicator.label}各年之和",
                    sum(years),
                    stated,
                    programme,
                ).at(sheet=grid.name, row=line.row, column=place[indicator.name, _SUM])
    for code, line in by_unit.items():
        below = [
            by_unit[u.code]
            for u in gazetteer.units
            if u.parent == code and u.code in by_unit and u.code != code
        ]
        for what, stated in line.numbers.items() if below else ():
            summed = sum(b.numbers.get(what, 0) for b in below)
            if summed != stated:
                label = f"{gazetteer.name(code)}{programme_label(programme, what)}各地之和"
                yield _unequal(label, summed, stated, programme).at(
                    sheet=grid.name, row=line.row, column=place[what]
                )


def programme_label(programme: Programme, what: tuple[str, int | str]) -> str:
    """`培训2018年`, `就业小计` for a column of the table."""
    label = next(i.label for i in programme.indicators if i.name == what[0])
    return f"{label}{'小计' if what[1] == _SUM else f'{what[1]}年'}"


def _unequal(what: str, summed: int, stated: int, programme: Programme) -> Issue:
    return programme.issue("S08", what=what, summed=summed, stated=stated)
