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


def letters_beside(column: int, below: int) -> str:
    """What stands for the letters of a field whose cell is so many rows below the row a person is known by
    (`model.cell_at` gives the cell).

    >>> letters_beside(4, 0), letters_beside(4, 2), letters_beside(2, -1)
    ('D', 'D+2', 'B-1')
    """
    return f"{column_letters(column)}{below:+d}" if below else column_letters(column)
