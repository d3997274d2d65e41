"""Self-reported totals (任务完成情况汇总表): for each indicator the cell that says what was done."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ingest.filing_date import filed_on
from pipeline.ingest.layout import Survey
from pipeline.ingest.papers.paper import Book, Lines, Paper, without_the_list
from pipeline.ingest.whose import unit_of
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import column_letters, fold, read_count


def read(book: Book) -> Paper | None:
    """The stated totals of every sheet; None where no sheet states any."""
    stated = [line for grid, found in book.sheets for line in _of_sheet(grid, found, book)]
    return Paper({"stated": stated}) if stated else None


def _of_sheet(grid: Grid, found: Survey, book: Book) -> Lines:
    head = _totals_header(found, book.programme)
    if head is None:
        return []
    top, done, covers = head
    around = without_the_list(grid, found, top)
    unit = unit_of(around, top, grid.last_row, book.names, book.programme, book.day)
    when, _ = filed_on(around, top, top, book.programme)
    place = {"file": book.file.path, "sheet": grid.name, "column": column_letters(done)}
    about = {"unit": unit, "filed_on": when.isoformat() if when else "", "covers": covers}
    counts = _counts(grid, top, done, book.programme) if unit else ()
    return [{**place, **about, "row": r, "indicator": i, "count": n} for r, i, n in counts]


def _counts(
    grid: Grid, top: int, done: int, programme: Programme
) -> Iterator[tuple[int, str, int]]:
    """Row, indicator and number of every line that says all three."""
    words = {fold(word): i.name for i in reversed(programme.indicators) for word in i.total_words}
    numbers, _ = grid.column(done, top + 1, grid.last_row)
    labels: dict[int, str] = {}
    for row, column, cell in grid.lines(top + 1, grid.last_row):
        if column < done:
            labels.setdefault(row, cell.text)
    for row, label in labels.items():
        indicator, count = words.get(fold(label), ""), read_count(numbers[row - top - 1])
        if indicator and count is not None:
            yield row, indicator, count


def _totals_header(found: Survey, programme: Programme) -> tuple[int, int, str] | None:
    """The header's row, the column of what is done, and what that covers: 指标 | 年度任务 | 累计完成.

    本期完成 is read only where each return lists what is new, and only where no 累计完成 stands.
    """
    for row, line in sorted(found.totals.items()):
        for column, text in line.items():
            if text in programme.words["total_done"]:
                of_year = any(word in text for word in programme.words["total_of_year"])
                return row, column, "year" if of_year else ""
        for column, text in line.items():
            if programme.scope == "period" and text in programme.words["total_new"]:
                return row, column, "period"
    return None
