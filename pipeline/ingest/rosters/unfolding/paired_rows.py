"""A list in which each person takes two lines or more, under a header of as many: read as one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.ingest.layout import TOTAL, Survey, fields_in_roles, is_footer, signs
from pipeline.ingest.recognition import READS
from pipeline.ingest.rosters.unfolding.name_and_value import NOTHING, Lines
from pipeline.ingest.rosters.unfolding.unfolded import (
    Entry,
    Standing,
    Unfolded,
    is_foot,
    reads_everybody,
    unfolded,
)
from pipeline.ingest.rosters.wording import numbers_in
from pipeline.model import Cell, Grid
from pipeline.programme import Programme
from pipeline.values import compact

_TALLEST = 4  # lines of one person
_FEWEST_NAMED = 2  # names of fields in each line of the header


def from_pairs(grid: Grid, found: Survey, programme: Programme) -> Unfolded | None:
    """The persons of such a list; None for any other sheet, and where anything is doubtful."""
    head = _head(found, programme)
    if head is None:
        return None
    top, height = head
    lines = Lines(grid, programme)
    names = {n: _names(lines, grid, top, n, height) for n in range(height)}
    persons = _persons(lines, top + height, height, names, programme)
    if not persons:
        return None
    entries = [
        Entry(
            (text,),
            (top + n, column),
            tuple(_cell(lines, row, n, column, height if whole else 1) for row in persons),
        )
        for n in range(height)
        for column, (text, whole) in names[n].items()
    ]
    bottom = persons[-1] + height - 1
    if not reads_everybody(grid, entries):
        return None
    return unfolded(grid, entries, persons, top, bottom, is_foot)


def _head(found: Survey, programme: Programme) -> tuple[int, int] | None:
    """The first line of the header and its height: lines that follow each other, each with names of fields,
    one above the other."""
    for row, words in found.headers.items():
        height = 1
        while (
            height < _TALLEST
            and len(below := found.headers.get(row + height, {})) >= _FEWEST_NAMED
            and len(words) >= _FEWEST_NAMED
            and set(below) & set(words)
        ):
            height += 1
        if height > 1:
            return row, height
    return None


def _names(
    lines: Lines, grid: Grid, top: int, n: int, height: int
) -> Mapping[int, tuple[str, bool]]:
    """Column -> name in one line of the header, and whether it goes for all lines of a person."""
    whole = {
        left for first, left, last, _ in grid.merges if first == top and last >= top + height - 1
    }
    return {
        column: (cell.text, column in whole and n == 0)
        for column, cell in lines.by_row.get(top + n, {}).items()
    }


def _persons(
    lines: Lines,
    first: int,
    height: int,
    names: Mapping[int, Mapping[int, tuple[str, bool]]],
    programme: Programme,
) -> list[int]:
    """The first line of each person; nothing where the lines do not come in turn: a name and a number of hers
    in each turn, and in no line but their own."""
    called = {field: place for n, line in names.items() for field, place in _where(lines, n, line)}
    name = next(
        (called[f] for f in fields_in_roles(("name",), programme.kinds) if f in called), None
    )
    numbers = [
        called[f]
        for f in sorted(fields_in_roles(("person", "certificate"), programme.kinds))
        if f in called
    ]
    if name is None or not numbers or name[0]:
        return []
    found: list[int] = []
    row = first
    while row <= lines.last:
        line = lines.by_row.get(row)
        if line and _ends(lines, row):
            break
        if not line:
            row += 1
            continue
        turn = [lines.by_row.get(row + n, {}) for n in range(height)]
        if not _is_turn(turn, name, numbers, names):
            return []
        found.append(row)
        row += height
    return found


def _where(
    lines: Lines, n: int, line: Mapping[int, tuple[str, bool]]
) -> Iterator[tuple[str, tuple[int, int]]]:
    for column, (text, _) in line.items():
        for field in lines.fields(text):
            yield field, (n, column)


def _ends(lines: Lines, row: int) -> bool:
    """Whether the list has ended: a footer, a total, a note."""
    texts = [compact(cell.text) for _, cell in lines.cells(row)]
    total = any(TOTAL.fullmatch(text) for text in texts[:3])
    return total or is_footer(texts[0]) or signs(texts) or len(texts) == 1


def _is_turn(
    turn: Sequence[Mapping[int, Cell]],
    name: tuple[int, int],
    numbers: Sequence[tuple[int, int]],
    names: Mapping[int, Mapping[int, tuple[str, bool]]],
) -> bool:
    """Whether these lines are one person's: her name in its line alone, a number in its own, something in
    every line, and nothing where the header has no name for it."""
    if not READS["name"](turn[name[0]].get(name[1], NOTHING).text, "s"):
        return False
    if not any(numbers_in(turn[n].get(column, NOTHING).text) for n, column in numbers):
        return False
    at = {(n, column) for n, column in numbers}
    for n, line in enumerate(turn):
        if not line or not set(line) <= {
            *names[n],
            *(c for c, (_, whole) in names[0].items() if whole),
        }:
            return False
        misplaced = any(
            numbers_in(cell.text) and (n, column) not in at for column, cell in line.items()
        )
        again = (
            n != name[0]
            and name[1] not in names[n]
            and READS["name"](line.get(name[1], NOTHING).text, "s")
        )
        if misplaced or again:
            return False
    return True


def _cell(lines: Lines, row: int, n: int, column: int, height: int) -> Standing:
    """A person's cell; of one that goes for all her lines the first that says anything."""
    for at in range(row + n, row + n + height):
        if cell := lines.by_row.get(at, {}).get(column):
            return (at, column), cell
    return (row + n, column), NOTHING
