"""One table with the columns of several kinds of roster: a table of each, in which a row stands that says
anything of that kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pipeline.ingest.layout import Header, known_headers
from pipeline.ingest.recognition import Decision
from pipeline.ingest.whose import frame_lines
from pipeline.model import Columns, Grid
from pipeline.model.as_filed import Table
from pipeline.programme import Programme
from pipeline.values import fold, is_nothing

T = TypeVar("T")


@dataclass(frozen=True)
class OneKind:
    """A table read for one kind: without the columns that only another kind has."""

    kind: str
    header: Header
    grid: Grid


def holds_several(header: Header, programme: Programme) -> bool:
    """Whether known columns that only one kind has stand there for two kinds or more."""
    known = known_headers(programme)
    held = {
        kind
        for text in header.leaves.values()
        for kind, name in known.of_leaf(text).items()
        if tuple(programme.field[name].on) == (kind,)
    }
    return len(held) > 1


def kinds_titled(
    header: Header, grid: Grid, names: Iterable[str], programme: Programme
) -> tuple[str, ...]:
    """The kinds that the first of title, tab and names speaks of that speaks of any."""
    above = [text for _, _, text in frame_lines(grid, header.top)]
    for title in ("".join([*above, grid.name]), *names):
        spoken = [k.name for k in programme.kinds if any(w in fold(title) for w in k.title_words)]
        if spoken:
            return tuple(spoken)
    return ()


def apart(
    header: Header, grid: Grid, decisions: Mapping[str, Decision], programme: Programme
) -> tuple[OneKind, ...]:
    """The table for each kind whose own required fields are all there; nothing where that is one kind."""
    own = _own_columns(decisions, programme)
    whole = [kind for kind in decisions if _is_whole(kind, own[kind], programme)]
    if len(whole) < 2:
        return ()
    return tuple(
        OneKind(kind, _without(header, others), _blanked(grid, others))
        for kind in whole
        if (others := frozenset(c for k in whole if k != kind for c in own[k])) is not None
    )


def _own_columns(
    decisions: Mapping[str, Decision], programme: Programme
) -> dict[str, dict[int, str]]:
    """By kind, the columns of fields that only it has; what two kinds claim is its whose words say so."""
    claims = sorted(
        (
            (not w.known, -w.points, kind, column, w.field)
            for kind, decision in decisions.items()
            for column, w in decision.taken.items()
            if tuple(programme.field[w.field].on) == (kind,)
        ),
        key=lambda claim: claim[:4],
    )
    own: dict[str, dict[int, str]] = {kind: {} for kind in decisions}
    taken = set[int]()
    for _, _, kind, column, name in claims:
        if column not in taken:
            own[kind][column] = name
            taken.add(column)
    return own


def _is_whole(kind: str, own: Mapping[int, str], programme: Programme) -> bool:
    held = set(own.values()) | {f for name in own.values() for f in programme.field[name].fills}
    needed = {f.name for f in programme.fields_of(kind) if f.required and tuple(f.on) == (kind,)}
    return bool(needed) and needed <= held


def _without(header: Header, columns: frozenset[int]) -> Header:
    def rest(of: Mapping[int, T]) -> dict[int, T]:
        return {column: value for column, value in of.items() if column not in columns}

    return replace(
        header,
        leaves=rest(header.leaves),
        paths=rest(header.paths),
        fields=rest(header.fields),
        groups=rest(header.groups),
    )


def _blanked(grid: Grid, columns: frozenset[int]) -> Grid:
    """The sheet as if nothing stood in these columns."""
    cells = grid.cells
    if not isinstance(cells, Columns):
        kept = {place: cell for place, cell in cells.items() if place[1] not in columns}
        return replace(grid, cells=kept)
    nothing = [""] * cells.height
    texts, types = (
        [nothing if c in columns else values for c, values in enumerate(part, cells.column)]
        for part in (cells.texts, cells.types)
    )
    return replace(grid, cells=Columns(cells.row, cells.column, texts, types))


def rows_of_each(tables: Sequence[Table], programme: Programme) -> list[Table]:
    """Of every table the rows that say anything in a column of its own; a row that says nothing of any
    kind stays in the first."""
    speaking = [_rows_that_say(table, programme) for table in tables]
    nobodys = set(tables[0].rows) - set().union(*speaking)
    speaking[0] = speaking[0] | nobodys
    return [_only(table, rows) for table, rows in zip(tables, speaking, strict=True)]


def _rows_that_say(table: Table, programme: Programme) -> set[int]:
    own = [n for n in table.texts if tuple(programme.field[n].on) == (table.kind,)]
    return {
        row
        for at, row in enumerate(table.rows)
        if any(table.types[n][at] and not is_nothing(table.texts[n][at]) for n in own)
    }


def _only(table: Table, rows: set[int]) -> Table:
    kept = [at for at, row in enumerate(table.rows) if row in rows]
    return table if len(kept) == len(table.rows) else table.only(kept)
