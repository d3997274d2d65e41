"""Several tables on one sheet, one below the other or side by side: cut apart at their headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from pipeline.ingest.headers import WIDEST, field_names, plain
from pipeline.ingest.rows import FOOTER, TOTAL
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import compact, read_count

_WHO = frozenset({"name", "id_no", "cert_no"})
_FEWEST_NAMED = 4  # columns a row must name to be another header
_MOST_IN_TITLE = 4  # cells of a title or filing line


def tables_of(grid: Grid, programme: Programme) -> Iterator[Grid]:
    """The sheet, or each table on it with its own title; cells keep their places.

    A header that only repeats the one above it (as printed on every page) does not cut.
    """
    starts = _starts(grid, programme)
    edges = [1, *starts[1:], grid.last_row + 1] if len(starts) > 1 else [1, grid.last_row + 1]
    for top, after in pairwise(edges):
        table = _cut(grid, lambda row, _, top=top, after=after: top <= row < after)  # type: ignore[misc]
        yield from _side_by_side(table if len(edges) > 2 else grid, programme)


def _cut(grid: Grid, inside: Callable[[int, int], bool]) -> Grid:
    """What of a sheet lies inside; hidden rows where any cell of theirs does."""
    cells = {place: cell for place, cell in grid.cells.items() if inside(*place)}
    rows = {row for row, _ in cells}
    return replace(
        grid,
        cells=cells,
        merges=tuple(m for m in grid.merges if inside(*m[:2])),
        hidden_rows=frozenset(r for r in grid.hidden_rows if r in rows),
    )


def _side_by_side(grid: Grid, programme: Programme) -> Iterator[Grid]:
    """The table, or each of several lists beside each other, all below the same title."""
    header, lefts = _lists_beside(grid, programme)
    for left, right in pairwise([*lefts, WIDEST * len(lefts) + grid.last_column]):
        if len(lefts) == 1:
            yield grid
        else:
            yield _cut(grid, lambda r, c, a=left, b=right: r < header or a <= c < b)  # type: ignore[misc]


def _lists_beside(grid: Grid, programme: Programme) -> tuple[int, list[int]]:
    """The header row, and the column in which each list begins: where all that says who she is
    (name, numbers) comes again, from the first header that repeats."""
    known: dict[str, str] = {}
    for of_kind in field_names(programme).values():
        known |= of_kind
    named: dict[int, dict[int, str]] = {}
    for (row, column), cell in sorted(grid.cells.items()):
        if field := known.get(plain(cell.text)):
            named.setdefault(row, {})[column] = field
    header = max(named, key=lambda row: (len(named[row]), -row), default=0)
    columns = named.get(header, {})
    lefts, seen = [1], set[str]()
    who: set[str] | None = None  # what tells a person in the first list
    for column, field in columns.items():
        if field in seen and _begins_again(columns, column, seen & _WHO if who is None else who):
            who = seen & _WHO if who is None else who
            lefts.append(column)
            seen = set()
        seen.add(field)
    return header, lefts


def _begins_again(columns: Mapping[int, str], column: int, who: set[str]) -> bool:
    """Whether from this column on a whole list follows: name and every number of the first."""
    return "name" in who and len(who) > 1 and who <= {f for c, f in columns.items() if c >= column}


def _starts(grid: Grid, programme: Programme) -> list[int]:
    """The row on which each table begins, its title included; the first may be anything."""
    known = {text for of_kind in field_names(programme).values() for text in of_kind}
    by_row: dict[int, list[str]] = {}
    named: dict[int, frozenset[tuple[int, str]]] = {}  # column and known header
    for (row, column), cell in sorted(grid.cells.items()):
        text = plain(cell.text)
        by_row.setdefault(row, []).append(text)
        named[row] = named.get(row, frozenset()) | ({(column, text)} if text in known else set())
    headers = [row for row in sorted(named) if len(named[row]) >= _FEWEST_NAMED]
    starts: list[int] = []
    above: frozenset[tuple[int, str]] = frozenset()
    last = 0
    for row in headers:
        if starts and row == last + 1:
            above |= named[row]  # the second row of one header
        elif not starts or not named[row] <= above:
            starts.append(_title_of(row, by_row) if starts else row)
            above = named[row]
        last = row
    return starts


def _title_of(header: int, by_row: Mapping[int, list[str]]) -> int:
    """The first of the rows right above a header that can only be its title or filing line."""
    top = header
    while top - 1 in by_row and _is_title(by_row[top - 1]):
        top -= 1
    return top


def _is_title(texts: list[str]) -> bool:
    """Not a person, who has more to say; not a total or a footer, which end the table above."""
    first = compact(texts[0])
    if len(texts) > _MOST_IN_TITLE or read_count(first) is not None:
        return False
    return not TOTAL.fullmatch(first) and not FOOTER.fullmatch(first)
