"""One worksheet's XML read row by row, for what calamine refuses, gets wrong or would drown in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell
from pipeline.office.places import LAST_COLUMN, LAST_ROW, column_number
from pipeline.office.read.book import Book, written
from pipeline.office.read.converted import ERROR, NO_RESULT, bounded, cell_of, exact_number
from pipeline.office.read.facts import Facts, whole
from pipeline.office.read.formats import Shows, value_shown
from pipeline.office.read.looks import is_struck
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import unescaped

_MOST_STYLES, _MOST_STRINGS = 100_000, 100_000_000
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# the worksheet's end; behind it stand only comments, instructions and what fills up
_END = re.compile(
    rb"""</(?:[^\s<>/:!?"'=]+:)?worksheet\s*>(?>[\s\0]|<!--.*?-->|<[?].*?[?]>)*+\Z""", re.DOTALL
)
_HALF_CHARACTER = re.compile(
    rb"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));"
)
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,12})")


def sparse_cells(
    content: bytes, book: Book, name: str, limits: Limits
) -> tuple[dict[tuple[int, int], Cell], Facts]:
    """Every cell that holds something, however far apart, with the facts. Raises Unreadable."""
    facts, cells = Facts(), {}
    for element in _elements(content):
        for place, cell in _cells(element):
            found = _fault(cell) or _value(cell, book)
            style = whole(cell.get("s"), 0, _MOST_STYLES)
            if style in book.looks.styles:
                found = book.looks.seen(found, style)
            if found.type:
                cells[place] = found
                if style in book.looks.struck or _in_struck_string(cell, book):
                    facts.struck.add(place)
                if book.looks.hides(found, style):
                    facts.blank.add(place)
        bounded(cells, name, limits)
        _note(element, facts)
    return cells, facts


def _in_struck_string(cell: Any, book: Book) -> bool:
    """Whether letters of a cell's own text are struck out."""
    if (inline := cell.find("{*}is")) is not None:
        return any(map(is_struck, inline.iter("{*}rPr")))
    struck = book.looks.struck_strings
    return (
        bool(struck)
        and cell.get("t") == "s"
        and whole(cell.findtext("{*}v"), -1, _MOST_STRINGS) in struck
    )


def _elements(content: bytes) -> Iterator[Any]:
    """Rows, column widths and merges, one after the other; what was seen is let go.

    Characters that XML forbids are passed over, halves of characters by their code among them. Raises Unreadable where the end is missing.
    """
    from lxml import etree

    if not _END.search(
        content, max(content.rfind(b"</worksheet"), content.rfind(b":worksheet") - 99, 0)
    ):
        raise Unreadable("F01", "文件已损坏，工作表不完整")

    if b"&#" in content:
        content = _HALF_CHARACTER.sub(b"", content)
    tags = ("{*}row", "{*}col", "{*}mergeCell")
    reader = etree.iterparse(
        io.BytesIO(content),
        events=("end",),
        tag=tags,
        recover=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    row = 0
    for _, element in reader:
        if _local(element) == "row":
            if not _is_filed(element):
                continue
            row = whole(element.get("r"), row + 1, LAST_ROW)
            element.set("r", str(row))
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _cells(row: Any) -> Iterator[tuple[tuple[int, int], Any]]:
    if _local(row) != "row":
        return
    column, line = 0, int(row.get("r"))
    for cell in _filed_in(row):
        place = _PLACE.fullmatch(cell.get("r", ""))
        column = column_number(place[1]) if place else column + 1
        at = int(place[2]) if place else line
        if column <= LAST_COLUMN and 1 <= at <= LAST_ROW:
            yield (at, column), cell


def _is_filed(row: Any) -> bool:
    """Whether a row stands among the sheet's data, and is no alternative that Excel passes over."""
    above = [_local(e) for e in row.iterancestors()]
    return "sheetData" in above and not {"Choice", "extLst"}.intersection(above)


def _filed_in(row: Any) -> Iterator[Any]:
    """A row's cells; of alternatives (mc:AlternateContent) those for programs that know no extension."""
    for child in row:
        name = _local(child)
        if name == "c":
            yield child
        elif name in ("AlternateContent", "Fallback"):
            yield from _filed_in(child)


def _fault(cell: Any) -> Cell | None:
    """An error in the cell, or a formula that nobody has calculated."""
    kind, value = cell.get("t", "n"), cell.findtext("{*}v")
    if kind == "e":
        return Cell((value or "").strip() or ERROR, "e")
    if (value or "").strip() or cell.find("{*}f") is None or cell.find("{*}is") is not None:
        return None
    answered = value is not None and kind == "str"  # the formula gives a text of no characters
    return None if answered else Cell(NO_RESULT, "e")


def _value(cell: Any, book: Book) -> Cell:
    kind, value = cell.get("t", "n"), cell.findtext("{*}v") or ""
    inline = cell.find("{*}is")
    if kind == "inlineStr" and inline is not None:
        return cell_of(written(inline))
    if kind == "s":
        nth = whole(value.strip(), -1, len(book.strings))
        return cell_of(book.strings[nth] if 0 <= nth < len(book.strings) else "")
    if kind == "b":
        return cell_of(value.strip() in ("1", "true"))
    if kind == "d":
        return Cell(value.strip()[:10], "d") if _ISO_DAY.match(value.strip()) else cell_of(value)
    return _number(cell, value, book) if kind == "n" else cell_of(unescaped(value))


def _number(cell: Any, value: str, book: Book) -> Cell:
    try:
        number = float(value)
    except ValueError:
        return cell_of(value)
    shows = book.shows(cell.get("s"))
    if shows is Shows.NUMBER:
        return Cell(exact_number(value), "n")
    return cell_of(value_shown(number, shows, from_1904=book.from_1904))


def _note(element: Any, facts: Facts) -> None:
    """Lays what is hidden or merged into the facts."""
    tag = _local(element)
    if tag != "mergeCell":
        facts.note(tag, element.attrib)
        return
    corners = _PLACE.findall(element.get("ref", ""))
    if len(corners) == 2:
        (left, top), (right, bottom) = corners
        facts.merges.append((int(top), column_number(left), int(bottom), column_number(right)))


def _local(element: Any) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
