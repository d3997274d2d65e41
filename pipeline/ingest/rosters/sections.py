"""Section lines between the rows of a bundle: 一、和龙市 (12人)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date

from pipeline.model import Cell
from pipeline.programme import Programme
from pipeline.values import fold, read_count

_NUMBER_BEFORE = re.compile(
    r"^[★☆●◆■▲※*【《〈\[]+|^[(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)]?[、.,:]?|^第[一二三四五六七八九十\d]{1,3}部分[:、]?"
)
_BEHIND = re.compile(r"[】》〉\]]?[:,]?(?:[(]?共?(?:计|有)?\d{1,5}[人名]?[)]?)?[】》〉\]]?[:]?$")
_LONGEST = 30
_MOST_CELLS = 3


def section_unit(text: str, programme: Programme, day: date | None = None) -> str:
    """The unit that a line is the heading of; '' for a line that says anything else."""
    if len(text) > _LONGEST:
        return ""
    folded = _BEHIND.sub("", fold(text), count=1)
    for name in (folded, _NUMBER_BEFORE.sub("", folded, count=1)):
        unit = (
            programme.gazetteer.find_one(name, day) if len(name) > 1 and not name.isascii() else ""
        )
        if unit and _is_name_of(name, unit, programme):
            return unit
    return ""


def _is_name_of(name: str, code: str, programme: Programme) -> bool:
    """Whether the text is the whole name of the unit, alone or behind that of its office."""
    gazetteer = programme.gazetteer
    unit = gazetteer.by_code[code]
    names = [fold(name) for name in (unit.name, *unit.aliases)]
    above = fold(gazetteer.name(gazetteer.prefecture_of(code)))
    office = fold(programme.letterhead.get("default", "").format(unit=gazetteer.name(code)))
    offices = (own + word for own in names for word in programme.words["offices"])
    return name in (*names, *(above + own for own in names), office, *offices)


def sections_of(
    lines: Mapping[int, Mapping[int, Cell]], programme: Programme, day: date | None
) -> list[tuple[int, int, str]]:
    """Row, column and unit of every section line among the lines that are no persons."""
    found = []
    for row, line in sorted(lines.items()):
        texts = [(c, cell.text) for c, cell in line.items() if read_count(cell.text) is None]
        if 1 <= len(texts) <= _MOST_CELLS - 1 and len(line) <= _MOST_CELLS:
            column, text = texts[0]
            if unit := section_unit(text, programme, day):
                found.append((row, column, unit))
    return found


def section_at(
    sections: Iterable[tuple[int, int, str]], rows: list[int]
) -> list[tuple[int, int, str]]:
    """For each row the section line above it; (0, 0, '') for rows above the first."""
    ordered = list(sections)
    starts = [row for row, _, _ in ordered]
    return [ordered[at - 1] if (at := bisect_right(starts, row)) else (0, 0, "") for row in rows]
