"""What a task may be divided by (登记数, 摸底数): counts of places on a sheet that is no task table and no return."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ingest.layout import plain, spread, without_hint
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.ingest.papers.tasks import place_of
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import column_letters, compact, fold, read_count

_DEEPEST = 15


def read(book: Book) -> Paper | None:
    """The counts of every sheet, at their cells; None where no sheet holds any."""
    lines = [line for grid in book.grids for line in _of_sheet(grid, book)]
    return Paper({"bases": lines}) if lines else None


def _of_sheet(grid: Grid, book: Book) -> Lines:
    cells = spread(grid, 1, _DEEPEST)
    for row in range(1, min(grid.last_row, _DEEPEST) + 1):
        head = {c: plain(text) for (r, c), text in cells.items() if r == row}
        regions = [c for c, text in head.items() if text in book.programme.words["region"]]
        columns = _columns(head, book.programme)
        if regions and columns:
            return list(_counts(grid, row, max(regions), columns, book))
    return []


def _columns(head: dict[int, str], programme: Programme) -> dict[int, str]:
    """The columns that count what the programme's words call so."""
    words = {
        "survey": set(map(fold, programme.words["survey_count"])),
        "registered": set(map(fold, programme.words["registered_count"])),
    }
    return {
        column: name
        for column, text in head.items()
        for name, of in words.items()
        if without_hint(text) in of
    }


def _counts(
    grid: Grid, top: int, region: int, columns: dict[int, str], book: Book
) -> Iterator[dict[str, object]]:
    for row in range(top + 1, grid.last_row + 1):
        texts, _ = grid.column(region, row, row)
        unit = place_of(compact(texts[0]), book.programme, book.day)
        for column, basis in columns.items():
            count = read_count(grid.column(column, row, row)[0][0])
            if unit and count is not None:
                yield {
                    "file": book.file.path, "basis": basis, "unit": unit, "count": count,
                    "sheet": grid.name, "row": row, "column": column_letters(column),
                }  # fmt: skip
