"""Citizen ID numbers (GB 11643-1999).

Checksum and calendar only: the area code is the place of first registration and may predate
today's division codes, so holding it against them would refuse real people.
"""

from __future__ import annotations

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID = re.compile(r"\d{17}[\dX]", re.ASCII)


def check_digit(first17: str) -> str:
    """The eighteenth character of an ID number (GB 11643, ISO 7064 MOD 11-2).

    >>> check_digit("22062119651012228")
    'X'
    """
    total = sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def id_fault(number: str) -> str:
    """What is wrong with a compacted ID number: length, characters, date, checksum, or nothing.

    >>> id_fault("220122197803050244"), id_fault("220122197803050245")
    ('', 'checksum')
    >>> id_fault("222401199002290040"), id_fault("2201221978030502")
    ('date', 'length')
    """
    if len(number) != 18:
        return "length"
    if not _ID.fullmatch(number):
        return "characters"
    if birth_of(number) is None:
        return "date"
    return "" if check_digit(number[:17]) == number[17] else "checksum"


def birth_of(number: str) -> date | None:
    """The birth date written in an ID number, if there is such a day.

    >>> birth_of("220122197803050244")
    datetime.date(1978, 3, 5)
    """
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_woman(number: str) -> bool:
    """Digit 17 is even for women, odd for men.

    >>> is_woman("220122197803050244")
    True
    """
    return int(number[16]) % 2 == 0


def slip(number_a: str, number_b: str) -> int:
    """How many of the first 17 digits of two ID numbers differ (the check digit follows from them).

    >>> slip("220122197803050244", "220122197803050314")
    2
    """
    return sum(a != b for a, b in zip(number_a[:17], number_b[:17], strict=True))
