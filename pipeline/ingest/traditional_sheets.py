"""Sheets written in traditional characters, as by an input method left in that mode: read in simplified ones."""

from __future__ import annotations

from pipeline.model import Columns, Grid, Issue
from pipeline.programme import Programme
from pipeline.values import simplified, traditional_letters

_SAMPLE = 20  # rows that tell how a sheet is written


def in_simplified(grid: Grid, programme: Programme) -> tuple[Grid, tuple[Issue, ...]]:
    """The sheet with every text in simplified characters, and what must be said of that; as it is where
    more of its characters are simplified ones: a name in traditional characters stays as it is there."""
    if not _is_traditional(grid):
        return grid, ()
    texts = {place: cell.text for place, cell in grid.cells.items() if cell.type == "s"}
    read = {place: simplified(text) for place, text in texts.items()}
    changed = {place: text for place, text in read.items() if text != texts[place]}
    issue = programme.issue("S48", count=len(changed)).at(sheet=grid.name)
    return grid.written_over(changed), (issue,)


def _is_traditional(grid: Grid) -> bool:
    """Whether of the characters that tell, more are traditional ones."""
    first = grid.cells.row if isinstance(grid.cells, Columns) else 1
    letters = {c for _, _, cell in grid.lines(first, first + _SAMPLE) for c in cell.text}
    written = "".join(sorted(letters))
    traditional = letters - set(simplified(written))
    return bool(traditional) and len(traditional) > len(letters - traditional_letters(written))
