"""更正说明 opened again: every line's old and new number held against both deliveries, and its causes against the difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from pipeline.model import Grid
from pipeline.office.read import read_grids
from pipeline.programme import Programme
from pipeline.readback.disagreement import Disagreement
from pipeline.readback.seen import seen_in

Figures = Mapping[tuple[str, str, str, str], Mapping[str, str]]  # unit, level, indicator, scope
_OLD, _NEW, _NOTHING = "原数", "现数", "—"
_SCOPES = {"本年": "year", "累计": "cumulative"}
_MEASURES = {"完成数": "counted", "任务数": "target"}
_CONCERNED = re.compile(r"涉及(\d+)项")
_SHOWN = 10


def read_back_restated(
    papers: Iterable[tuple[str, bytes]], old: Figures, new: Figures, programme: Programme
) -> None:
    """Holds 更正说明.docx and .xlsx against the figures.csv of both deliveries. Raises Disagreement.

    papers: name and bytes; old, new: the lines of figures.csv by unit, level, indicator and scope.
    """
    known = _Known(old, new, programme)
    found = [
        f"{name}：{fault}"
        for name, content in papers
        for fault in (*_faults_in_lines(content, known), *_faults_in_words(name, content, known))
    ]
    if found:
        raise Disagreement(
            "更正说明写出的与两次的数对不上，没有写出。请检查模板：\n  "
            + "\n  ".join(islice(found, _SHOWN))
        )


class _Known:
    """What a line of the paper may say."""

    def __init__(self, old: Figures, new: Figures, programme: Programme) -> None:
        self.labels = {i.label: i.name for i in programme.indicators}
        words = "|".join({re.escape(i.unit_word) for i in programme.indicators})
        self.moved = re.compile(rf" ([+-]\d+) (?:{words})(?=；|$)")
        self.changes: dict[tuple[str, str, str, str], set[tuple[str, str]]] = {}
        self.many = 0
        self.units = {programme.gazetteer.name(unit) for unit, *_ in (*old, *new)}
        for key in dict.fromkeys((*new, *old)):
            unit, _, indicator, scope = key
            for measure in _MEASURES.values():
                pair = tuple(of.get(key, {}).get(measure, "") for of in (old, new))
                was, now = (number or _NOTHING for number in pair)
                of = programme.gazetteer.name(unit), indicator, scope, measure
                self.changes.setdefault(of, set()).add((was, now))
                self.many += was != now

    def pairs(self, cells: Iterable[str]) -> set[tuple[str, str]] | None:
        """The old and new numbers of the figures that a line names; None where it names no unit."""
        words = set(cells)
        if not words & self.units:
            return None
        indicators = {self.labels[w] for w in words if w in self.labels}
        scopes = {_SCOPES[w] for w in words if w in _SCOPES}
        measures = {_MEASURES[w] for w in words if w in _MEASURES}
        return {
            pair
            for (unit, indicator, scope, measure), pairs in self.changes.items()
            if unit in words
            and indicator in (indicators or {indicator})
            and scope in (scopes or {scope})
            and measure in (measures or {measure})
            for pair in pairs
        }


def _faults_in_lines(content: bytes, known: _Known) -> Iterator[str]:
    for grid in read_grids(content):
        heads: dict[str, int] = {}
        for row in _rows(grid):
            at = {text: column for column, text in row.items() if text in (_OLD, _NEW)}
            if len(at) == 2:
                heads = at
            elif heads:
                yield from _faults_of(row, heads, known)


def _faults_of(row: Mapping[int, str], heads: Mapping[str, int], known: _Known) -> Iterator[str]:
    pair = row.get(heads[_OLD], ""), row.get(heads[_NEW], "")
    pairs = known.pairs(row.values())
    if pairs is None:
        return
    if pair not in pairs:
        yield f"“{'　'.join(islice(row.values(), 4))}”写的是 {pair[0]} → {pair[1]}，两次的数里没有"
        return
    moved = [int(n) for text in row.values() for n in known.moved.findall(text)]
    was, now = (int(number) if number != _NOTHING else 0 for number in pair)
    if moved and sum(moved) != now - was:
        yield f"“{'　'.join(islice(row.values(), 4))}”的原因合计 {sum(moved):+d}，应为 {now - was:+d}"


def _faults_in_words(name: str, content: bytes, known: _Known) -> Iterator[str]:
    if not name.endswith(".docx"):
        return
    for paragraph in seen_in(content).paragraphs:
        for many in _CONCERNED.findall(paragraph.text):
            if int(many) != known.many:
                yield f"“涉及{many}项”应为{known.many}项"


def _rows(grid: Grid) -> Iterator[dict[int, str]]:
    """Rows as column -> text."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in sorted(grid.cells.items()):
        if cell.text.strip():
            rows.setdefault(row, {})[column] = cell.text.strip()
    yield from rows.values()
