"""A workbook of parts (xlsx, xlsm): its worksheets in order, shared strings, styles of days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.office.package import Package

_LOCAL = "{*}"
# formatted cells without a value, and rows of nothing else: what a border drawn too far leaves
_GHOST_CELL = re.compile(rb'<(?:\w+:)?c r="[A-Z]{1,3}\d{1,7}"[^<>/]*/>')
_GHOST_ROW = re.compile(rb"<((?:\w+:)?row) (?![^<>]*hidden=)[^<>]*(?:/>|>\s*</\1>)")


@dataclass(frozen=True)
class SheetPart:
    """One worksheet as the workbook lists it, and the bytes that hold it, ghosts left out."""

    name: str
    hidden: bool
    content: bytes


class Book:
    """The worksheets of a package in either dialect (transitional or strict), and what they share."""

    def __init__(self, package: Package) -> None:
        self._package = package

    @cached_property
    def worksheets(self) -> tuple[SheetPart, ...]:
        """The worksheets in the order of their tabs; charts and macro sheets are none."""
        book = self._package.xml("xl/workbook.xml")
        if book is None:
            return ()
        targets = {r.id: r.target for r in self._package.relations("xl/workbook.xml")}
        return tuple(
            SheetPart(
                sheet.get("name", ""),
                sheet.get("state", "visible") != "visible",
                _GHOST_ROW.sub(_numbered, _GHOST_CELL.sub(b"", content)),
            )
            for sheet in book.iter(f"{_LOCAL}sheet")
            for target in [targets.get(_relation(sheet), "")]
            if "/worksheets/" in target and (content := self._package.part(target))
        )

    @property
    def from_1904(self) -> bool:
        """Whether days are counted from 1904, as on old Macintoshes."""
        book = self._package.xml("xl/workbook.xml")
        told = None if book is None else book.find(f"{_LOCAL}workbookPr")
        return told is not None and told.get("date1904") in ("1", "true")

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The shared strings, runs joined, phonetic guides left out."""
        root = self._package.xml("xl/sharedStrings.xml")
        return () if root is None else tuple(written(si) for si in root.iter(f"{_LOCAL}si"))

    @cached_property
    def date_styles(self) -> frozenset[int]:
        """The cell styles that show a number as a day."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        root = self._package.xml("xl/styles.xml")
        if root is None:
            return frozenset()
        codes = {
            int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in root.iter(f"{_LOCAL}numFmt")
        }
        known = {**BUILTIN_FORMATS, **dict.fromkeys([*range(27, 37), *range(50, 59)], "yyyy-m-d")}
        formats = [
            int(xf.get("numFmtId", 0))
            for xfs in root.iter(f"{_LOCAL}cellXfs")
            for xf in xfs.iter(f"{_LOCAL}xf")
        ]
        return frozenset(
            n for n, f in enumerate(formats) if is_date_format(codes.get(f, known.get(f, "")))
        )


def _numbered(row: re.Match[bytes]) -> bytes:
    """A row that does not say its number counts for those after it."""
    return b"" if b' r="' in row[0] else row[0]


def _relation(sheet: Any) -> str:
    """The relationship id of a sheet, whatever the dialect calls its namespace."""
    return next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")


def written(element: Any) -> str:
    """The text of a string item: all runs joined, without the phonetic guide above the characters."""
    from openpyxl.utils.escape import unescape

    runs = [
        t.text or ""
        for t in element.iter(f"{_LOCAL}t")
        if not any(a.tag.endswith("}rPh") for a in t.iterancestors())
    ]
    return str(unescape("".join(runs)))
