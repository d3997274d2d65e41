"""Texts in which a person may be told by number, name or phone, however they are written."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator

from pipeline.gate.known import Known
from pipeline.numbers import birth_of, check_digit

NUMBER, NAME, PHONE = "id", "name", "phone"

_APART = r"[\s\-‐‑‒–—.,，、·_/'’\"&+|]{0,4}"
_BORN = r"(?:19[0-9]{2}|200[0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
# a number as it is, alone or with a certificate's last digits behind it
_WHOLE = re.compile(
    rf"(?<![0-9])(?<![0-9]\.)[1-8][0-9]{{5}}{_BORN}[0-9]{{3}}[0-9Xx](?:[0-9]{{2}}(?:[0-9]|B[0-9]{{1,2}})?)?(?![0-9])"
)
_OLD = re.compile(
    r"(?<![0-9])(?<![0-9]\.)[1-8][0-9]{5}[3-9][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9.])"
)
_CHAIN = re.compile(rf"[0-9](?:{_APART}[0-9]){{16,}}(?:{_APART}[Xx])?")
_POWER = re.compile(r"(?<![0-9.])([1-9])\.([0-9]{7,17})[Ee]\+?(1[078])(?![0-9])")
_RUN = re.compile(r"[0-9]{7,}")
_PHONE_APART = re.compile(r"(?<![0-9])(?:\+?86[\s-]?)?1[\s\-.·]?[3-9](?:[\s\-.·]{0,2}[0-9]){9}(?![0-9])|(?<![0-9])0[0-9]{2,3}[\s\-－)]{0,2}[2-9][0-9]{6,7}(?![0-9])")  # fmt: skip
_NOT_DIGIT = re.compile(r"[^0-9]")
_HAN = re.compile(r"[\u3400-\u9fff·]{2,}")
_HAN_APART = re.compile(r"(?<=[\u3400-\u9fff])[ \t\u3000\u00a0]+(?=[\u3400-\u9fff])")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{12,}={0,2}")


def told_in(text: str, known: Known, *, nested: bool = True) -> Iterator[tuple[str, str]]:
    """The kinds (id, name, phone) that a text tells with what tells it, each found once at most a kind.

    Lines are texts of their own: cells, paragraphs. Nothing is said of whom it is.
    """
    text = folded(text)
    if any(c in text for c in "0123456789"):
        if number := _number(text, known):
            yield NUMBER, number
        if phone := _phone(text, known):
            yield PHONE, phone
    if name := _name(text, known):
        yield NAME, name
    if nested:
        for hidden in _decoded(text):
            yield from told_in(hidden, known, nested=False)


def folded(text: str) -> str:
    """The text with full-width and other forms as plain ones, and nothing invisible in it.

    >>> folded("２２０１２２")
    '220122'
    """
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return _INVISIBLE.sub("", text)


def _number(text: str, known: Known) -> str:
    for pattern in (_WHOLE, _OLD):
        if match := pattern.search(text):
            return str(match[0])
    for match in _POWER.finditer(text):
        digits = (match[1] + match[2]).ljust(int(match[3]) + 1, "0")
        if len(digits) >= 18 and _WHOLE.fullmatch(digits[:18]):
            return str(match[0])
    for match in _CHAIN.finditer(text):
        digits = re.sub(_APART, "", match[0]).upper()
        if any(_is_number(digits[at : at + 18], known) for at in range(len(digits) - 17)):
            return str(match[0])
    return ""


def _is_number(digits: str, known: Known) -> bool:
    """Of a number put together: it must be somebody's, or sound to the last digit."""
    if digits in known.numbers:
        return True
    born = birth_of(digits) if digits[:17].isdigit() else None
    return (
        born is not None
        and 1900 <= born.year < 2010
        and digits[0] in "12345678"
        and check_digit(digits[:17]) == digits[17]
    )


def _phone(text: str, known: Known) -> str:
    if not known.phones:
        return ""
    for run in set(_RUN.findall(text)):
        if run in known.phones or run.removeprefix("86") in known.phones:
            return str(run)
    for match in _PHONE_APART.finditer(text):
        digits = _NOT_DIGIT.sub("", match[0])
        if digits in known.phones or digits.removeprefix("86") in known.phones:
            return str(match[0])
    for match in _POWER.finditer(text):
        if (match[1] + match[2]).ljust(int(match[3]) + 1, "0") in known.phones:
            return str(match[0])
    return ""


def _name(text: str, known: Known) -> str:
    """A name that stands alone, or one of three characters and more inside a text."""
    if not known.names or text.isascii():
        return ""
    words: set[str] = set(_HAN.findall(text))
    if any(gap in text for gap in " \t\u3000\u00a0"):
        words |= set(_HAN.findall(_HAN_APART.sub("", text)))
    if alone := words & known.names:
        return str(min(alone))
    for word in words:
        if len(word) > 3:
            for long in (3, 4):
                for at in range(len(word) - long + 1):
                    if word[at : at + long] in known.names:
                        return str(word[at : at + long])
    return ""


def _decoded(text: str) -> Iterator[str]:
    """What stands in it as base64."""
    for token in set(_BASE64.findall(text)):
        try:
            padded = token.rstrip("=").translate(str.maketrans("-_", "+/"))
            raw = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
        except (binascii.Error, ValueError):
            continue
        for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            try:
                yield raw.decode(code)
            except UnicodeDecodeError:
                continue
