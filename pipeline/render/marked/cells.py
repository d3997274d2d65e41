"""Finds or makes the element of one cell in a worksheet part, and gives it another style."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from pipeline.render.marked.package import Element, NotEditable, tag
from pipeline.values import column_letters

_PLACE = re.compile(r"([A-Z]+)(\d+)")


class Cells:
    """The cells of one worksheet part by their place."""

    def __init__(self, sheet: Element) -> None:
        data = sheet.find(tag("sheetData"))
        if data is None:
            raise NotEditable("工作表没有数据")
        self._sheet, self._data = sheet, data
        self._rows = _numbered(data, lambda row, last: int(row.get("r") or last + 1))
        self._merges = [_area(m.get("ref")) for m in sheet.iter(tag("mergeCell"))]

    def anchor(self, place: str) -> str:
        """The cell itself, or the first cell of the merged range it lies in."""
        row, column = _at(place)
        for top, left, bottom, right in self._merges:
            if top <= row <= bottom and left <= column <= right:
                return f"{column_letters(left)}{top}"
        return place

    def position(self, place: str) -> tuple[int, int]:
        """Row and column number of a place."""
        return _at(place)

    def restyle(self, place: str, look: Callable[[int], int]) -> None:
        """Give the cell the style that `look` makes of its own."""
        cell = self._cell(place)
        cell.set("s", str(look(int(cell.get("s") or 0))))

    def _cell(self, place: str) -> Element:
        number, column = _at(place)
        row = self._row(number)
        cells = _numbered(row, lambda c, last: _at(c.get("r"))[1] if c.get("r") else last + 1)
        if column in cells:
            return cells[column]
        cell = etree.Element(tag("c"), r=place, s=str(self._inherited(row, column)))
        row.insert(sum(other < column for other in cells), cell)
        return cell

    def _row(self, number: int) -> Element:
        if number not in self._rows:
            row = etree.Element(tag("row"), r=str(number))
            self._data.insert(sum(other < number for other in self._rows), row)
            self._rows[number] = row
        return self._rows[number]

    def _inherited(self, row: Element, column: int) -> int:
        """The style an empty cell shows: its row's, else its column's."""
        if row.get("customFormat") == "1":
            return int(row.get("s") or 0)
        for columns in self._sheet.iter(tag("col")):
            if int(columns.get("min")) <= column <= int(columns.get("max")):
                return int(columns.get("style") or 0)
        return 0


def _numbered(parent: Element, number: Callable[[Element, int], int]) -> dict[int, Element]:
    """Children by their number; one that says none follows the one before it."""
    found: dict[int, Element] = {}
    last = 0
    for child in parent:
        last = number(child, last)
        found[last] = child
    return found


def _at(place: str) -> tuple[int, int]:
    match = _PLACE.fullmatch(place)
    if match is None:
        raise NotEditable("单元格位置读不懂")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _area(said: str) -> tuple[int, int, int, int]:
    first, _, last = said.partition(":")
    return (*_at(first), *_at(last or first))
