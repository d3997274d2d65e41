"""What a number format shows where that is other text than the value: [=1]"女", "220203"@, 0;0;;@."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from pipeline.office.read.formats import CONDITION, Shows, shown

_LONGEST = 255  # characters of a format
_BRACKETS = re.compile(r"\[[^\]]*\]")
# quoted, escaped, filling and padding; then placeholders, General, and what shows as it stands
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*](?P<filling>.)?|(?P<general>General|G/通用格式)'
    r"|(?P<place>[0#?])|(?P<text>@)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(r"\d{15,}[\dXxBb]*", re.ASCII)
_SIGNS = frozenset(".%/,Ee")


class _Part(NamedTuple):
    kind: str  # literal, place, general, text, sign
    text: str


class _Section(NamedTuple):
    condition: tuple[str, Decimal] | None
    parts: tuple[_Part, ...]

    @property
    def literal(self) -> str:
        return "".join(p.text for p in self.parts if p.kind == "literal").strip()

    @property
    def shows_value(self) -> bool:
        return any(p.kind not in ("literal", "sign") for p in self.parts)

    @property
    def takes_text(self) -> bool:
        """Whether it shows a text."""
        return any(p.kind == "text" for p in self.parts)

    @property
    def rewrites(self) -> bool:
        """Whether it rounds, or shows a share, a fraction, an exponent: the value says it better."""
        return any(p.kind == "sign" and p.text != "," for p in self.parts)


@lru_cache(maxsize=1000)
def is_odd(code: str) -> bool:
    """Whether a format may show a person something else than the value.

    >>> [is_odd(code) for code in ('[=1]"女";[=2]"男"', '"220203"@', '"220203"0', '"是";;"否"', "00000", '"王"@')]
    [True, True, True, True, True, True]
    >>> [is_odd(code) for code in ("General", "@", "0", "0.00", "#,##0", 'yyyy"年"m"月"', '0"元"', "0_);[Red]\\\\(0\\\\)")]
    [False, False, False, False, False, False, False, False]
    """
    if len(code) > _LONGEST or shown(code) is not Shows.NUMBER or "dbnum" in code.lower():
        return False
    sections = _sections(code)
    return any(map(_is_odd, sections)) or (
        len(sections) > 1 and any(s.parts for s in sections) and not all(s.parts for s in sections)
    )


@lru_cache(maxsize=1000)
def shows_nothing(code: str) -> bool:
    """Whether a format shows nothing of any number or text.

    >>> shows_nothing(";;;"), shows_nothing(";;"), shows_nothing(";;;@"), shows_nothing("0;;")
    (True, True, False, False)
    """
    sections = _sections(code) if len(code) <= _LONGEST else ()
    return len(sections) > 2 and not any(section.parts for section in sections)


def _is_odd(section: _Section) -> bool:
    if section.rewrites:
        return False
    if section.takes_text and any(map(str.isalpha, section.literal)):
        return True
    zeros = sum(p.kind == "place" and p.text == "0" for p in section.parts)
    if any(c.isdigit() for c in section.literal):
        return True
    if section.literal and not section.shows_value:
        return True
    return zeros > 1


def displayed(text: str, code: str, *, number: bool) -> str | None:
    """What a cell shows under an odd format; None where that is the value itself, or not to be told.

    >>> displayed("2", '[=1]"是";[=2]"否"', number=True), displayed("0", '"是";;"否"', number=True)
    ('否', '否')
    >>> displayed("197001100226", '"220203"@', number=False), displayed("197001100226", '"220203"0', number=True)
    ('220203197001100226', '220203197001100226')
    >>> displayed("桂兰", '"李"@', number=False), displayed("220203197001100226", '@"号"', number=False)
    ('李桂兰', None)
    >>> displayed("20180901", '0000"-"00"-"00', number=True), displayed("7", "000", number=True)
    ('2018-09-01', '007')
    >>> displayed("5", '[=1]"是";[=2]"否"', number=True), displayed("0", "0;0;;@", number=True)
    (None, '')
    """
    sections = _sections(code)
    if not number:
        last = sections[-1] if len(sections) in (1, 4) else None
        takes = last and (last.takes_text or len(sections) == 4)
        return _of_text(last, text) if last and takes else None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    section = _for_number(sections, value)
    if section is None or (not section.parts and value):
        return None
    return _of_number(section, value, signed=len(sections) == 1)


def _of_text(section: _Section, text: str) -> str | None:
    if _NUMBER.fullmatch(text) and not any(map(str.isdigit, section.literal)):
        return None  # 220203…号: the word behind it is none of the number
    words = "".join(text if p.kind == "text" else p.text for p in section.parts)
    return words if words != text else None


def _for_number(sections: tuple[_Section, ...], value: Decimal) -> _Section | None:
    if any(s.condition for s in sections):
        return next((s for s in sections[:3] if _holds(s, value, sections)), None)
    if len(sections) > 2 and value == 0:
        return sections[2]
    return sections[1] if len(sections) > 1 and value < 0 else sections[0]


def _holds(section: _Section, value: Decimal, sections: tuple[_Section, ...]) -> bool:
    if section.condition is None:  # what is left
        return not any(_holds(s, value, ()) for s in sections if s.condition)
    sign, other = section.condition
    return {
        "=": value == other, "<": value < other, ">": value > other,
        "<=": value <= other, ">=": value >= other, "<>": value != other,
    }[sign]  # fmt: skip


def _of_number(section: _Section, value: Decimal, *, signed: bool) -> str | None:
    if section.rewrites:
        return None
    if value != value.to_integral_value():
        return section.literal if not section.shows_value else None
    digits = str(abs(int(value)))
    places = [p for p in section.parts if p.kind == "place"]
    filled = digits.rjust(len(places), "\0") if places else ""
    out, at = [], 0
    for part in section.parts:
        if part.kind == "place":
            take = len(filled) - len(places) + 1 if at == 0 else 1
            piece = filled[at : at + take]
            at += take
            out.append(piece.replace("\0", "0" if part.text == "0" else ""))
        elif part.kind in ("general", "text"):
            out.append(digits)
        elif part.kind == "literal":
            out.append(part.text)
    words = "".join(out).strip()
    return f"-{words}" if signed and value < 0 else words


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[_Section, ...]:
    """The parts of a format between its semicolons."""
    found: list[list[_Part]] = [[]]
    conditions: list[tuple[str, Decimal] | None] = [None]
    rest = code
    while rest:
        if bracket := _BRACKETS.match(rest):
            if condition := CONDITION.fullmatch(bracket[0]):
                conditions[-1] = condition[1], Decimal(condition[2])
            rest = rest[bracket.end() :]
            continue
        match = _TOKEN.match(rest)
        if match is None:
            break
        rest = rest[match.end() :]
        if match["plain"] == ";":
            found.append([])
            conditions.append(None)
        elif match["general"]:
            found[-1].append(_Part("general", ""))
        elif match["place"]:
            found[-1].append(_Part("place", match["place"]))
        elif match["text"]:
            found[-1].append(_Part("text", "@"))
        elif match["plain"] in _SIGNS:
            found[-1].append(_Part("sign", match["plain"]))
        elif literal := match["quoted"] or match["escaped"] or match["plain"]:
            found[-1].append(_Part("literal", literal))
    return tuple(map(_Section, conditions, map(tuple, found)))
