"""The rows of a task table: the place each names, and the numbers it states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from pipeline.ingest.layout import plain, without_hint
from pipeline.ingest.papers.tasks.headings import Year, indicator_of
from pipeline.ingest.papers.tasks.layout import Cells, Layout, Stated
from pipeline.ingest.papers.tasks.named_places import county_of, place_of
from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters, compact, fold, is_nothing, read_count

_SUMMED = r"合计|总计|共计|计|总数|总人数|汇总|累计|总任务数?|总共"
_TOTAL_LINE = re.compile(rf"(全省|全州|全市|省|州|各地|地区|三年)?({_SUMMED})|全省|全州|全市|各地")
_NOTE = re.compile(r"(注|备注|说明|填表|审核|制表|单位负责)[^一-龥]?.*")
_NUMBERED = re.compile(r"[甲乙丙丁戊]|栏次|列号|行次|列次")
_YEAR_CELL = re.compile(r"(20\d{2})(?:\.0)?年?度?", re.ASCII)
_WITHOUT = re.compile(r"\((?:不含|不包括|除)([^()]*?)(?:除?外)?\)|\(([^()]*?)除外\)")
_WITHIN = re.compile(r"\((?:含|包括)[^()]*\)")
_OWN = re.compile(r"本级|[市州省]直(?:属|单位|机关)?$")
_BARE = ("小计", "计", "合计", "总计", "共计")
_LARGEST = 10**12


@dataclass
class Rows:
    """What one block of a table says: stated numbers, totals of the whole, issues.

    without: the units that a prefecture's numbers leave out by its own words (四平市（不含公主岭市）).
    wider: places outside this office stand in it, so its total is not this office's.
    """

    stated: list[Stated] = field(default_factory=list)
    totals: list[Stated] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    without: dict[str, set[str]] = field(default_factory=dict)
    wider: bool = False


def read_rows(
    grid: Grid, cells: Cells, layout: Layout, programme: Programme, day: date | None
) -> Rows:
    """The block below its header, row by row."""
    found, places = Rows(), _Places(programme, day)
    kept = ""
    for row in range(layout.bottom + 1, grid.last_row + 1):
        named = _region(row, grid, cells, layout)
        if layout.year_column or layout.indicator_column:  # one unit over several rows
            named = kept = named or kept
        place = places.of(named, [compact(_text(grid, row, c)) for c in layout.regions])
        entries = list(_entries(row, grid, cells, layout, programme))
        if not named or _NOTE.fullmatch(named) or _is_heading(named, programme):
            continue
        if _is_total(named, programme) and not _is_of_its_places(
            row, grid, layout, entries, found, places
        ):
            own = [e._replace(unit=programme.gazetteer.top) for e in entries]
            found.totals += own
        elif place:
            unit, is_own, without = place
            if without:
                found.without.setdefault(unit, set()).update(without)
            own = [e._replace(unit=unit, own=is_own) for e in entries]
            found.stated += own
        elif programme.gazetteer.elsewhere_in(named):
            found.wider = True
            continue
        elif not entries:
            continue
        else:
            issue = programme.issue("S09", text=named)
            letters = column_letters(layout.regions[-1])
            found.issues.append(issue.at(sheet=grid.name, row=row, column=letters))
            continue
        found.issues += _unreadable(row, grid, layout, programme)
    return found


class _Places:
    """The units that rows name, one after the other: a bare 市本级 or 小计 is of the prefecture above it."""

    def __init__(self, programme: Programme, day: date | None) -> None:
        self.programme, self.day, self.above = programme, day, ""

    def of(self, named: str, texts: list[str]) -> tuple[str, bool, set[str]] | None:
        """The unit, whether of itself alone (市本级), and the units that it says it leaves out."""
        gazetteer = self.programme.gazetteer
        for text in filter(None, texts):
            unit = place_of(_WITHIN.sub("", _WITHOUT.sub("", fold(text))), self.programme, self.day)
            if unit and gazetteer.is_prefecture(unit):
                self.above = unit
        text = fold(named)
        without = {
            unit
            for match in _WITHOUT.finditer(text)
            for part in re.split("[、,和及]", match[1] or match[2])
            if (unit := place_of(part, self.programme, self.day))
        }
        text = _WITHIN.sub("", _WITHOUT.sub("", text))
        is_own = bool(_OWN.search(text))
        unit = place_of(_OWN.sub("", text) if is_own else text, self.programme, self.day)
        if not unit and self.above and (is_own or plain(text) in _BARE):
            unit = self.above
        among_counties = texts[-1:] == [named] and not any(texts[:-1])
        if unit == self.above and among_counties:
            unit = county_of(text, unit, self.programme, self.day) or unit
        return (unit, is_own, without) if unit else None


def _is_of_its_places(
    row: int, grid: Grid, layout: Layout, entries: list[Stated], found: Rows, places: _Places
) -> bool:
    """Whether a bare 合计 below the counties of an office is its sum and not the whole table's: it stands in
    the counties' column, the office has no number yet, and they add up to it."""
    if len(layout.regions) < 2 or not places.above or not entries:
        return False
    if _text(grid, row, layout.regions[0]) or not _text(grid, row, layout.regions[-1]):
        return False
    if any(one.unit == places.above and not one.own for one in found.stated):
        return False
    gazetteer = places.programme.gazetteer
    below = [one for one in found.stated if gazetteer.prefecture_of(one.unit) == places.above]
    sums = {
        (e.indicator, e.year): sum(
            one.number or 0 for one in below if (one.indicator, one.year) == (e.indicator, e.year)
        )
        for e in entries
    }
    return all(sums[e.indicator, e.year] == e.number for e in entries)


def _is_total(named: str, programme: Programme) -> bool:
    top = fold(programme.gazetteer.name(programme.gazetteer.top))
    bare = without_hint(fold(named)).removeprefix(top)
    return bool(_TOTAL_LINE.fullmatch(bare or "合计"))


def _is_heading(named: str, programme: Programme) -> bool:
    """The header again on another page, or the row that numbers the columns."""
    return plain(named) in programme.words["region"] or bool(_NUMBERED.fullmatch(named))


def _entries(
    row: int, grid: Grid, cells: Cells, layout: Layout, programme: Programme
) -> Iterator[Stated]:
    """The numbers of one row, each with its indicator and year."""
    of_row: Year = layout.year
    if layout.year_column:
        match = _YEAR_CELL.fullmatch(compact(_whole(row, layout.year_column, grid, cells)))
        of_row = int(match[1]) if match else ""
    kind = ""
    if layout.indicator_column:
        kind = indicator_of([plain(_whole(row, layout.indicator_column, grid, cells))], programme)
    for column, heading in layout.columns.items():
        indicator, year = heading.indicator or kind, heading.year or of_row
        (text,), (cell_type,) = grid.column(column, row, row)
        number = _number(text, heading.factor)
        if indicator and year and (number is not None or cell_type == "e"):
            yield Stated("", indicator, year, number, grid.name, row, column, heading.so_far)


def _number(text: str, factor: int) -> int | None:
    """So many persons; None where it says no whole number of them."""
    if factor == 1:
        return read_count(text)
    try:
        persons = Decimal(compact(text).replace(",", "").rstrip("万人名个")) * factor
    except InvalidOperation:
        return None
    return int(persons) if persons == persons.to_integral_value() and persons < _LARGEST else None


def _unreadable(row: int, grid: Grid, layout: Layout, programme: Programme) -> Iterator[Issue]:
    """Text in the place of a number, which is taken for none."""
    for column, heading in layout.columns.items():
        (text,), (cell_type,) = grid.column(column, row, row)
        wrong = text and not is_nothing(text) and _number(text, heading.factor) is None
        if wrong and cell_type != "e":
            issue = programme.issue("S36", text=text)
            yield issue.at(sheet=grid.name, row=row, column=column_letters(column))


def _text(grid: Grid, row: int, column: int) -> str:
    return grid.column(column, row, row)[0][0]


def _whole(row: int, column: int, grid: Grid, cells: Cells) -> str:
    """A cell, or the merged one that it is part of."""
    return _text(grid, row, column) or cells.get((row, column), "")


def _region(row: int, grid: Grid, cells: Cells, layout: Layout) -> str:
    """The narrowest place the row names; a bare 小计 stands for the place to its left."""
    texts = [compact(text) for c in layout.regions if (text := _text(grid, row, c))]
    if layout.year_column or layout.indicator_column:
        texts = [compact(cells[row, c]) for c in layout.regions if (row, c) in cells]
    if not texts and layout.regions[0] > 1 and (text := _text(grid, row, 1)):
        texts = [compact(text)]
    sums = ("小计", "计") if len(texts) < 2 or _TOTAL_LINE.fullmatch(plain(texts[0])) else _BARE
    places = [t for t in reversed(texts) if plain(t) not in sums]
    return next(iter(places), texts[0] if texts else "")
