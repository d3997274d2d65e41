"""Cells that stand far off the list, at the end of the sheet: left out, and said, so that nothing between is walked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from pipeline.model import Columns, Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters

_MOST_ROWS, _MOST_COLUMNS = 2_000, 200  # of nothing, between the list and what stands far off
_LARGEST = 4_000_000  # places of a sheet that may all be looked at


def without_strays(grid: Grid, programme: Programme) -> tuple[Grid, tuple[Issue, ...]]:
    """The sheet without cells far off, and what must be said of them; most sheets have none."""
    if isinstance(grid.cells, Columns) or grid.last_row * grid.last_column <= _LARGEST:
        return grid, ()
    last = _edge((row for row, _ in grid.cells), _MOST_ROWS)
    widest = _edge((column for row, column in grid.cells if row <= last), _MOST_COLUMNS)
    kept = {p: c for p, c in grid.cells.items() if p[0] <= last and p[1] <= widest}
    far = sorted(set(grid.cells) - set(kept))
    if not far:
        return grid, ()
    row, column = far[0]
    issue = programme.issue("S34", count=len(far), place=f"{column_letters(column)}{row}")
    near = tuple(m for m in grid.merges if m[0] <= last and m[1] <= widest)
    hidden = frozenset(r for r in grid.hidden_rows if r <= last)
    return replace(grid, cells=kept, merges=near, hidden_rows=hidden), (issue.at(sheet=grid.name),)


def _edge(numbers: Iterable[int], most: int) -> int:
    """The last number before the first gap wider than that."""
    ordered = sorted({0, *numbers})
    return next((one for one, other in pairwise(ordered) if other - one > most), ordered[-1])
