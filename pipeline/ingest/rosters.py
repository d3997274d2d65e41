"""One sheet -> a roster as filed: its rows, its units, and what is wrong with its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from pipeline.ingest.blocks import tables_of
from pipeline.ingest.columns import missing, settle_columns, unread
from pipeline.ingest.headers import Header, find_header, looks_like_roster, spread
from pipeline.ingest.likeness import guess
from pipeline.ingest.rows import persons_of
from pipeline.ingest.stated import says_nil, stated_totals
from pipeline.ingest.whose import filed_on, unit_of
from pipeline.model import Grid, Issue, Sheet
from pipeline.programme import Programme
from pipeline.values import column_letters, fold, is_nothing

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
    names = tuple(names)
    guessed = guess(_titled(header, grid, names, programme), grid, programme)
    if not looks_like_roster(guessed.header, programme):
        return None
    header = _settle_kind(guessed.header, programme)
    columns = settle_columns(header, grid, programme)
    frame, noted = persons_of(grid, cells, header, columns.fields, programme)
    lacking = missing(columns.fields, header.kind, guessed.unclear, programme)
    bottom = max(frame.index, default=header.bottom)
    unit = unit_of(grid, header.top, bottom, [grid.name, *names], programme, day)
    said_of = {i.column for i in guessed.issues}
    strange = unread(header, columns.fields, grid, programme)
    beside = (*guessed.issues, *columns.notes, *(i for i in strange if i.column not in said_of))
    if lacking or columns.faults or guessed.unclear:
        issues = [i.at(sheet=grid.name) for i in (*lacking, *columns.faults, *beside)]
        return Roster(None, tuple(issues), len(frame), (unit,) if unit else ())
    units, lost = _units(frame, unit, columns.fields, programme, day)
    sheet = Sheet(
        name=grid.name,
        kind=header.kind,
        text=frame.map(lambda cell: cell.text),
        types=frame.map(lambda cell: cell.type),
        columns={name: column_letters(c) for c, name in columns.fields.items()},
        units=units,
        filed_on=filed_on(grid, header.top, bottom, programme),
        nil=frame.empty and says_nil(grid, header, programme),
    )
    said = tuple(dict.fromkeys(u for u in units if u)) or ((unit,) if unit else ())
    notes = (*lost, *beside, *noted, *_hidden(grid, programme))
    return Roster(sheet, (*notes, *stated_totals(grid, header, frame, programme)), units=said)


def _titled(header: Header, grid: Grid, names: tuple[str, ...], programme: Programme) -> Header:
    """Where the columns fit two kinds: the one kind that the title or the sheet's name speaks of,
    else the one the file's name does."""
    if header.kind:
        return header
    above = [c.text for (row, _), c in sorted(grid.cells.items()) if row < header.top]
    for title in ("".join([*above, grid.name]), *names):
        named = [k.name for k in programme.kinds if any(w in fold(title) for w in k.title_words)]
        if len(named) == 1:
            return replace(header, kind=named[0])
    return header


def _settle_kind(header: Header, programme: Programme) -> Header:
    """Where no title tells, the first kind all of whose own required columns are there."""
    if header.kind:
        return header
    held = set(header.fields.values())
    held |= {filled for name in held for filled in programme.field[name].fills}
    lacking = {
        k.name: sum(f.required and f.name not in held for f in programme.fields_of(k.name))
        for k in programme.kinds
    }
    return replace(header, kind=min(lacking, key=lambda k: lacking[k]))


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
    bundle = any(not is_nothing(cell.text) for cell in frame["county"])
    for row, cell in frame["county"].items():
        blank = is_nothing(cell.text)
        # in a bundle a blank names nobody: it is not the office's own
        units[row] = gazetteer.find_one(cell.text, day) if not blank else "" if bundle else unit
        if not units[row]:
            code = "S18" if blank and bundle else "S07"
            issue = programme.issue(code, row=row, text=cell.text)
            letters = column_letters(by_name["county"])
            issues.append(issue.at(row=row, column=letters, field="county"))
    return pd.Series(units, index=frame.index, dtype=object), issues


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
