"""One sheet -> a roster as filed: its rows, its units, and what is wrong with its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from pipeline.ingest.blocks import tables_of
from pipeline.ingest.headers import Header, find_header, looks_like_roster, spread
from pipeline.ingest.likeness import guess
from pipeline.ingest.rows import TOTAL, persons_of
from pipeline.ingest.whose import filed_on, unit_of
from pipeline.model import Cell, Grid, Issue, Severity, Sheet
from pipeline.programme import Field, Programme
from pipeline.values import column_letters, compact, fold, is_nothing, read_count

_FEWEST_KNOWN = 2  # columns known by their header before the rest is looked at


@dataclass(frozen=True)
class Roster:
    """What one sheet gave: the roster, or why it was refused, with the rows lost by that."""

    sheet: Sheet | None
    issues: tuple[Issue, ...]
    refused_rows: int = 0
    units: tuple[str, ...] = ()


def read_rosters(
    grid: Grid, names: Iterable[str], programme: Programme, day: date | None
) -> Iterator[Roster]:
    """The rosters of a sheet with their issues; nothing where the sheet holds none.

    `names` are the sheet's, file's and folder's names, for the unit where the form says none.
    """
    names = tuple(names)
    for table in tables_of(grid, programme):
        if roster := _read_roster(table, names, programme, day):
            if len(roster.units) == 1:  # a table further down may leave its unit to the first
                names = (programme.gazetteer.name(roster.units[0]), *names)
            yield roster


def _read_roster(
    grid: Grid, names: Iterable[str], programme: Programme, day: date | None
) -> Roster | None:
    cells = spread(grid)
    header = find_header(grid, cells, programme)
    if header is None or len(header.fields) < _FEWEST_KNOWN:
        return None
    header, guessed = guess(header, grid, programme)
    if not looks_like_roster(header, programme):
        return None
    header = _settle_kind(header, grid, programme)
    columns, doubles = _settle_columns(header, grid, programme)
    frame = persons_of(grid, cells, header, columns, programme)
    missing = _missing(columns, header.kind, programme)
    bottom = max(frame.index, default=header.bottom)
    unit = unit_of(grid, header.top, bottom, [grid.name, *names], programme, day)
    unclear = [i for i in guessed if i.severity == Severity.ERROR]
    if missing or doubles or unclear:
        issues = [i.at(sheet=grid.name) for i in (*missing, *doubles, *guessed)]
        return Roster(None, tuple(issues), len(frame), (unit,) if unit else ())
    units, lost = _units(frame, unit, columns, programme, day)
    notes = (
        *lost,
        *guessed,
        *_unknown_columns(header, columns, programme),
        *_hidden(grid, programme),
    )
    text = frame.map(lambda cell: cell.text)
    types = frame.map(lambda cell: cell.type)
    sheet = Sheet(
        name=grid.name,
        kind=header.kind,
        text=text,
        types=types,
        columns={name: column_letters(c) for c, name in columns.items()},
        units=units,
        filed_on=filed_on(grid, header.top, bottom, programme),
        nil=frame.empty and _says_nil(grid, header, programme),
    )
    said = tuple(dict.fromkeys(u for u in units if u)) or ((unit,) if unit else ())
    return Roster(sheet, (*notes, *_stated(grid, cells, header, frame, programme)), units=said)


def _settle_kind(header: Header, grid: Grid, programme: Programme) -> Header:
    """Where the columns fit two kinds, the title or the sheet's name decides."""
    if header.kind:
        return header
    above = [c.text for (row, _), c in sorted(grid.cells.items()) if row < header.top]
    title = fold("".join([*above, grid.name]))
    named = [k.name for k in programme.kinds if any(w in title for w in k.title_words)]
    return replace(header, kind=named[0] if named else programme.kinds[0].name)


def _settle_columns(
    header: Header, grid: Grid, programme: Programme
) -> tuple[dict[int, str], list[Issue]]:
    """One column a field; two that hold the same serve as one, two that differ are an issue."""
    columns: dict[int, str] = {}
    doubles = []
    taken: dict[str, int] = {}
    for column, name in sorted(header.fields.items()):
        first = taken.get(name)
        if first is None:
            taken[name], columns[column] = column, name
        elif name == "phone" and "phone_2" not in header.fields.values():
            taken["phone_2"], columns[column] = column, "phone_2"
        elif not _column(grid, header, first):
            del columns[first]
            taken[name], columns[column] = column, name
        elif _differ(_column(grid, header, first), _column(grid, header, column)):
            field = programme.field[name]
            if field.required or field.derive:
                doubles.append(_double(field, header, first, column, grid, programme))
    return columns, doubles


def _column(grid: Grid, header: Header, column: int) -> dict[int, str]:
    return {
        r: compact(c.text)
        for (r, col), c in grid.cells.items()
        if col == column and r > header.bottom
    }


def _differ(first: Mapping[int, str], second: Mapping[int, str]) -> bool:
    return any(first.get(row) != text for row, text in second.items())


def _double(
    field: Field, header: Header, first: int, second: int, grid: Grid, programme: Programme
) -> Issue:
    letters = "、".join(f"{column_letters(c)} 列" for c in (first, second))
    return programme.issue("S02", label=field.label, columns=letters).at(
        sheet=grid.name, row=header.bottom, column=column_letters(second), field=field.name
    )


def _missing(columns: Mapping[int, str], kind: str, programme: Programme) -> list[Issue]:
    """Required columns that are neither there, nor filled by another, nor derivable."""
    there = set(columns.values())
    there |= {filled for name in there for filled in programme.field[name].fills}
    derivable = "cert_no" in there
    labels = [
        f.label
        for f in programme.fields_of(kind)
        if f.required and f.name not in there and not (f.derive and derivable)
    ]
    return [programme.issue("S01", labels="、".join(labels))] if labels else []


def _units(
    frame: pd.DataFrame,
    unit: str,
    columns: Mapping[int, str],
    programme: Programme,
    day: date | None,
) -> tuple[pd.Series, list[Issue]]:
    """Each row's unit: a county's own filing line for all; in a bundle, the county column."""
    gazetteer = programme.gazetteer
    by_name = {name: column for column, name in columns.items()}
    if "county" not in by_name or (unit and gazetteer.is_county(unit)):
        return pd.Series(unit, index=frame.index, dtype=object), []
    units, issues = {}, []
    for row, cell in frame["county"].items():
        units[row] = gazetteer.find_one(cell.text, day) if cell.text else unit
        if not units[row]:
            issue = programme.issue("S07", row=row, text=cell.text)
            letters = column_letters(by_name["county"])
            issues.append(issue.at(row=row, column=letters, field="county"))
    return pd.Series(units, index=frame.index, dtype=object), issues


def _unknown_columns(
    header: Header, columns: Mapping[int, str], programme: Programme
) -> list[Issue]:
    return [
        programme.issue("S03", header=compact(leaf)).at(
            row=header.bottom, column=column_letters(column)
        )
        for column, leaf in header.leaves.items()
        if column not in columns and column not in header.fields and not is_nothing(leaf)
    ]


def _hidden(grid: Grid, programme: Programme) -> list[Issue]:
    facts = [
        ("工作表", grid.hidden),
        (f"行（第 {_listed(grid.hidden_rows)} 行）", bool(grid.hidden_rows)),
        (
            f"列（{'、'.join(map(column_letters, sorted(grid.hidden_columns)[:8]))}）",
            bool(grid.hidden_columns),
        ),
    ]
    return [programme.issue("S04", what=what) for what, true in facts if true]


def _listed(rows: frozenset[int]) -> str:
    shown = "、".join(map(str, sorted(rows)[:8]))
    return f"{shown} 等 {len(rows)}" if len(rows) > 8 else shown


def _stated(
    grid: Grid,
    cells: Mapping[tuple[int, int], Cell],
    header: Header,
    frame: pd.DataFrame,
    programme: Programme,
) -> list[Issue]:
    """合计 and 小计 lines inside the roster, held against its rows; at the cell with the number."""
    issues, since = [], header.bottom
    for row in range(header.bottom + 1, grid.last_row + 1):
        line = [
            (c, grid.cells[row, c])
            for c in range(1, grid.last_column + 1)
            if (row, c) in grid.cells
        ]
        if row in frame.index or not any(TOTAL.fullmatch(compact(c.text)) for _, c in line[:3]):
            continue
        subtotal = any("小计" in c.text for _, c in line[:3])
        number = next(((c, n) for c, x in line if (n := read_count(x.text)) is not None), None)
        first = since if subtotal else header.bottom
        rows = int(((frame.index > first) & (frame.index < row)).sum())
        if subtotal:
            since = row
        if not subtotal and rows == 0:
            rows = len(frame)  # the total stands above its rows
        if number and number[1] != rows:
            place = {"row": row, "column": column_letters(number[0])}
            issues.append(programme.issue("S05", stated=number[1], rows=rows).at(**place))
    return issues


def _says_nil(grid: Grid, header: Header, programme: Programme) -> bool:
    """零报告, 无 or a total of 0 below the header of an empty roster."""
    below = [compact(c.text) for (row, _), c in sorted(grid.cells.items()) if row > header.bottom]
    if any(fold(t) in programme.words["nil"] or "零报告" in t for t in below):
        return True
    totals = [i for i, t in enumerate(below) if TOTAL.fullmatch(t)]
    return any(read_count(t) == 0 for i in totals for t in below[i + 1 : i + 3])
