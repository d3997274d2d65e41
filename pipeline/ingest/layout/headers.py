"""Finds the header of a roster wherever it stands, and which column holds which field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.ingest.layout.lexicon import Lexicon, OfProgramme
from pipeline.ingest.layout.plain_words import plain, without_hint
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import column_letters

_DEEPEST_START, _TALLEST = 30, 4
WIDEST = 200  # columns looked at
_SHORT = 2  # characters of a header that says little without what stands above it
_LARGEST_MERGE = 100_000  # cells; what is merged over more is no heading
_BRACKETS = frozenset("()（）【】[]［］〔〕")
_FEWEST_SURE = 4  # columns of a header that is found by its words alone
_FEWEST_DIGITS, _LONGEST_NUMBER = 15, 30  # of an ID or certificate number as typed
_MOST_BESIDE_DIGITS = 3  # an X, an apostrophe, a blank
_FEWEST_GROUPS, _LONGEST_GROUP = 2, 10  # of a line; characters
_NO_GROUP = re.compile(r"[\d:：]|填|日期|单位$")
_NO_FIELDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Header:
    """The header of one table: its rows, and the text above each column, leaf and whole path."""

    top: int
    bottom: int
    leaves: Mapping[int, str]
    paths: Mapping[int, str]
    fields: Mapping[int, str]  # column -> field name
    kind: str
    groups: Mapping[int, tuple[str, ...]]  # what stands above each column, from top to bottom
    places: Mapping[int, int] = field(default_factory=dict)  # columns made of another -> that one

    def letters(self, column: int) -> str:
        """The column's letters in the sheet as filed."""
        return column_letters(self.places.get(column, column))

    def named(self, column: int) -> str:
        """The header as a line to paste: with what stands above it where it is short (起, 内容)."""
        leaf = plain(self.leaves.get(column, ""))
        return leaf if len(leaf) > _SHORT else plain(self.paths.get(column, ""))


class KnownHeaders:
    """The headers a programme knows: text -> the field it names in each kind of roster."""

    def __init__(self, programme: Programme) -> None:
        self.by_kind = {
            kind.name: {
                plain(h): f.name
                for f in programme.fields_of(kind.name)
                for h in (*f.headers, f.label)
            }
            for kind in programme.kinds
        }
        self.lexicon = Lexicon(word for words in self.by_kind.values() for word in words)
        self.of_leaf = lru_cache(maxsize=2048)(self._of_leaf)
        self.of_path = lru_cache(maxsize=2048)(self._of_path)

    def may_name(self, text: str) -> bool:
        """Whether a cell may be, or be part of, a header known."""
        return self.lexicon.may_say(text) or not _BRACKETS.isdisjoint(text)

    def _of_leaf(self, text: str) -> Mapping[str, str]:
        """By kind, the field that the text of one cell names, with or without its hint."""
        if not self.may_name(text):
            return _NO_FIELDS
        whole = plain(text)
        return self._named((whole, without_hint(whole)))

    def _of_path(self, text: str) -> Mapping[str, str]:
        return self._named((plain(text),)) if self.lexicon.may_say(text) else _NO_FIELDS

    def _named(self, texts: Iterable[str]) -> Mapping[str, str]:
        return {
            kind: next(words[t] for t in texts if t in words)
            for kind, words in self.by_kind.items()
            if any(t in words for t in texts)
        }


known_headers = OfProgramme(KnownHeaders)


def spread(grid: Grid, top: int, bottom: int, widest: int = WIDEST) -> dict[tuple[int, int], str]:
    """The texts of some rows, with every merged range filled from its first cell."""
    cells = {
        (row, column): cell.text
        for row, column, cell in grid.lines(top, min(bottom, grid.last_row))
        if column <= widest
    }
    for first, left, last, right in grid.merges:
        if last < top or first > bottom or (last - first + 1) * (right - left + 1) > _LARGEST_MERGE:
            continue
        anchor = cells.get((first, left)) or grid.column(left, first, first)[0][0]
        if anchor:
            for row in range(max(first, top), min(last, bottom) + 1):
                for column in range(left, min(right, widest) + 1):
                    cells.setdefault((row, column), anchor)
    return cells


def find_header(grid: Grid, programme: Programme, first: int = 1) -> Header | None:
    """The best header of a table: the rows under which most fields of one kind are named.

    One to four rows, anywhere among the first thirty; None for an empty sheet. Whether it is a
    roster's is another question.
    """
    last = min(grid.last_row, first + _DEEPEST_START - 1)
    window = _Window(grid, first, min(last + _TALLEST, grid.last_row), programme)
    best: tuple[tuple[int, int, int], Header] | None = None
    for top in range(first, last + 1):
        for height in range(1, _TALLEST + 1):
            bottom = top + height - 1
            if bottom > grid.last_row:
                break
            if best is not None and window.most_named(top) < max(best[0][0], 1):
                continue
            header = window.header(top, bottom)
            if (whole := _whole_height(grid, header)) > bottom:
                header = window.header(top, whole)
            rank = (len(set(header.fields.values())), -height, -top)
            if best is None or rank > best[0]:
                best = (rank, header)
    if best is not None and len(set(best[1].fields.values())) >= _FEWEST_SURE:
        return _with_groups(best[1], grid, window, first)
    above = _above_the_first_number(grid, first, last)
    strange = window.header(*above) if above else None
    # few of its columns are named as we know them: the rows above the first person are the header
    return strange if strange and len(strange.leaves) >= _FEWEST_SURE else best[1] if best else None


def _with_groups(header: Header, grid: Grid, window: _Window, first: int) -> Header:
    """The header with the groups right above it that speak of somebody else (监护人 over 姓名), though the names
    below tell every field without them; of other groups nothing is needed."""
    row = header.top - 1
    texts = {column: cell.text for _, column, cell in grid.lines(row, row)}
    if row < first or len(texts) < _FEWEST_GROUPS or not window.may_head(list(texts.values())):
        return header
    above = window.header(row, header.bottom).groups
    others = {c: path for c, path in above.items() if window.of_somebody_else(path[:-1])}
    return replace(header, top=row, groups={**header.groups, **others}) if others else header


def headless(grid: Grid, found: Header | None, first: int = 1) -> Header | None:
    """An empty header right above the first person of a list that has none: where what was found for one
    is a person, or says next to nothing. None for any other sheet."""
    last = min(grid.last_row, first + _DEEPEST_START - 1)
    person = next((r for r, _, c in grid.lines(first, last) if _is_bare_number(c.text)), 0)
    if not person:
        return None
    if found is not None and not found.top <= person <= found.bottom:
        says_little = max(len(found.leaves), len(set(found.fields.values()))) < _FEWEST_SURE
        if not says_little or found.bottom > person:
            return None
    return Header(person, person - 1, {}, {}, {}, "", {})


def _is_bare_number(text: str) -> bool:
    digits = sum(c.isdigit() for c in text)
    return digits >= _FEWEST_DIGITS and len(text) - digits <= _MOST_BESIDE_DIGITS


def _above_the_first_number(grid: Grid, first: int, last: int) -> tuple[int, int] | None:
    """The rows right above the first that holds a number as long as a person's: at most three, each
    with as many texts as a header has."""
    by_row: dict[int, list[str]] = {}
    for row, _, cell in grid.lines(first, last):
        by_row.setdefault(row, []).append(cell.text)
    number = next((r for r in sorted(by_row) if any(map(_is_long_number, by_row[r]))), 0)
    top = number
    while (
        top - 1 in by_row and number - top < _TALLEST - 1 and len(by_row[top - 1]) >= _FEWEST_SURE
    ):
        top -= 1
    return (top, number - 1) if top < number else None


def _is_long_number(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and sum(c.isdigit() for c in text) >= _FEWEST_DIGITS


def _whole_height(grid: Grid, header: Header) -> int:
    """The last row of a header some of whose cells are merged downwards past the rows looked at."""
    reaching = [
        bottom
        for top, left, bottom, _ in grid.merges
        if header.top <= top <= header.bottom and left in header.fields
    ]
    return max([header.bottom, *(b for b in reaching if b < header.top + _TALLEST)])


class _Window:
    """The rows among which a header is looked for."""

    def __init__(self, grid: Grid, top: int, bottom: int, programme: Programme) -> None:
        self._programme, self._known = programme, known_headers(programme)
        self._columns: dict[int, dict[int, str]] = {}
        named: dict[int, set[int]] = {}
        for (row, column), text in spread(grid, top, bottom).items():
            self._columns.setdefault(column, {})[row] = text
            if self._known.may_name(text):
                named.setdefault(row, set()).add(column)
        self._named = named

    def most_named(self, top: int) -> int:
        """No more columns than this are named by a header that begins here."""
        rows = range(top, top + _TALLEST)
        return len(set().union(*(self._named.get(row, ()) for row in rows)))

    def may_head(self, texts: list[str]) -> bool:
        """Whether these texts may be groups of columns: short, without figures, and of no filing line."""
        if any(len(plain(t)) > _LONGEST_GROUP or _NO_GROUP.search(t) for t in texts):
            return False
        return not any(self._programme.gazetteer.find_one(text) for text in texts)

    def of_somebody_else(self, groups: Iterable[str]) -> bool:
        """Whether what stands above a column names another person."""
        others = self._programme.words.get("other_person", ())
        return any(word in text for text in groups for word in others)

    def header(self, top: int, bottom: int) -> Header:
        """These rows read as a header."""
        leaves, paths, groups = {}, {}, {}
        by_kind: dict[str, dict[int, str]] = {kind: {} for kind in self._known.by_kind}
        for column in sorted(self._columns):
            cells = self._columns[column]
            texts = [cells[row] for row in range(top, bottom + 1) if row in cells]
            if not texts:
                continue
            texts = list(dict.fromkeys(texts))
            groups[column] = self._from_the_top(texts)
            leaves[column], paths[column] = groups[column][-1], "".join(texts)
            named = self._known.of_leaf(texts[-1])
            if len(texts) > 1:
                named = {**named, **self._known.of_path(leaves[column])}
            for kind, name in named.items():
                by_kind[kind][column] = name
        groups |= self._below_blanks(top, bottom, groups)
        best = max(by_kind, key=lambda k: (len(set(by_kind[k].values())), self._own(by_kind[k])))
        kind = _unless_tied(by_kind, best)
        return Header(top, bottom, leaves, paths, by_kind[best], kind, groups)

    def _from_the_top(self, texts: list[str]) -> tuple[str, ...]:
        """What stands in a column, the lowest cells as one where they make a word we know: 证号 below 身份."""
        ends = ((first, "".join(texts[first:])) for first in range(len(texts) - 1))
        known = ((first, words) for first, words in ends if self._known.of_path(words))
        first, leaf = next(known, (len(texts) - 1, texts[-1]))
        return (*texts[:first], leaf)

    def _below_blanks(
        self, top: int, bottom: int, groups: Mapping[int, tuple[str, ...]]
    ) -> dict[int, tuple[str, ...]]:
        """Groups that are not merged over their columns: what stands first in the upper row goes for the
        columns to its right that have a text in a lower row alone."""
        found: dict[int, tuple[str, ...]] = {}
        group, before = "", 0
        for column, texts in sorted(groups.items()):
            cells = self._columns[column]
            first = next(row for row in range(top, bottom + 1) if row in cells)
            if first == top:
                group = texts[0] if len(texts) > 1 else ""
            elif group and column == before + 1:
                found[column] = (group, *texts)
            else:
                group = ""
            before = column
        return found

    def _own(self, fields: Mapping[int, str]) -> int:
        return sum(bool(self._programme.field[name].on) for name in fields.values())


def _unless_tied(by_kind: Mapping[str, Mapping[int, str]], best: str) -> str:
    """The kind, unless the columns fit another kind just as well."""
    most = len(set(by_kind[best].values()))
    ties = [k for k, fields in by_kind.items() if len(set(fields.values())) == most]
    return best if len(ties) == 1 else ""
