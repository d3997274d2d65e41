"""Whose return it is and of when: from filing line, title, sheet and file name, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import fold, read_day


def frame_lines(grid: Grid, top: int) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every cell above the header, merged cells once."""
    for (row, column), cell in sorted(grid.cells.items()):
        if row < top:
            yield row, column, cell.text


def unit_of(
    grid: Grid, top: int, bottom: int, names: Iterable[str], programme: Programme, day: date | None
) -> str:
    """The one unit a sheet says it comes from: filing line, title, then the names given.

    The filing line may stand above the header or below the rows. Empty where nothing tells.
    """
    find = programme.gazetteer.find_one
    lines = [text for _, _, text in frame_lines(grid, top)]
    lines += [cell.text for (row, _), cell in sorted(grid.cells.items()) if row > bottom]
    for text in lines:
        after = _after_word(text, programme.words["filer"])
        if after and (unit := find(after, day)):
            return unit
    for text in [text for _, _, text in frame_lines(grid, top)]:
        if unit := find(text, day):
            return unit
    return next((unit for name in names if (unit := find(name, day))), "")


def filed_on(grid: Grid, top: int, bottom: int, programme: Programme) -> date | None:
    """The filing date written in the form, above the header or in the footer."""
    for (row, column), cell in sorted(grid.cells.items()):
        if top <= row <= bottom:
            continue
        after = _after_word(cell.text, programme.words["filed_on"])
        if after is None:
            continue
        beside = grid.cells.get((row, column + 1))
        for text, kind in ((after, "s"), (beside.text, beside.type) if beside else ("", "s")):
            day = read_day(text, kind) if text else None
            if day and day.exact:
                return day.first
    return None


def _after_word(text: str, words: frozenset[str]) -> str | None:
    """What stands behind `填报单位（盖章）：` or a like word; None where no such word stands."""
    folded = fold(text)
    # the first that stands in the text, the longest where two begin together
    either = "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
    match = re.search(rf"(?:{either})(?:\([^()]*\))?[::]?", folded)
    if match is None:
        return None
    return re.split(r"(?:填报|填表|审核|联系)人|单位[::]人", folded[match.end() :])[0]
