"""The columns of a table as they are meant: each field in one of its own, however the sheet has it."""

from __future__ import annotations

from pipeline.ingest.layout import Header
from pipeline.ingest.rosters.days_apart import days_in_one_column
from pipeline.ingest.rosters.tick_columns import in_one_column
from pipeline.ingest.rosters.two_in_one import taken_apart
from pipeline.model import Grid, Issue
from pipeline.programme import Programme


def one_column_each(
    grid: Grid, header: Header, programme: Programme
) -> tuple[Grid, Header, tuple[Issue, ...]]:
    """The sheet with ticks below 是 and 否, and 年, 月 and 日 of a day, in one column, and a name and its
    number in two; the header of these columns, and what must be said of them."""
    grid, header = in_one_column(grid, header, programme)
    grid, header = days_in_one_column(grid, header, programme)
    return taken_apart(grid, header, programme)
