"""Which rows below a header are persons, and what each of them says, column by column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from pipeline.ingest.layout import (
    LONG,
    SAMPLE,
    Header,
    Line,
    heads_a_part,
    is_bare_day,
    is_frame_row,
    is_note,
    is_office,
    is_padding,
    is_serial,
)
from pipeline.ingest.recognition import READS
from pipeline.ingest.rosters.nobody import is_code_word, says_nobody
from pipeline.ingest.rosters.sections import section_unit
from pipeline.ingest.rosters.wording import noticed, of_the_woman_above, repeated
from pipeline.model import Cell, Grid, Issue
from pipeline.programme import Kind, Programme
from pipeline.values import compact, read_count, read_name

_NO_NAME = re.compile(r"[\d::;;,,。!!??]|.{13,}")
_FEWEST_DIGITS = 8  # of what may tell a person in a line that says nothing else
_MOST_COVERED = 1_000_000  # cells filled from merges above them
_DAYS = frozenset({"day", "span"})  # kinds of fields
_WHO = ("name", "person", "certificate")  # roles
# one of them stands in the first cell of every footer, filing line and line of who signs
_FRAME_SIGNS = re.compile("[::﹕︰填报制注负审核经联领校法]")


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
    below = _Below(grid, header, columns, programme.kind[header.kind], programme)
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
    places = {name: header.letters(column) for column, name in columns.items()}
    found.issues += of_the_woman_above(
        found.rows, found.texts, found.types, places, header.kind, programme
    )
    found.issues += repeated(found.rows, found.texts, found.types, places, programme)
    found.issues += noticed(found.rows, found.texts, places, header.kind, programme)
    return found


def _taken(values: list[str], kept: list[int]) -> list[str]:
    if len(kept) == len(values):
        return values
    return list(itemgetter(*kept)(values)) if len(kept) > 1 else [values[at] for at in kept]


class _Below:
    """What stands below a header, column by column; rows are counted from 0."""

    def __init__(
        self,
        grid: Grid,
        header: Header,
        columns: Mapping[int, str],
        kind: Kind,
        programme: Programme,
    ) -> None:
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
        self._covered = self._in_merges(header, programme)
        self.strong = [False] * self.size
        for name in self._numbers:
            self.strong = [
                known or (len(text) >= LONG and text.isascii() and any(map(str.isdigit, text)))
                for known, text in zip(self.strong, self.texts[name], strict=True)
            ]

    def _in_merges(
        self, header: Header, programme: Programme
    ) -> dict[str, dict[int, tuple[str, str]]]:
        """Cells inside merges below the header: a county named once for all its rows, a course's time
        over the columns of both its days."""
        covered: dict[str, dict[int, tuple[str, str]]] = {}
        left_over = _MOST_COVERED
        for top, left, bottom, right in self.grid.merges:
            name = self._columns.get(left)
            if name is None or top <= header.bottom:
                continue
            at = top - self.first
            if at >= self.size or not self.types[name][at]:
                continue
            anchor = self.texts[name][at], self.types[name][at]
            rows = range(at, min(bottom - self.first, self.size - 1) + 1)
            for other in self._under(left, right, programme):
                left_over -= len(rows)
                if left_over < 0:
                    return covered
                covered.setdefault(other, {}).update(dict.fromkeys(rows, anchor))
            covered.get(name, {}).pop(at, None)
        return {name: cells for name, cells in covered.items() if cells}

    def _under(self, left: int, right: int, programme: Programme) -> Iterator[str]:
        """The columns that a merge speaks of: its own, and beside a day the other days."""
        yield self._columns[left]
        if programme.field[self._columns[left]].kind in _DAYS:
            for column in range(left + 1, min(right, self.grid.last_column) + 1):
                name = self._columns.get(column)
                if name and programme.field[name].kind in _DAYS:
                    yield name

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
                before = texts[at - 1] + "、" if name in twice else ""
                texts[at - 1] = before + texts[at]
                types[at - 1] = "s" if before else types[at]
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
        firsts = self._first_texts()
        if _FRAME_SIGNS.search("".join(firsts)):
            look |= {at for at, text in enumerate(firsts) if _FRAME_SIGNS.search(text)}
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
        """A name, an ID or a certificate number makes a row a person; what a form shows that nobody
        filled in, and what is said of the list, makes none."""
        if self._is_section(at, programme):
            return False
        others = [
            text
            for name, texts in self.texts.items()
            if name not in self._who
            and (text := texts[at])
            and not (is_serial(text) or is_padding(text, self.types[name][at]) or is_note(text))
        ]
        offices = programme.words["offices"]
        numbers = [
            text
            for name in self._numbers
            if not is_padding(text := self._text(name, at), self.types[name][at] or "s")
            and not is_note(text)
            and not is_bare_day(text)
            and not says_nobody(text, programme)
            and not is_office(text, offices)
        ]
        written = self._text(self._name, at)
        name = read_name(written)
        alone = not name and not others
        if any(
            (not is_serial(text) and not (alone and sum(map(str.isdigit, text)) < _FEWEST_DIGITS))
            or others
            for text in numbers
        ):
            return True
        failed = any(self.types[name][at] == "e" for name in self._who)
        kind = self.types[self._name][at] if self._name in self.types else "s"
        if is_padding(name, kind or "s") or says_nobody(written, programme):
            return failed and bool(others)  # the formulas fail, but somebody is meant
        if (is_note(name) or is_office(name, offices) or is_bare_day(name)) and all(
            map(is_bare_day, others)
        ):
            return False
        if not others and (
            heads_a_part(name, a_name=READS["name"](name, "s")) or is_code_word(name, programme)
        ):
            return False
        # a line that says nothing but this, and this is no name: a note that stands in the name's column
        return read_count(name) is None and not (not others and _NO_NAME.search(name))

    def _is_section(self, at: int, programme: Programme) -> bool:
        """Whether nothing stands there but the heading of a unit, in whatever column."""
        filled = [text for texts in self.texts.values() if (text := texts[at])]
        words = [text for text in filled if not is_serial(text) and read_count(text) is None]
        return len(words) == 1 and bool(section_unit(words[0], programme))

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
    return any(SAMPLE.fullmatch(compact(c.text)) for c in list(line.values())[:2])
