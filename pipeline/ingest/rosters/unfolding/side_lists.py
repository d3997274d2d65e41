"""A list on its side, the names of the fields down the first column and a person in each column behind them:
read as a list of one row each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.ingest.layout import fields_in_roles, is_footer, is_serial, plain, signs
from pipeline.ingest.recognition import READS
from pipeline.ingest.rosters.unfolding.name_and_value import NOTHING, Lines
from pipeline.ingest.rosters.unfolding.unfolded import (
    Entry,
    Place,
    Standing,
    Unfolded,
    is_foot,
    reads_everybody,
    unfolded,
)
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import compact

_FEWEST = 2  # persons; one alone is a form


@dataclass(frozen=True)
class _Block:
    """Persons side by side: the line of their names, their columns, and what the lines say."""

    entries: tuple[Entry, ...]
    columns: tuple[int, ...]


def from_side(grid: Grid, programme: Programme) -> Unfolded | None:
    """The persons of such a list, or of several one below the other; None for any other sheet, and where
    anything is doubtful."""
    lines = Lines(grid, programme)
    starts = list(_starts(lines, programme))
    if not starts:
        return None
    blocks: list[_Block] = []
    firsts = [_first_line(lines, row, columns) for row, columns in starts]
    for top, after, (_, columns) in zip(firsts, (*firsts[1:], lines.last + 1), starts, strict=True):
        block = _block(lines, top, after, columns)
        if block is None:
            return None
        blocks.append(block)
    called = [[tuple(map(plain, e.path)) for e in block.entries] for block in blocks]
    if any(names != called[0] for names in called):
        return None
    entries = [
        Entry(first.path, first.named_at, tuple(cell for e in same for cell in e.cells))
        for first, *rest in zip(*(block.entries for block in blocks), strict=True)
        if (same := (first, *rest))
    ]
    top = min(entry.named_at[0] for entry in entries)
    bottom = max(entry.named_at[0] for block in blocks for entry in block.entries)
    persons = sum(len(block.columns) for block in blocks)
    if persons < _FEWEST or not reads_everybody(grid, entries):
        return None
    return unfolded(grid, entries, [top + 1 + n for n in range(persons)], top, bottom, is_foot)


def _starts(lines: Lines, programme: Programme) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The lines in which nothing but names of persons stand behind 姓名, with their columns."""
    names = fields_in_roles(("name",), programme.kinds)
    for row in lines.by_row:
        cells = lines.cells(row)
        at = next((n for n, (_, cell) in enumerate(cells) if lines.fields(cell.text) & names), None)
        if at is None:
            continue
        behind = cells[at + 1 :]
        if behind and all(READS["name"](cell.text, "s") for _, cell in behind):
            yield row, tuple(column for column, _ in behind)


def _first_line(lines: Lines, row: int, columns: Sequence[int]) -> int:
    """The first of the lines above the names that speak of the same persons (序号 | 1 | 2 | 3)."""
    while set(columns) <= set(lines.by_row.get(row - 1, {})):
        row -= 1
    return row


def _block(lines: Lines, top: int, after: int, columns: tuple[int, ...]) -> _Block | None:
    entries: list[Entry] = []
    for row in range(top, after):
        line = lines.by_row.get(row)
        if not line:
            continue
        left = [(column, cell) for column, cell in lines.cells(row) if column < columns[0]]
        values = {column: cell for column, cell in line.items() if column >= columns[0]}
        known = [cell.text for _, cell in left if lines.is_known(cell.text)]
        texts = [compact(cell.text) for _, cell in lines.cells(row)]
        ends = not known and (is_footer(texts[0]) or signs(texts))
        if ends or (not known and not set(values) & set(columns)):
            continue  # a title, a footer: a number in it is missed by who counts them
        if not left:
            if all(is_serial(cell.text) for cell in values.values()):
                continue
            return None
        if not set(values) <= set(columns) or not lines.may_be_name(left[-1][1].text):
            return None
        path = (*lines.group_of(row), *(cell.text for _, cell in left))
        entries.append(Entry(path, (row, left[-1][0]), _cells(lines, row, values, columns)))
    return _Block(tuple(entries), columns) if entries else None


def _cells(
    lines: Lines, row: int, values: Mapping[int, object], columns: Sequence[int]
) -> tuple[Standing, ...]:
    """The cell of each person; one that is merged over several is each one's."""
    found: list[Standing] = []
    last: Place = (row, 0)
    for column in columns:
        if column in values:
            last = (row, column)
        covers = last[1] and lines.right_of(*last) > column
        place = last if covers else (row, column)
        found.append((place, lines.by_row[row].get(place[1], NOTHING)))
    return tuple(found)
