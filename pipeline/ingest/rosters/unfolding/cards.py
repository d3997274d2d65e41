"""Sheets with the name of a field before its value and not above it: a form for each person, or a list on its side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.ingest.layout import Survey, fields_in_roles, known_headers
from pipeline.ingest.recognition import READS
from pipeline.ingest.rosters.unfolding.card_forms import from_cards
from pipeline.ingest.rosters.unfolding.paired_rows import from_pairs
from pipeline.ingest.rosters.unfolding.side_lists import from_side
from pipeline.ingest.rosters.unfolding.unfolded import Unfolded
from pipeline.ingest.rosters.wording import numbers_in
from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters

_FARTHEST = 3  # columns between the name of a field and its value, merged or left blank
_MOSTLY = 0.5  # of the persons on the sheet
_FEWEST_NAMED = 2  # names of fields in a line of them
_DEEPEST, _LONGEST = 10, 8  # rows of a form in which its first name stands; characters of that name
_BOXES = 15  # cells of one character each in which a number is written


def no_row_each(grid: Grid, found: Survey, programme: Programme) -> tuple[Issue, int] | None:
    """What must be said of a sheet whose persons are not a row each, and how many they are; None for any
    other sheet.

    A name and a number both stand behind what they are: 身份证 before a number may be the sort of paper it is
    of, in a column of a list.
    """
    numbered = _numbered(grid, found, programme)
    if not numbered:
        return None
    if 2 * len(_named(grid, found, programme)) < len(numbered):
        return None
    in_line: dict[int, set[str]] = {}
    for row, _, cell in grid.lines(1, grid.last_row):
        in_line.setdefault(row, set()).update(numbers_in(cell.text))
    everybody = set().union(*in_line.values())
    if len(set().union(*(in_line[row] for row in numbered))) < _MOSTLY * len(everybody):
        return None
    row = min(numbered)
    issue = programme.issue("S43", count=len(everybody))
    column = column_letters(min(found.headers[row]))
    return issue.at(sheet=grid.name, row=row, column=column), len(everybody)


def _numbered(grid: Grid, found: Survey, programme: Programme) -> dict[int, set[str]]:
    """The lines with an ID number behind its name, and what stands there."""
    return {
        row: numbers
        for row, text in _led(grid, found, ("person", "certificate"), programme)
        if (numbers := numbers_in(text))
    }


def _named(grid: Grid, found: Survey, programme: Programme) -> list[int]:
    led = _led(grid, found, ("name",), programme)
    return [row for row, text in led if READS["name"](text, "s")]


def _led(
    grid: Grid, found: Survey, roles: tuple[str, ...], programme: Programme
) -> Iterator[tuple[int, str]]:
    """The row and the text of what stands right behind the name of one of these roles' fields."""
    fields = fields_in_roles(roles, programme.kinds)
    by_kind = known_headers(programme).by_kind.values()
    for row, words in found.headers.items():
        if len(words) > 2 and any(column + 1 in words for column in words):
            continue  # a header: one name beside the other
        line: dict[int, str] = {}
        for column, word in words.items():
            if any(names.get(word) in fields for names in by_kind):
                line = line or {at: cell.text for _, at, cell in grid.lines(row, row)}
                behind = [at for at in line if column < at <= column + _FARTHEST]
                if behind:
                    yield row, _whole(line, min(behind))


def _whole(line: dict[int, str], first: int) -> str:
    """The text of a cell; a number that is written in a cell a digit whole."""
    boxes, column = "", first
    while len(text := line.get(column, "").strip()) == 1:
        boxes, column = boxes + text, column + 1
    return boxes if len(boxes) >= _BOXES else line[first]


def one_row_each(grid: Grid, found: Survey, programme: Programme, *, odd: bool) -> Unfolded | None:
    """A sheet whose persons are plainly in it, but no row each, as a list in which they are; None for any other
    sheet. `odd`: it is known that the persons are not a row each."""
    if odd:
        return from_side(grid, programme) or from_cards(grid, programme)
    if flat := from_pairs(grid, found, programme):
        return flat
    in_forms = _names_above(found, programme) or _names_inside(grid, found, programme)
    if in_forms or (_named(grid, found, programme) and _numbered(grid, found, programme)):
        return from_cards(grid, programme)
    return None


def _names_above(found: Survey, programme: Programme) -> bool:
    """Whether a line of names, without that of the person, stands two lines below another: 姓名 | 性别 over her,
    证号 | 时间 over what else is said of her."""
    names = fields_in_roles(("name",), programme.kinds)
    needed = fields_in_roles(("person", "certificate", "start", "finish"), programme.kinds)
    for row, words in found.headers.items():
        above = found.headers.get(row - 2, {})
        if len(words) < _FEWEST_NAMED or len(above) < _FEWEST_NAMED or row - 1 in found.headers:
            continue
        fields = _fields(words.values(), programme)
        if fields & needed and not fields & names:
            return True
    return False


def _names_inside(grid: Grid, found: Survey, programme: Programme) -> bool:
    """Whether cells say both, 姓名：张三, on a sheet without a header."""
    if any(len(words) >= _FEWEST_NAMED for words in found.headers.values()):
        return False
    names = fields_in_roles(("name",), programme.kinds)
    known = known_headers(programme)
    for _, _, cell in grid.lines(1, _DEEPEST):
        before, colon, behind = cell.text.replace("：", ":").partition(":")
        if (
            colon
            and behind
            and len(before) <= _LONGEST
            and set(known.of_leaf(before).values()) & names
        ):
            return True
    return False


def _fields(words: Iterable[str], programme: Programme) -> set[str]:
    by_kind = known_headers(programme).by_kind.values()
    return {named[word] for named in by_kind for word in words if word in named}
