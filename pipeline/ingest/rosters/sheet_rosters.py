"""One sheet -> its rosters: each table on it, each kind a table holds, and lists that go on without a header."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.ingest.layout import Header, Survey, find_header, headless, tables_of
from pipeline.ingest.rosters.both_kinds import (
    OneKind,
    apart,
    holds_several,
    kinds_titled,
    rows_of_each,
)
from pipeline.ingest.rosters.course_time import with_course_time
from pipeline.ingest.rosters.not_done import set_aside
from pipeline.ingest.rosters.one_each import one_column_each
from pipeline.ingest.rosters.one_roster import Around, Roster, lacks, read_roster, recognised_under
from pipeline.ingest.rosters.unfolding import no_row_each, one_row_each
from pipeline.ingest.whose import unit_of
from pipeline.model import Grid, Issue
from pipeline.model.as_filed import Table
from pipeline.programme import Programme


def read_rosters(
    grid: Grid, found: Survey, around: Around, before: Header | None = None
) -> Iterator[Roster]:
    """The rosters of a sheet with their issues; nothing where the sheet holds none.

    `before` is the header of the sheet before, under which a list without one goes on.
    """
    odd = no_row_each(grid, found, around.programme)
    if flat := one_row_each(grid, found, around.programme, odd=odd is not None):
        rosters = list(_rosters_under(flat.header, flat.grid, around))
        if rosters:
            for roster in rosters:
                yield from flat.as_filed(roster, around.programme)
            return
    if odd:
        issue, persons = odd
        unit = unit_of(
            grid, issue.row or 1, grid.last_row, around.names, around.programme, around.day
        )
        yield Roster(None, (issue,), persons, (unit,) if unit else ())
        return
    for table, first in tables_of(grid, found, around.programme):
        for roster in _rosters_of(table, first, around, before):
            if len(roster.units) == 1:  # a table further down may leave its unit to the first
                own = around.programme.gazetteer.name(roster.units[0])
                known = (own, *around.names.known)
                around = replace(around, names=replace(around.names, known=known))
            if roster.table:
                around = replace(around, above=around.above + len(roster.table.rows))
            yield roster


def _rosters_of(grid: Grid, first: int, around: Around, before: Header | None) -> Iterator[Roster]:
    """The roster of one table, or one of each kind whose columns it holds."""
    programme = around.programme
    header = find_header(grid, programme, first)
    if before and (bare := headless(grid, header, first)):
        yield from _continued(bare, before, grid, around)
        return
    if header is not None:
        yield from _rosters_under(header, grid, around)


def _rosters_under(header: Header, grid: Grid, around: Around) -> Iterator[Roster]:
    programme = around.programme
    grid, header, column_notes = one_column_each(grid, header, programme)
    kind, several = "", tuple[OneKind, ...]()
    if holds_several(header, programme):
        titled = kinds_titled(header, grid, around.names.all, programme)
        kind = titled[0] if len(titled) == 1 else ""
        several = _of_several_kinds(header, grid, around)
    if kind:
        column_notes += tuple(_left_to_the_title(several, kind, header, grid, programme))
        several = ()
    rosters = [
        read_roster(one.grid, recognised_under(one.header, one.grid, around, one.kind), around)
        for one in several
    ]
    tables = [r.table for r in rosters if r and r.table]
    if several and len(tables) == len(several):
        found = [r for r in rosters if r]
        found[0] = replace(found[0], issues=(*column_notes, *found[0].issues))
        yield from _each_once(found, rows_of_each(tables, programme))
        return
    recognised, notes = recognised_under(header, grid, around, kind), column_notes
    if lacks(recognised, programme) and (
        timed := with_course_time(grid, header, recognised.header.kind, around.year, programme)
    ):
        grid, header, note = timed
        recognised, notes = recognised_under(header, grid, around, kind), (*notes, note)
    if roster := read_roster(grid, recognised, around):
        yield set_aside(replace(roster, issues=(*notes, *roster.issues)), grid, header, programme)


def _continued(bare: Header, before: Header, grid: Grid, around: Around) -> Iterator[Roster]:
    """A list without a header that goes on where another sheet ended: by its columns, where they hold the
    same, else by what they hold. What is no whole roster so is none; its numbers are said elsewhere."""
    going_on = replace(before, top=bare.top, bottom=bare.bottom)
    for header, kind in ((going_on, before.kind), (bare, "")):
        recognised = recognised_under(header, grid, around, kind)
        if recognised.decision.refuted:
            continue
        roster = read_roster(grid, recognised, around)
        if roster and roster.table and roster.table.rows:
            issue = around.programme.issue("S35").at(sheet=grid.name, row=bare.top)
            yield replace(roster, issues=(issue, *roster.issues))
            return


def _left_to_the_title(
    several: Iterable[OneKind], kind: str, header: Header, grid: Grid, programme: Programme
) -> Iterator[Issue]:
    """What must be said of the columns of another kind, all of them, in a table titled as of one."""
    for other in several:
        if other.kind != kind:
            labels = {
                "label": programme.kind[kind].label,
                "other": programme.kind[other.kind].label,
            }
            yield programme.issue("S47", **labels).at(sheet=grid.name, row=header.bottom)


def _of_several_kinds(header: Header, grid: Grid, around: Around) -> tuple[OneKind, ...]:
    decisions = {
        k.name: recognised_under(header, grid, around, k.name).decision
        for k in around.programme.kinds
    }
    return apart(header, grid, decisions, around.programme)


def _each_once(rosters: list[Roster], tables: list[Table]) -> Iterator[Roster]:
    """The rosters of one table: what is said of a column or a line is said once, and a stated total only
    where it is the number of no kind's rows."""
    totals = [{(i.row, i.column) for i in r.issues if i.rule == "S05"} for r in rosters]
    wrong = set.intersection(*totals)
    spoken = set[tuple[str, int | None, str]]()
    for roster, table in zip(rosters, tables, strict=True):
        issues = []
        for issue in roster.issues:
            place = (issue.rule, issue.row, issue.column)
            if place not in spoken and (issue.rule != "S05" or place[1:] in wrong):
                issues.append(issue)
            spoken.add(place)
        yield replace(roster, table=table, issues=tuple(issues))
