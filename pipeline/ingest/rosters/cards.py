"""Sheets with the name of a field before its value and not above it: a form for each person, or a list on its side."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ingest.layout import Survey, fields_in_roles, known_headers
from pipeline.ingest.recognition import READS
from pipeline.ingest.rosters.wording import numbers_in
from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters

_FARTHEST = 3  # columns between the name of a field and its value, merged or left blank
_MOSTLY = 0.5  # of the persons on the sheet


def no_row_each(grid: Grid, found: Survey, programme: Programme) -> tuple[Issue, int] | None:
    """What must be said of a sheet whose persons are not a row each, and how many they are; None for any
    other sheet.

    A name and a number both stand behind what they are: 身份证 before a number may be the sort of paper it is
    of, in a column of a list.
    """
    numbered = {
        row: numbers
        for row, text in _led(grid, found, ("person", "certificate"), programme)
        if (numbers := numbers_in(text))
    }
    if not numbered:
        return None
    named = [
        row for row, text in _led(grid, found, ("name",), programme) if READS["name"](text, "s")
    ]
    if 2 * len(named) < len(numbered):
        return None
    in_line: dict[int, set[str]] = {}
    for row, _, cell in grid.lines(1, grid.last_row):
        in_line.setdefault(row, set()).update(numbers_in(cell.text))
    everybody = set().union(*in_line.values())
    if len(set().union(*(in_line[row] for row in numbered))) < _MOSTLY * len(everybody):
        return None
    row = min(numbered)
    issue = programme.issue("S43", count=len(everybody))
    column = column_letters(min(found.headers[row]))
    return issue.at(sheet=grid.name, row=row, column=column), len(everybody)


def _led(
    grid: Grid, found: Survey, roles: tuple[str, ...], programme: Programme
) -> Iterator[tuple[int, str]]:
    """The row and the text of what stands right behind the name of one of these roles' fields."""
    fields = fields_in_roles(roles, programme.kinds)
    by_kind = known_headers(programme).by_kind.values()
    for row, words in found.headers.items():
        if len(words) > 2 and any(column + 1 in words for column in words):
            continue  # a header: one name beside the other
        line: dict[int, str] = {}
        for column, word in words.items():
            if any(names.get(word) in fields for names in by_kind):
                line = line or {at: cell.text for _, at, cell in grid.lines(row, row)}
                behind = [at for at in line if column < at <= column + _FARTHEST]
                if behind:
                    yield row, line[min(behind)]
