"""What every paper is read from, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.ingest.columns import Answers
from pipeline.ingest.layout import Survey
from pipeline.ingest.whose import Names
from pipeline.model import Grid, Issue, Submission
from pipeline.programme import Programme

Lines = list[dict[str, object]]


@dataclass(frozen=True)
class Book:
    """The sheets of one file, each with what one look over it found.

    `names` tell whose it is where no sheet does: of the file and its folders; `day` is the period's last.
    """

    file: Submission
    grids: tuple[Grid, ...]
    surveys: tuple[Survey, ...]
    names: Names
    day: date | None
    programme: Programme
    answers: Answers = field(default_factory=dict)

    @property
    def sheets(self) -> list[tuple[Grid, Survey]]:
        """Every sheet with what was found on it."""
        return list(zip(self.grids, self.surveys, strict=True))


@dataclass(frozen=True)
class Paper:
    """Lines of the declared tables under their names, issues, and which sheets they came from."""

    lines: Mapping[str, Lines]
    issues: tuple[Issue, ...] = ()
    sheets: frozenset[str] = field(default=frozenset())


def own_part(grid: Grid, found: Survey, starts: Sequence[int], top: int) -> Grid:
    """What stands on a sheet of several tables (`starts`: where they begin) round row `top`: its own table, and
    the title of the list above it, without the persons, whose addresses say nothing of who files."""
    if not starts or top < starts[0]:
        return grid
    begin = max(start for start in starts if start <= top)
    end = min((start for start in starts if start > top), default=grid.last_row + 1)
    header = max((row for row in found.lists if row < begin), default=1)
    title = max((start for start in starts[1:] if start <= header), default=1)
    cells = {
        (row, column): cell
        for lines in (grid.lines(title, header - 1), grid.lines(begin, end - 1))
        for row, column, cell in lines
    }
    return replace(grid, cells=cells)
