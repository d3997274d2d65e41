"""Self-reported totals (任务完成情况汇总表): for each indicator the cell that says what was done."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ingest.filing_date import filed_on
from pipeline.ingest.layout import Survey, beginnings
from pipeline.ingest.papers.paper import Book, Lines, Paper, own_part
from pipeline.ingest.whose import unit_of
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import column_letters, fold, read_count


def read(book: Book) -> Paper | None:
    """The stated totals of every sheet; None where no sheet states any."""
    stated = [line for grid, found in book.sheets for line in _of_sheet(grid, found, book)]
    return Paper({"stated": stated}) if stated else None


def _of_sheet(grid: Grid, found: Survey, book: Book) -> Lines:
    """Of every table of totals on a sheet, each whose its own lines or the list above it say."""
    starts = beginnings(grid, found, book.programme) if found.totals else []
    stated: Lines = []
    for top, done, covers in _headers(found, book.programme):
        part = own_part(grid, found, starts, top)
        unit = unit_of(part, top, part.last_row, book.names, book.programme, book.day)
        when, _ = filed_on(part, top, top, book.programme)
        place = {"file": book.file.path, "sheet": grid.name, "column": column_letters(done)}
        about = {"unit": unit, "filed_on": when.isoformat() if when else "", "covers": covers}
        counts = _counts(part, top, done, book.programme) if unit else ()
        stated += [{**place, **about, "row": r, "indicator": i, "count": n} for r, i, n in counts]
    return stated


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


def _headers(found: Survey, programme: Programme) -> Iterator[tuple[int, int, str]]:
    """Of each header its row, the column of what is done, and what that covers: 指标 | 年度任务 | 累计完成.

    本期完成 is read only where each return lists what is new, and only where no 累计完成 stands.
    """
    of_new = programme.words["total_new"] if programme.scope == "period" else ()
    for row, line in sorted(found.totals.items()):
        if done := [c for c, text in line.items() if text in programme.words["total_done"]]:
            of_year = any(word in line[done[0]] for word in programme.words["total_of_year"])
            yield row, done[0], "year" if of_year else ""
        elif new := [c for c, text in line.items() if text in of_new]:
            yield row, new[0], "period"
