"""A workbook without one of its sheets: what is meant for this office alone does not leave the house."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from lxml import etree

from pipeline.office.package import Package, relations_of
from pipeline.office.xmlparts import MAIN, written_out
from pipeline.office.zipped import in_one, packed, packed_parts

_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHARED = re.compile(rb'<(?:\w+:)?c\b[^>]*\bt="s"[^>]*>\s*<(?:\w+:)?v>\s*(\d+)')
_CONTENTS, _APP = "[Content_Types].xml", "docProps/app.xml"


def leave_out(content: bytes, name: str) -> bytes:
    """The workbook without the sheet of that name and without the texts that stood on it alone; as it
    is where it has no such sheet. Raises Unreadable. No formula or chart of another sheet may speak of it."""
    package = Package(content)
    book = package.related("", "officeDocument")
    root = package.xml(book)
    sheets = list(root.iter(f"{{{MAIN}}}sheet"))
    nth = next((n for n, sheet in enumerate(sheets) if sheet.get("name") == name), None)
    if nth is None:
        return content
    relation = next(r for r in package.relations(book) if r.id == sheets[nth].get(_R_ID))
    own = {r.target for r in package.relations(relation.target)} - {
        shared.target
        for other in package.relations(book)
        if other.kind == "worksheet" and other.target != relation.target
        for shared in package.relations(other.target)
    }
    gone = {relation.target, relations_of(relation.target), *own}
    gone.add(package.related(book, "calcChain"))  # spreadsheet programs make it anew
    gone.discard("")  # no chain: the types of whole kinds of parts name no part
    changed = {
        book: written_out(_without_sheet(root, sheets[nth], nth)),
        relations_of(book): written_out(_unrelated(package.xml(relations_of(book)), book, gone)),
        _CONTENTS: written_out(_unlisted(package.xml(_CONTENTS), gone)),
    }
    if texts := package.related(book, "sharedStrings"):
        changed[texts] = written_out(_blanked(package, book, texts, relation.target))
    if _APP in package:
        changed[_APP] = written_out(_untitled(package.xml(_APP)))
    return in_one(
        packed(part, changed[part]) if part in changed else was
        for part, was in packed_parts(content).items()
        if part not in gone
    )


def _without_sheet(root: Any, sheet: Any, nth: int) -> Any:
    """The workbook's list without the sheet; names of later sheets are counted down."""
    sheet.getparent().remove(sheet)
    for name in list(root.iter(f"{{{MAIN}}}definedName")):
        at = int(name.get("localSheetId", -1))
        if at == nth:
            name.getparent().remove(name)
        elif at > nth:
            name.set("localSheetId", str(at - 1))
    for view in root.iter(f"{{{MAIN}}}workbookView"):
        for place in ("activeTab", "firstSheet"):
            if int(view.get(place, 0)) >= nth:
                view.set(place, "0")
    return root


def _unrelated(relations: Any, book: str, gone: set[str]) -> Any:
    folder = posixpath.dirname(book)
    for relation in list(relations):
        if posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))[1:]) in gone:
            relations.remove(relation)
    return relations


def _unlisted(types: Any, gone: set[str]) -> Any:
    for element in list(types):
        if element.get("PartName", "").lstrip("/") in gone:
            types.remove(element)
    return types


def _blanked(package: Package, book: str, texts: str, part: str) -> Any:
    """The shared texts, blank where no other sheet shows them: the numbers of the rest stay."""
    kept: set[int] = set()
    for other in (r.target for r in package.relations(book) if r.kind == "worksheet"):
        if other != part:
            kept.update(int(n) for n in _SHARED.findall(package.part(other)))
    root = package.xml(texts)
    for number, item in enumerate(root.iter(f"{{{MAIN}}}si")):
        if number not in kept and len(item):
            for child in list(item):
                item.remove(child)
            etree.SubElement(item, f"{{{MAIN}}}t")
    return root


def _untitled(root: Any) -> Any:
    """The document's properties without the titles of its sheets, which are optional."""
    for element in list(root):
        if etree.QName(element).localname in ("TitlesOfParts", "HeadingPairs"):
            root.remove(element)
    return root
