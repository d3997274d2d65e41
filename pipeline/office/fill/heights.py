"""How tall a row must be for its wrapped text: not every program works it out when it opens a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pipeline.office.characters import shown_width
from pipeline.office.fill.styling import Styling
from pipeline.office.places import area

_LINE_SPACING, _TALLEST_ROW, _ROOM = 1.3, 409.0, 4  # points; Excel's own limit
_DEFAULT_WIDTH = 13.0
_WIDTH_OF = 10.5  # a Chinese character of this size is two units of a column's width


class Widths:
    """The widths of a sheet's columns, merged cells as wide as what they cover."""

    def __init__(self, sheet: Any) -> None:
        self._columns: list[tuple[int, int, float]] = [
            (int(c.get("min")), int(c.get("max")), float(c.get("width") or _DEFAULT_WIDTH))
            for c in sheet.iter("{*}col")
        ]
        self._default = _DEFAULT_WIDTH
        self.least = _least_height(sheet)
        self._merged: dict[tuple[int, int], int] = {}
        for merge in sheet.iter("{*}mergeCell"):
            top, left, bottom, right = area(merge.get("ref"))
            if top == bottom:
                self._merged[top, left] = right

    def room(self, row: int, column: int, size: float) -> float:
        """How many half-width characters of a font's size a cell of a drawn row shows on one line."""
        last = self._merged.get((row, column), column)
        wide = sum(self._width(c) for c in range(column, last + 1)) * 0.92 - 1
        return max(wide * _WIDTH_OF / size, 1)

    def height(
        self, row: int, wrapped: Sequence[tuple[int, int, str]], styling: Styling
    ) -> float | None:
        """For the texts of a drawn row (column, style, text)."""
        tallest = 0.0
        for column, style, text in wrapped:
            room = self.room(row, column, styling.size(style))
            lines = sum(max(1, math.ceil(shown_width(t) / room)) for t in text.split("\n"))
            tallest = max(tallest, lines * styling.size(style) * _LINE_SPACING)
        return as_height(tallest, self.least)

    def _width(self, column: int) -> float:
        return next((w for a, b, w in self._columns if a <= column <= b), self._default)


def _least_height(sheet: Any) -> float:
    """How tall its maker wanted every row of the sheet to be, 0 where he did not say."""
    usual = sheet.find("{*}sheetFormatPr")
    if usual is None or usual.get("customHeight") not in ("1", "true"):
        return 0.0
    return float(usual.get("defaultRowHeight") or 0)


def as_height(lines: float, least: float = 0.0) -> float | None:
    """The row's height for lines that are so tall together."""
    return min(max(lines + _ROOM, least), _TALLEST_ROW) if lines else None


def line_height(size: float) -> float:
    """The height of one line of a font's size."""
    return size * _LINE_SPACING
