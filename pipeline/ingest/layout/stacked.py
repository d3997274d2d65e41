"""Where each of several tables one below the other on a sheet begins."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.ingest.layout.no_persons import FILING, FOOTER, TOTAL, signs
from pipeline.ingest.layout.surveyed import Survey
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import compact, read_count

_FEWEST_ABOVE = 2  # columns that the first row of a header of two rows names
_MOST_IN_TITLE = 4  # cells of a title or filing line
_MOST_DIGITS = 14  # of a line that tells no person
_NUMBERS = re.compile(r"\d+")
_TITLE = re.compile(
    r".*(?:花名册|名册|名单|一览表|汇总表|统计表|登记表|情况表|明细表|表)(?:\(.{1,9}\))?"
)

Marks = Mapping[int, Mapping[int, str]]


def beginnings(grid: Grid, found: Survey, programme: Programme) -> list[int]:
    """The row on which each table begins, its title included; the first may be anything.

    A header that only repeats the one above it (as printed on every page) begins none, but where a total or
    a footer ended the table above, or a line between says something new: another unit, another list. Stated
    totals and what a county writes begin one of their own.
    """
    starts: list[int] = []
    above: frozenset[tuple[int, str]] = frozenset()
    first = last = 0  # the header's row of the table that goes on, and of its last repetition
    lists = found.lists
    for row in lists:
        named = frozenset(found.headers[row].items())
        if starts and row == last + 1:
            above |= named  # the second row of one header
            last = row
            continue
        head = whole_header(row, found.headers)
        title = _title_of(head, grid)
        titles = (starts[-1] if len(starts) > 1 else 1, first), (title, head)
        if (
            not starts
            or not named <= above
            or _ended_above(grid, last, title)
            or _says_another(grid, *titles, programme)
        ):
            starts.append(title if starts else row)
            above, first = named, head
        last = row
    topics = (row for row in found.topics if _speaks_first(grid, found, row))
    others = [
        row for row in (*found.totals, *topics) if starts and row > starts[0] and row not in lists
    ]
    return sorted({*starts, *(_title_of(row, grid) for row in others)})


def _speaks_first(grid: Grid, found: Survey, row: int) -> bool:
    """Whether a heading of what a county writes (典型经验) is the first cell of its row."""
    return min(found.topics[row]) == min(column for _, column, _ in grid.lines(row, row))


def whole_header(row: int, marks: Marks) -> int:
    """The first row of a header by that of its columns: the one above it too, where that names other
    columns (序号, 区县, 备注 over two rows)."""
    above = marks.get(row - 1, {})
    return row - 1 if len(above) >= _FEWEST_ABOVE and not above.keys() & marks[row].keys() else row


def _title_of(header: int, grid: Grid) -> int:
    """The first of the rows right above a header that can only be its title or filing line."""
    top = header
    while _is_title(_texts(grid, top - 1)):
        top -= 1
    return top


def _texts(grid: Grid, row: int) -> list[str]:
    return [compact(cell.text) for _, _, cell in grid.lines(row, row)]


def _is_title(texts: list[str]) -> bool:
    """Not a person, who has more to say or a number; not a total or a footer, which end the table above."""
    if texts and FILING.fullmatch(texts[0]):
        return True  # a day and a telephone in one cell are nobody's number
    if not texts or len(texts) > _MOST_IN_TITLE or read_count(texts[0]) is not None:
        return False
    if any(sum(map(str.isdigit, text)) > _MOST_DIGITS for text in texts):
        return False
    return not TOTAL.fullmatch(texts[0]) and not FOOTER.fullmatch(texts[0])


def _ended_above(grid: Grid, header: int, top: int) -> bool:
    """Whether the last line above a title ends the table there: a footer, or a total of all its rows."""
    row = top - 1
    while row > header and not (texts := _texts(grid, row)):
        row -= 1
    if row <= header:
        return False
    if FOOTER.fullmatch(texts[0]) or signs(texts):
        return True
    total = any(TOTAL.fullmatch(text) for text in texts[:3])
    return total and not any("小计" in text for text in texts[:3])


def _says_another(
    grid: Grid, before: tuple[int, int], now: tuple[int, int], programme: Programme
) -> bool:
    """Whether a title says what the one before (both by the rows from, until) did not: a unit or a list.

    Numbers do not count: 第 2 页.
    """
    known = {_NUMBERS.sub("", text) for row in range(*before) for text in _texts(grid, row)}
    new = (text for row in range(*now) for text in _texts(grid, row))
    return any(_NUMBERS.sub("", text) not in known and _announces(text, programme) for text in new)


def _announces(text: str, programme: Programme) -> bool:
    return bool(_TITLE.fullmatch(text) or programme.gazetteer.find_one(text))
