"""What stands above a cell of a printed table: its header, from the words nearest to it upwards."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.model import Grid
from pipeline.model.grid import Place

_NUMBERING = re.compile(r"[甲乙丙丁]|\d{1,3}")  # the row that numbers the columns
_DASHES = frozenset({"—", ""})
_ROWS = 3  # a header has so many at most


def headings(grid: Grid) -> Callable[[Place], list[str]]:
    """A function that says the header of a cell: merged headers stand above all they cover."""
    covering: dict[Place, Place] = {}
    for top, left, bottom, right in grid.merges:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                covering[row, column] = (top, left)
    ends: dict[int, dict[int, int]] = {}  # by column: row of data -> the row its header ends with

    def text(row: int, column: int) -> str:
        cell = grid.cells.get(covering.get((row, column), (row, column)))
        return cell.text.strip() if cell and cell.type == "s" else ""

    def end(row: int, column: int) -> int:
        """The nearest row above that holds words of a header in this column."""
        known = ends.setdefault(column, {})
        passed = []
        while row > 0 and row not in known:
            if (words := text(row, column)) not in _DASHES and not _NUMBERING.fullmatch(words) and _is_header(row, column):  # fmt: skip
                known[row] = row
                break
            passed.append(row)
            row -= 1
        found = known.get(row, 0)
        known.update(dict.fromkeys(passed, found))
        return found

    def _is_header(row: int, column: int) -> bool:
        """A text beside which no number stands: words among figures (达进度) are no header."""
        beside = (grid.cells.get((row, c)) for c in range(1, grid.last_column + 1))
        return not any(cell and cell.type == "n" for cell in beside)

    def above(place: Place) -> list[str]:
        row, column = place
        last = end(row - 1, column)
        found: list[str] = []
        for at in range(last, max(last - _ROWS, 0), -1):
            words = text(at, column)
            if not words:
                break
            if words not in found:
                found.append(words)
        return found

    return above
