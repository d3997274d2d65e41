"""The letters above a sheet's columns."""

from __future__ import annotations


def column_letters(number: int) -> str:
    """The letters Excel shows above a column, from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
