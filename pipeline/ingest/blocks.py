"""Several tables one below the other on one sheet: cut apart where another header begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from pipeline.ingest.headers import field_names, plain
from pipeline.ingest.rows import FOOTER, TOTAL
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import compact, read_count

_FEWEST_NAMED = 4  # columns a row must name to be another header
_MOST_IN_TITLE = 4  # cells of a title or filing line


def tables_of(grid: Grid, programme: Programme) -> Iterator[Grid]:
    """The sheet, or each table on it with its own title; cells keep their places.

    A header that only repeats the one above it (as printed on every page) does not cut.
    """
    starts = _starts(grid, programme)
    if len(starts) < 2:
        yield grid
        return
    edges = [1, *starts[1:], grid.last_row + 1]
    for top, after in pairwise(edges):
        yield replace(
            grid,
            cells={place: cell for place, cell in grid.cells.items() if top <= place[0] < after},
            merges=tuple(m for m in grid.merges if top <= m[0] < after),
            hidden_rows=frozenset(r for r in grid.hidden_rows if top <= r < after),
        )


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
