"""Cheap evidence in a worksheet's bytes: what a look for a few words rules out, no pass over it need seek."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape

from pipeline.model import Cell, Columns
from pipeline.office.places import LAST_COLUMN, LAST_ROW, column_number
from pipeline.office.read.book import has_codes
from pipeline.office.read.converted import ERROR, NO_RESULT, exact_number
from pipeline.office.read.facts import Facts, Merge
from pipeline.office.read.tags import Tags

_FAR = 100_000
_REFERENCE = re.compile(rb'<c r="([A-Z]{1,7})(\d{1,12})"')
# formatted cells without a value, and rows of nothing else: what a border drawn too far leaves
_GHOST_CELL = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"[^<>/]*(?:/>|></c>)')
_GHOST_ROW = re.compile(rb'<row r="(?![^<>]*hidden=)[^<>]*(?:/>|>\s*</row>)')
_HIDING = (b' hidden="1', b' hidden="t', b' ht="0"', b' ht="0.0"')
_CELL = rb'<c r="([A-Z]{1,3})(\d{1,7})"([^<>]*)>\s*'
_FORMULA = rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*"
_ERROR_CELL = re.compile(_CELL + rb"(?:" + _FORMULA + rb")?(?:<v>([^<]*)</v>)?")
# a formula with nothing or an empty value behind it
_UNANSWERED = re.compile(_CELL + _FORMULA + rb"(</c>|<v\s*/>|<v>\s*</v>)")
_ROW = re.compile(rb"<row(\s[^<>]*)?>")
_COLUMN = re.compile(rb"<col\s([^<>]*)>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_PADDED_VALUE = re.compile(rb'<v>\s|t="s"[^<>]*>\s*<v[^<>]*>\d+\s')
_INLINE_VALUE = re.compile(rb't="inlineStr"[^<>]*>\s*<v')
_MERGE = re.compile(
    rb"""<mergeCell\s[^<>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
_LONG_NUMBER = re.compile(_CELL + rb"(?:" + _FORMULA + rb")?<v>([^<]{16,60})</v>")
_LONG = 16  # digits
_NEGATIVE = re.compile(_CELL + rb"(?:" + _FORMULA + rb")?<v>(-[^<]{1,60})</v>")
_STYLE = re.compile(rb' s="(\d{1,6})"')


def is_usual(part: bytes, tags: Tags) -> bool:
    """Whether a worksheet is written as Excel does, so that calamine reads it right."""
    begin, end = part.find(b"<sheetData"), part.rfind(b"</sheetData>")
    if begin < 0 or end < begin or ord("!") in tags.first:
        return False
    if tags.placeless and part.count(b"<c", begin, end) != part.count(b'<c r="', begin, end):
        return False  # calamine and Excel count cells without a place otherwise
    if b"inlineStr" in part and _INLINE_VALUE.search(part):
        return False
    if b't="d"' in part or has_codes(part):
        return False
    broken = tags.padded or any(part.find(mark, begin, end) >= 0 for mark in (b"\n", b"\r", b"\t"))
    return not (broken and _PADDED_VALUE.search(part))


def places_within(part: bytes, tags: Tags, most: int) -> bool:
    """Whether the rectangle around all cells, which a dense reader lays out, is no larger than that, and
    no cell lies where no sheet reaches."""
    if not tags.far and (_FAR - 1) * tags.widest <= most:
        return tags.widest <= LAST_COLUMN
    rows, columns = _box(without_ghosts(part))
    return rows <= LAST_ROW and columns <= LAST_COLUMN and rows * columns <= most


def without_ghosts(part: bytes) -> bytes:
    """A usual worksheet without the cells and rows that hold nothing and hide nothing."""
    return _GHOST_ROW.sub(b"", _GHOST_CELL.sub(b"", part))


def _box(part: bytes) -> tuple[int, int]:
    rows, columns = 0, 0
    for letters, digits in _REFERENCE.findall(part):
        rows = max(rows, int(digits))
        columns = max(columns, _number(letters))
    return rows, columns


def _number(letters: bytes) -> int:
    return column_number(letters.decode("ascii"))


def facts_in(part: bytes, tags: Tags) -> Facts:
    """Error cells, formulas never calculated, hidden rows and columns of a usual worksheet."""
    facts = Facts(merges=list(merges_of(part)))
    if b't="e"' in part:
        for letters, row, attributes, value in _ERROR_CELL.findall(part):
            if b't="e"' in attributes:
                shown = unescape(value.decode("utf-8", "replace")).strip()
                facts.errors[int(row), _number(letters)] = Cell(shown or ERROR, "e")
    if ord("f") in tags.first:
        for letters, row, attributes, end in _UNANSWERED.findall(part):
            is_text = b't="str"' in attributes and end != b"</c>"  # a text of no characters
            if not is_text and b't="e"' not in attributes:
                facts.errors[int(row), _number(letters)] = Cell(NO_RESULT, "e")
    head = part[: part.find(b"<sheetData")]
    for attributes in _COLUMN.findall(head):
        facts.note("col", _attributes(attributes))
    heads = b"".join([part[at : part.find(b">", at) + 1] for at in tags.rows])
    if any(mark in heads for mark in _HIDING):
        row = 0
        for attributes in _ROW.findall(part):
            row = facts.note("row", _attributes(attributes), row)
    return facts


def _attributes(text: bytes) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(text.decode("utf-8", "replace")))


def merges_of(part: bytes) -> tuple[Merge, ...]:
    """The merged ranges of a usual worksheet."""
    if b"<mergeCell " not in part:
        return ()
    return tuple(
        (int(top), _number(left), int(bottom), _number(right))
        for left, top, right, bottom in _MERGE.findall(part, part.rfind(b"</sheetData>"))
    )


def days_before_time(part: bytes, days: Collection[int]) -> dict[tuple[int, int], Cell]:
    """Negative numbers under styles that show days: they stand for none, and are what they are."""
    if b"<v>-" not in part or not days:
        return {}
    found = {}
    for letters, row, attributes, digits in _NEGATIVE.findall(part):
        style = _STYLE.search(attributes)
        if style and int(style[1]) in days and b' t="' not in attributes:
            found[int(row), _number(letters)] = _numeral(digits)
    return found


def _numeral(digits: bytes) -> Cell:
    return Cell(exact_number(digits.decode("ascii", "replace")), "n")


def long_numbers(part: bytes, columns: Columns) -> dict[tuple[int, int], Cell]:
    """Cells whose numbers have more digits than a binary number holds, with the digits as written."""
    if not any(
        kind == "n" and len(text) >= _LONG
        for texts, types in zip(columns.texts, columns.types, strict=True)
        if "n" in types
        for text, kind in zip(texts, types, strict=True)
    ):
        return {}
    found = {}
    for letters, row, attributes, digits in _LONG_NUMBER.findall(part):
        place = (int(row), _number(letters))
        plain = b' t="' not in attributes or b't="n"' in attributes
        cell = columns.get(place) if plain else None
        if cell and cell.type == "n" and len(cell.text) >= _LONG:
            found[place] = _numeral(digits)
    return found
