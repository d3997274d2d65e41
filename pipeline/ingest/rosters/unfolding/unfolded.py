"""A sheet whose persons are no rows -> the same as a list of one row each; every cell keeps its own place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.ingest.layout import WIDEST, Header, is_footer
from pipeline.ingest.rosters.one_roster import Roster
from pipeline.ingest.rosters.wording import numbers_in
from pipeline.ingest.unseen import hidden
from pipeline.model import Cell, Grid, Issue
from pipeline.office.places import column_number
from pipeline.programme import Programme
from pipeline.values import column_letters, letters_beside

Place = tuple[int, int]  # row, column
Standing = tuple[Place, Cell]  # a cell with its place; one that says nothing has the type ''
_MOST_FIGURES = 8  # of a day
_COLUMNS = re.compile(r"(?<![A-Z0-9])([A-Z]{1,3})(?= 列)", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """What a sheet says of each of its persons under one name: the name below its groups, the name's own
    cell, and the cell of each person."""

    path: tuple[str, ...]
    named_at: Place
    cells: tuple[Standing, ...]


@dataclass(frozen=True)
class Unfolded:
    """The persons of a sheet, one a row of `grid` under `header`: column n holds entry n.

    `rows` is the row of each person there and what she is known by: a row of her own cells where she has any to
    herself. `top` and `bottom`: where her cells begin and end in the sheet as filed.
    """

    filed: Grid
    grid: Grid
    header: Header
    entries: tuple[Entry, ...]
    rows: tuple[int, ...]
    top: int
    bottom: int

    def as_filed(self, roster: Roster, programme: Programme) -> Iterator[Roster]:
        """The roster with every cell at its own place: a table for all whose cells lie alike."""
        issues = [self._placed(issue) for issue in roster.issues if not self._of_foot(issue)]
        questions = tuple(
            {**line, "letters": column_letters(at[1]), "row": at[0]}
            for line in roster.questions
            if (at := self._named_at(column_number(str(line["letters"]))))
        )
        if roster.table is None:
            yield replace(roster, issues=tuple(issues), questions=questions, header=None)
            return
        issues += [
            issue.at(sheet=self.filed.name)
            for issue in hidden(self.filed, list(range(self.top, self.bottom + 1)), programme)
        ]
        issues += self._struck(programme)
        alike: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for nth, row in enumerate(roster.table.rows):
            if row not in self._nth:
                continue  # a foot line: whatever it says, every number of the sheet is somebody else's
            where = tuple(
                (field, self._letters(column_number(letters), row))
                for field, letters in roster.table.letters.items()
            )
            alike.setdefault(where, []).append(nth)
        first = True
        for where, kept in alike.items() or [((), [])]:
            table = roster.table.only(kept)
            table = replace(table, letters={**table.letters, **dict(where)})
            yield replace(
                roster,
                table=table,
                issues=tuple(issues) if first else (),
                questions=questions if first else (),
                header=None,
            )
            first = False

    @cached_property
    def _nth(self) -> Mapping[int, int]:
        return {row: nth for nth, row in enumerate(self.rows)}

    def _entry(self, column: int) -> Entry:
        """What stands in a column; one that was added beside them is put with the first."""
        return self.entries[column - 1 if column <= len(self.entries) else 0]

    def _named_at(self, column: int) -> Place:
        return self._entry(column).named_at

    def _letters(self, column: int, row: int) -> str:
        at = self._entry(column).cells[self._nth[row]][0]
        return letters_beside(at[1], at[0] - row)

    def _placed(self, issue: Issue) -> Issue:
        """An issue at its cell in the sheet as filed."""
        message = _COLUMNS.sub(lambda m: self.named_at(m[1]), issue.message)
        issue = issue.at(
            message=message.replace(" 列", "") if message != issue.message else message
        )
        if issue.row and issue.row in self._nth and issue.column:
            letters = self._letters(column_number(issue.column), issue.row)
            return issue.at(column=letters)
        if issue.row == self.header.bottom and issue.column:
            row, column = self._named_at(column_number(issue.column))
            return issue.at(row=row, column=column_letters(column))
        return issue

    def _of_foot(self, issue: Issue) -> bool:
        """Whether an issue is of a column in which nothing but what stands below the persons was laid."""
        at_header = issue.row == self.header.bottom
        return at_header and column_number(issue.column) > len(self.entries)

    def named_at(self, letters: str) -> str:
        """The cell that names what stands in a column of `grid`."""
        row, column = self._named_at(column_number(letters))
        return f"{column_letters(column)}{row}"

    def _struck(self, programme: Programme) -> Iterator[Issue]:
        """A line for each person with text struck out."""
        if not self.filed.struck:
            return
        for nth, row in enumerate(self.rows):
            struck = [e.cells[nth][0] for e in self.entries if e.cells[nth][0] in self.filed.struck]
            if struck:
                shown = "、".join(f"{column_letters(c)}{r}" for r, c in struck)
                place = letters_beside(struck[0][1], struck[0][0] - row)
                issue = programme.issue("S32", what=f" {shown} ")
                yield issue.at(sheet=self.filed.name, row=row, column=place)


def unfolded(
    grid: Grid,
    entries: Sequence[Entry],
    rows: Sequence[int],
    top: int,
    bottom: int,
    feet: Callable[[str], bool],
) -> Unfolded | None:
    """The list of these entries; None for more than a list can have. What stands above `top` stays above it,
    what stands below `bottom`, as far as it is one of `feet`, below it and beside."""
    width = len(entries)
    if not entries or width + grid.last_column > WIDEST or len(set(rows)) < len(rows):
        return None
    cells: dict[Place, Cell] = {(r, c): cell for r, c, cell in grid.lines(1, top - 1)}
    for column, entry in enumerate(entries, 1):
        for row, (_, cell) in zip(rows, entry.cells, strict=True):
            if cell.type:
                cells[row, column] = cell
    last = max(rows)
    for r, c, cell in grid.lines(bottom + 1, grid.last_row):
        if feet(cell.text):
            cells[last + r - bottom, width + c] = cell
    merges = tuple(m for m in grid.merges if m[2] < top)
    header_at = min(rows) - 1
    columns = range(1, width + 1)
    header = Header(
        top=top,
        bottom=header_at,
        leaves={c: entries[c - 1].path[-1] for c in columns},
        paths={c: "".join(entries[c - 1].path) for c in columns},
        fields={},
        kind="",
        groups={c: entries[c - 1].path for c in columns},
    )
    flat = Grid(grid.name, cells, merges)
    return Unfolded(grid, flat, header, tuple(entries), tuple(rows), top, bottom)


def numbers_on(grid: Grid) -> set[str]:
    """The ID numbers that stand anywhere on a sheet."""
    return {n for _, _, cell in grid.lines(1, grid.last_row) for n in numbers_in(cell.text)}


def reads_everybody(grid: Grid, entries: Sequence[Entry]) -> bool:
    """Whether every number of a sheet stands in one of the entries: nobody is lost by reading it so."""
    return numbers_on(grid) <= {
        n for e in entries for _, cell in e.cells for n in numbers_in(cell.text)
    }


def is_foot(text: str) -> bool:
    """Whether a cell below a list may say whose it is or when it was filed; a number is nobody's there."""
    return is_footer(text) or len(re.findall(r"\d", text)) <= _MOST_FIGURES
