"""Comments on cells: written beside those a county has already, with the drawing Excel shows them in."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from pipeline.office import shown_width
from pipeline.render.marked.package import R_ID, Element, Package, tag

_AUTHOR = "核对"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_V, _O, _X = (
    "urn:schemas-microsoft-com:vml",
    "urn:schemas-microsoft-com:office:office",
    "urn:schemas-microsoft-com:office:excel",
)
# what stands behind legacyDrawing in a worksheet (ECMA-376 CT_Worksheet)
_BEHIND = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
     "tableParts", "extLst"}
)  # fmt: skip
_WIDTH = 34  # half-width characters on one line of a comment


def comment(package: Package, part: str, texts: Mapping[tuple[int, int], tuple[str, str]]) -> None:
    """Comments on one worksheet part: (row, column) -> (place, text); added to what stands there."""
    if not texts:
        return
    root = _comments(package, part)
    author = _author(root)
    said = root.find(tag("commentList"))
    there = {c.get("ref"): c for c in said}
    drawing = _drawing(package, part)
    for (row, column), (place, text) in sorted(texts.items()):
        if place in there:
            whole = there[place].find(tag("text"))
            _run(whole, f"\n{text}")
            continue
        element = etree.SubElement(said, tag("comment"), ref=place, authorId=str(author))
        _run(etree.SubElement(element, tag("text")), text)
        drawing.append(_shape(row, column, text))


def _run(parent: Element, text: str) -> None:
    for plain in parent.findall(tag("t")):  # a text without runs becomes the first of them
        run = etree.Element(tag("r"))
        parent.replace(plain, run)
        run.append(plain)
    run = etree.SubElement(parent, tag("r"))
    said = etree.SubElement(run, tag("t"))
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _comments(package: Package, part: str) -> Element:
    name = package.related(part, "/comments")
    if name:
        return package.tree(name)
    root = etree.Element(tag("comments"), nsmap={None: tag("x")[1:].partition("}")[0]})
    etree.SubElement(root, tag("authors"))
    etree.SubElement(root, tag("commentList"))
    name = package.free("xl/commentsMark{}.xml")
    package.add(name, root, content_type=_COMMENTS)
    package.relate(part, name, "/comments")
    return root


def _author(root: Element) -> int:
    authors = root.find(tag("authors"))
    for number, author in enumerate(authors):
        if author.text == _AUTHOR:
            return number
    etree.SubElement(authors, tag("author")).text = _AUTHOR
    return len(authors) - 1


def _drawing(package: Package, part: str) -> Element:
    """The drawing of the sheet's comments, made where there is none."""
    name = package.related(part, "/vmlDrawing")
    if name:
        return package.tree(name)
    root = etree.Element("xml", nsmap={"v": _V, "o": _O, "x": _X})
    layout = etree.SubElement(root, f"{{{_O}}}shapelayout", {f"{{{_V}}}ext": "edit"})
    etree.SubElement(layout, f"{{{_O}}}idmap", {f"{{{_V}}}ext": "edit", "data": "1"})
    kind = etree.SubElement(
        root, f"{{{_V}}}shapetype", {f"{{{_O}}}spt": "202"},
        id="_x0000_t202", coordsize="21600,21600", path="m,l,21600r21600,l21600,xe",
    )  # fmt: skip
    etree.SubElement(kind, f"{{{_V}}}stroke", joinstyle="miter")
    etree.SubElement(kind, f"{{{_V}}}path", {f"{{{_O}}}connecttype": "rect"}, gradientshapeok="t")
    name = package.free("xl/drawings/vmlDrawingMark{}.vml")
    package.add(name, root, content_type=_DRAWING)
    sheet = package.tree(part)
    element = etree.Element(tag("legacyDrawing"))
    element.set(R_ID, package.relate(part, name, "/vmlDrawing"))
    at = next((n for n, c in enumerate(sheet) if etree.QName(c).localname in _BEHIND), len(sheet))
    sheet.insert(at, element)
    return root


def _shape(row: int, column: int, text: str) -> Element:
    """A hidden note beside its cell, tall enough for its text."""
    lines = sum(1 + shown_width(line) // _WIDTH for line in text.split("\n"))
    shape = etree.Element(
        f"{{{_V}}}shape", {f"{{{_O}}}insetmode": "auto"},
        type="#_x0000_t202", fillcolor="#ffffe1",
        style=f"position:absolute;margin-left:80pt;margin-top:2pt;width:210pt;height:{18 + 15 * lines}pt;"
        "z-index:1;visibility:hidden",
    )  # fmt: skip
    etree.SubElement(shape, f"{{{_V}}}fill", color2="#ffffe1")
    etree.SubElement(shape, f"{{{_V}}}path", {f"{{{_O}}}connecttype": "none"})
    box = etree.SubElement(shape, f"{{{_V}}}textbox", style="mso-direction-alt:auto")
    etree.SubElement(box, "div", style="text-align:left")
    data = etree.SubElement(shape, f"{{{_X}}}ClientData", ObjectType="Note")
    for name in ("MoveWithCells", "SizeWithCells"):
        etree.SubElement(data, f"{{{_X}}}{name}")
    anchor = (
        f"{column}, 12, {max(row - 2, 0)}, 6, {column + 4}, 20, {max(row - 2, 0) + 1 + lines}, 4"
    )
    etree.SubElement(data, f"{{{_X}}}Anchor").text = anchor
    etree.SubElement(data, f"{{{_X}}}AutoFill").text = "False"
    etree.SubElement(data, f"{{{_X}}}Row").text = str(row - 1)
    etree.SubElement(data, f"{{{_X}}}Column").text = str(column - 1)
    return shape
