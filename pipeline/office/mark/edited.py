"""A county's workbook as a package of parts: changed where asked, every other part as it lies there."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

from pipeline.limits import LIMITS, Limits
from pipeline.office.package import Package, relations_of
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import MAIN, written_out
from pipeline.office.zipped import ZipStream, packed, packed_parts

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CONTENTS = "[Content_Types].xml"

Element = Any  # lxml has no types


class NotEditable(Exception):
    """The package is not one that can be edited in place: strict OOXML, macros, a missing part."""


def tag(name: str) -> str:
    """The qualified name of a SpreadsheetML element."""
    return f"{{{MAIN}}}{name}"


R_ID = f"{{{OFFICE}}}id"


def whole_number(text: str | None, otherwise: int = 0) -> int:
    """A number as an attribute says it; what is none counts as another.

    >>> whole_number("7"), whole_number("x"), whole_number(None, 1)
    (7, 0, 1)
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


class Edited:
    """The parts of a workbook. Raises NotEditable where it is none, or a stranger one."""

    def __init__(self, content: bytes, limits: Limits = LIMITS) -> None:
        try:
            self._package = Package(content, limits)
            self._packed = {_plain(n): p for n, p in packed_parts(content).items()}
        except (Unreadable, zipfile.BadZipFile, OSError, ValueError) as fault:
            raise NotEditable("不是 xlsx 文件") from fault
        self._changed: dict[str, bytes] = {}
        self._trees: dict[str, Element] = {}
        if any(name.lower().endswith("vbaproject.bin") for name in self._packed):
            raise NotEditable("宏")
        self.workbook_part = self._target("", "officeDocument")
        if self.tree(self.workbook_part).tag != tag("workbook"):
            raise NotEditable("严格 OOXML 格式")
        self.styles_part = self._target(self.workbook_part, "styles")

    def __contains__(self, part: str) -> bool:
        return part in self._trees or part in self._changed or part in self._package

    def tree(self, part: str) -> Element:
        """The root element of a part, to be changed; it is written anew by `saved`."""
        if part not in self._trees:
            root = self._parsed(part)
            if root is None:
                raise NotEditable("缺少部件")
            self._trees[part] = root
        return self._trees[part]

    def content(self, part: str) -> bytes:
        """A part's bytes."""
        try:
            return self._changed.get(part) or self._package.part(part)
        except Unreadable as fault:
            raise NotEditable("部件损坏") from fault

    def replace(self, part: str, content: bytes) -> None:
        """Gives a part other bytes."""
        self._changed[part] = content

    def sheets(self) -> dict[str, str]:
        """Worksheet parts by the sheet's name, in the workbook's order."""
        targets = {r.id: r for r in self._package.relations(self.workbook_part)}
        found = {}
        for sheet in self.tree(self.workbook_part).iter(tag("sheet")):
            relation = targets.get(sheet.get(R_ID) or "")
            if relation and relation.kind == "worksheet" and relation.target in self._package:
                found[sheet.get("name") or ""] = relation.target
        return found

    def related(self, part: str, kind: str) -> str:
        """The part that `part` relates to under a kind (`comments`), or nothing."""
        try:
            return self._package.related(part, kind)
        except Unreadable as fault:
            raise NotEditable("部件损坏") from fault

    def add(self, part: str, content: bytes, *, content_type: str) -> None:
        """A new part with its content type."""
        self._changed[part] = content
        types = self.tree(_CONTENTS)
        etree.SubElement(
            types, f"{{{_TYPES}}}Override", PartName=f"/{part}", ContentType=content_type
        )

    def relate(self, part: str, target: str, kind: str) -> str:
        """Let `part` relate to `target`; returns the new relation's id."""
        rels = relations_of(part)
        if rels not in self:
            self._trees[rels] = etree.Element(f"{{{_RELS}}}Relationships", nsmap={None: _RELS})
        relations = self.tree(rels)
        taken = {r.get("Id") for r in relations.iter(etree.Element)}
        identity = next(f"rIdMark{n}" for n in range(1, 100_000) if f"rIdMark{n}" not in taken)
        etree.SubElement(
            relations, f"{{{_RELS}}}Relationship",
            Id=identity, Type=f"{OFFICE}/{kind}", Target=f"/{target}",
        )  # fmt: skip
        return identity

    def free(self, pattern: str) -> str:
        """The first part name of a pattern with `{}` in it that is not taken."""
        return next(p for n in range(1, 100_000) if (p := pattern.format(n)) not in self)

    def saved(self) -> bytes:
        """The package with its changes, under fixed times."""
        changed = dict(self._changed)
        for part, root in self._trees.items():
            if not self._says_the_same(part, root):
                changed[part] = written_out(root)
        by_folded = {name.lower(): name for name in changed}
        out = io.BytesIO()
        stream = ZipStream(out)
        for name, was in self._packed.items():
            found = by_folded.pop(name.lower(), None)
            stream.add(was.named(name) if found is None else packed(name, changed[found]))
        for name in by_folded.values():
            stream.add(packed(name, changed[name]))
        stream.close()
        return out.getvalue()

    def _says_the_same(self, part: str, root: Element) -> bool:
        """Whether a part that was only looked at still says what it said."""
        if part not in self._package:
            return False
        return bool(etree.tostring(self._parsed(part)) == etree.tostring(root))

    def _parsed(self, part: str) -> Element:
        try:
            return self._package.xml(part)
        except Unreadable as fault:
            raise NotEditable("部件损坏") from fault

    def _target(self, part: str, kind: str) -> str:
        found = self.related(part, kind)
        if not found:
            raise NotEditable("严格 OOXML 格式或缺少部件")
        return found


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")
