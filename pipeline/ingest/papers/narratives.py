"""What counties write (典型经验举措, 存在突出问题): the text beside or below each heading."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.ingest.survey import Survey, topics_of
from pipeline.ingest.whose import unit_of
from pipeline.model import Grid

_Headings = Mapping[tuple[int, int], str]  # row and column -> topic


def read(book: Book) -> Paper | None:
    """The narratives of every sheet; None where no sheet holds any."""
    written = [line for grid, found in book.sheets for line in _of_sheet(grid, found, book)]
    return Paper({"narratives": written}) if written else None


def _of_sheet(grid: Grid, found: Survey, book: Book) -> Lines:
    topics = topics_of(book.programme)
    headings = {
        (row, column): topics[word]
        for row, line in found.topics.items()
        for column, word in line.items()
    }
    if not headings:
        return []
    first = min(row for row, _ in headings)
    unit = unit_of(grid, first, grid.last_row, book.names, book.programme, book.day)
    place = {"file": book.file.path, "sheet": grid.name, "unit": unit}
    return [
        {**place, "row": row, "topic": topic, "text": text}
        for (row, column), topic in headings.items()
        if unit and (text := _beside(grid, row, column) or _below(grid, row, column, headings))
    ]


def _beside(grid: Grid, row: int, column: int) -> str:
    return "\n".join(cell.text.strip() for _, c, cell in grid.lines(row, row) if c > column)


def _below(grid: Grid, row: int, column: int, headings: _Headings) -> str:
    end = min((r for r, _ in headings if r > row), default=grid.last_row + 1)
    texts, kinds = grid.column(column, row + 1, end - 1)
    return "\n".join(text.strip() for text, kind in zip(texts, kinds, strict=True) if kind)
