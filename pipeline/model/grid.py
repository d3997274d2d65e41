"""One sheet as filed: cells by place, kept column by column where there are many."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import ItemsView, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from typing import NamedTuple

Place = tuple[int, int]  # Excel row, column number from 1


class Cell(NamedTuple):
    """One cell as filed. type: s text, n number, d date (ISO text), b yes/no, e error, '' empty.

    A number of 16 digits or more ends in 0 where the file no longer holds its last digits; where
    the file holds them all, they are the text.
    """

    text: str
    type: str


_EMPTY = Cell("", "")


class Columns(Mapping[Place, Cell]):
    """Cells kept as one list of texts and one of types a column; Cells are made when asked for.

    `row` and `column` say where the first text of the first list stands; the lists are equally
    long, '' stands in both where nothing is filed. Iterates row by row.
    """

    __slots__ = ("column", "row", "texts", "types")

    def __init__(
        self,
        row: int,
        column: int,
        texts: Sequence[list[str]],
        types: Sequence[list[str]],
    ) -> None:
        self.row, self.column = row, column
        self.texts, self.types = tuple(texts), tuple(types)

    @property
    def height(self) -> int:
        """How many rows the lists reach down."""
        return len(self.texts[0]) if self.texts else 0

    def __getitem__(self, place: Place) -> Cell:
        found = self.get(place)
        if found is None:
            raise KeyError(place)
        return found

    def get(self, place: Place, default: Cell | None = None) -> Cell | None:  # type: ignore[override]
        """The cell at a place, or the default where nothing is filed."""
        row, column = place[0] - self.row, place[1] - self.column
        if 0 <= column < len(self.texts) and 0 <= row < self.height:
            kind = self.types[column][row]
            if kind:
                return Cell(self.texts[column][row], kind)
        return default

    def __contains__(self, place: object) -> bool:
        return self.get(place) is not None  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Place]:
        numbers = range(self.column, self.column + len(self.texts))
        for row, kinds in enumerate(zip(*self.types, strict=True), self.row):
            for column in compress(numbers, kinds):
                yield row, column

    def __len__(self) -> int:
        return sum(len(kinds) - kinds.count("") for kinds in self.types)

    def items(self) -> ItemsView[Place, Cell]:
        """Places and cells, row by row."""
        return _Items(self)

    def lines(self, top: int, bottom: int) -> Iterator[tuple[int, int, Cell]]:
        """Row, column and cell of what is filed in these rows."""
        first, last = max(top - self.row, 0), max(bottom - self.row + 1, 0)
        texts = zip(*(texts[first:last] for texts in self.texts), strict=True)
        types = zip(*(types[first:last] for types in self.types), strict=True)
        for row, (line, kinds) in enumerate(zip(texts, types, strict=True), self.row + first):
            for column, (text, kind) in enumerate(zip(line, kinds, strict=True), self.column):
                if kind:
                    yield row, column, Cell(text, kind)

    def slice(self, number: int, top: int, bottom: int) -> tuple[list[str], list[str]]:
        """Texts and types of one column from row to row, '' beyond what is kept."""
        column, wanted = number - self.column, max(bottom - top + 1, 0)
        if not 0 <= column < len(self.texts):
            return [""] * wanted, [""] * wanted
        above = [""] * min(max(self.row - top, 0), wanted)
        first, last = max(top - self.row, 0), max(bottom - self.row + 1, 0)
        texts = above + self.texts[column][first:last]
        types = above + self.types[column][first:last]
        below = [""] * (wanted - len(texts))
        return texts + below, types + below

    @property
    def last(self) -> Place:
        """The last row and the last column that hold anything; 0 where nothing does."""
        columns = [n for n, kinds in enumerate(self.types, self.column) if any(kinds)]
        row = self.height - 1
        while row >= 0 and not any(kinds[row] for kinds in self.types):
            row -= 1
        return (self.row + row if row >= 0 else 0), max(columns, default=0)


class _Items(ItemsView[Place, Cell]):
    """The items of Columns without a look-up for each."""

    _mapping: Columns

    def __iter__(self) -> Iterator[tuple[Place, Cell]]:
        columns = self._mapping
        for row, column, cell in columns.lines(columns.row, columns.row + columns.height):
            yield (row, column), cell


@dataclass(frozen=True)
class Grid:
    """One sheet as filed: cells by (Excel row, column number from 1), nothing interpreted."""

    name: str
    cells: Mapping[Place, Cell]
    merges: tuple[tuple[int, int, int, int], ...] = ()  # first row, first column, last row, last
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    pictured: bool = False  # holds pictures or embedded files
    struck: frozenset[Place] = frozenset()  # cells with text that is struck out
    blank: frozenset[Place] = (
        frozenset()
    )  # cells whose number format shows nothing of what they hold
    lost: bool = False  # the workbook lists the sheet and no longer holds it
    prose: str = (
        ""  # of running text, a paragraph a row: what to say where no list was expected in it
    )

    def written_over(self, texts: Mapping[Place, str]) -> Grid:
        """The same sheet with these texts in these cells; '' empties one."""
        if not texts:
            return self
        cells = {place: cell for place, cell in self.cells.items() if place not in texts}
        cells |= {place: Cell(text, "s") for place, text in texts.items() if text}
        return replace(self, cells=cells)

    @property
    def last_row(self) -> int:
        """The last row that holds anything; 0 for an empty sheet."""
        return self._last[0]

    @property
    def last_column(self) -> int:
        """The last column that holds anything; 0 for an empty sheet."""
        return self._last[1]

    def lines(self, top: int, bottom: int) -> Iterator[tuple[int, int, Cell]]:
        """Row, column and cell of everything in these rows, row by row; no other row is touched."""
        if isinstance(self.cells, Columns):
            yield from self.cells.lines(top, bottom)
            return
        for at in range(bisect_left(self._places, (top, 0)), len(self._places)):
            row, column = self._places[at]
            if row > bottom:
                return
            yield row, column, self.cells[row, column]

    def column(self, number: int, top: int, bottom: int) -> tuple[list[str], list[str]]:
        """The texts and types of one column from row to row, '' where nothing stands."""
        if isinstance(self.cells, Columns):
            return self.cells.slice(number, top, bottom)
        found = [self.cells.get((row, number), _EMPTY) for row in range(top, bottom + 1)]
        return [cell.text for cell in found], [cell.type for cell in found]

    @cached_property
    def _places(self) -> list[Place]:
        return sorted(self.cells)

    @cached_property
    def _last(self) -> Place:
        if isinstance(self.cells, Columns):
            return self.cells.last
        rows, columns = (max((place[n] for place in self.cells), default=0) for n in (0, 1))
        return rows, columns
