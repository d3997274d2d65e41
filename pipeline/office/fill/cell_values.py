"""What any cell of a filled workbook will say, asked before or after it is written: for charts and formulas."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from numbers import Number
from typing import Any
from xml.sax.saxutils import unescape

from pipeline.office.characters import printable
from pipeline.office.fill.content import UNKNOWN, Calculated, Fault, Pieces, serial
from pipeline.office.fill.expressions import View
from pipeline.office.fill.patterns import DrawnCell, DrawnRow
from pipeline.office.fill.plan import Bulk, Fixed, Repeated, Segment
from pipeline.office.fill.surroundings import Page

_FIXED = re.compile(r'^ s="\d+"(?: t="(\w+)")?(?:/>|><v>([^<]*)</v></c>$)')
_LONGEST = 100_000  # rows of a table that are looked at for a single cell
Sheet = tuple[Sequence[int], Sequence[Segment]]


class CellValues:
    """The values of cells by sheet, row and column, each worked out when it is asked for.

    Only the first page of a list that goes on over several sheets is known. `formulas`: what formulas
    come to, by sheet, row and column, once they have been worked out.
    """

    def __init__(self, pages: Iterable[Page], view: View) -> None:
        self._view = view
        self._sheets: Mapping[str, Sheet] = {
            p.sheet.name: (list(accumulate((s.rows for s in p.segments), initial=1)), p.segments)
            for p in pages
            if p.number == 1
        }
        self._tables: dict[int, Sequence[Any] | None] = {}
        self.formulas: Mapping[tuple[str, int, int], Calculated] = {}

    def known(self, sheet: str) -> bool:
        """Whether there is such a sheet."""
        return sheet in self._sheets

    def cell(self, sheet: str, row: int, column: int) -> DrawnCell | None:
        """The drawn cell that stands there; nothing where nothing is drawn."""
        drawn, _ = self._drawn(sheet, row)
        return next((c for c in drawn.cells if c.column == column), None) if drawn else None

    def extent(self, sheet: str) -> tuple[int, int]:
        """How many rows are written, and the last column in which anything is drawn."""
        starts, segments = self._sheets[sheet]
        rows = (r for s in segments for r in (s.variants if isinstance(s, Repeated) else (s.row,)))
        return starts[-1] - 1, max((c.column for r in rows for c in r.cells), default=0)

    def value(self, sheet: str, row: int, column: int) -> Any:
        """What the cell says: a number, a text, a day; None where it is blank or nobody can tell."""
        drawn, line = self._drawn(sheet, row)
        cell = next((c for c in drawn.cells if c.column == column), None) if drawn else None
        if cell is None:
            return None
        if cell.formula:
            worked = self.formulas.get((sheet, row, column))
            clear = worked and worked.value is not UNKNOWN and not isinstance(worked.value, Fault)
            return worked.value if worked and clear else None
        if cell.value is not None:
            return cell.value.value(self._view, line)
        found = _fixed(cell)
        return None if found is UNKNOWN else found

    def operand(self, sheet: str, row: int, column: int) -> Any:
        """What a formula finds in a cell that holds none: a number, a text; None where it is blank, UNKNOWN
        where nobody can tell, or where programs differ in what they make of it (a TRUE among numbers)."""
        drawn, line = self._drawn(sheet, row)
        if drawn is None:
            return UNKNOWN if 0 < row <= self.extent(sheet)[0] else None
        cell = next((c for c in drawn.cells if c.column == column), None)
        if cell is None:
            return None
        found = _as_operand(cell.value.value(self._view, line)) if cell.value else _fixed(cell)
        return UNKNOWN if isinstance(found, bool) else found

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


def _fixed(cell: DrawnCell) -> Any:
    """What a cell holds in which nothing is filled in."""
    match = _FIXED.match(cell.fixed)
    if match is None:  # a text with its runs, or what is no plain cell
        return cell.shown or UNKNOWN
    kind, value = match.groups()
    if value is None or kind in ("s", "inlineStr"):
        return cell.shown or None
    if kind == "str":
        return unescape(value) or None
    if kind in (None, "n"):
        return float(value)
    return value == "1" if kind == "b" else UNKNOWN


def _as_operand(value: Any) -> Any:
    """A value as the written cell holds it (see cell_tail)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Number):
        number: Any = value
        found = int(number) if isinstance(value, int) else float(number)
        return found if math.isfinite(found) else None
    if isinstance(value, date):
        return serial(value)
    if isinstance(value, Pieces):
        value = "".join(text for text, _ in value.pieces)
    return (printable(str(value)) or None) if value is not None else None
