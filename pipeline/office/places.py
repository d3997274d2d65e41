"""Excel's names of columns and areas as numbers: openpyxl's own function would load all of openpyxl."""

from __future__ import annotations

import re

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_AREA = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?")


def column_number(letters: str) -> int:
    """The number of a column from its letters.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def area(reference: str) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of `A1` or `A1:B2`. Raises ValueError for what is neither.

    >>> area("B2:D5"), area("C7")
    ((2, 2, 5, 4), (7, 3, 7, 3))
    """
    match = _AREA.fullmatch((reference or "").replace("$", ""))
    if match is None:
        raise ValueError("no area of cells")
    top, left = int(match[2]), column_number(match[1])
    if match[3] is None:
        return top, left, top, left
    return top, left, int(match[4]), column_number(match[3])
