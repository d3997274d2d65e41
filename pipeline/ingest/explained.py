"""A page that explains a decision: for every column of a file what it was taken for, by what evidence, and
what came second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.ingest.columns import NO_ANSWERS, Recognised
from pipeline.ingest.layout import survey, tables_of
from pipeline.ingest.recognition import Weighed
from pipeline.ingest.rosters import (
    Around,
    Unfolded,
    no_row_each,
    one_row_each,
    recognised_table,
    recognised_under,
)
from pipeline.ingest.whose import Names
from pipeline.limits import LIMITS, Limits
from pipeline.model import Grid, Submission
from pipeline.office.read import read_grids
from pipeline.periods import day_of, period_in
from pipeline.programme import Programme
from pipeline.values import column_letters, compact


@dataclass(frozen=True)
class Explained:
    """One column of one table: what it was taken for, how surely, and why; of a column that is not read,
    what it is most like ('' for nothing), and why it is not that.

    evidence: what speaks for and against it, with points; second: what came second, with points.
    """

    sheet: str
    kind: str
    letters: str
    header: str
    label: str
    state: str  # taken | doubtful | asked | refuted | own
    points: float
    evidence: tuple[tuple[str, float], ...]
    second: str = ""
    second_points: float = 0.0


def explained(
    file: Submission,
    programme: Programme,
    passwords: Iterable[str] = (),
    limits: Limits = LIMITS,
) -> tuple[Explained, ...]:
    """Every column of every table of a file. Raises Unreadable."""
    grids = read_grids(file.content, passwords, limits)
    day = day_of(file.folder_period or period_in([file.file_name]))
    around = Around(Names(file.file_name), programme, day, NO_ANSWERS)
    return tuple(
        line
        for grid in grids
        for found, flat in _tables(grid, around)
        for line in _lines(grid.name, found, programme, flat)
    )


def _tables(grid: Grid, around: Around) -> Iterator[tuple[Recognised, Unfolded | None]]:
    """The columns of every table of a sheet, and, of persons who are no rows, where their cells stand."""
    programme = around.programme
    seen = survey(grid, programme)
    odd = no_row_each(grid, seen, programme) is not None
    flat = one_row_each(grid, seen, programme, odd=odd)
    if flat:
        yield recognised_under(flat.header, flat.grid, around), flat
    elif not odd:
        for table, first in tables_of(grid, seen, programme):
            if found := recognised_table(table, first, around):
                yield found, None


def _lines(
    sheet: str, found: Recognised, programme: Programme, flat: Unfolded | None
) -> Iterator[Explained]:
    decision, header = found.decision, found.header
    kind = programme.kind[decision.kind].label
    for column, leaf in sorted(header.leaves.items()):
        weighed, state = _how(column, found)
        second = decision.second.get(column)
        yield Explained(
            sheet=sheet,
            kind=kind,
            letters=flat.named_at(header.letters(column)) if flat else header.letters(column),
            header=compact(leaf),
            label=programme.field[weighed.field].label if weighed else "",
            state=state,
            points=round(weighed.points, 1) if weighed else 0.0,
            evidence=tuple((e.what, e.points) for e in weighed.evidence) if weighed else (),
            second=_named(second, column, programme),
            second_points=round(second.points, 1) if second else 0.0,
        )


def _how(column: int, found: Recognised) -> tuple[Weighed | None, str]:
    decision = found.decision
    if column in decision.taken:
        return decision.taken[column], "doubtful" if column in decision.doubtful else "taken"
    if column in decision.asked:
        return decision.asked[column][0], "asked"
    if column in decision.refuted:
        return decision.refuted[column], "refuted"
    return decision.unlike.get(column), "own"


def _named(second: Weighed | None, column: int, programme: Programme) -> str:
    if second is None:
        return ""
    label = programme.field[second.field].label
    return label if second.column == column else f"{column_letters(second.column)} 列作{label}"
