"""What any cell of a filled workbook will say, asked before or after it is written: for charts and formulas."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from pipeline.office.fill.expressions import View
from pipeline.office.fill.patterns import DrawnCell, DrawnRow
from pipeline.office.fill.plan import Bulk, Fixed, Segment
from pipeline.office.fill.surroundings import Page

_NUMBER = re.compile(r'^ s="\d+"><v>([^<]*)</v>')
_LONGEST = 100_000  # rows of a table that are looked at for a single cell
Sheet = tuple[Sequence[int], Sequence[Segment]]


class CellValues:
    """The values of cells by sheet, row and column, each worked out when it is asked for.

    Only the first page of a list that goes on over several sheets is known. A formula's value is not
    known here: `formula` gives its text.
    """

    def __init__(self, pages: Iterable[Page], view: View) -> None:
        self._view = view
        self._sheets: Mapping[str, Sheet] = {
            p.sheet.name: (list(accumulate((s.rows for s in p.segments), initial=1)), p.segments)
            for p in pages
            if p.number == 1
        }
        self._tables: dict[int, Sequence[Any] | None] = {}

    def known(self, sheet: str) -> bool:
        """Whether there is such a sheet."""
        return sheet in self._sheets

    def cell(self, sheet: str, row: int, column: int) -> DrawnCell | None:
        """The drawn cell that stands there; nothing where nothing is drawn."""
        drawn, _ = self._drawn(sheet, row)
        return next((c for c in drawn.cells if c.column == column), None) if drawn else None

    def value(self, sheet: str, row: int, column: int) -> Any:
        """What the cell says: a number, a text, a day; None where it is blank or a formula."""
        drawn, line = self._drawn(sheet, row)
        cell = next((c for c in drawn.cells if c.column == column), None) if drawn else None
        if cell is None or cell.formula:
            return None
        if cell.value is not None:
            return cell.value.value(self._view, line)
        number = _NUMBER.match(cell.fixed)
        return float(number[1]) if number else cell.shown or None

    def place(self, sheet: str, row: int) -> tuple[DrawnRow | None, Any]:
        """The drawn row of which a written row is the copy, and the line it stands for."""
        return self._drawn(sheet, row)

    def _drawn(self, sheet: str, row: int) -> tuple[DrawnRow | None, Any]:
        starts, segments = self._sheets[sheet]
        nth = bisect_right(starts, row) - 1
        if not 0 <= nth < len(segments):
            return None, None
        segment, at = segments[nth], row - starts[nth]
        if isinstance(segment, Fixed):
            return segment.row, None
        if isinstance(segment, Bulk):
            lines = self._lines(segment)
            return (segment.row, lines[at]) if lines is not None else (None, None)
        return segment.lines[at]

    def _lines(self, segment: Bulk) -> Sequence[Any] | None:
        if id(segment) not in self._tables:
            short = len(segment.lines) <= _LONGEST
            self._tables[id(segment)] = list(segment.lines) if short else None
        return self._tables[id(segment)]
