"""Names of persons on a sheet that is no roster, with no number beside them: said, since nobody counts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.ingest.layout import topics_of
from pipeline.ingest.recognition import READS
from pipeline.ingest.rosters.one_roster import Roster
from pipeline.ingest.rosters.wording import numbers_in
from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters, fold, read_name

_LEAST, _MOSTLY = 2, 0.8  # names of a column; how much of it must read as a name, and differ
_USUAL = 3  # characters most names have: words of two begin with a surname as well (单位, 时间)
_SHARE_USUAL = 0.5
_OF_OTHERS = (
    "联系方式",
    "通讯录",
    "通信录",
    "值班",
    "工作人员",
    "领导小组",
    "分工",
)  # in a sheet's name
_DEEPEST, _WIDEST = 3_000, 40  # rows and columns looked at
_LONGEST = 12  # characters of a name
_PLACE = re.compile(r".*[村屯乡镇县市区州省组队社街道路局站所校厂班]")


def names_passed_over(
    grids: Iterable[Grid], rosters: Iterable[Roster], programme: Programme
) -> Iterator[Issue]:
    """One warning for each sheet without a roster that lists names nobody read; a sheet of other people
    (教师, 联系人) and one of names that were read elsewhere in the file are none."""
    rosters = list(rosters)
    spoken_of = {r.table.sheet for r in rosters if r.table}
    spoken_of |= {i.sheet for r in rosters for i in r.issues}
    read = {read_name(n) for r in rosters if r.table for n in _names(r, programme)}
    if not any(r.table and r.table.rows for r in rosters):
        return
    for grid in grids:
        if grid.name in spoken_of or _of_others(grid, programme):
            continue
        for column in range(1, min(grid.last_column, _WIDEST) + 1):
            texts, _ = grid.column(column, 1, min(grid.last_row, _DEEPEST))
            cells = [(row, text) for row, text in enumerate(texts, 1) if text]
            short = [(row, text) for row, text in cells if len(text) <= _LONGEST]
            if len(short) < max(_LEAST, _MOSTLY * (len(cells) - 1)):
                continue
            found = [(row, text) for row, text in short if _is_name(text, programme)]
            left = [row for row, text in found if read_name(text) not in read]
            left = [row for row in left if not _numbered(grid, row)]  # said with their numbers
            if left and _are_names([text for _, text in found], len(cells)):
                issue = programme.issue("S38", count=len(left))
                yield issue.at(sheet=grid.name, row=left[0], column=column_letters(column))
                break


def _numbered(grid: Grid, row: int) -> bool:
    return any(numbers_in(cell.text) for _, _, cell in grid.lines(row, row))


def _names(roster: Roster, programme: Programme) -> list[str]:
    if roster.table is None:
        return []
    return list(roster.table.texts.get(programme.kind[roster.table.kind].role("name"), ()))


def _are_names(found: list[str], cells: int) -> bool:
    """Whether a column is one of names: nearly all of its cells but a header, most of the usual length."""
    if len(found) < _LEAST or len(found) < _MOSTLY * (cells - 1):
        return False
    usual = sum(len(read_name(text)) == _USUAL for text in found)
    return len(set(found)) >= _MOSTLY * len(found) and usual >= _SHARE_USUAL * len(found)


def _is_name(text: str, programme: Programme) -> bool:
    return (
        not text.isascii()
        and READS["name"](text, "s")
        and not _PLACE.fullmatch(text)
        and not programme.gazetteer.find_one(text)
    )


def _of_others(grid: Grid, programme: Programme) -> bool:
    """Whether a sheet speaks of other people, or is one of experiences and problems."""
    if any(word in fold(grid.name) for word in _OF_OTHERS):
        return True
    others = [w for w in programme.words.get("other_person", ()) if len(w) >= _LEAST]
    heads = [grid.name, *(cell.text for _, _, cell in grid.lines(1, 3) if len(cell.text) < 20)]
    topics = topics_of(programme)
    return any(word in fold(text) for text in heads for word in (*others, *topics))
