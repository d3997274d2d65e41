"""How a task breakdown table is laid out: where the places stand, and what each column holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipeline.ingest.plain import plain
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import compact, fold

Year = int | str  # a year, SUM, or '' where the header does not say
Cells = Mapping[tuple[int, int], str]
SUM: Literal["sum"] = "sum"
_YEAR = re.compile(r"(20\d{2})年?(?:度)?", re.ASCII)
_YEAR_HEADER = frozenset({"年度", "年份", "年", "任务年度"})
_DEEPEST, _WIDEST = 15, 100


class Stated(NamedTuple):
    """One number of a task table: whose, of what, and the cell that says it (row and column)."""

    unit: str
    indicator: str
    year: Year
    number: int
    sheet: str
    row: int
    column: int


@dataclass(frozen=True)
class Layout:
    """`columns`: what each number column holds; `year`: of the whole table where columns say none."""

    bottom: int
    regions: tuple[int, ...]
    columns: Mapping[int, tuple[str, Year]]
    year: Year = ""
    year_column: int = 0


def find_layout(grid: Grid, cells: Cells, file_name: str, programme: Programme) -> Layout | None:
    """One to three header rows: 地区, and above each number an indicator and a year.

    What the header leaves out, the title, the sheet's or the file's name may say, but only where
    they call the table a task table: a summary of what was done looks much the same.
    """
    for top in range(1, min(grid.last_row, _DEEPEST) + 1):
        above = [cell.text for _, _, cell in grid.lines(1, top - 1)]
        context = _Context([*above, grid.name, file_name], programme)
        for height in (1, 2, 3):
            bottom = top + height - 1
            if bottom >= grid.last_row:
                break
            layout = _read(grid, cells, top, bottom, context, programme)
            if layout:
                return layout
    return None


class _Context:
    """What the words above and around a table say of all its columns."""

    def __init__(self, texts: Iterable[str], programme: Programme) -> None:
        folded = [fold(t) for t in texts]
        titles = programme.words["task_titles"]
        self.is_task = any(word in text for text in folded for word in titles)
        named = [i.name for t in folded for i in programme.indicators if fold(i.label) in t]
        self.indicator = named[0] if self.is_task and len(set(named)) == 1 else ""
        years = [int(m[1]) for t in folded if self.is_task for m in _YEAR.finditer(t)]
        self.year: Year = years[0] if len(set(years)) == 1 else ""


def _read(
    grid: Grid, cells: Cells, top: int, bottom: int, context: _Context, programme: Programme
) -> Layout | None:
    regions: list[int] = []
    columns: dict[int, tuple[str, Year]] = {}
    year_column = 0
    for column in range(1, min(grid.last_column, _WIDEST) + 1):
        path = [plain(cells[r, column]) for r in range(top, bottom + 1) if (r, column) in cells]
        if any(text in programme.words["region"] for text in path):
            regions.append(column)
        elif any(text in _YEAR_HEADER for text in path):
            year_column = column
        else:
            indicator = _indicator(path, programme)
            year = _year(path, programme)
            if not indicator and (path and year):
                indicator = _to_the_left(column, top, bottom, cells, programme) or context.indicator
            if indicator and not year:
                year = _year_to_the_left(column, top, bottom, cells)
            if indicator:
                columns[column] = (indicator, year)
    in_columns = any(year and year != SUM for _, year in columns.values())
    whole: Year = "" if in_columns or year_column else context.year
    dated = in_columns or bool(whole) or (bool(year_column) and context.is_task)
    if not regions or not columns or not dated:
        return None
    if not in_columns and not year_column:
        columns = {c: (i, y) for c, (i, y) in columns.items() if y != SUM}
    return Layout(bottom, tuple(regions), columns, whole, year_column)


def _year(path: list[str], programme: Programme) -> Year:
    if match := _YEAR.search("".join(path)):
        return int(match[1])
    return SUM if any(text in programme.words["subtotal"] for text in path) else ""


def _indicator(path: list[str], programme: Programme) -> str:
    for text in path:
        bare = re.sub(r"\(.*?\)", "", _YEAR.sub("", text)).strip("人()名")
        for indicator in programme.indicators:
            if bare in map(fold, indicator.target_headers):
                return indicator.name
    return ""


def _to_the_left(column: int, top: int, bottom: int, cells: Cells, programme: Programme) -> str:
    """The group heading where merges are not told (csv, ods): the nearest one to the left."""
    for left in range(column, 0, -1):
        path = [plain(cells[r, left]) for r in range(top, bottom) if (r, left) in cells]
        if found := _indicator(path, programme):
            return found
    return ""


def _year_to_the_left(column: int, top: int, bottom: int, cells: Cells) -> Year:
    """The year as a group heading above several indicators: the nearest one to the left."""
    for left in range(column, 0, -1):
        texts = [compact(cells[r, left]) for r in range(top, bottom) if (r, left) in cells]
        if match := _YEAR.search("".join(texts)):
            return int(match[1])
    return ""
