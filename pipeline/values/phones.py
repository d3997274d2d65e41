"""Phone numbers as typed, and whether they can be dialled."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 200  # characters; what is longer is a note, not a number
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(?:0\d{2,3})?[2-9]\d{6,7}(?:转\d{1,6})?", re.ASCII)
_BETWEEN = re.compile(r"[/、,;，；\s]+(?=\d{3,})", re.ASCII)
_ABROAD = re.compile(r"(?:00)?86(?=1[3-9]\d{9}$|0?[1-9]\d{9,10}$)", re.ASCII)
_PREFIX = re.compile(r"(?:\(?\+\s*86\)?|\(\s*(?:00)?86\s*\)|^0086(?=\s))[\s-]*", re.ASCII)
# one number in groups: 138 4444 5555, 0433 2512345
_IN_GROUPS = re.compile(
    r"(?<!\d)(?:(1[3-9]\d)[ -]+(\d{4})[ -]+(\d{4})|(1[3-9]\d{2})[ -]+(\d{3,4})[ -]+(\d{3,4})|(0\d{2,3})[ ]+([2-9]\d{6,7}))(?!\d)",
    re.ASCII,
)
_AS_NUMBER = re.compile(r"(?<=\d)\.0+$", re.ASCII)
_BESIDE = re.compile(r"[^\d转*]", re.ASCII)


def read_phones(text: str) -> tuple[str, ...]:
    """The phone numbers of one cell, digits only, sound or not.

    >>> read_phones("13844445555/0433-2512345")
    ('13844445555', '04332512345')
    >>> read_phones("+86 138-4444-5555"), read_phones("13844445555.0")
    (('13844445555',), ('13844445555',))
    >>> read_phones("138 4444 5555 139 4444 5555"), read_phones("0433 2512345")
    (('13844445555', '13944445555'), ('04332512345',))
    """
    if _MOBILE.fullmatch(text):  # as most are
        return (text,)
    folded = unicodedata.normalize("NFKC", text[:_LONGEST])
    folded = _PREFIX.sub("86", " ".join(folded.split()))
    folded = _IN_GROUPS.sub(lambda groups: "".join(filter(None, groups.groups())), folded)
    parts = [_BESIDE.sub("", _AS_NUMBER.sub("", p)) for p in _BETWEEN.split(folded)]
    return tuple(_ABROAD.sub("", p) for p in parts if p)


def is_phone(number: str) -> bool:
    """Whether a number can be dialled: a mobile, or a landline with or without its area code.

    >>> is_phone("13844445555"), is_phone("1384444555")
    (True, False)
    """
    return bool(
        _MOBILE.fullmatch(number) or (_LANDLINE.fullmatch(number) and not _too_short(number))
    )


def _too_short(number: str) -> bool:
    # ten digits that begin like a mobile are a mobile with one digit lost, not a landline
    return number.startswith("1")
