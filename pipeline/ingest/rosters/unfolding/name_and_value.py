"""Lines in which each value stands behind its name: 姓名 | 张三 | 性别 | 女, taken apart cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.ingest.layout import known_headers
from pipeline.ingest.recognition import READS
from pipeline.ingest.rosters.unfolding.unfolded import Place, Standing
from pipeline.model import Cell, Grid
from pipeline.programme import Programme
from pipeline.values import compact

_LONGEST = 14  # characters of a name of a field
_NO_NAME = re.compile(r"\d{3,}|[。；;!！?？√×☑□]")
_INSIDE = re.compile(r"(?:(?<=[\s,，;；、|])|^)([^\s\d:：,，;；、|]{1,14})\s*[:：]\s*")
_BOXES = 15  # cells of one character each in which a number is written
_TALLEST = 40  # rows of a heading at the left
NOTHING = Cell("", "")


def says_whose(text: str) -> bool:
    """Whether a name of a field says how others belong to her: 称谓, 与本人关系."""
    return "称谓" in text or "关系" in text


@dataclass(frozen=True)
class Named:
    """A value with the name before (or above) it, and the name's groups."""

    path: tuple[str, ...]
    named_at: Place
    value: Standing


class Lines:
    """The lines of a sheet, each a list of its cells, with how far to the right each cell reaches and what
    groups stand at the left of several lines."""

    def __init__(self, grid: Grid, programme: Programme, left: int = 1, right: int = 0) -> None:
        """Of the columns from `left` to before `right` (0: all)."""
        self._known = known_headers(programme)
        self.by_row: dict[int, dict[int, Cell]] = {}
        for row, column, cell in grid.lines(1, grid.last_row):
            if cell.text.strip() and left <= column and (not right or column < right):
                self.by_row.setdefault(row, {})[column] = cell
        self._right = {(top, left): right for top, left, _, right in grid.merges}
        self._groups = dict(self._at_the_left(grid))
        self.last = grid.last_row

    def fields(self, text: str) -> frozenset[str]:
        """The fields that a cell names, of whatever kind."""
        return frozenset(self._known.of_leaf(text).values())

    def is_known(self, text: str) -> bool:
        """Whether a cell is one of our headers."""
        return bool(self.fields(text))

    def inside(self, text: str) -> list[tuple[str, str]]:
        """The names and values that stand together in one cell: 姓名：张三 性别：女; none in any other cell."""
        if ":" not in text and "：" not in text:
            return []
        marks = list(_INSIDE.finditer(text))
        if not marks or marks[0].start() or not any(self.is_known(m[1]) for m in marks):
            return []
        if len(marks) == 1 and not text[marks[0].end() :].strip():
            return []  # 姓名： before the cell with her name
        ends = [m.start() for m in marks[1:]] + [len(text)]
        return [
            (m[1], text[m.end() : end].strip(" \u3000,，;；、|"))
            for m, end in zip(marks, ends, strict=True)
        ]

    def is_ours(self, text: str) -> bool:
        """Whether a cell is one of our headers, or holds one with its value."""
        return self.is_known(text) or bool(self.inside(text))

    def may_be_name(self, text: str) -> bool:
        """Whether a cell may be the name of a field, ours or not."""
        word = compact(text)
        if not 0 < len(word) <= _LONGEST or _NO_NAME.search(word):
            return self.is_known(text)
        return not READS["number"](text, "s") and not READS["day"](text, "s")

    def _at_the_left(self, grid: Grid) -> Iterator[tuple[int, tuple[int, str]]]:
        """For each line below such a heading its column and text."""
        for top, left, bottom, _ in grid.merges:
            line = self.by_row.get(top, {})
            if top < bottom < top + _TALLEST and left in line and left == min(line):
                text = line[left].text
                if not self.is_known(text) and self.may_be_name(text):
                    yield from ((row, (left, text)) for row in range(top, bottom + 1))

    def group_of(self, row: int) -> tuple[str, ...]:
        """The heading that stands at the left of this line and of others."""
        return (self._groups[row][1],) if row in self._groups else ()

    def cells(self, row: int) -> list[tuple[int, Cell]]:
        """The cells of a line from left to right without its group."""
        line = sorted(self.by_row.get(row, {}).items())
        if line and row in self._groups and line[0][0] == self._groups[row][0]:
            return line[1:]
        return line

    def right_of(self, row: int, column: int) -> int:
        """The first column behind a cell."""
        return self._right.get((row, column), column) + 1

    def named(self, row: int) -> list[Named] | None:
        """The values of one line, each with its name; None where the line is no such one."""
        cells, group = self.cells(row), self.group_of(row)
        found: list[Named] = []
        at = 0
        while at < len(cells):
            column, name = cells[at]
            if inside := self.inside(name.text):
                found += self._named_inside(row, column, inside, group)
                at += 1
                continue
            if not self.may_be_name(name.text):
                return None
            behind = list(self._behind(cells[at + 1 :]))
            value = self._value(row, column, behind)
            if value is None:
                return None
            if not at and not behind and len(cells) > 1 and self._heads(row, column, cells[1]):
                group, at = (name.text,), 1
                continue
            found.append(Named((*group, name.text), (row, column), value))
            at += 1 + len(behind)
        return found

    def _named_inside(
        self, row: int, column: int, pairs: list[tuple[str, str]], group: tuple[str, ...]
    ) -> Iterator[Named]:
        for name, value in pairs:
            cell = Cell(value, "s") if value else NOTHING
            yield Named((*group, name), (row, column), ((row, column), cell))

    def _heads(self, row: int, column: int, beside: tuple[int, Cell]) -> bool:
        """Whether the first cell of a line is what the others are of: 监护人 | 姓名 | 张三."""
        known = self.is_known(self.by_row[row][column].text)
        return (
            not known and beside[0] == self.right_of(row, column) and self.is_known(beside[1].text)
        )

    def _behind(self, cells: Sequence[tuple[int, Cell]]) -> Iterator[tuple[int, Cell]]:
        """The cells between a name and the next one: none, one, or one a digit."""
        boxes = 0
        while boxes < len(cells) and len(compact(cells[boxes][1].text)) == 1:
            boxes += 1
        if boxes >= _BOXES:
            yield from cells[:boxes]
        elif cells and not self.is_known(cells[0][1].text) and not self.inside(cells[0][1].text):
            yield cells[0]

    def _value(self, row: int, column: int, behind: Sequence[tuple[int, Cell]]) -> Standing | None:
        if not behind:
            return (row, self.right_of(row, column)), NOTHING
        first, cell = behind[0]
        if len(behind) == 1:
            return (row, first), cell
        return (row, first), Cell("".join(compact(c.text) for _, c in behind), "s")

    def names_alone(self, row: int) -> Mapping[int, str]:
        """Column -> name, of a line that holds nothing but names of fields, most of them ours; else none."""
        cells = self.cells(row)
        known = sum(self.is_known(cell.text) for _, cell in cells)
        if known < 2 or 2 * known < len(cells):
            return {}
        if not all(self.may_be_name(cell.text) for _, cell in cells):
            return {}
        # names that leave room for a value between them are followed by it: 电话 |  | 备注 |
        if any(self.right_of(row, one) < other for (one, _), (other, _) in pairwise(cells)):
            return {}
        beside = (
            (self.is_known(a.text), self.is_known(b.text)) for (_, a), (_, b) in pairwise(cells)
        )
        if (True, True) not in beside and not any(says_whose(cell.text) for _, cell in cells):
            return {}  # names and values by turns
        return {column: cell.text for column, cell in cells}
