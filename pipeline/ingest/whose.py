"""Whose return it is and of when: from filing line, title, sheet and file name, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import fold, read_day

_LONGEST_LINE = 2000  # characters; what is longer is no filing line
_BEHIND_WORD = re.compile(r"^(?:\([^()]*\))?[::]?")
_NEXT_WORD = re.compile(r"(?:填报|填表|审核|联系)人|单位[::]人")


def frame_lines(grid: Grid, top: int) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every cell above the header, merged cells once."""
    for row, column, cell in grid.lines(1, min(top - 1, grid.last_row)):
        yield row, column, cell.text


def unit_of(
    grid: Grid, top: int, bottom: int, names: Iterable[str], programme: Programme, day: date | None
) -> str:
    """The one unit a sheet says it comes from: filing line, title, then the names given.

    The filing line may stand above the header or below the rows. Empty where nothing tells.
    """
    find = programme.gazetteer.find_one
    lines = [text for _, _, text in frame_lines(grid, top)]
    lines += [cell.text for _, _, cell in grid.lines(bottom + 1, grid.last_row)]
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
    above, below = grid.lines(1, top - 1), grid.lines(bottom + 1, grid.last_row)
    for row, column, cell in (*above, *below):
        after = _after_word(cell.text, programme.words["filed_on"])
        if after is None:
            continue
        (beside,), (kind,) = grid.column(column + 1, row, row)
        for text, kind_of in ((after, "s"), (beside, kind)):
            day = read_day(text, kind_of) if text else None
            if day and day.exact:
                return day.first
    return None


def _after_word(text: str, words: frozenset[str]) -> str | None:
    """What stands behind `填报单位（盖章）：` or a like word; None where no such word stands.

    Of several words the longest tells, of equally long ones the first in the text.
    """
    if len(text) > _LONGEST_LINE:
        return None
    folded = fold(text)
    held = [word for word in words if word in folded]
    if not held:
        return None
    word = min(held, key=lambda w: (-len(w), folded.index(w), w))
    rest = _BEHIND_WORD.sub("", folded[folded.index(word) + len(word) :], count=1)
    rest = _NEXT_WORD.split(rest, maxsplit=1)[0]
    # another word of the sort says something else, which is not what this one says
    return rest[: min((at for w in words if (at := rest.find(w)) > 0), default=len(rest))]
