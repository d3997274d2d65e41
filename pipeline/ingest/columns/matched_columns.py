"""One column a field: what the header says is held against what the column holds.

Nothing is settled in silence: a column taken otherwise than its header says, or left out, is listed;
two columns for one field that cannot be told apart are an error that names both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.ingest.columns.holds import share, values_of
from pipeline.ingest.layout import WIDEST, Header
from pipeline.ingest.recognition import is_given
from pipeline.model import Grid, Issue
from pipeline.programme import Field, Programme
from pipeline.values import column_letters, compact, is_nothing, read_day

_MOSTLY = 0.8
_MOST_SAMPLED = 200  # rows of a column that are looked at


@dataclass(frozen=True)
class Columns:
    """Which column holds which field; what was noticed, and what keeps the sheet from counting."""

    fields: Mapping[int, str]
    notes: tuple[Issue, ...] = ()
    faults: tuple[Issue, ...] = ()


def settle_columns(header: Header, grid: Grid, programme: Programme) -> Columns:
    """The columns of a roster, each field once: of two under one known header the one that holds it."""
    return _once_each(header, grid, programme)


def indistinct(header: Header, grid: Grid, programme: Programme) -> dict[int, str]:
    """Columns of one field each that cannot be told apart, with the field: a clerk must say which holds it."""
    if len(set(header.fields.values())) == len(header.fields):
        return {}
    faults = settle_columns(header, grid, programme).faults
    doubled = {issue.field for issue in faults}
    return {column: name for column, name in header.fields.items() if name in doubled}


def _once_each(header: Header, grid: Grid, programme: Programme) -> Columns:
    columns: dict[int, str] = {}
    notes: list[Issue] = []
    faults: list[Issue] = []
    taken: dict[str, int] = {}
    for column, name in sorted(header.fields.items()):
        name = _second_phone(name, taken, header, programme)
        first = taken.get(name)
        if first is None:
            taken[name], columns[column] = column, name
            continue
        field = programme.field[name]
        keep = _better(field, header, grid, first, column, programme)
        if keep is None:
            faults.append(_double(field, header, first, column, grid, programme))
            continue
        if keep == column:
            del columns[first]
            taken[name], columns[column] = column, name
        left = first if keep == column else column
        if _says_more(field, grid, header, left, keep):
            notes.append(_left_out(field, header, keep, left, programme))
    return Columns(columns, tuple(notes), tuple(faults))


def _second_phone(name: str, taken: Mapping[str, int], header: Header, programme: Programme) -> str:
    """Two phone columns are two numbers of one person."""
    kind = programme.kind[header.kind]
    other = kind.role("other_phone")
    second = name == kind.role("phone") and name in taken and other not in header.fields.values()
    return other if other and second else name


def _better(
    field: Field, header: Header, grid: Grid, first: int, second: int, programme: Programme
) -> int | None:
    """The column that holds the field; None where both do and differ in what counts."""
    held = [values_of(grid, header.bottom, c) for c in (first, second)]
    if not held[0] or not held[1]:
        return second if held[1] else first
    shares = [share(values, field, programme) for values in held]
    clear = max(shares) >= _MOSTLY and min(shares) < _MOSTLY / 2
    if clear:
        return first if shares[0] > shares[1] else second
    if not (field.required or field.derive) or _agree(field, grid, header, first, second):
        return first
    return None


def _agree(field: Field, grid: Grid, header: Header, first: int, second: int) -> bool:
    """Whether no row says one thing here and another there; days are compared as typed."""
    ones, others = (_cells_below(grid, header, c) for c in (first, second))
    for one, other in zip(ones, others, strict=True):
        if not one[1] or not other[1] or compact(one[0]) == compact(other[0]):
            continue
        days = [read_day(*cell) if field.kind == "birth" else None for cell in (one, other)]
        if days[0] is None or days[1] is None:
            return False
        if days[0].last < days[1].first or days[1].last < days[0].first:
            return False
    return True


def _cells_below(grid: Grid, header: Header, column: int) -> Iterator[tuple[str, str]]:
    """Text and type of every cell of a column below the header, type '' where nothing stands."""
    return zip(*grid.column(column, header.bottom + 1, grid.last_row), strict=True)


def _says_more(field: Field, grid: Grid, header: Header, left: int, kept: int) -> bool:
    """Whether a column left out says anything the kept one does not."""
    both = zip(*(_cells_below(grid, header, c) for c in (left, kept)), strict=True)
    return any(
        compact(more) != compact(text) if kept_kind else not is_nothing(more)
        for (more, kind), (text, kept_kind) in both
        if kind
    )


def _double(
    field: Field, header: Header, first: int, second: int, grid: Grid, programme: Programme
) -> Issue:
    letters = "、".join(f"{column_letters(c)} 列" for c in (first, second))
    issue = programme.issue("S02", label=field.label, columns=letters).at(sheet=grid.name)
    return _at(issue, header, second, field.name)


def _left_out(field: Field, header: Header, kept: int, left: int, programme: Programme) -> Issue:
    letters = "、".join(f"{column_letters(c)} 列" for c in sorted((kept, left)))
    issue = programme.issue(
        "S12", label=field.label, columns=letters, kept=f"{column_letters(kept)} 列"
    )
    return _at(issue, header, left, field.name)


def _at(issue: Issue, header: Header, column: int, field: str = "") -> Issue:
    return issue.at(row=header.bottom, column=header.letters(column), field=field)


def _shown(header: Header, column: int) -> str:
    return compact(header.leaves.get(column, ""))


def missing(
    columns: Mapping[int, str], kind: str, settled: frozenset[str], programme: Programme
) -> list[Issue]:
    """Required columns that are neither there, nor filled by another, nor derivable.

    `said` are fields of which another issue says already what became of them.
    """
    held = set(columns.values()) | settled
    held |= {filled for name in held for filled in programme.field[name].fills}
    labels = [
        f.label
        for f in programme.fields_of(kind)
        if f.required and not is_given(f, held, programme)
    ]
    return [programme.issue("S01", labels="、".join(labels))] if labels else []


def unread(
    header: Header, columns: Mapping[int, str], grid: Grid, programme: Programme
) -> Iterator[Issue]:
    """Columns nobody knows, and columns without any header that hold something."""
    for column in range(1, min(grid.last_column, WIDEST) + 1):
        if column in columns or column in header.fields:
            continue
        leaf = header.leaves.get(column, "")
        if not is_nothing(leaf):
            yield _at(programme.issue("S03", header=header.named(column)), header, column)
        elif values_of(grid, header.bottom, column) and _persons_wide(header, grid, column):
            letters = column_letters(column)
            yield _at(programme.issue("S16", column=letters), header, column)


def _persons_wide(header: Header, grid: Grid, column: int) -> bool:
    """Whether at least half of the rows hold something there: a remark beside the table is none."""
    below = (grid.column(c, header.bottom + 1, grid.last_row)[1] for c in header.fields)
    rows = sum(any(types) for types in zip(*below, strict=True))
    return len(values_of(grid, header.bottom, column)) * 2 >= min(rows, _MOST_SAMPLED) > 0
