"""Several tables on one sheet, one below the other or side by side: cut apart at their headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from pipeline.ingest.layout.headers import WIDEST, known_headers
from pipeline.ingest.layout.plain_words import plain
from pipeline.ingest.layout.roster_headers import fields_in_roles
from pipeline.ingest.layout.stacked import Marks, beginnings, whole_header
from pipeline.ingest.layout.surveyed import FEWEST_NAMED, Survey
from pipeline.model import Cell, Grid
from pipeline.programme import Programme

_DEEPEST = 30  # rows among which a header begins


def tables_of(grid: Grid, found: Survey, programme: Programme) -> Iterator[tuple[Grid, int]]:
    """The sheet, or each table on it with its own title, and the row it begins at; cells keep
    their places.

    A header that only repeats the one above it (as printed on every page) does not cut.
    """
    starts = beginnings(grid, found, programme)
    edges = [1, *starts[1:], grid.last_row + 1] if len(starts) > 1 else [1, grid.last_row + 1]
    for top, after in pairwise(edges):
        whole = len(edges) == 2
        table = grid if whole else _cut(grid, top, after - 1)
        marks = {row: line for row, line in found.headers.items() if top <= row < after}
        for part in _side_by_side(table, top, marks, programme):
            yield part, top


def _cut(grid: Grid, top: int, bottom: int, head: int = 0, left: int = 1, right: int = 0) -> Grid:
    """Some rows of a sheet, and of those from `head` on only the columns left to right; hidden rows
    where any cell of theirs lies inside."""

    def inside(row: int, column: int) -> bool:
        return top <= row <= bottom and (not right or row < head or left <= column < right)

    cells: dict[tuple[int, int], Cell] = {
        (row, column): cell for row, column, cell in grid.lines(top, bottom) if inside(row, column)
    }
    rows = {row for row, _ in cells}
    return replace(
        grid,
        cells=cells,
        merges=tuple(m for m in grid.merges if inside(*m[:2])),
        hidden_rows=frozenset(r for r in grid.hidden_rows if r in rows),
    )


def _side_by_side(grid: Grid, top: int, marks: Marks, programme: Programme) -> Iterator[Grid]:
    """The table, or each of several lists beside each other, all below the same title."""
    header, lefts = _lists_beside(marks, programme)
    if len(lefts) == 1:
        header, lefts = _header_again(grid, top)
    if len(lefts) == 1:
        yield grid
        return
    for left, right in pairwise([*lefts, WIDEST * len(lefts) + grid.last_column]):
        yield _cut(grid, top, grid.last_row, header, left, right)


def _header_again(grid: Grid, top: int) -> tuple[int, list[int]]:
    """The first row that says the same words several times over, whatever they are, and the column in
    which each time begins."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for row, column, cell in grid.lines(top, top + _DEEPEST):
        by_row.setdefault(row, []).append((column, plain(cell.text)))
    for row, cells in by_row.items():
        words = [word for _, word in cells]
        for times in range(2, len(cells) // FEWEST_NAMED + 1):
            wide = len(cells) // times
            again = len(cells) == wide * times and words == words[:wide] * times
            if again and len(set(words)) == wide and not any(map(str.isdigit, "".join(words))):
                return row, [1, *(cells[n * wide][0] for n in range(1, times))]
    return 0, [1]


def _lists_beside(marks: Marks, programme: Programme) -> tuple[int, list[int]]:
    """The header row, and the column in which each list begins: where all that says who she is
    (name, numbers) comes again, from the first header that repeats."""
    known: dict[str, str] = {}
    for of_kind in known_headers(programme).by_kind.values():
        known |= of_kind
    widest = max(marks, key=lambda row: (len(marks[row]), -row), default=0)
    header = whole_header(widest, marks) if widest else 0
    named = {**marks.get(header, {}), **marks.get(widest, {})}
    columns = {column: known[word] for column, word in sorted(named.items())}
    tells = fields_in_roles(("name", "person", "certificate"), programme.kinds)
    names = fields_in_roles(("name",), programme.kinds)
    lefts, seen = [1], set[str]()
    who: set[str] | None = None  # what tells a person in the first list
    for column, field in columns.items():
        first = seen & tells if who is None else who
        if field in seen and first & names and _begins_again(columns, column, first):
            who = first
            lefts.append(column)
            seen = set()
        seen.add(field)
    return header, lefts


def _begins_again(columns: Mapping[int, str], column: int, who: set[str]) -> bool:
    """Whether from this column on a whole list follows: name and every number of the first."""
    return len(who) > 1 and who <= {f for c, f in columns.items() if c >= column}
