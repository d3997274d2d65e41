"""Sheets with the name of a field before its value and not above it: a form for each person, or a list on its side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.ingest.headers import fields_in_roles, known_headers
from pipeline.ingest.survey import Survey
from pipeline.ingest.wording import numbers_in
from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters

_FARTHEST = 3  # columns between the name of a field and its value, merged or left blank
_MOSTLY = 0.5  # of the persons on the sheet


def no_row_each(grid: Grid, found: Survey, programme: Programme) -> tuple[Issue, int] | None:
    """What must be said of a sheet whose persons are not a row each, and how many they are; None for any
    other sheet."""
    rows = {row: list(_valued(grid, row, found.headers[row], programme)) for row in found.headers}
    led = {row: set().union(*parts) for row, parts in rows.items() if parts}
    if not led:
        return None
    everybody = set[str]()
    in_line: dict[int, set[str]] = {}
    for row, _, cell in grid.lines(1, grid.last_row):
        if numbers := numbers_in(cell.text):
            everybody |= numbers
            in_line.setdefault(row, set()).update(numbers)
    led = {row: numbers | in_line[row] for row, numbers in led.items()}  # a list on its side
    if len(set().union(*led.values())) < _MOSTLY * len(everybody):
        return None
    row = min(led)
    issue = programme.issue("S43", count=len(everybody))
    column = column_letters(min(found.headers[row]))
    return issue.at(sheet=grid.name, row=row, column=column), len(everybody)


def _valued(
    grid: Grid, row: int, words: Mapping[int, str], programme: Programme
) -> Iterator[set[str]]:
    """The numbers that stand right behind the name of a number."""
    tells = fields_in_roles(("person", "certificate"), programme.kinds)
    by_kind = known_headers(programme).by_kind.values()
    line = {column: cell.text for _, column, cell in grid.lines(row, row)}
    for column, word in words.items():
        if not any(names.get(word) in tells for names in by_kind):
            continue
        behind = [at for at in line if column < at <= column + _FARTHEST]
        if behind and (numbers := numbers_in(line[min(behind)])):
            yield numbers
