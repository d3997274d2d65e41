"""What counties write (典型经验举措, 存在突出问题): the text beside or below each heading."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.ingest.layout import Survey, beginnings, topics_of
from pipeline.ingest.papers.paper import Book, Lines, Paper, own_part
from pipeline.ingest.whose import unit_of
from pipeline.model import Grid

_CHAPTER = re.compile(r"\s*[一二三四五六七八九十]{1,3}\s*[、.．]")
_SENTENCE_END = ("。", "！", "？", "；", "”")
_LONGEST_CLOSE = 40  # characters of a line that closes a letter: who signs, the day
_CLOSING = re.compile(r"(?:特此|以上|此致|专此)[^，,；;]{0,6}[。.]?")
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
    starts = beginnings(grid, found, book.programme) if headings else []
    written: Lines = []
    for (row, column), topic in headings.items():
        part = own_part(grid, found, starts, row)
        first = min(r for r, c in headings if (r, c) in part.cells)
        unit = unit_of(part, first, part.last_row, book.names, book.programme, book.day)
        text = _beside(part, row, column) or _below(part, row, column, headings)
        if unit and text:
            place = {"file": book.file.path, "sheet": grid.name, "unit": unit}
            written.append({**place, "row": row, "topic": topic, "text": text})
    return written


def _beside(grid: Grid, row: int, column: int) -> str:
    return "\n".join(cell.text.strip() for _, c, cell in grid.lines(row, row) if c > column)


def _below(grid: Grid, row: int, column: int, headings: _Headings) -> str:
    end = min((r for r, _ in headings if r > row), default=grid.last_row + 1)
    (heading,), _ = grid.column(column, row, row)
    texts, kinds = grid.column(column, row + 1, end - 1)
    lines = [text.strip() for text, kind in zip(texts, kinds, strict=True) if kind]
    if grid.prose:
        lines = _closed(_chapter(lines) if _CHAPTER.match(heading) else lines)
    return "\n".join(lines)


def _chapter(lines: list[str]) -> list[str]:
    """The lines below a heading 二、… down to the next of its kind, 三、…"""
    return lines[: next((n for n, line in enumerate(lines) if _CHAPTER.match(line)), len(lines))]


def _closed(lines: list[str]) -> list[str]:
    """An account without how its letter closes: 特此报告, who signs, the day."""
    while len(lines) > 1 and (
        _CLOSING.fullmatch(lines[-1])
        or (len(lines[-1]) <= _LONGEST_CLOSE and not lines[-1].endswith(_SENTENCE_END))
    ):
        lines = lines[:-1]
    return lines
