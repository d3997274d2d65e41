"""Lists of the very persons of a return that are no return (设备发放登记表, 签收表): not told what a return would lack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.ingest.layout import Survey, known_headers
from pipeline.ingest.rosters import Roster, numbers_in
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import fold

_MOST_IN_TITLE = 3  # cells of a line above a list
_DEEPEST = 10  # rows


Sheets = Sequence[tuple[Grid, Survey]]


def without_other_lists(
    rosters: Sequence[Roster], sheets: Sheets, programme: Programme
) -> list[Roster]:
    """The rosters without the refused ones of other lists whose every number stands in a row read."""
    if all(r.table for r in rosters):
        return list(rosters)
    read = numbers_read(rosters)
    others = {
        grid.name: {n for _, _, cell in grid.lines(1, grid.last_row) for n in numbers_in(cell.text)}
        for grid, found in sheets
        if not _speaks_of_a_kind(grid, found, programme)
    }
    return [r for r in rosters if not _is_another_list(r, others, read)]


def sheets_of_others(sheets: Sheets, programme: Programme) -> frozenset[str]:
    """The sheets that speak of no kind of roster, in name, title or header."""
    return frozenset(
        grid.name for grid, found in sheets if not _speaks_of_a_kind(grid, found, programme)
    )


def numbers_read(rosters: Iterable[Roster]) -> set[str]:
    """Every ID number that stands in a row read."""
    return {
        number
        for roster in rosters
        if roster.table
        for texts in roster.table.texts.values()
        for text in texts
        for number in numbers_in(text)
    }


def _is_another_list(roster: Roster, others: Mapping[str, set[str]], read: set[str]) -> bool:
    name = next((issue.sheet for issue in roster.issues if issue.sheet), "")
    if roster.table or roster.nobodys or name not in others:
        return False
    return bool(others[name]) and others[name] <= read


def _speaks_of_a_kind(grid: Grid, found: Survey, programme: Programme) -> bool:
    lines: dict[int, list[str]] = {}
    for row, _, cell in grid.lines(1, _DEEPEST):
        lines.setdefault(row, []).append(cell.text)
    above = [text for line in lines.values() if len(line) <= _MOST_IN_TITLE for text in line]
    titles = fold("".join([grid.name, *above]))
    if any(word in titles for kind in programme.kinds for word in kind.title_words):
        return True
    named = {word for words in found.headers.values() for word in words.values()}
    by_kind = known_headers(programme).by_kind.values()
    fields = {names[word] for names in by_kind for word in named if word in names}
    return any(programme.field[field].on for field in fields)
