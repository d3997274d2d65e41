"""An Office package taken apart: its worksheets in order, each with the part that holds it."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.workbooks.faults import Unreadable
from pipeline.workbooks.xmlparts import parse_xml

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


class Package:
    """The parts of an xlsx or xlsm file, in either dialect (transitional or strict)."""

    def __init__(self, content: bytes) -> None:
        """Raises Unreadable where the bytes are no package of a workbook."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._parts = {name.replace("\\", "/"): name for name in self._zip.namelist()}
        except Exception as fault:  # zipfile raises a dozen kinds on damaged files
            raise Unreadable("F01", "文件已损坏，或没有传完整") from fault

    def part(self, name: str) -> bytes:
        """A part's bytes; nothing where it is missing. Raises Unreadable where it is damaged."""
        if name not in self._parts:
            return b""
        try:
            return self._zip.read(self._parts[name])
        except Exception as fault:
            raise Unreadable("F01", "文件已损坏，或没有传完整") from fault

    @cached_property
    def worksheets(self) -> tuple[SheetPart, ...]:
        """The worksheets in the order of their tabs; charts and macro sheets are none."""
        book = self._xml("xl/workbook.xml")
        if book is None:
            return ()
        targets = dict(self._targets("xl/_rels/workbook.xml.rels"))
        return tuple(
            SheetPart(
                sheet.get("name", ""),
                sheet.get("state", "visible") != "visible",
                _GHOST_ROW.sub(_numbered, _GHOST_CELL.sub(b"", content)),
            )
            for sheet in book.iter(f"{_LOCAL}sheet")
            for target in [targets.get(_relation(sheet), "")]
            if "/worksheets/" in target and (content := self.part(target))
        )

    @property
    def from_1904(self) -> bool:
        """Whether days are counted from 1904, as on old Macintoshes."""
        book = self._xml("xl/workbook.xml")
        told = None if book is None else book.find(f"{_LOCAL}workbookPr")
        return told is not None and told.get("date1904") in ("1", "true")

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The shared strings, runs joined, phonetic guides left out."""
        root = self._xml("xl/sharedStrings.xml")
        return () if root is None else tuple(written(si) for si in root.iter(f"{_LOCAL}si"))

    @cached_property
    def date_styles(self) -> frozenset[int]:
        """The cell styles that show a number as a day."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        root = self._xml("xl/styles.xml")
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

    def _xml(self, name: str) -> Any:
        content = self.part(name)
        return parse_xml(content) if content else None

    def _targets(self, name: str) -> Iterator[tuple[str, str]]:
        root = self._xml(name)
        for relation in () if root is None else root.iter(f"{_LOCAL}Relationship"):
            target = relation.get("Target", "").replace("\\", "/")
            whole = target[1:] if target.startswith("/") else posixpath.join("xl", target)
            yield relation.get("Id", ""), posixpath.normpath(whole)


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
