"""What the sheets of a binary workbook share: strings, what styles show of a number, and looks.

Records after [MS-XLSB] 2.1.4: a number of one or two bytes, a length of one to four, the body.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.office.package import Package
from pipeline.office.read.displayed import is_odd, shows_nothing
from pipeline.office.read.formats import Shows, shown_by
from pipeline.office.read.looks import Looks, is_of_signs

_STRING_ITEM, _FONT, _FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END = 19, 43, 44, 47, 617, 618
_RICH, _STRUCK = 0x01, 0x08
_NAME_OF_FONT = 21  # bytes before it


@dataclass(frozen=True)
class Shared:
    """What the sheets share; `struck` are the fonts that strike letters out."""

    strings: tuple[str, ...]
    styles: tuple[Shows, ...]
    from_1904: bool
    looks: Looks = field(default_factory=Looks)
    struck: frozenset[int] = frozenset()

    def shows(self, style: int) -> Shows:
        """What a style shows of a number."""
        return self.styles[style] if style < len(self.styles) else Shows.NUMBER


def shared(package: Package, part: str, *, from_1904: bool) -> Shared:
    """What the workbook in `part` relates to as strings and styles."""
    strings, rich = list[str](), list[tuple[int, bytes]]()
    for kind, body in records(package.part(package.related(part, "sharedStrings"))):
        if kind == _STRING_ITEM:
            if body[0] & _RICH:
                rich.append((len(strings), body))
            strings.append(wide(body, 1)[0])
    codes, fonts, of_style = dict[int, str](), list[tuple[bool, str]](), list[tuple[int, int]]()
    inside = False
    for kind, body in records(package.part(package.related(part, "styles"))):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = wide(body, 2)[0]
        elif kind == _FONT and len(body) > _NAME_OF_FONT:
            fonts.append((bool(body[2] & _STRUCK), wide(body, _NAME_OF_FONT)[0]))
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            of_style.append(struct.unpack_from("<HH", body, 2))
    struck = frozenset(n for n, (is_struck, _) in enumerate(fonts) if is_struck)
    texts = frozenset(n for n, body in rich if is_struck(body, 0, struck))
    looks = Looks(
        {n: codes[f] for n, (f, _) in enumerate(of_style) if is_odd(codes.get(f, ""))},
        {n: fonts[t][1] for n, (_, t) in enumerate(of_style) if _shows_signs(fonts, t)},
        frozenset(n for n, (_, t) in enumerate(of_style) if t in struck),
        texts,
        frozenset(n for n, (f, _) in enumerate(of_style) if shows_nothing(codes.get(f, ""))),
    )
    styles = tuple(shown_by(f, codes) for f, _ in of_style)
    return Shared(tuple(strings), styles, from_1904, looks, struck)


def _shows_signs(fonts: list[tuple[bool, str]], font: int) -> bool:
    return font < len(fonts) and is_of_signs(fonts[font][1])


def is_struck(body: bytes, at: int, fonts: frozenset[int]) -> bool:
    """Whether a rich string, its flags at `at`, has runs in one of these fonts."""
    if not body[at] & _RICH or not fonts:
        return False
    _, end = wide(body, at + 1)
    (count,) = struct.unpack_from("<I", body, end)
    runs = body[end + 4 : end + 4 + 4 * min(count, len(body))]
    return any(font in fonts for _, font in struct.iter_unpack("<HH", runs[: len(runs) // 4 * 4]))


def wide(body: bytes, at: int) -> tuple[str, int]:
    """A string with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    if length == 0xFFFFFFFF:  # no string at all
        return "", at + 4
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part, one after the other. Raises IndexError where it is cut."""
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in range(0, 28, 7):
            byte = part[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, part[at : at + size]
        at += size
