"""The cell a field of a person stands in."""

from __future__ import annotations

import re
from string import ascii_uppercase

_ELSEWHERE = re.compile(r"([A-Z]+)([+-]\d+)", re.ASCII)


def place_at(cell: str, row: int) -> str:
    """Where a person is found, in words: by her row, and the cell if it stands there; else by the cell alone.

    >>> place_at("D7", 7), place_at("D9", 7), place_at("", 7), place_at("", 0)
    ('第 7 行（D7）', 'D9 格', '第 7 行', '')
    """
    if cell and cell.lstrip(ascii_uppercase) != str(row):
        return f"{cell} 格"
    line = f"第 {row} 行" if row else ""
    return f"{line}（{cell}）" if cell else line


def cell_at(letters: str, row: int | None) -> str:
    """The cell of a field, from its letters and the row the person is known by; '' without either. `D+2` is
    column D, two rows below hers (`values.letters_beside`).

    >>> cell_at("D", 7), cell_at("D+2", 7), cell_at("B-1", 7), cell_at("", 7)
    ('D7', 'D9', 'B6', '')
    """
    if not letters or not row:
        return ""
    elsewhere = _ELSEWHERE.fullmatch(letters)
    return f"{elsewhere[1]}{row + int(elsewhere[2])}" if elsewhere else f"{letters}{row}"
