"""Which rows below a header are persons, and what each of them says, column by column."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from pipeline.ingest.headers import Header
from pipeline.ingest.nobody import says_nobody
from pipeline.ingest.plain import plain
from pipeline.ingest.sections import section_unit
from pipeline.model import Cell, Grid, Issue
from pipeline.programme import Kind, Programme
from pipeline.values import column_letters, compact, is_nothing, read_count, read_name

TOTAL = re.compile(r".{0,12}(合计|小计|总计|共计)(人数)?[::]?(?P<count>\d+)?(人|名)?", re.ASCII)
FOOTER = re.compile(
    r"(单位|部门)?(主要)?(负责人|审核人?|复核人?|填表人|制表人?|填报人|经办人|联系人|领导|法人代表)"
    r"(签字|签名|签章|盖章)?(\([^()]*\))?[::].*"
    r"|(注|备注|说明|填表说明|注意事项|备注说明)[::].*|注\d?[、.].*"
)
# what may stand above the header as well as below the rows
_FILING = re.compile(r"(填报|填表|上报|报送|制表)(单位|日期|时间)(\([^()]*\))?[::]?.*")
_SAMPLE = re.compile(r"[(【\[]?(例|(填写|填表)?(示例|样例|范例)|举例|例如|示例行)\d?[)】\]]?[::]?")
_NO_NAME = re.compile(r"[\d::;;,,。!!??]|.{13,}")
_COLUMN_NUMBERS = frozenset("甲乙丙丁戊己庚辛")
_MOSTLY_NUMBERED = 0.75  # of the steps from cell to cell
LONG = 15  # characters of what can only be a number that tells a person
_MOST_COVERED = 1_000_000  # cells filled from merges above them
_SERIAL = re.compile(r"\d{1,5}", re.ASCII)
_WHO = ("name", "person", "certificate")  # roles
_FRAME_SIGNS = re.compile("[::﹕︰填报制注]")  # one of them stands in every footer and filing line

Line = Mapping[int, Cell]


@dataclass
class Persons:
    """The rows that are persons: their Excel rows, and for each field the text and type of every cell.

    `others`: the lines below the header that are no persons, by Excel row.
    """

    rows: list[int]
    texts: dict[str, list[str]]
    types: dict[str, list[str]]
    others: dict[int, Line] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def persons_of(
    grid: Grid, header: Header, columns: Mapping[int, str], programme: Programme
) -> Persons:
    """The persons' rows under field names; merged cells filled downwards.

    With what must be said of single cells and rows: samples left out, 同上 filled in, formula errors.
    """
    below = _Below(grid, header, columns, programme.kind[header.kind])
    below.join_halves(programme)
    lines = below.lines(below.doubtful())
    samples = [at for at, line in lines.items() if _is_sample(line)]
    no_persons = {
        at
        for at, line in lines.items()
        if at in below.joined
        or not below.is_person(at, programme)
        or is_frame_row(line, header, strong=below.strong[at])
    }
    samples = [at for at in samples if at not in no_persons]
    passed = {*no_persons, *samples, *below.empty(lines)}
    kept = [at for at in range(below.size) if at not in passed]
    below.fill_covered(kept)
    found = Persons(
        [below.first + at for at in kept],
        {name: _taken(texts, kept) for name, texts in below.texts.items()},
        {name: _taken(types, kept) for name, types in below.types.items()},
        {below.first + at: lines[at] for at in sorted((*no_persons, *samples)) if lines[at]},
    )
    for at in samples:
        row = below.first + at
        found.issues.append(programme.issue("S19", row=row).at(row=row))
    found.issues += _cells_read(found, {name: c for c, name in columns.items()}, programme)
    return found


def _taken(values: list[str], kept: list[int]) -> list[str]:
    if len(kept) == len(values):
        return values
    return list(itemgetter(*kept)(values)) if len(kept) > 1 else [values[at] for at in kept]


class _Below:
    """What stands below a header, column by column; rows are counted from 0."""

    def __init__(self, grid: Grid, header: Header, columns: Mapping[int, str], kind: Kind) -> None:
        self.grid, self.first = grid, header.bottom + 1
        self.size = max(grid.last_row - header.bottom, 0)
        self.texts: dict[str, list[str]] = {}
        self.types: dict[str, list[str]] = {}
        for column, name in columns.items():
            texts, types = grid.column(column, self.first, grid.last_row)
            self.texts[name], self.types[name] = list(texts), list(types)
        self._columns = columns
        self.joined: set[int] = set()  # lower halves that went to the row above them
        self._name = kind.role("name")
        self._numbers = [n for r in _WHO[1:] if (n := kind.role(r)) in self.texts]
        self._who = [n for r in _WHO if (n := kind.role(r)) in self.texts]
        self._covered = self._in_merges(header)
        self.strong = [False] * self.size
        for name in self._numbers:
            self.strong = [
                known or (len(text) >= LONG and text.isascii())
                for known, text in zip(self.strong, self.texts[name], strict=True)
            ]

    def _in_merges(self, header: Header) -> dict[str, dict[int, tuple[str, str]]]:
        """Cells inside merges that run down one column: a county named once for all its rows."""
        covered: dict[str, dict[int, tuple[str, str]]] = {}
        left_over = _MOST_COVERED
        for top, left, bottom, right in self.grid.merges:
            name = self._columns.get(left)
            if name is None or left != right or not bottom > top > header.bottom:
                continue
            at = top - self.first
            if at >= self.size or not self.types[name][at]:
                continue
            anchor = self.texts[name][at], self.types[name][at]
            rows = range(at + 1, min(bottom - self.first, self.size - 1) + 1)
            left_over -= len(rows)
            if left_over < 0:
                break
            covered.setdefault(name, {}).update(dict.fromkeys(rows, anchor))
        return covered

    def join_halves(self, programme: Programme) -> None:
        """One person over two merged rows: what the lower row holds joins the upper.

        A lower row with a course or a job of its own is another activity of hers, and stays.
        """
        if not self._who or any(name not in self._covered for name in self._who):
            return
        reached = set.intersection(*(set(self._covered[name]) for name in self._who))
        for at in sorted(reached, reverse=True):
            upper, lower = self._held(at - 1), self._held(at)
            twice = upper & lower
            if not upper or any(programme.field[name].on for name in twice):
                continue
            for name in lower:
                texts, types = self.texts[name], self.types[name]
                said = texts[at - 1] + "、" if name in twice else ""
                texts[at - 1] = said + texts[at]
                types[at - 1] = "s" if said else types[at]
            self.joined.add(at)

    def _held(self, at: int) -> set[str]:
        return {name for name, types in self.types.items() if types[at]}

    def doubtful(self) -> list[int]:
        """Rows to be looked at as a whole: all but those that a number plainly makes a person."""
        look = {at for at, strong in enumerate(self.strong) if not strong} | self.joined
        for column in range(1, self.grid.last_column + 1):
            texts, _ = self.grid.column(column, self.first, self.grid.last_row)
            if "例" in "".join(texts):
                look |= {at for at, text in enumerate(texts) if "例" in text}
        look |= {at for at, text in enumerate(self._first_texts()) if _FRAME_SIGNS.search(text)}
        return sorted(look)

    def _first_texts(self) -> list[str]:
        """The text of each row's first cell."""
        found = [""] * self.size
        for column in range(1, self.grid.last_column + 1):
            texts, _ = self.grid.column(column, self.first, self.grid.last_row)
            found = [one or other for one, other in zip(found, texts, strict=True)]
            if all(found):
                break
        return found

    def lines(self, wanted: list[int]) -> dict[int, Line]:
        """These rows with all their cells, known columns or not; an empty one has none."""
        lines: dict[int, dict[int, Cell]] = {at: {} for at in wanted}
        for top, bottom in _runs(wanted):
            for row, column, cell in self.grid.lines(top + self.first, bottom + self.first):
                lines[row - self.first][column] = cell
        return lines  # type: ignore[return-value]

    def empty(self, lines: Mapping[int, Line]) -> Iterator[int]:
        return (at for at, line in lines.items() if not line)

    def is_person(self, at: int, programme: Programme) -> bool:
        """A name, an ID or a certificate number makes a row a person."""
        if any(not is_nothing(self._text(name, at)) for name in self._numbers):
            return True
        name = read_name(self._text(self._name, at))
        if not name or is_nothing(name) or says_nobody(name, programme):
            return False
        others = (self.texts[n][at] for n in self.texts if n != self._name and self.types[n][at])
        alone = all(_SERIAL.fullmatch(text) for text in others if text)
        # a line that says nothing but this, and this is no name: a note that stands in the name's column
        if alone and section_unit(name, programme):
            return False
        return read_count(name) is None and not (alone and _NO_NAME.search(name))

    def _text(self, name: str, at: int) -> str:
        """A cell's own text, else that of the merge it lies in."""
        if name not in self.texts:
            return ""
        return self.texts[name][at] or self._covered.get(name, {}).get(at, ("", ""))[0]

    def fill_covered(self, kept: Iterable[int]) -> None:
        """Every cell inside a merge says what the merge's first cell says."""
        kept = set(kept)
        for name, covered in self._covered.items():
            for at, (text, kind) in covered.items():
                if at in kept and not self.types[name][at]:
                    self.texts[name][at], self.types[name][at] = text, kind


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of rows that follow each other, or nearly."""
    start = last = -1
    for number in numbers:
        if start < 0:
            start = number
        elif number > last + 1:
            yield start, last
            start = number
        last = number
    if start >= 0:
        yield start, last


def _is_sample(line: Line) -> bool:
    """The form's own example, left in above the first person."""
    return any(_SAMPLE.fullmatch(compact(c.text)) for c in list(line.values())[:2])


def is_frame_row(line: Line, header: Header, *, strong: bool) -> bool:
    """Totals, footers, notes, column numbers and repeated headers are no persons.

    `strong`: a number that tells a person stands in the row; then only its first words can say that
    it is none.
    """
    texts = [compact(cell.text) for cell in line.values()]
    if texts and (FOOTER.fullmatch(texts[0]) or _FILING.fullmatch(texts[0])):
        return True
    if strong:
        return False
    if any(TOTAL.fullmatch(t) for t in texts[:3]) and not any(len(t) >= LONG for t in texts):
        return True
    return _numbers_columns(texts) or _repeats_header(line, header)


def _numbers_columns(texts: list[str]) -> bool:
    """`甲 1 2 3 …` or `列号 1 2 3 …` under the header; a word in a column of their own is allowed."""
    marks = [t for t in texts if t not in _COLUMN_NUMBERS and t not in ("列号", "栏次", "栏号")]
    numbers = [read_count(t) for t in marks]
    steps = sum(
        left is not None and right == left + 1 for left, right in itertools.pairwise(numbers)
    )
    return steps >= 2 and steps >= _MOSTLY_NUMBERED * (len(marks) - 1)


def _repeats_header(line: Line, header: Header) -> bool:
    same = [
        plain(cell.text) == plain(header.leaves.get(column, ""))
        for column, cell in line.items()
        if column in header.fields
    ]
    return len(same) >= 3 and all(same)


_DITTO = frozenset(map(compact, ("同上", "〃", "″", '"', "”", "“", "〞", "''", "同前")))
_DITTO_SIGNS = re.compile("同|〃|″|′|[\"'＂＇”“〞‶]")
_HER_OWN = frozenset({"name", "id", "certificate", "phone", "birth"})  # kinds never filled in


def _cells_read(
    found: Persons, by_name: Mapping[str, int], programme: Programme
) -> Iterator[Issue]:
    """同上 filled from the person above; formula errors said at their cells."""
    for name, texts in found.texts.items():
        kinds, meant = found.types[name], programme.field[name]
        may_repeat = meant.kind not in _HER_OWN and _DITTO_SIGNS.search("".join(texts))
        if not may_repeat and "e" not in kinds:
            continue
        place = {"column": column_letters(by_name[name]), "field": name}
        above = Cell("", "")
        for at, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
            cell = Cell(text, kind)
            if kind == "e":
                issue = programme.issue("C01" if meant.required else "C02", value=text.lstrip("#"))
                yield issue.at(row=found.rows[at], **place)
            elif may_repeat and compact(text) in _DITTO and above.text:
                issue = programme.issue("S17", value=above.text[:24])
                yield issue.at(row=found.rows[at], **place)
                cell = above
                texts[at], kinds[at] = cell
            above = cell
