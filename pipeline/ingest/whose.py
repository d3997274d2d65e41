"""Whose return it is: filing line, title, tab and file name, held against where its people live."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters, fold

_LONGEST_LINE = 2000  # characters; what is longer is no filing line
_BEHIND_WORD = re.compile(r"^(?:\([^()]*\))?[::]?")
_NEXT_WORD = re.compile(r"(?:填报|填表|审核|联系)人|单位[::]人")
_MOST = 0.5
_TAB = "工作表名"


@dataclass(frozen=True)
class Names:
    """What speaks of a file's unit outside its sheets: the file's name, its folders from the innermost,
    and what is known of it otherwise (known: the form's own mark, the table above)."""

    file: str = ""
    folders: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every one, the surest first."""
        return (*self.known, self.file, *self.folders)


@dataclass(frozen=True)
class Speaker:
    """One place that names a unit plainly; `row` 0: not in the sheet. `weak`: a folder, which only
    residences can put above what the form says."""

    unit: str
    what: str
    row: int = 0
    column: int = 0
    weak: bool = False

    @property
    def in_sheet(self) -> bool:
        """Whether the sheet itself says it."""
        return bool(self.row) or self.what == _TAB


@dataclass(frozen=True)
class Whose:
    """The unit, '' where nothing tells or two places disagree and neither agrees with the residences;
    what must be said of it."""

    unit: str
    issues: tuple[Issue, ...] = ()


def frame_lines(grid: Grid, top: int) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every cell above the header, merged cells once."""
    for row, column, cell in grid.lines(1, min(top - 1, grid.last_row)):
        yield row, column, cell.text


def unit_of(
    grid: Grid, top: int, bottom: int, names: Names, programme: Programme, day: date | None
) -> str:
    """The one unit a sheet says it comes from, as far as its words tell.

    The filing line may stand above the header or below the rows. Empty where nothing tells.
    """
    speakers = _speakers(grid, top, bottom, names, programme, day)
    known = _known(speakers, names, programme, day)
    return known or (_exact(speakers, programme).unit if speakers else "")


def settled_unit(
    grid: Grid,
    top: int,
    bottom: int,
    names: Names,
    homes: Sequence[str],
    programme: Programme,
    day: date | None,
) -> Whose:
    """The unit of a roster whose rows lie in `homes` (units by their first code, '' for unknown).

    Where two places disagree, that stands which most of the homes agree with.
    """
    speakers = _speakers(grid, top, bottom, names, programme, day)
    if known := _known(speakers, names, programme, day):
        return Whose(known)
    if not speakers:
        return Whose("")
    first = _exact(speakers, programme)
    rivals = [s for s in speakers if not _agree(s, first, programme)]
    if not rivals:
        return Whose(first.unit)
    return _decided(first, rivals, _home(homes), programme, rows=len(homes))


def _known(
    speakers: Sequence[Speaker], names: Names, programme: Programme, day: date | None
) -> str:
    """What is known of the file otherwise, where the sheet itself names no unit."""
    if any(speaker.in_sheet for speaker in speakers):
        return ""
    return next((u for name in names.known if (u := programme.gazetteer.find_one(name, day))), "")


def _speakers(
    grid: Grid, top: int, bottom: int, names: Names, programme: Programme, day: date | None
) -> list[Speaker]:
    """Filing line, title, tab, file name and folder, as far as each names one unit."""
    find = programme.gazetteer.find_unit
    above = list(frame_lines(grid, top))
    lines = [*above, *((r, c, cell.text) for r, c, cell in grid.lines(bottom + 1, grid.last_row))]
    found: list[Speaker] = []
    filing = set()
    for row, column, text in lines:
        after = after_word(text, programme.words["filer"])
        if after is None:
            continue
        filing.add((row, column))
        if after and not found and (unit := find(after, day)):
            found.append(Speaker(unit, "填报单位", row, column))
    titles = ((r, c, u) for r, c, t in above if (r, c) not in filing and (u := find(t, day)))
    for row, column, unit in titles:
        found.append(Speaker(unit, "标题", row, column))
        break
    folder = next((u for name in names.folders if (u := find(name, day))), "")
    filer = found[0].unit if found else folder
    if unit := find(grid.name, day, filer):
        found.append(Speaker(unit, _TAB))
    if unit := find(names.file, day, filer, anywhere=True):
        found.append(Speaker(unit, "文件名"))
    if folder:
        found.append(Speaker(folder, "文件夹名", weak=True))
    return found


def _exact(speakers: Sequence[Speaker], programme: Programme) -> Speaker:
    """The first that speaks; a tab that names a county below it is more exact."""
    first = speakers[0]
    for other in speakers:
        if other.what == _TAB and _is_above(first, other, programme):
            return other
    return first


def _is_above(one: Speaker, other: Speaker, programme: Programme) -> bool:
    gazetteer = programme.gazetteer
    return one.unit != other.unit and gazetteer.prefecture_of(other.unit) == one.unit


def _agree(other: Speaker, first: Speaker, programme: Programme) -> bool:
    entity = programme.gazetteer.entity
    return entity(other.unit) == entity(first.unit) or _is_above(other, first, programme)


def _home(homes: Sequence[str]) -> str:
    """The unit in which most of those live whose address names one."""
    named = Counter(home for home in homes if home)
    if not named:
        return ""
    unit, persons = max(named.items(), key=lambda pair: (pair[1], pair[0]))
    return unit if persons > _MOST * named.total() else ""


def _decided(
    first: Speaker, rivals: Sequence[Speaker], home: str, programme: Programme, *, rows: int
) -> Whose:
    gazetteer = programme.gazetteer
    right = next((s for s in (first, *rivals) if home and gazetteer.entity(s.unit) == home), None)
    if right is None and home and gazetteer.prefecture_of(home) == first.unit:
        return Whose(first.unit)  # an office's own list of people who live in its districts
    others = [s for s in rivals if not s.weak and not _is_above(first, s, programme)]
    if right is None and not others:
        return Whose(first.unit)
    if right is None and rows:
        return Whose("", (_clash("S25", first, others[0], "", programme),))
    stands = right or first
    against = next(
        s for s in (first, *rivals) if gazetteer.entity(s.unit) != gazetteer.entity(stands.unit)
    )
    return Whose(stands.unit, (_clash("S24", stands, against, stands.unit, programme),))


def _clash(code: str, one: Speaker, other: Speaker, stands: str, programme: Programme) -> Issue:
    name = programme.gazetteer.name
    slots = {
        "one": f"{one.what}写的是{name(one.unit)}",
        "other": f"{other.what}写的是{name(other.unit)}",
    }
    if stands:
        slots["stands"] = name(stands)
    issue = programme.issue(code, **slots)
    place = next((s for s in (other, one) if s.row), None)
    return issue.at(row=place.row, column=column_letters(place.column)) if place else issue


def after_word(text: str, words: Iterable[str]) -> str | None:
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
    return _NEXT_WORD.split(rest, maxsplit=1)[0]
