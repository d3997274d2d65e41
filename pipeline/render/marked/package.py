"""An OOXML workbook as a package of parts: changed where asked, every other part left byte for byte."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
_FIXED = (2018, 1, 1, 0, 0, 0)

Element = Any  # lxml has no types


class NotEditable(Exception):
    """The package is not one that can be edited in place: strict OOXML, macros, a missing part."""


def tag(name: str) -> str:
    """The qualified name of a SpreadsheetML element."""
    return f"{{{MAIN}}}{name}"


R_ID = f"{{{_OFFICE}}}id"


class Package:
    """The parts of a workbook. Raises NotEditable where it is none, or a stranger one."""

    def __init__(self, content: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as source:
                self._parts = {
                    i.filename: source.read(i) for i in source.infolist() if i.filename[-1:] != "/"
                }
        except Exception as fault:  # zipfile raises a dozen kinds on damaged files
            raise NotEditable("不是 xlsx 文件") from fault
        self._trees: dict[str, Element] = {}
        if any(name.endswith("vbaProject.bin") for name in self._parts):
            raise NotEditable("宏")
        self.workbook_part = self._target("", "/officeDocument")
        if self.tree(self.workbook_part).tag != tag("workbook"):
            raise NotEditable("严格 OOXML 格式")
        self.styles_part = self._target(self.workbook_part, "/styles")

    def __contains__(self, part: str) -> bool:
        return part in self._parts or part in self._trees

    def tree(self, part: str) -> Element:
        """The root element of a part; what is changed in it is written by `saved`."""
        if part not in self._trees:
            if part not in self._parts:
                raise NotEditable("缺少部件")
            try:
                self._trees[part] = etree.fromstring(self._parts[part], _SAFE)
            except etree.XMLSyntaxError as fault:
                raise NotEditable("部件损坏") from fault
        return self._trees[part]

    def sheets(self) -> dict[str, str]:
        """Worksheet parts by the sheet's name, in the workbook's order."""
        targets = {r.get("Id"): r.get("Target") for r in self._relations(self.workbook_part)}
        found = {}
        for sheet in self.tree(self.workbook_part).iter(tag("sheet")):
            part = _resolved(self.workbook_part, targets.get(sheet.get(R_ID)) or "")
            if part in self and self.tree(part).tag == tag("worksheet"):
                found[sheet.get("name")] = part
        return found

    def related(self, part: str, kind: str) -> str:
        """The part that `part` relates to under a kind (`/comments`), or nothing."""
        for relation in self._relations(part):
            if relation.get("Type").endswith(kind) and relation.get("TargetMode") != "External":
                return _resolved(part, relation.get("Target"))
        return ""

    def add(self, part: str, root: Element, *, content_type: str) -> None:
        """A new part with its content type."""
        self._trees[part] = root
        types = self.tree("[Content_Types].xml")
        etree.SubElement(
            types, f"{{{_TYPES}}}Override", PartName=f"/{part}", ContentType=content_type
        )

    def relate(self, part: str, target: str, kind: str) -> str:
        """Let `part` relate to `target`; returns the new relation's id."""
        relations = self._relations(part)
        taken = {r.get("Id") for r in relations}
        name = next(f"rIdMark{n}" for n in range(1, 10_000) if f"rIdMark{n}" not in taken)
        etree.SubElement(
            relations, f"{{{_RELS}}}Relationship", Id=name, Type=_OFFICE + kind, Target=f"/{target}"
        )
        return name

    def free(self, pattern: str) -> str:
        """The first part name of a pattern with `{}` in it that is not taken."""
        return next(p for n in range(1, 10_000) if (p := pattern.format(n)) not in self)

    def saved(self) -> bytes:
        """The package with its changes, under fixed times."""
        whole = dict(self._parts)
        for part, root in self._trees.items():
            whole[part] = etree.tostring(
                root, xml_declaration=True, encoding="UTF-8", standalone=True
            )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name, content in whole.items():
                info = zipfile.ZipInfo(name, _FIXED)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o600 << 16
                kept = name in self._parts and self._unchanged(name)
                target.writestr(info, self._parts[name] if kept else content)
        return out.getvalue()

    def _unchanged(self, part: str) -> bool:
        """Whether a part that was only looked at still says what it said."""
        if part not in self._trees:
            return True
        before = etree.fromstring(self._parts[part], _SAFE)
        return bool(etree.tostring(before) == etree.tostring(self._trees[part]))

    def _target(self, part: str, kind: str) -> str:
        found = self.related(part, kind)
        if not found:
            raise NotEditable("严格 OOXML 格式或缺少部件")
        return found

    def _relations(self, part: str) -> Element:
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels") if part else "_rels/.rels"
        if rels not in self:
            self._trees[rels] = etree.Element(f"{{{_RELS}}}Relationships", nsmap={None: _RELS})
        return self.tree(rels)


def _resolved(part: str, target: str) -> str:
    """A relation's target as a part's name."""
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
