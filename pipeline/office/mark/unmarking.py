"""Marks of ours taken off a workbook that comes back again, before it is marked anew: what was mended
looks clean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from lxml import etree

from pipeline.model.words import SEVERITY_WORDS
from pipeline.office.characters import printable
from pipeline.office.mark.edited import Edited, Element, NotEditable, tag
from pipeline.office.mark.spliced import Place, Spliced
from pipeline.office.mark.styles import Styles
from pipeline.office.places import area

_OURS = re.compile(rf"(?m)^\s*【(?:{'|'.join(map(re.escape, SEVERITY_WORDS.values()))})】")
_SHAPE = re.compile(rb"<v:shape[\s>].*?</v:shape>", re.DOTALL)
_ROW, _COLUMN = (re.compile(rb"<x:%b>\s*(\d{1,7})\s*</x:%b>" % (n, n)) for n in (b"Row", b"Column"))


def unmark(
    package: Edited, part: str, sheet: Spliced, styles: Styles, fills: Mapping[Place, str]
) -> None:
    """Takes the fills and the comments that `mark` laid off one worksheet of a workbook sent back
    before. The county's own `fills` show again; its comments stay, without the lines we added to them."""
    sheet.restyle({place: partial(styles.given_back, fill=fill) for place, fill in fills.items()})
    sheet.restyle_all(styles.unmarked)
    if comments := package.related(part, "comments"):
        gone = _emptied(package.tree(comments))
        drawing = package.related(part, "vmlDrawing")
        if gone and drawing:
            package.replace(drawing, _without(package.content(drawing), gone))


def _emptied(root: Element) -> set[Place]:
    """Cuts our lines out of all comments; the places of those that held nothing else, which are gone."""
    gone = set()
    for comment in list(root.iter(tag("comment"))):
        text = "".join(t.text or "" for t in comment.iter(tag("t")))
        if not _OURS.search(text):
            continue
        kept = [line for line in text.splitlines() if not _OURS.match(line)]
        if "".join(kept).strip():
            _say(comment, "\n".join(kept))
            continue
        try:
            row, column, _, _ = area(comment.get("ref") or "")
        except ValueError as fault:
            raise NotEditable("批注位置读不懂") from fault
        gone.add((row, column))
        comment.getparent().remove(comment)
    return gone


def _say(comment: Element, text: str) -> None:
    whole = comment.find(tag("text"))
    for child in list(whole):
        whole.remove(child)
    written = etree.SubElement(etree.SubElement(whole, tag("r")), tag("t"))
    written.text = printable(text)
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _without(drawing: bytes, gone: set[Place]) -> bytes:
    """The drawing of a sheet's notes without those at some places."""

    def kept(shape: re.Match[bytes]) -> bytes:
        row, column = _ROW.search(shape[0]), _COLUMN.search(shape[0])
        at = (int(row[1]) + 1, int(column[1]) + 1) if row and column else None
        return b"" if at in gone else shape[0]

    return _SHAPE.sub(kept, drawing)
