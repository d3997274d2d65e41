"""What an old .xls looks like: widths, heights, fonts, boxes and number formats, for its copy as xlsx."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from pipeline.office.characters import printable
from pipeline.office.xmlparts import MAIN

_ACROSS = {1: "left", 2: "center", 3: "right", 5: "justify", 6: "centerContinuous"}
_DOWN = {0: "top", 1: "center", 2: "bottom", 3: "justify"}
_LINES = {1: "thin", 2: "medium", 3: "dashed", 4: "dotted", 5: "thick", 6: "double", 7: "hair"}
_SIDES = ("left", "right", "top", "bottom")
_MOST_DRAWN = 2_000_000  # cells, blank ones with a look too
_PLAIN_FONT = '<font><sz val="11"/><name val="宋体"/></font>'
_NO_BORDER = "<border><left/><right/><top/><bottom/><diagonal/></border>"
_NO_FILLS = (
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
)


class Looks:
    """A stylesheet in the making: each look once, asked for by number."""

    def __init__(self) -> None:
        self._formats: dict[str, int] = {"General": 0, "@": 49}
        self._fonts: dict[str, int] = {_PLAIN_FONT: 0}
        self._fills: dict[str, int] = {f: n for n, f in enumerate(_NO_FILLS)}
        self._borders: dict[str, int] = {_NO_BORDER: 0}
        self._xfs: dict[str, int] = {}
        self.made()

    def made(
        self, *, number: str = "General", font: str = _PLAIN_FONT, fill: str = _NO_FILLS[0],
        border: str = _NO_BORDER, alignment: str = "",
    ) -> int:  # fmt: skip
        """The number of a look."""
        xf = (
            f'<xf numFmtId="{self._format(number)}" fontId="{_nth(self._fonts, font)}" '
            f'fillId="{_nth(self._fills, fill)}" borderId="{_nth(self._borders, border)}" xfId="0" '
            'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
            + (f"><alignment {alignment}/></xf>" if alignment else "/>")
        )
        return _nth(self._xfs, xf)

    def xml(self) -> str:
        """The styles part."""
        codes = "".join(
            f'<numFmt numFmtId="{n}" formatCode="{escape(code)}"/>'
            for code, n in self._formats.items()
            if n > 163
        )
        formats = f'<numFmts count="{codes.count("<")}">{codes}</numFmts>' if codes else ""
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{MAIN}">'
            f"{formats}{_group('fonts', self._fonts)}{_group('fills', self._fills)}"
            f"{_group('borders', self._borders)}"
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
            f"</cellStyleXfs>{_group('cellXfs', self._xfs)}<cellStyles>"
            '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        )

    def _format(self, code: str) -> int:
        if code not in self._formats:
            self._formats[code] = 164 + len(self._formats)
        return self._formats[code]


@dataclass(frozen=True)
class Dress:
    """How one sheet looked: widths of columns, heights of rows, and the look of each cell, once as
    text and once as number."""

    widths: Mapping[int, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    cells: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def dresses(content: bytes, sheets: int, looks: Looks) -> list[Dress]:
    """The looks of each sheet of an .xls, in their order; nothing where the file is none.

    What cannot be told (charts, pictures, rules) stays out.
    """
    import xlrd

    try:
        old = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        if old.nsheets != sheets:
            return []
        styles = [(_look(old, xf, looks, "@"), _look(old, xf, looks, _code(old, xf))) for xf in old.xf_list]  # fmt: skip
        return [_dress(sheet, styles) for sheet in old.sheets()]
    except MemoryError:
        raise
    except Exception:  # xlrd raises anything on what is no BIFF workbook
        return []


def _dress(sheet: Any, styles: list[tuple[int, int]]) -> Dress:
    drawn = sum(sheet.row_len(row) for row in range(sheet.nrows)) <= _MOST_DRAWN
    cells = (
        {}
        if not drawn
        else {
            (row + 1, column + 1): styles[sheet.cell_xf_index(row, column)]
            for row in range(sheet.nrows)
            for column in range(sheet.row_len(row))
        }
    )
    widths = {c + 1: i.width / 256 for c, i in sheet.colinfo_map.items() if c < sheet.ncols}
    heights = {
        r + 1: i.height / 20
        for r, i in sheet.rowinfo_map.items()
        if r < sheet.nrows and i.height_mismatch
    }
    return Dress(widths, heights, cells)


def _look(book: Any, xf: Any, looks: Looks, number: str) -> int:
    font, edge, fill = book.font_list[xf.font_index], xf.border, xf.background
    colour = book.colour_map.get(fill.pattern_colour_index) if fill.fill_pattern == 1 else None
    filled = _NO_FILLS[0]
    if colour:
        rgb = "FF{:02X}{:02X}{:02X}".format(*colour)
        filled = (
            f'<fill><patternFill patternType="solid"><fgColor rgb="{rgb}"/></patternFill></fill>'
        )
    written = (
        f"<font>{'<b/>' * bool(font.bold)}{'<i/>' * bool(font.italic)}"
        f'<sz val="{font.height / 20:g}"/><name val="{escape(printable(font.name))}"/></font>'
    )
    return looks.made(
        number=number,
        font=written,
        fill=filled,
        border=_box(edge),
        alignment=_aligned(xf.alignment),
    )


def _box(edge: Any) -> str:
    lines = ((side, _LINES.get(getattr(edge, f"{side}_line_style"))) for side in _SIDES)
    sides = "".join(f'<{side} style="{s}"/>' if s else f"<{side}/>" for side, s in lines)
    return f"<border>{sides}<diagonal/></border>"


def _aligned(alignment: Any) -> str:
    attributes = {
        "horizontal": _ACROSS.get(alignment.hor_align),
        "vertical": _DOWN.get(alignment.vert_align),
        "wrapText": "1" if alignment.text_wrapped else None,
    }
    return " ".join(f'{name}="{value}"' for name, value in attributes.items() if value)


def _code(book: Any, xf: Any) -> str:
    found = book.format_map.get(xf.format_key)
    return printable(found.format_str) if found and found.format_str else "General"


def _nth(known: dict[str, int], xml: str) -> int:
    return known.setdefault(xml, len(known))


def _group(name: str, known: Iterable[str]) -> str:
    items = list(known)
    return f'<{name} count="{len(items)}">{"".join(items)}</{name}>'
