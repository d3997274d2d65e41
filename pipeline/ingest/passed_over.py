"""What looks like persons and was read into no row: said at its place, never in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.ingest.other_lists import numbers_read
from pipeline.ingest.rosters import Roster, numbers_in
from pipeline.model import Grid, Issue
from pipeline.model.as_filed import Table
from pipeline.numbers import compact_no, id_fault
from pipeline.office.read import texts_beside
from pipeline.programme import Programme
from pipeline.values import column_letters

# an ID number, whole, without its last digit or with a certificate's digits behind it
_NUMBER = re.compile(
    r"[1-8]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?:[\dX](?:\d{2}(?:B\d?|\d)?)?)?"
    r"|\d\.\d{2,}E\+1[5-9]",
    re.ASCII,
)
# a number that shows how numbers are written: 18位，如220122197803050244
_SAMPLE = re.compile(r"(?:如|例|样式?|格式)[:\uff1a为是“\"']{0,3}\s*\d{17}[\dXx]\d{0,4}", re.ASCII)
_SHORTEST, _LONGEST, _LONG_CELL = 8, 40, 60  # characters
_A_NUMBER, _FEWEST_DIGITS = 18, 5
_MOST_PLACES = 3
_FEW_CELLS = 30  # of a sheet whose list is a picture: a title, a filing line, a header at most


def passed_over(
    grids: Iterable[Grid],
    rosters: Iterable[Roster],
    others: frozenset[str],
    programme: Programme,
) -> Iterator[Issue]:
    """One warning for each sheet with rows that hold an ID number, or what looks like one, and are in no
    row read; and one for each sheet whose list is a picture.

    On sheets that are other lists (`others`) only the numbers that stand in no row read of the whole file are
    spoken of. A sheet that was refused, and columns of the county's own under a header, are spoken of elsewhere.
    """
    rosters = list(rosters)
    by_sheet: dict[str, list[Table]] = {}
    refused = {i.sheet for r in rosters if r.table is None for i in r.issues}
    for roster in rosters:
        if roster.table:
            by_sheet.setdefault(roster.table.sheet, []).append(roster.table)
    samples = {(i.sheet, i.row) for r in rosters for i in r.issues if i.rule == "S19"}
    read: set[str] | None = None
    for grid in grids:
        tables = by_sheet.get(grid.name, [])
        if grid.name in refused:
            continue
        if grid.pictured and not any(t.rows for t in tables) and _holds_little(grid, tables):
            yield programme.issue("S31").at(sheet=grid.name)
        spoken = {row for sheet, row in samples if sheet in ("", grid.name)}
        found = {p for p in _places(grid, tables) if p[0] not in spoken}
        if found and grid.name in others:
            read = numbers_read(rosters) if read is None else read
            found = {p for p in found if not _is_read(grid.cells[p].text, read)}
        if found:
            rows = sorted({row for row, _ in found})
            first = min(found)
            issue = programme.issue("S30", count=len(rows), places=_listed(grid.name, rows))
            yield issue.at(sheet=grid.name, row=first[0], column=column_letters(first[1]))


def _is_read(text: str, read: set[str]) -> bool:
    numbers = numbers_in(text) or {compact_no(text)[:_A_NUMBER]}
    return numbers <= read


def beside_cells(content: bytes, grids: Iterable[Grid], programme: Programme) -> Iterator[Issue]:
    """A warning for each sort of place beside the cells (comments, text boxes) with sound ID numbers that
    stand in no cell."""
    found: dict[str, set[str]] = {}
    for what, text in texts_beside(content):
        sound = {n[:18] for n in numbers_in(text) if not id_fault(n[:18])}
        if sound:
            found.setdefault(what, set()).update(sound)
    if not found:
        return
    known = {
        number
        for grid in grids
        for cell in grid.cells.values()
        if len(cell.text) >= _A_NUMBER
        for number in (compact_no(cell.text)[:_A_NUMBER], *numbers_in(cell.text))
    }
    for what, numbers in found.items():
        if left := numbers - known:
            yield programme.issue("S30", count=len(left), places=f"{what}里")


def _holds_little(grid: Grid, tables: list[Table]) -> bool:
    return bool(tables) or len(grid.cells) <= _FEW_CELLS


def _places(grid: Grid, tables: list[Table]) -> Iterator[tuple[int, int]]:
    """Cells with a number that no row read has: in other rows, in a column without a header beside them,
    or swallowed with whole lines by another cell."""
    if not tables:
        yield from _in_rows(grid, [(1, grid.last_row)])
        return
    if any(not letters.isalpha() for t in tables for letters in t.letters.values()):
        return  # persons who are no rows are read only where no number is left over
    read = set().union(*(t.rows for t in tables))
    yield from _in_rows(grid, _gaps(read, grid.last_row))
    top = min(read, default=grid.last_row + 1)
    known = {letters for t in tables for letters in t.letters.values()}
    for column in range(1, grid.last_column + 1):
        texts, _ = grid.column(column, 1, grid.last_row)
        if column_letters(column) not in known and not any(texts[: top - 1]):
            yield from ((row, column) for row in sorted(read) if looks_like_number(texts[row - 1]))
        if max(map(len, texts), default=0) <= _LONG_CELL:
            continue
        for row, text in enumerate(texts, 1):
            if len(text) > _LONG_CELL and row in read and len(numbers_in(text)) > 1:
                yield row, column


def _in_rows(grid: Grid, runs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for top, bottom in runs:
        for row, column, cell in grid.lines(top, bottom):
            if looks_like_number(cell.text) or (
                len(cell.text) >= _A_NUMBER and numbers_in(_SAMPLE.sub("", cell.text))
            ):
                yield row, column


def _gaps(read: set[int], last: int) -> Iterator[tuple[int, int]]:
    """The runs of rows that are not among those read."""
    above = 0
    for row in (*sorted(read), last + 1):
        if row > above + 1:
            yield above + 1, row - 1
        above = row


def looks_like_number(text: str) -> bool:
    """Whether a text looks like a person's number, sound or not.

    >>> looks_like_number("220122197803050244"), looks_like_number("22012219780305024"), looks_like_number("2.20122E+17")
    (True, True, True)
    >>> looks_like_number("6222021234567890123"), looks_like_number("13844445555"), looks_like_number("2018-09-01")
    (False, False, False)
    """
    if not _SHORTEST <= len(text) <= _LONGEST or sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return False
    return _NUMBER.fullmatch(text.strip().upper()) is not None or (
        _NUMBER.fullmatch(compact_no(text)) is not None
    )


def _listed(sheet: str, rows: list[int]) -> str:
    """The rows as people say them: 第 3–5、9 行 等."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    shown = "、".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs[:_MOST_PLACES])
    more = " 等" if len(runs) > _MOST_PLACES else ""
    where = f"“{sheet}”" if sheet else ""
    return f"{where}第 {shown} 行{more}"
