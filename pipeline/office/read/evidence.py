"""Cheap evidence in a worksheet's bytes: what a look for a few words rules out, no pass over it need seek."""

from __future__ import annotations

import re

from pipeline.model import Cell, Columns
from pipeline.office.places import LAST_ROW, column_number
from pipeline.office.read.cells import exact_number

Merge = tuple[int, int, int, int]
_LETTERS = re.compile(rb'<c r="([A-Z]{1,7})')
_FAR = 100_000
_FAR_DOWN = re.compile(rb'<c r="[A-Z]+\d{6}')
_REFERENCE = re.compile(rb'<c r="([A-Z]{1,7})(\d{1,12})"')
# formatted cells without a value, and rows of nothing else: what a border drawn too far leaves
_GHOST_CELL = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"[^<>/]*(?:/>|></c>)')
_GHOST_ROW = re.compile(rb'<row r="(?![^<>]*hidden=)[^<>]*(?:/>|>\s*</row>)')
_FACTS = (b't="e"', b' hidden="1', b' hidden="t', b' ht="0"', b' ht="0.0"')
_NO_WIDTH = b'idth="0'
# a formula with nothing or an empty value behind it
_UNANSWERED = re.compile(
    rb"(?:</f>|<f[^<>]*/>)\s*(?:</c>|<v\s*/>)|[^r]\"><f[^<>]*(?:/>|>[^<]*</f>)\s*<v></v>"
)
_PADDED_VALUE = re.compile(rb'<v>\s|t="s"[^<>]*>\s*<v[^<>]*>\d+\s')
_INLINE_VALUE = re.compile(rb't="inlineStr"[^<>]*>\s*<v')
_MERGE = re.compile(
    rb"""<mergeCell\s[^<>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
_LONG_NUMBER = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"([^<>]*)>(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v>([^<]{16,60})</v>'
)
_LONG = 16  # digits


def is_usual(part: bytes) -> bool:
    """Whether a worksheet is written as Excel does, so that calamine reads it right."""
    begin, end = part.find(b"<sheetData"), part.rfind(b"</sheetData>")
    if begin < 0 or end < begin or b"<!" in part:
        return False
    if part.count(b"<c", begin, end) != part.count(b'<c r="', begin, end):
        return False  # calamine and Excel count cells without a place otherwise
    if b"inlineStr" in part and _INLINE_VALUE.search(part):
        return False
    broken = any(
        part.find(mark, begin, end) >= 0 for mark in (b"\n", b"\r", b"\t", b"<v> ", b" </v>")
    )
    return not (broken and _PADDED_VALUE.search(part))


def places_within(part: bytes, most: int) -> bool:
    """Whether the rectangle around all cells, which a dense reader lays out, is no larger than that."""
    rows = LAST_ROW if _FAR_DOWN.search(part) else _FAR - 1
    if rows * max(map(_number, set(_LETTERS.findall(part))), default=0) <= most:
        return True
    return _box(without_ghosts(part)) <= most


def without_ghosts(part: bytes) -> bytes:
    """A usual worksheet without the cells and rows that hold nothing and hide nothing."""
    return _GHOST_ROW.sub(b"", _GHOST_CELL.sub(b"", part))


def _box(part: bytes) -> int:
    rows, columns = 0, 0
    for letters, digits in _REFERENCE.findall(part):
        rows = max(rows, int(digits))
        columns = max(columns, _number(letters))
    return rows * columns


def _number(letters: bytes) -> int:
    return column_number(letters.decode("ascii"))


def needs_facts(part: bytes) -> bool:
    """Whether there may be error cells, hidden rows or columns, or formulas never calculated."""
    if (
        any(mark in part for mark in _FACTS)
        or part.find(_NO_WIDTH, 0, part.find(b"<sheetData")) >= 0
    ):
        return True
    return b"<f" in part and _UNANSWERED.search(part) is not None


def merges_of(part: bytes) -> tuple[Merge, ...]:
    """The merged ranges of a usual worksheet."""
    if b"<mergeCell " not in part:
        return ()
    return tuple(
        (int(top), _number(left), int(bottom), _number(right))
        for left, top, right, bottom in _MERGE.findall(part, part.rfind(b"</sheetData>"))
    )


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
        cell = columns.get(place) if b' t="' not in attributes or b't="n"' in attributes else None
        if cell and cell.type == "n" and len(cell.text) >= _LONG:
            found[place] = Cell(exact_number(digits.decode("ascii", "replace")), "n")
    return found
