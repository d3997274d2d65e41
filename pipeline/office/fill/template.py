"""A workbook template taken apart once: its parts as they lie there, its sheets drawn and compiled."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.office.fill.heights import Widths
from pipeline.office.fill.patterns import DrawnRow, drawn_rows, joined
from pipeline.office.fill.styling import Styling
from pipeline.office.package import Package
from pipeline.office.places import area
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import MAIN, parse_xml, written_out
from pipeline.office.zipped import Packed, packed, packed_parts
from pipeline.programme import ProgrammeFault


@dataclass(frozen=True)
class DrawnSheet:
    """One worksheet of a template. `xml` is its part without rows."""

    name: str
    part: str
    drawing: str  # parts that stand on it by rows; empty where it has none
    notes: str
    note_shapes: str
    tables: tuple[str, ...]
    xml: bytes
    rows: tuple[DrawnRow, ...]
    merged: frozenset[int]
    widths: Widths

    @property
    def filled(self) -> bool:
        """Whether anything in it is to be filled in."""
        return any(r.over or any(c.value is not None for c in r.cells) for r in self.rows)

    @property
    def calculates(self) -> bool:
        """Whether it holds formulas."""
        return any(c.formula for r in self.rows for c in r.cells)


@dataclass(frozen=True)
class Template:
    """All of a template. Nothing in it is changed by filling."""

    file: Path
    package: Package
    parts: Mapping[str, Packed]
    book: str  # the workbook's part
    styles: bytes
    styles_part: str
    sheets: tuple[DrawnSheet, ...]

    def styling(self) -> Styling:
        """The styles anew, to which days may add."""
        return Styling(parse_xml(self.styles))


def lists_in(file: Path) -> dict[str, tuple[str, int]]:
    """By the list that a template names, on which sheet and row its lines begin once it is filled; only the
    first list of a sheet, behind which nothing can say. Raises ProgrammeFault."""
    first = (
        (sheet, next((row for row in sheet.rows if row.over), None))
        for sheet in opened(file).sheets
    )
    return {
        row.over.as_written: (sheet.name, row.number) for sheet, row in first if row and row.over
    }


def opened(file: Path) -> Template:
    """The template, taken apart when it is first asked for. Raises ProgrammeFault."""
    try:
        state = file.stat()
    except OSError:
        raise ProgrammeFault(file, None, "找不到这个模板") from None
    return _opened(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)
def _opened(file: Path, changed: int, size: int) -> Template:
    try:
        return taken_apart(file, file.read_bytes())
    except OSError as why:
        raise ProgrammeFault(file, None, "这个模板打不开，请用 Excel 另存为 .xlsx") from why


def taken_apart(file: Path, content: bytes) -> Template:
    """A workbook that lies in a file, or inside of one (the data of a chart). Raises ProgrammeFault."""
    try:
        return _taken_apart(file, Package(content), packed_parts(content))
    except (Unreadable, zipfile.BadZipFile, KeyError, ValueError, AttributeError) as why:
        raise ProgrammeFault(file, None, "这个模板打不开，请用 Excel 另存为 .xlsx") from why


def _taken_apart(file: Path, package: Package, parts: dict[str, Packed]) -> Template:
    book = package.related("", "officeDocument")
    root = package.xml(book)
    if root is None or root.tag != f"{{{MAIN}}}workbook":
        raise ValueError("no workbook")
    strings_part = package.related(book, "sharedStrings")
    strings = package.xml(strings_part) if strings_part else None
    shared = [] if strings is None else [joined(si) for si in strings.iter("{*}si")]
    if strings is not None and any("{" in text for text in shared):
        parts[strings_part] = packed(strings_part, _without_expressions(strings))
    targets = {r.id: r for r in package.relations(book)}
    sheets = [
        _sheet(file, package, sheet.get("name"), targets[relation].target, shared)
        for sheet in root.iter(f"{{{MAIN}}}sheet")
        for relation in [next(v for k, v in sheet.attrib.items() if k.endswith("}id"))]
        if targets[relation].kind == "worksheet"
    ]
    styles = package.related(book, "styles")
    return Template(file, package, parts, book, package.part(styles), styles, tuple(sheets))


def _without_expressions(strings: Any) -> bytes:
    """The shared strings, blank where an expression stood: the filled workbook shows none."""
    for item in strings.iter("{*}si"):
        if "{" in joined(item):
            for child in list(item):
                item.remove(child)
            etree.SubElement(item, f"{{{etree.QName(item).namespace}}}t")
    return written_out(strings)


def _sheet(file: Path, package: Package, name: str, part: str, shared: list[str]) -> DrawnSheet:
    root = _unprefixed(package.xml(part))
    data = root.find("{*}sheetData")
    rows = drawn_rows(data, shared, file, name)
    merges = [area(m.get("ref")) for m in root.iter("{*}mergeCell")]
    widths = Widths(root)
    for row in list(data):
        data.remove(row)
    relations = package.relations(part)

    def first(kind: str) -> str:
        return next((r.target for r in relations if r.kind == kind and r.target in package), "")

    return DrawnSheet(
        name=name,
        part=part,
        drawing=first("drawing"),
        notes=first("comments"),
        note_shapes=first("vmlDrawing"),
        tables=tuple(r.target for r in relations if r.kind == "table"),
        xml=etree.tostring(root),
        rows=tuple(rows),
        merged=frozenset(top for top, *_ in merges),
        widths=widths,
    )


def _unprefixed(root: Any) -> Any:
    """The worksheet element with its namespace as the default one: rows are written without prefix."""
    if root.nsmap.get(None) == MAIN:
        return root
    fresh = etree.Element(root.tag, attrib=dict(root.attrib), nsmap={**root.nsmap, None: MAIN})
    fresh.extend(list(root))
    return fresh
