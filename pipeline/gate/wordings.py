"""Texts in which a person may be told by number, name or phone, however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from pipeline.gate.encoded import decoded
from pipeline.gate.known import Known
from pipeline.numbers import birth_of, check_digit
from pipeline.values import one_dot, unified

NUMBER, NAME, PHONE = "id", "name", "phone"

_APART = r"[\s\-‐‑‒–—.,，、·_/'’\"&+|:：;；*#~^=()（）\[\]【】]{0,4}"
_BORN = r"(?:19[0-9]{2}|200[0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
# what looks like a character or a dot and is another, or is not seen at all
_SEEMING = re.compile(rf"[\u2e80-\u2ef3•・‧∙⋅⸱᛫ꞏ]|{_INVISIBLE.pattern}")
# a number as it is, alone or with a certificate's last digits behind it
_WHOLE = re.compile(
    rf"(?<![0-9])(?<![0-9]\.)[1-8][0-9]{{5}}{_BORN}[0-9]{{3}}[0-9Xx](?:[0-9]{{2}}(?:[0-9]|B[0-9]{{1,2}})?)?(?![0-9])"
)
_OLD = re.compile(
    r"(?<![0-9])(?<![0-9]\.)[1-8][0-9]{5}[3-9][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9.])"
)
# a number in pieces: digits with little between them; of a fraction as computers write it, and of
# a digest, the digits are nobody's
_CHAIN = re.compile(rf"[0-9](?:{_APART}[0-9]){{10,}}(?:{_APART}[Xx])?")
# what is worth looking at for numbers and phones at all: none of them has fewer digits, or more between them
_STRETCH = re.compile(rf"[0-9](?:{_APART}[0-9]){{6,}}(?:{_APART}[Xx])?")
_LONGEST_WORD, _FAR_APART = 70, "∥"  # characters: of a word longer than this nothing is a digest
_PIECE = re.compile(r"[0-9]+|[Xx]")
_FRACTION = re.compile(r"(?<![0-9.])(?:0\.0*[0-9]{6,17}|[0-9]{1,5}\.[0-9]{6,17})(?![0-9.])")
_DIGEST = re.compile(r"(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f][0-9a-f]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9A-Za-z])")  # fmt: skip
_MOST_PIECES, _LONG_PIECE = 5, 6
_POWER = re.compile(r"(?<![0-9.])([1-9])\.([0-9]{7,17})[Ee]\+?(1[078])(?![0-9])")
_RUN = re.compile(r"[0-9]{7,}")
_PHONE_APART = re.compile(r"(?<![0-9])(?:\+?86[\s-]?)?1[\s\-.·]?[3-9](?:[\s\-.·]{0,2}[0-9]){9}(?![0-9])|(?<![0-9])0[0-9]{2,3}[\s\-－)]{0,2}[2-9][0-9]{6,7}(?![0-9])")  # fmt: skip
_NOT_DIGIT = re.compile(r"[^0-9]")
_NUMBER, _MOBILE, _BREAK = 18, 11, "/////"
_HAN = re.compile(r"[\u3400-\u9fff·]{2,}")
_HAN_APART = re.compile(r"(?<=[\u3400-\u9fff])[ \t\u3000\u00a0_\-/|·.]{1,4}(?=[\u3400-\u9fff])")


def found_in(text: str, known: Known, *, nested: bool = True) -> Iterator[tuple[str, str]]:
    """The kinds (id, name, phone) that a text tells with what tells it, each found once at most a kind.

    Lines are texts of their own: cells, paragraphs. Nothing is said of whom it is.
    """
    text = folded(text)
    if digits := _FAR_APART.join(_stretches(text)):
        chains = _CHAIN.findall(_FRACTION.sub(_BREAK, digits))
        if number := _number(digits, chains, known):
            yield NUMBER, number
        if phone := _phone(digits, chains, known):
            yield PHONE, phone
    if name := _name(text, known):
        yield NAME, name
    if nested:
        for hidden in decoded(text):
            yield from found_in(hidden, known, nested=False)


def folded(text: str) -> str:
    """The text with full-width and other forms as plain ones, and nothing invisible in it.

    >>> folded("２２０１２２"), folded("⻩·阿依•古丽")
    ('220122', '黄·阿依·古丽')
    """
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    if _SEEMING.search(text):
        text = _INVISIBLE.sub("", one_dot(unified(text)))
    return text


def _stretches(text: str) -> Iterator[str]:
    """Where digits stand near each other, with the words they begin and end in.

    >>> list(_stretches("截至2018年11月：abc13844445555def、1.3844445555E10"))
    ['：abc13844445555def、', '、1.3844445555E10']
    """
    for match in _STRETCH.finditer(text):
        start, end = match.span()
        first, last = max(start - _LONGEST_WORD, 0), min(end + _LONGEST_WORD, len(text))
        while start > first and text[start - 1].isascii() and text[start - 1].isalnum():
            start -= 1
        while end < last and text[end].isascii() and (text[end].isalnum() or text[end] == "+"):
            end += 1
        yield text[max(start - 1, 0) : end + 1]


def _number(text: str, chains: Sequence[str], known: Known) -> str:
    text = _DIGEST.sub("", text)
    for pattern in (_WHOLE, _OLD):
        if match := pattern.search(text):
            return str(match[0])
    for match in _POWER.finditer(text):
        digits = (match[1] + match[2]).ljust(int(match[3]) + 1, "0")
        if len(digits) >= 18 and _WHOLE.fullmatch(digits[:18]):
            return str(match[0])
    for chain in chains:
        if len(chain) < _NUMBER:
            continue
        pieces = _PIECE.findall(chain.upper())
        for piece in pieces:
            for at in range(len(piece) - _NUMBER + 1):  # glued to other digits
                if _is_number(piece[at : at + _NUMBER], known):
                    return chain
        for digits, lengths in _put_together(pieces, _NUMBER, "12345678"):
            if digits in known.numbers or (
                _as_split_by_hand(lengths) and _is_number(digits, known)
            ):
                return chain
    return ""


def _put_together(pieces: list[str], length: int, begins: str) -> Iterator[tuple[str, list[int]]]:
    """Neighbouring pieces that make exactly so many characters, with the lengths of the pieces."""
    for first in range(len(pieces)):
        whole, last = pieces[first], first
        if whole[0] not in begins:
            continue
        while len(whole) < length and last + 1 < len(pieces):
            last += 1
            whole += pieces[last]
        if len(whole) == length and last > first:
            yield whole, [len(piece) for piece in pieces[first : last + 1]]


def _as_split_by_hand(lengths: list[int]) -> bool:
    """Whether pieces look like one number cut up, and not like figures that stand in a row."""
    alike = len(set(lengths[:-1])) == 1 and lengths[-1] <= lengths[0]
    return alike or (len(lengths) <= _MOST_PIECES and max(lengths) >= _LONG_PIECE)


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


def _phone(text: str, chains: Sequence[str], known: Known) -> str:
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
    for chain in chains:
        for digits, lengths in _put_together(_PIECE.findall(chain), _MOBILE, "1"):
            if digits in known.phones and (min(lengths) > 2 or set(lengths) == {1}):
                return chain
    return ""


def _name(text: str, known: Known) -> str:
    """A name that stands alone, or one of three characters and more inside a text."""
    if not known.names or text.isascii():
        return ""
    words: set[str] = set(_HAN.findall(text))
    if _HAN_APART.search(text):
        words |= set(_HAN.findall(_HAN_APART.sub("", text)))
    if alone := words & known.names:
        return str(min(alone))
    for word in words:
        for long in known.lengths:
            for at in range(len(word) - long + 1):
                if word[at : at + long] in known.names:
                    return str(word[at : at + long])
    return ""
