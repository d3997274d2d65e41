"""Comments on cells: written beside those a county has already, with the drawing Excel shows them in."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from lxml import etree

from pipeline.office.characters import printable, shown_width
from pipeline.office.mark.edited import Edited, Element, NotEditable, tag
from pipeline.office.mark.spliced import Place, Spliced
from pipeline.office.xmlparts import MAIN
from pipeline.values import column_letters

_AUTHOR = "核对"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_KIND = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_SHAPE = (
    '<v:shape {names} type="#_x0000_t202" style="position:absolute;margin-left:80pt;margin-top:2pt;'
    'width:210pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" '
    'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 12, {top}, 6, {right}, 20, {bottom}, 4</x:Anchor>"
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
    "</x:ClientData></v:shape>"
)
_WIDTH = 34  # half-width characters on one line of a comment


def comment(package: Edited, part: str, sheet: Spliced, texts: Mapping[Place, str]) -> None:
    """Comments on one worksheet part, by place; added to what stands there."""
    if not texts:
        return
    known = package.related(part, "comments")
    if known:
        fresh = _added(package.tree(known), texts)
    else:
        fresh = dict(texts)
        name = package.free("xl/commentsMark{}.xml")
        package.add(name, _written(texts), content_type=_COMMENTS)
        package.relate(part, name, "comments")
    shapes = "".join(_shape(place, text) for place, text in sorted(fresh.items())).encode()
    drawing = package.related(part, "vmlDrawing")
    if drawing:
        package.replace(drawing, _with_shapes(package.content(drawing), shapes))
        return
    name = package.free("xl/drawings/vmlDrawingMark{}.vml")
    whole = f"<xml {_NAMESPACES}>{_KIND}".encode() + shapes + b"</xml>"
    package.add(name, whole, content_type=_DRAWING)
    sheet.draw_notes(package.relate(part, name, "vmlDrawing"))


def _written(texts: Mapping[Place, str]) -> bytes:
    comments = "".join(
        f'<comment ref="{_ref(place)}" authorId="0"><text><r><t xml:space="preserve">'
        f"{escape(printable(text), quote=False)}</t></r></text></comment>"
        for place, text in sorted(texts.items())
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}">'
        f"<authors><author>{_AUTHOR}</author></authors>"
        f"<commentList>{comments}</commentList></comments>"
    ).encode()


def _added(root: Element, texts: Mapping[Place, str]) -> dict[Place, str]:
    """Adds to the comments a sheet has; returns those that had no comment on their cell before."""
    author = _author(root)
    whole = _child(root, "commentList", len(root))
    known = {c.get("ref"): c for c in whole.iter(tag("comment"))}
    fresh = {}
    for place, text in sorted(texts.items()):
        ref = _ref(place)
        if ref in known:
            _run(_child(known[ref], "text", 0), f"\n{text}")
            continue
        fresh[place] = text
        element = etree.SubElement(whole, tag("comment"), ref=ref, authorId=str(author))
        _run(etree.SubElement(element, tag("text")), text)
    return fresh


def _run(parent: Element, text: str) -> None:
    for plain in parent.findall(tag("t")):  # a text without runs becomes the first of them
        run = etree.Element(tag("r"))
        parent.replace(plain, run)
        run.append(plain)
    written = etree.SubElement(etree.SubElement(parent, tag("r")), tag("t"))
    written.text = printable(text)
    written.set(_SPACE, "preserve")


def _author(root: Element) -> int:
    authors = _child(root, "authors", 0)
    for number, author in enumerate(authors.iter(tag("author"))):
        if author.text == _AUTHOR:
            return number
    etree.SubElement(authors, tag("author")).text = _AUTHOR
    return len(authors.findall(tag("author"))) - 1


def _child(parent: Element, name: str, at: int) -> Element:
    found = parent.find(tag(name))
    if found is None:
        found = etree.Element(tag(name))
        parent.insert(at, found)
    return found


def _with_shapes(drawing: bytes, shapes: bytes) -> bytes:
    """A drawing that a county's program wrote, with more notes in it."""
    end = drawing.rfind(b"</xml>")
    if end < 0:
        raise NotEditable("部件损坏")
    kind = b"" if b"_x0000_t202" in drawing else _KIND.replace(" ", f" {_NAMESPACES} ", 1).encode()
    return drawing[:end] + kind + shapes + drawing[end:]


def _ref(place: Place) -> str:
    return f"{column_letters(place[1])}{place[0]}"


def _shape(place: Place, text: str) -> str:
    """A hidden note beside its cell, tall enough for its text."""
    row, column = place
    lines = sum(1 + shown_width(line) // _WIDTH for line in text.split("\n"))
    top = max(row - 2, 0)
    return _SHAPE.format(
        names=_NAMESPACES, height=18 + 15 * lines, left=column, top=top, right=column + 4,
        bottom=top + 1 + lines, row=row - 1, column=column - 1,
    )  # fmt: skip
