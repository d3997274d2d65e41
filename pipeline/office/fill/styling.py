"""What the filler must know of a template's styles: wrapping, sizes, and which show a number as a day."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from pipeline.office.xmlparts import written_out

_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@"}
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


class Styling:
    """Cell styles by number. `dated` may add styles; then `content` is no longer what was read."""

    def __init__(self, root: Any) -> None:
        self._root = root
        find = root.find
        self._formats = find("{*}cellXfs")
        xfs = [] if self._formats is None else list(self._formats)
        fonts = list(find("{*}fonts")) if find("{*}fonts") is not None else []
        codes = {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in root.iter("{*}numFmt")}
        self._codes = codes
        self._wrapped = [_wraps(xf) for xf in xfs]
        self._fonts = [_font(fonts, int(xf.get("fontId") or 0)) for xf in xfs]
        self._numbers = [int(xf.get("numFmtId") or 0) for xf in xfs]
        self._shows_days = [_is_date(int(xf.get("numFmtId") or 0), codes) for xf in xfs]
        self._dated: dict[tuple[int, str], int] = {}

    @property
    def changed(self) -> bool:
        """Whether a style had to be added."""
        return bool(self._dated)

    def content(self) -> bytes:
        """The styles part with what was added."""
        return written_out(self._root)

    def wraps(self, style: int) -> bool:
        """Whether a cell of this style breaks its text into lines."""
        return style < len(self._wrapped) and self._wrapped[style]

    def size(self, style: int) -> float:
        """The size of its font in points."""
        return self._font(style)[0]

    def font(self, style: int) -> str:
        """Its font as a run's properties name it."""
        size, name = self._font(style)
        return f'<sz val="{size:g}"/>' + (f'<rFont val="{name}"/>' if name else "")

    def code(self, style: int) -> str:
        """The code by which it shows a number."""
        number = self._numbers[style] if style < len(self._numbers) else 0
        return self._codes.get(number) or _BUILT_IN.get(number, "General")

    def dated(self, style: int, *, moment: bool = False) -> int:
        """The style itself where it shows days, else one like it that does."""
        if style < len(self._shows_days) and self._shows_days[style]:
            return style
        code = _MOMENT if moment else _DAY
        if (style, code) not in self._dated:
            self._dated[style, code] = self._added(style, code)
        return self._dated[style, code]

    def _font(self, style: int) -> tuple[float, str]:
        return self._fonts[style] if style < len(self._fonts) else (11.0, "")

    def _added(self, style: int, code: str) -> int:
        formats = self._root.find("{*}numFmts")
        if formats is None:
            formats = etree.Element(_like(self._root, "numFmts"))
            self._root.insert(0, formats)
        number = next((n for n, c in self._codes.items() if c == code), 0)
        if not number:
            number = max([163, *self._codes]) + 1
            self._codes[number] = code
            etree.SubElement(
                formats, _like(self._root, "numFmt"), numFmtId=str(number), formatCode=code
            )
            formats.set("count", str(len(formats)))
        look = etree.fromstring(etree.tostring(self._formats[style]))
        look.set("numFmtId", str(number))
        look.set("applyNumberFormat", "1")
        self._formats.append(look)
        self._formats.set("count", str(len(self._formats)))
        return len(self._formats) - 1


def _wraps(xf: Any) -> bool:
    alignment = xf.find("{*}alignment")
    return alignment is not None and alignment.get("wrapText") in ("1", "true")


def _font(fonts: list[Any], number: int) -> tuple[float, str]:
    if number >= len(fonts):
        return 11.0, ""
    size, name = fonts[number].find("{*}sz"), fonts[number].find("{*}name")
    return (
        11.0 if size is None else float(size.get("val") or 11),
        "" if name is None else name.get("val", ""),
    )


def _is_date(number: int, codes: dict[int, str]) -> bool:
    code = _NOT_CODE.sub("", codes.get(number, ""))
    return number in _DATES or (number in codes and bool(re.search("[ymdhs]", code.lower())))


def _like(root: Any, name: str) -> str:
    return str(root.tag).replace("styleSheet", name)
