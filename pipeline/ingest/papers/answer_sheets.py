"""Sheets that went out with questions and come back filled in: known by their headers, read line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from pipeline.ingest.layout import Lexicon
from pipeline.ingest.papers.paper import Book
from pipeline.ingest.whose import frame_lines
from pipeline.model import Grid, Issue
from pipeline.periods import period_in
from pipeline.values import column_letters

_DEEPEST = 10


@dataclass(frozen=True)
class AnswerSheet:
    """One sheet whose header stands in row `top`; `columns`: the known headers and where they stand."""

    book: Book
    grid: Grid
    top: int
    columns: Mapping[str, int]

    @cached_property
    def period(self) -> str:
        """The period above the header, else that of the folder."""
        texts = (text for _, _, text in frame_lines(self.grid, self.top))
        return period_in(texts) or self.book.file.folder_period

    def lines(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Every row below the header with its texts by the names of the columns."""
        last = self.grid.last_row
        texts = {n: self.grid.column(c, self.top + 1, last)[0] for n, c in self.columns.items()}
        for at in range(last - self.top):
            yield self.top + 1 + at, {name: column[at].strip() for name, column in texts.items()}

    def issue(self, code: str, row: int, column: str, *, text: str) -> Issue:
        """What cannot be understood, at its cell."""
        return self.book.programme.issue(code, text=text).at(
            file=self.book.file.path,
            sheet=self.grid.name,
            row=row,
            column=column_letters(self.columns[column]),
        )


def answer_sheets(
    book: Book, headers: Lexicon, asks: Callable[[Set[str]], bool]
) -> Iterator[AnswerSheet]:
    """The sheets of a book with a row among the first whose headers, those of them that are known, ask."""
    for grid in book.grids:
        for row in range(1, min(grid.last_row, _DEEPEST) + 1):
            found = {headers.find(cell.text): column for _, column, cell in grid.lines(row, row)}
            columns = {name: column for name, column in found.items() if name}
            if asks(columns.keys()):
                yield AnswerSheet(book, grid, row, columns)
                break
