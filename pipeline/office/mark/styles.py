"""The workbook's styles, added to and never changed: each cell's own look with another fill."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from pipeline.model import Severity
from pipeline.office.mark.edited import Edited, Element, NotEditable, tag, whole_number
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import parse_xml

# the last is a shade beside the one that Excel fills heads of tables with: what is ours is known by it
COLOURS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C", Severity.INFO: "FFDDEBF8"}
RANK = list(COLOURS)
# children of styleSheet that may stand before those we may have to make
_BEFORE = {"fonts": ("numFmts",), "fills": ("numFmts", "fonts")}


class Styles:
    """Style numbers for marked cells and for the front sheet."""

    def __init__(self, package: Edited) -> None:
        root = package.tree(package.styles_part)
        etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)  # styles go by number
        self._fonts, self._fills = _child(root, "fonts"), _child(root, "fills")
        self._formats = root.find(tag("cellXfs"))
        borders = root.find(tag("borders"))
        if self._formats is None or borders is None or self._formats.find(tag("xf")) is None:
            raise NotEditable("缺少样式")
        self._borders = borders
        self._known = self._formats.findall(tag("xf"))
        self._marked: dict[tuple[int, Severity], int] = {}
        self._unmarked: dict[int, int] = {}
        self._restored: dict[tuple[int, str], int] = {}
        self._own: dict[int, str] = {}
        self._fill_of: dict[str, int] = {}

    def marked(self, base: int, severity: Severity) -> int:
        """The style `base` with the fill of a severity."""
        key = (base, severity)
        if key not in self._marked:
            look = deepcopy(self._known[base if base < len(self._known) else 0])
            look.set("fillId", str(self._fill(COLOURS[severity])))
            look.set("applyFill", "1")
            self._marked[key] = _appended(self._formats, look)
        return self._marked[key]

    def unmarked(self, base: int) -> int:
        """The style `base` without the fill of a severity; any other as it is."""
        if base not in self._unmarked:
            self._unmarked[base] = base
            if base < len(self._known) and self._is_marked(self._known[base]):
                look = deepcopy(self._known[base])
                look.set("fillId", "0")
                self._unmarked[base] = _appended(self._formats, look)
                self._known.append(look)
        return self._unmarked[base]

    def own_fill(self, base: int) -> str:
        """The fill of the style `base` as XML, '' for none and for one of ours."""
        if base not in self._own:
            self._own[base] = self._as_xml(base)
        return self._own[base]

    def _as_xml(self, base: int) -> str:
        if base >= len(self._known) or self._is_marked(self._known[base]):
            return ""
        fill = self._fill_element(self._known[base])
        pattern = fill.find(tag("patternFill")) if fill is not None else None
        kind = (pattern.get("patternType") or "none") if pattern is not None else ""
        if fill is None or kind in ("none", "gray125"):
            return ""
        return str(etree.tostring(fill, encoding="unicode", with_tail=False))

    def given_back(self, base: int, fill: str) -> int:
        """The style `base` with this fill where it has one of ours; any other as it is."""
        if base >= len(self._known) or not self._is_marked(self._known[base]):
            return base
        key = (base, fill)
        if key not in self._restored:
            if fill not in self._fill_of:
                try:
                    self._fill_of[fill] = _appended(self._fills, parse_xml(fill.encode()))
                except Unreadable:
                    return base
            look = deepcopy(self._known[base])
            look.set("fillId", str(self._fill_of[fill]))
            self._restored[key] = _appended(self._formats, look)
            self._known.append(look)
        return self._restored[key]

    def _is_marked(self, look: Element) -> bool:
        fill = self._fill_element(look)
        colour = fill.find(f"{tag('patternFill')}/{tag('fgColor')}") if fill is not None else None
        return colour is not None and (colour.get("rgb") or "").upper() in COLOURS.values()

    def _fill_element(self, look: Element) -> Element | None:
        at, fills = whole_number(look.get("fillId")), self._fills.findall(tag("fill"))
        return fills[at] if at < len(fills) else None

    def made(
        self, *, size: int = 11, bold: bool = False, colour: str = "", fill: str = "",
        centred: bool = False, boxed: bool = True,
    ) -> int:  # fmt: skip
        """A style for the front sheet: wrapped text, in a box unless told otherwise."""
        font = etree.Element(tag("font"))
        if bold:
            etree.SubElement(font, tag("b"))
        if colour:
            etree.SubElement(font, tag("u"))
        etree.SubElement(font, tag("sz"), val=str(size))
        if colour:
            etree.SubElement(font, tag("color"), rgb=colour)
        etree.SubElement(font, tag("name"), val="宋体")
        look = etree.Element(
            tag("xf"), numFmtId="49", fontId=str(_appended(self._fonts, font)),
            fillId=str(self._fill(fill) if fill else 0),
            borderId=str(self._box() if boxed else 0), xfId="0",
            applyFont="1", applyFill="1", applyBorder="1", applyAlignment="1", applyNumberFormat="1",
        )  # fmt: skip
        etree.SubElement(
            look, tag("alignment"), horizontal="center" if centred else "left",
            vertical="center", wrapText="1",
        )  # fmt: skip
        return _appended(self._formats, look)

    def _fill(self, colour: str) -> int:
        if colour not in self._fill_of:
            fill = etree.Element(tag("fill"))
            pattern = etree.SubElement(fill, tag("patternFill"), patternType="solid")
            etree.SubElement(pattern, tag("fgColor"), rgb=colour)
            etree.SubElement(pattern, tag("bgColor"), indexed="64")
            self._fill_of[colour] = _appended(self._fills, fill)
        return self._fill_of[colour]

    def _box(self) -> int:
        if "box" not in self._fill_of:
            border = etree.Element(tag("border"))
            for side in ("left", "right", "top", "bottom"):
                line = etree.SubElement(border, tag(side), style="thin")
                etree.SubElement(line, tag("color"), rgb="FF808080")
            etree.SubElement(border, tag("diagonal"))
            self._fill_of["box"] = _appended(self._borders, border)
        return self._fill_of["box"]


def _appended(parent: Element, child: Element) -> int:
    parent.append(child)
    parent.set("count", str(len(parent)))
    return len(parent) - 1


def _child(root: Element, name: str) -> Element:
    found = root.find(tag(name))
    if found is None:
        found = etree.Element(tag(name))
        before = [c for c in root if etree.QName(c).localname in _BEFORE[name]]
        root.insert(len(before), found)
        if name == "fills":  # the first two are Excel's own
            for kind in ("none", "gray125"):
                etree.SubElement(
                    etree.SubElement(found, tag("fill")), tag("patternFill"), patternType=kind
                )
    return found
