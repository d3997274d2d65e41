"""One worksheet's XML, read row by row: what calamine does not tell, and cells where it would drown."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell
from pipeline.office.places import LAST_COLUMN, LAST_ROW, column_number
from pipeline.office.read.book import Book, written
from pipeline.office.read.cells import ERROR, NO_RESULT, bounded, cell_of

_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass
class Facts:
    """What one pass over a worksheet tells; columns beyond the last cell are left out."""

    errors: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_spans: list[tuple[int, int]] = field(default_factory=list)

    def hidden_columns(self, last: int) -> frozenset[int]:
        """The hidden columns up to the last one used."""
        spans = (range(a, min(b, last) + 1) for a, b in self.hidden_spans)
        return frozenset(c for span in spans for c in span)


def facts_of(content: bytes) -> Facts:
    """Error cells, formulas never calculated, merges, hidden rows and columns."""
    facts = Facts()
    for element in _elements(content):
        for place, cell in _cells(element):
            if fault := _fault(cell):
                facts.errors[place] = fault
        _note(element, facts)
    return facts


def sparse_cells(
    content: bytes, book: Book, name: str, limits: Limits
) -> tuple[dict[tuple[int, int], Cell], Facts]:
    """Every cell that holds something, however far apart, with the facts. Raises Unreadable."""
    facts, cells = Facts(), {}
    for element in _elements(content):
        for place, cell in _cells(element):
            found = _fault(cell) or _value(cell, book)
            if found.type:
                cells[place] = found
        bounded(cells, name, limits)
        _note(element, facts)
    return cells, facts


def _elements(content: bytes) -> Iterator[Any]:
    """Rows, column widths and merges, one after the other; what was seen is let go."""
    from lxml import etree

    tags = ("{*}row", "{*}col", "{*}mergeCell")
    reader = etree.iterparse(
        io.BytesIO(content),
        events=("end",),
        tag=tags,
        recover=True,
        huge_tree=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    row = 0
    for _, element in reader:
        if element.tag.endswith("}row"):
            row = _whole(element.get("r"), row + 1, LAST_ROW)
            element.set("r", str(row))
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _cells(row: Any) -> Iterator[tuple[tuple[int, int], Any]]:
    if not row.tag.endswith("}row"):
        return
    column, line = 0, int(row.get("r"))
    for cell in row.iterchildren("{*}c"):
        place = _PLACE.fullmatch(cell.get("r", ""))
        column = column_number(place[1]) if place else column + 1
        if column <= LAST_COLUMN:
            yield (int(place[2]) if place else line, column), cell


def _fault(cell: Any) -> Cell | None:
    """An error in the cell, or a formula that nobody has calculated."""
    kind, value = cell.get("t", "n"), cell.findtext("{*}v")
    if kind == "e":
        return Cell(value or ERROR, "e")
    unanswered = not value and kind != "str" and cell.find("{*}f") is not None
    return Cell(NO_RESULT, "e") if unanswered else None


def _value(cell: Any, book: Book) -> Cell:
    kind, value = cell.get("t", "n"), cell.findtext("{*}v") or ""
    if kind == "inlineStr":
        inline = cell.find("{*}is")
        return cell_of(written(inline) if inline is not None else "")
    if kind == "s":
        return cell_of(book.strings[int(value)] if _is_index(value, book) else "")
    if kind == "b":
        return cell_of(value in ("1", "true"))
    if kind == "d":
        return Cell(value[:10], "d") if value else Cell("", "")
    return _number(cell, value, book) if kind == "n" else cell_of(value)


def _is_index(value: str, book: Book) -> bool:
    return value.isdigit() and int(value) < len(book.strings)


def _number(cell: Any, value: str, book: Book) -> Cell:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    try:
        number = float(value)
    except ValueError:
        return cell_of(value)
    if _whole(cell.get("s"), 0, 10**6) in book.date_styles:
        epoch = CALENDAR_MAC_1904 if book.from_1904 else CALENDAR_WINDOWS_1900
        try:
            return cell_of(from_excel(number, epoch))
        except (ValueError, OverflowError):
            pass
    return cell_of(number)


def _note(element: Any, facts: Facts) -> None:
    """Lays what is hidden or merged into the facts."""
    tag = element.tag.rsplit("}", 1)[-1]
    if tag == "row" and _is_hidden(element, "ht"):
        facts.hidden_rows.add(int(element.get("r")))
    elif tag == "col" and _is_hidden(element, "width"):
        first = _whole(element.get("min"), 1, LAST_COLUMN)
        facts.hidden_spans.append((first, _whole(element.get("max"), first, LAST_COLUMN)))
    elif tag == "mergeCell":
        corners = _PLACE.findall(element.get("ref", ""))
        if len(corners) == 2:
            (left, top), (right, bottom) = corners
            facts.merges.append((int(top), column_number(left), int(bottom), column_number(right)))


def _is_hidden(element: Any, size: str) -> bool:
    """Hidden outright, or drawn to no height or width at all."""
    return element.get("hidden") in ("1", "true") or element.get(size) in ("0", "0.0")


def _whole(text: str | None, otherwise: int, most: int) -> int:
    return min(int(text), most) if text and text.isdigit() else otherwise
