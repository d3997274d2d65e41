"""What every paper is read from, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
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


def without_the_list(grid: Grid, found: Survey, top: int) -> Grid:
    """The sheet without the persons above what begins at row `top`, whose addresses say nothing of who files."""
    first = max(found.headers, key=lambda row: (len(found.headers[row]), -row), default=top)
    if first >= top:
        return grid
    cells = {
        (row, column): cell
        for lines in (grid.lines(1, first - 1), grid.lines(top, grid.last_row))
        for row, column, cell in lines
    }
    return replace(grid, cells=cells)
