"""The parts around the sheets that point at rows: names, drawings, notes, tables; and new sheets."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.office.fill.drawn_texts import InDrawing, fill_texts
from pipeline.office.fill.expressions import View
from pipeline.office.fill.moves import Moves, moved
from pipeline.office.fill.plan import Segment
from pipeline.office.fill.tails import move_anchors
from pipeline.office.fill.template import DrawnSheet, Template
from pipeline.office.package import relations_of
from pipeline.office.xmlparts import MAIN, written_out

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LONGEST_NAME = 31
# what stands on a sheet through parts of its own: the first sheet of a cut list keeps it
_ON_PARTS = frozenset(
    {"drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls",
     "tableParts", "extLst", "hyperlinks", "AlternateContent"}
)  # fmt: skip
# what the schema puts before the settings of calculation
_BEFORE_SETUP = frozenset({"sheets", "functionGroups", "externalReferences", "definedNames"})
_VML_ROWS = re.compile(rb"(<x:Row>\s*)(\d+)(\s*</x:Row>)")
_VML_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")

Parts = dict[str, bytes | None]  # None: the part is left out


@dataclass(frozen=True)
class Page:
    """One sheet to be written: a drawn sheet, or with `number` 2 and on, a further page of its list."""

    sheet: DrawnSheet
    number: int
    segments: tuple[Segment, ...]
    moves: Moves

    @property
    def part(self) -> str:
        """The name of its part."""
        if self.number == 1:
            return self.sheet.part
        stem, dot, suffix = self.sheet.part.rpartition(".")
        return f"{stem}_{self.number}{dot}{suffix}"

    def strip(self, root: Any) -> None:
        """Takes out of a further page what belongs to the first alone."""
        for child in list(root):
            if etree.QName(child).localname in _ON_PARTS:
                root.remove(child)
        for element in root.iter(etree.Element):
            element.attrib.pop(_ID, None)
        for view in root.iter(f"{{{MAIN}}}sheetView"):
            view.attrib.pop("tabSelected", None)


def surroundings(
    drawn: Template, pages: Sequence[Page], moves: Mapping[str, Moves], view: View
) -> Parts:
    """The parts besides the sheets that must be written anew, by name."""
    found: Parts = dict(_contents(drawn, pages))
    found |= _book(drawn, pages, moves)
    for page in pages:
        if page.number == 1 and not page.moves.still():
            found |= _standing_on(drawn, page)
    for page in pages:
        if page.number == 1 and (part := page.sheet.drawing):
            root = _copy(drawn, part)
            if fill_texts(root, view, InDrawing(drawn.file, page.sheet.name, "")):
                move_anchors(root, page.moves)
                found[part] = written_out(root)
    return found


def _standing_on(drawn: Template, page: Page) -> Parts:
    """Drawings, notes and tables of a sheet whose rows moved."""
    sheet, own, found = page.sheet, page.moves, dict[str, bytes | None]()
    if sheet.drawing:
        root = _copy(drawn, sheet.drawing)
        move_anchors(root, own)
        found[sheet.drawing] = written_out(root)
    if sheet.notes:
        root = _copy(drawn, sheet.notes)
        for note in root.iter("{*}comment"):
            note.set("ref", own.areas(note.get("ref")) or note.get("ref"))
        found[sheet.notes] = written_out(root)
    if sheet.note_shapes:
        found[sheet.note_shapes] = _moved_shapes(drawn.package.part(sheet.note_shapes), own)
    for table in sheet.tables:
        root = _copy(drawn, table)
        for element in (root, *root.iter("{*}autoFilter")):
            element.set("ref", own.areas(element.get("ref")) or element.get("ref"))
        found[table] = written_out(root)
    return found


def _moved_shapes(shapes: bytes, own: Moves) -> bytes:
    def row(match: re.Match[bytes]) -> bytes:
        return match[1] + str(own.start(int(match[2]) + 1) - 1).encode() + match[3]

    def anchor(match: re.Match[bytes]) -> bytes:
        numbers = [n.strip() for n in match[2].decode().split(",")]
        if len(numbers) != 8 or not all(n.lstrip("-").isdigit() for n in numbers):
            return match[0]
        top = int(numbers[2])
        shift = own.start(top + 1) - 1 - top
        numbers[2], numbers[6] = str(top + shift), str(int(numbers[6]) + shift)
        return match[1] + ", ".join(numbers).encode() + match[3]

    return _VML_ANCHOR.sub(anchor, _VML_ROWS.sub(row, shapes))


def _book(drawn: Template, pages: Sequence[Page], moves: Mapping[str, Moves]) -> Parts:
    """The workbook with its names moved and its further pages listed."""
    root = _copy(drawn, drawn.book)
    home = {n: s.get("name") for n, s in enumerate(root.iter(f"{{{MAIN}}}sheet"))}
    changed = False
    for name in root.iter(f"{{{MAIN}}}definedName"):
        local = name.get("localSheetId") or ""
        formula = moved(name.text or "", home.get(int(local), "") if local.isdigit() else "", moves)
        changed |= formula != name.text
        name.text = formula
    if any(p.number > 1 for p in pages):
        _list_pages(root, pages)
        changed = True
    if any(p.sheet.calculates for p in pages):
        _calculated_on_opening(root)
        changed = True
    return {drawn.book: written_out(root)} if changed else {}


def _calculated_on_opening(root: Any) -> None:
    setup = root.find(f"{{{MAIN}}}calcPr")
    if setup is None:
        setup = etree.Element(f"{{{MAIN}}}calcPr")
        before = [e for e in root if etree.QName(e).localname in _BEFORE_SETUP]
        before[-1].addnext(setup)
    setup.set("fullCalcOnLoad", "1")


def _list_pages(root: Any, pages: Sequence[Page]) -> None:
    sheets = root.find(f"{{{MAIN}}}sheets")
    names = {s.get("name") for s in sheets}
    number = max(int(s.get("sheetId")) for s in sheets)
    position = {s.get("name"): n for n, s in enumerate(sheets)}
    further = [p for p in pages if p.number > 1]
    _shift_names(root, [position[p.sheet.name] for p in further])
    for page in further:
        number += 1
        first = next(s for s in sheets if s.get("name") == page.sheet.name)
        last = first
        for _ in range(page.number - 2):
            last = last.getnext()
        twin = deepcopy(first)
        twin.set("name", _page_name(page, names))
        twin.set("sheetId", str(number))
        twin.set(_ID, _relation_id(page))
        last.addnext(twin)
        _copy_names(root, page, list(sheets).index(first), list(sheets).index(twin), twin)


def _page_name(page: Page, taken: set[str]) -> str:
    for number in range(page.number, page.number + 1000):
        suffix = f"（{number}）"
        name = page.sheet.name[: _LONGEST_NAME - len(suffix)] + suffix
        if name not in taken:
            break
    taken.add(name)
    return name


def _relation_id(page: Page) -> str:
    stem = posixpath.basename(page.sheet.part).rpartition(".")[0]
    return f"rIdPage{stem}_{page.number}"


def _shift_names(root: Any, inserted: Sequence[int]) -> None:
    """Names count sheets from the first: those behind a new page move on."""
    for name in root.iter(f"{{{MAIN}}}definedName"):
        local = name.get("localSheetId") or ""
        if local.isdigit():
            name.set("localSheetId", str(int(local) + sum(at < int(local) for at in inserted)))


def _copy_names(root: Any, page: Page, first: int, at: int, twin: Any) -> None:
    """A further page is printed like the first: its titles repeated, its area its own."""
    whole = root.find(f"{{{MAIN}}}definedNames")
    for name in [] if whole is None else list(whole):
        if name.get("localSheetId") != str(first) or name.get("name") != "_xlnm.Print_Titles":
            continue
        copy = deepcopy(name)
        copy.set("localSheetId", str(at))
        quoted = "'" + twin.get("name").replace("'", "''") + "'!"
        copy.text = re.sub(
            r"(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!", quoted.replace("\\", "\\\\"), name.text or ""
        )
        name.addnext(copy)


def _contents(drawn: Template, pages: Sequence[Page]) -> Iterator[tuple[str, bytes | None]]:
    """What lists the parts: with further pages, and without the order of calculation, which a
    program works out anew (a stale one it takes for damage)."""
    types, relations = _copy(drawn, "[Content_Types].xml"), _copy(drawn, relations_of(drawn.book))
    chain = drawn.package.related(drawn.book, "calcChain")
    further = [p for p in pages if p.number > 1]
    if not chain and not further:
        return
    for page in further:
        etree.SubElement(
            types, f"{{{_TYPES}}}Override", PartName=f"/{page.part}", ContentType=_WORKSHEET
        )
        kind = _ID[1:].partition("}")[0] + "/worksheet"
        etree.SubElement(
            relations, f"{{{_RELS}}}Relationship",
            Id=_relation_id(page), Type=kind, Target=f"/{page.part}",
        )  # fmt: skip
    if chain:
        for element in [*types, *relations]:
            target = element.get("PartName") or element.get("Target") or ""
            if posixpath.basename(target) == posixpath.basename(chain):
                element.getparent().remove(element)
        yield chain, None
    yield "[Content_Types].xml", written_out(types)
    yield relations_of(drawn.book), written_out(relations)


def _copy(drawn: Template, part: str) -> Any:
    return deepcopy(drawn.package.xml(part))
