"""Excel's names of columns as numbers: openpyxl's own function would load all of openpyxl."""

from __future__ import annotations

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


def column_number(letters: str) -> int:
    """The number of a column from its letters.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
