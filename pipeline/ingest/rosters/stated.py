"""What a roster says of its own length: 合计 and 小计 lines, and a title that counts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from pipeline.ingest.layout import TOTAL, TOTAL_IN_NOTE, Header, Line
from pipeline.ingest.rosters.nobody import says_nil_word, says_nothing_new
from pipeline.ingest.rosters.rows import Persons
from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters, compact, read_count, read_numeral

_IN_TITLE = re.compile(r"[(,，、:]?(?:共计?|合计|总计)(\d{1,9})(?:人|名)", re.ASCII)


def stated_totals(
    grid: Grid, header: Header, persons: Persons, programme: Programme, above: int = 0
) -> list[Issue]:
    """Stated numbers that differ from the rows, each at the cell with the number.

    `above`: the rows of the tables above on the sheet, which the last total may count too.
    """
    size = len(persons.rows)
    issues = [_differs(*total, size, programme) for total in _in_title(grid, header)]
    since = header.bottom
    for row, line in persons.others.items():
        words = [compact(c.text) for c in list(line.values())[:3]]
        if not any(TOTAL.fullmatch(w) or TOTAL_IN_NOTE.match(w) for w in words):
            continue
        subtotal = any("小计" in w for w in words)
        first = since if subtotal else header.bottom
        rows = bisect_left(persons.rows, row) - bisect_right(persons.rows, first)
        if subtotal:
            since = row
        if not subtotal and rows == 0:
            rows = size  # the total stands above its rows
        if (total := _number(line)) and (subtotal or total[1] != rows + above):
            issues.append(_differs(total[1], row, total[0], rows, programme))
    return [issue for issue in issues if issue]


def _in_title(grid: Grid, header: Header) -> list[tuple[int, int, int]]:
    """A number of persons in the lines above the header: number, row, column."""
    return [
        (int(match[1]), row, column)
        for row, column, cell in grid.lines(1, header.top - 1)
        if (match := _IN_TITLE.search(compact(cell.text)))
    ]


def _number(line: Line) -> tuple[int, int] | None:
    """The column and the number that a total line states, in the total's own cell or beside it."""
    for column, cell in line.items():
        text = compact(cell.text)
        match = TOTAL.fullmatch(text) or TOTAL_IN_NOTE.match(text)
        number = match["count"] if match and match["count"] else cell.text
        count = read_count(number)
        if count is None and match:
            count = read_numeral(number)
        if count is not None:
            return column, count
    return None


def _differs(stated: int, row: int, column: int, rows: int, programme: Programme) -> Issue | None:
    if stated == rows:
        return None
    issue = programme.issue("S05", stated=stated, rows=rows)
    return issue.at(row=row, column=column_letters(column))


def says_nil(grid: Grid, header: Header, programme: Programme) -> bool:
    """零报告, 无 or a total of 0 below the header of an empty roster."""
    below = [compact(c.text) for _, _, c in grid.lines(header.bottom + 1, grid.last_row)]
    if any(says_nil_word(t, programme) for t in below):
        return True
    totals = [(i, match) for i, t in enumerate(below) if (match := TOTAL.fullmatch(t))]
    return any(m["count"] == "0" for _, m in totals) or any(
        read_count(t) == 0 for i, _ in totals for t in below[i + 1 : i + 3]
    )


def says_unchanged(grid: Grid, header: Header, programme: Programme) -> bool:
    """本月无新增 or the like beside the header of an empty roster: what was filed last stands."""
    beside = (*grid.lines(1, header.top - 1), *grid.lines(header.bottom + 1, grid.last_row))
    return any(says_nothing_new(cell.text, programme) for _, _, cell in beside)
