"""Cells as a person sees them: odd number formats, fonts of signs, and what is struck out.

Only styles that have any of it are looked for among the cells; ordinary sheets are not passed over at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import Any

from pipeline.model import Cell
from pipeline.office.places import column_number
from pipeline.office.read.displayed import displayed
from pipeline.values import symbol

_RUN = re.compile(
    rb"(<r>\s*<rPr>(?:(?!</rPr>).)*?<rFont val=\"(Wingdings(?: 2)?)\"(?:(?!</rPr>).)*</rPr>\s*<t[^>]*>)([^<]*)(</t>)",
    re.DOTALL,
)
_INLINE_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*<is>((?:(?!</is>).)*)</is>', re.DOTALL
)
_STRUCK = re.compile(rb'<strike(?:\s*/>|\s+val="(?!0"|false")[^"]*"\s*/>)')
_TEXT_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]*t="s"[^<>]*>\s*<v>(\d{1,9})</v>')
_FONT_OF_SIGNS = "Wingdings"


@dataclass(frozen=True)
class Looks:
    """By index of a cell's style: odd formats, fonts of signs, struck out; and the shared strings some
    of whose letters are struck out."""

    formats: Mapping[int, str] = field(default_factory=dict)
    signs: Mapping[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()
    struck_strings: frozenset[int] = frozenset()
    blank: frozenset[int] = frozenset()  # styles that show nothing of what a cell holds

    @cached_property
    def styles(self) -> frozenset[int]:
        """The styles worth looking for."""
        return frozenset({*self.formats, *self.signs, *self.struck, *self.blank})

    def seen(self, cell: Cell, style: int) -> Cell:
        """The cell as it is seen under a style."""
        if style in self.signs and cell.type == "s":
            shown = "".join(symbol(self.signs[style], c) for c in cell.text)
            return Cell(shown, "s") if shown != cell.text else cell
        if style in self.formats and cell.type in ("n", "s"):
            text = displayed(cell.text, self.formats[style], number=cell.type == "n")
            if text is not None and text != cell.text:
                return Cell(text, "s" if text else "")
        return cell

    def hides(self, cell: Cell, style: int) -> bool:
        """Whether a style shows nothing of a cell that says something."""
        return style in self.blank and (cell.type == "s" or (cell.type == "n" and cell.text != "0"))


def is_struck(font: Any) -> bool:
    """Whether a font, or the looks of a run, strikes its letters out."""
    strike = font.find("{*}strike")
    return strike is not None and strike.get("val", "1") not in ("0", "false")


def font_of_signs(font: Any) -> str:
    """The font's name where its letters are signs, else nothing."""
    name = font.find("{*}name")
    family = "" if name is None else str(name.get("val", ""))
    return family if is_of_signs(family) else ""


def is_of_signs(family: str) -> bool:
    """Whether the letters of a font of this name are signs: Wingdings, Wingdings 2."""
    return family.startswith(_FONT_OF_SIGNS)


def with_signs(strings: bytes) -> bytes:
    """Strings, shared or of a sheet's own, whose runs in a font of signs say what they show."""
    if _FONT_OF_SIGNS.encode() not in strings:
        return strings

    def spelled(match: re.Match[bytes]) -> bytes:
        font, text = match[2].decode("ascii"), unescape(match[3].decode("utf-8", "replace"))
        shown = "".join(symbol(font, c) for c in text)
        for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            shown = shown.replace(sign, escaped)
        return match[1] + shown.encode("utf-8") + match[4]

    return _RUN.sub(spelled, strings)


def looked_at(
    part: bytes, cells: Mapping[tuple[int, int], Cell], looks: Looks
) -> tuple[dict[tuple[int, int], Cell], frozenset[tuple[int, int]], frozenset[tuple[int, int]]]:
    """Of a usual worksheet: cells that are seen otherwise than they are filed, those struck out, and those
    that are not seen."""
    otherwise: dict[tuple[int, int], Cell] = {}
    struck, blank = set[tuple[int, int]](), set[tuple[int, int]]()
    for place, style in _styled(part, looks.styles):
        cell = cells.get(place)
        if cell is None:
            continue
        seen = looks.seen(cell, style)
        if seen != cell:
            otherwise[place] = seen
        if style in looks.struck:
            struck.add(place)
        if looks.hides(cell, style):
            blank.add(place)
    if looks.struck_strings:
        struck |= {
            (int(row), column_number(letters.decode("ascii")))
            for letters, row, nth in _TEXT_CELL.findall(part)
            if int(nth) in looks.struck_strings
        }
    if b"<strike" in part:
        struck |= {
            (int(row), column_number(letters.decode("ascii")))
            for letters, row, runs in _INLINE_CELL.findall(part)
            if _STRUCK.search(runs)
        }
    return otherwise, frozenset(struck), frozenset(blank)


def _styled(part: bytes, styles: Iterable[int]) -> Iterable[tuple[tuple[int, int], int]]:
    wanted = b"|".join(str(n).encode() for n in sorted(styles))
    if not wanted:
        return
    pattern = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]* s="(' + wanted + rb')"')
    for letters, row, style in pattern.findall(part):
        yield (int(row), column_number(letters.decode("ascii"))), int(style)
