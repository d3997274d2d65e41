"""How a task breakdown table is laid out: where the places stand, and what each column holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.ingest.layout import plain
from pipeline.ingest.papers.tasks.headings import (
    SUM,
    TASK_WORDS,
    Heading,
    Year,
    factor_in,
    heading_of,
    indicator_of,
    is_done,
    year_of,
    years_in,
)
from pipeline.ingest.papers.tasks.named_places import place_of
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import compact, fold

Cells = Mapping[tuple[int, int], str]
_YEAR_HEADER = frozenset({"年度", "年份", "年", "任务年度", "计划年度"})
_INDICATOR_HEADER = frozenset(
    {"任务类别", "任务类型", "任务项目", "任务名称", "任务内容", "类别", "指标类别", "项目名称"}
)
_COUNT_HEADER = frozenset({"任务", "指标", "计划", "目标", "人", ""})
_DEEPEST, _WIDEST, _LOOKED_AT = 15, 100, 12


class Stated(NamedTuple):
    """One number of a task table: whose, of what, and the cell that says it (row and column).

    number: None for a formula without a result. own: of the office itself (市本级), not of all below it.
    """

    unit: str
    indicator: str
    year: Year
    number: int | None
    sheet: str
    row: int
    column: int
    so_far: bool = False
    own: bool = False


@dataclass(frozen=True)
class Layout:
    """One block of a table: the columns of places (the widest first), and what each number column holds.

    year: of the whole table where columns say none; year_column, indicator_column: where each row says it.
    """

    bottom: int
    regions: tuple[int, ...]
    columns: Mapping[int, Heading]
    year: Year = ""
    year_column: int = 0
    indicator_column: int = 0


def find_layouts(
    grid: Grid, cells: Cells, file_name: str, programme: Programme
) -> tuple[Layout, ...]:
    """One to three header rows: 地区, and above each number an indicator and a year; blocks side by side.

    What the header leaves out, the title, the sheet's or the file's name may say, but only where
    they call the table a task table: a summary of what was done looks much the same.
    """
    for top in range(1, min(grid.last_row, _DEEPEST) + 1):
        if not _begins(top, cells, programme):
            continue
        above = [cell.text for _, _, cell in grid.lines(1, top - 1)]
        context = _Context([*above, grid.name, file_name], programme)
        for height in (1, 2, 3):
            bottom = top + height - 1
            if bottom >= grid.last_row:
                break
            if found := _read(grid, cells, top, bottom, context, programme):
                return found
    return ()


def _begins(row: int, cells: Cells, programme: Programme) -> bool:
    """Whether a row can be the first of a header: it names places, indicators or years, and is no title."""
    texts = {plain(text) for (r, c), text in cells.items() if r == row and c <= _WIDEST}
    if any(_names_places(text, programme) or indicator_of([text], programme) for text in texts):
        return True
    return len(texts) > 1 and any(year_of([text], programme) for text in texts)


class _Context:
    """What the words above and around a table say of all its columns."""

    def __init__(self, texts: Iterable[str], programme: Programme) -> None:
        folded = [fold(t) for t in texts]
        titles = programme.words["task_titles"]
        self.is_task = any(word in text for text in folded for word in titles)
        named = [i.name for t in folded for i in programme.indicators if fold(i.label) in t]
        self.indicator = named[0] if self.is_task and len(set(named)) == 1 else ""
        years = years_in(folded) if self.is_task else []
        self.year: Year = years[0] if len(set(years)) == 1 else ""
        self.factor = max((factor_in(text) for text in folded), default=1)


def _read(
    grid: Grid, cells: Cells, top: int, bottom: int, context: _Context, programme: Programme
) -> tuple[Layout, ...]:
    regions: list[int] = []
    columns: dict[int, Heading] = {}
    years: list[int] = []
    kinds: list[int] = []
    task_words = context.is_task
    for column in range(1, min(grid.last_column, _WIDEST) + 1):
        path = [plain(cells[r, column]) for r in range(top, bottom + 1) if (r, column) in cells]
        if any(_names_places(text, programme) for text in path):
            regions.append(column)
        elif any(text in _YEAR_HEADER for text in path):
            years.append(column)
        elif any(_names_indicators(text, programme) for text in path):
            kinds.append(column)
        elif is_done(path):
            if _has_numbers(grid, column, bottom):
                return ()  # a report of what was done, which names its task beside it
        elif not path and regions[-1:] == [column - 1] and _is_text(grid, column, bottom):
            regions.append(column)
        elif path and (heading := heading_of(path, programme)):
            task_words |= any(word in text for text in path for word in TASK_WORDS)
            heading = _completed(heading, column, path, (top, bottom), cells, context, programme)
            if heading.indicator or (kinds and (heading.year or _is_count(path))):
                columns[column] = heading
    if not regions and columns:  # under a header of the office's own words, or none
        before = range(1, min(columns))
        regions = [c for c in before if _holds_places(grid, c, bottom, programme)][-1:]
        years, kinds = ([c for c in of if c not in regions] for of in (years, kinds))
    found = _blocks(bottom, regions, columns, years, kinds, context)
    return found if task_words else ()


def _names_places(text: str, programme: Programme) -> bool:
    """Whether a header is that of places, also in the corner of two (项目 \\ 地区)."""
    words = programme.words["region"]
    parts = [part.removesuffix("名称") for part in text.replace("/", "\\").split("\\") if part]
    return text in words or any(part in words for part in parts)


def _names_indicators(text: str, programme: Programme) -> bool:
    return text in _INDICATOR_HEADER or text in map(fold, programme.words["total_rows"])


def _is_count(path: Iterable[str]) -> bool:
    return any(text.rstrip("数量(人)") in _COUNT_HEADER for text in path)


def _has_numbers(grid: Grid, column: int, bottom: int) -> bool:
    texts, _ = grid.column(column, bottom + 1, grid.last_row)
    return any(compact(text).replace(".", "").isdigit() and float(text) for text in texts)


def _holds_places(grid: Grid, column: int, bottom: int, programme: Programme) -> bool:
    """Whether most of what a column says are places: two at least, or the only row."""
    texts, _ = grid.column(column, bottom + 1, min(bottom + _LOOKED_AT, grid.last_row))
    words = [compact(text) for text in texts if compact(text)]
    places = sum(bool(place_of(text, programme, None)) for text in words)
    return (places > 1 and 2 * places >= len(words)) or 0 < places == len(words)


def _is_text(grid: Grid, column: int, bottom: int) -> bool:
    """Whether a column without a header holds words: the places below those beside it."""
    texts, types = grid.column(column, bottom + 1, grid.last_row)
    filled = [kind for text, kind in zip(texts, types, strict=True) if compact(text)]
    return 2 * filled.count("s") > len(filled)


def _completed(
    heading: Heading,
    column: int,
    path: list[str],
    rows: tuple[int, int],
    cells: Cells,
    context: _Context,
    programme: Programme,
) -> Heading:
    """With what a group heading to the left says where merges are not told (csv, ods), and the title."""
    factor, so_far = heading.factor, heading.so_far
    indicator, year = heading.indicator, heading.year
    if not indicator and year:
        group = _to_the_left(column, *rows, cells, programme)
        indicator = group.indicator or context.indicator
        factor, so_far = max(factor, group.factor), so_far or group.so_far
    if indicator and not year:
        year = _year_to_the_left(column, *rows, cells, programme)
    if "人" not in "".join(path):
        factor = max(factor, context.factor)
    return Heading(indicator, year, factor, so_far and year != SUM)


def _blocks(
    bottom: int,
    regions: list[int],
    columns: Mapping[int, Heading],
    years: list[int],
    kinds: list[int],
    context: _Context,
) -> tuple[Layout, ...]:
    """A column of places behind one of numbers begins another block, side by side with the first."""
    starts = [
        region
        for nth, region in enumerate(regions)
        if not nth or any(regions[nth - 1] < column < region for column in columns)
    ]
    found = []
    for nth, start in enumerate(starts):
        end = starts[nth + 1] if nth + 1 < len(starts) else _WIDEST + 1

        def within(of: Iterable[int], start: int = start, end: int = end) -> list[int]:
            return [column for column in of if start <= column < end]

        own = {column: columns[column] for column in within(columns)}
        year_column = next(iter(within(years)), 0) or (years[0] if years and not nth else 0)
        kind_column = next(iter(within(kinds)), 0) or (kinds[0] if kinds and not nth else 0)
        layout = _block(bottom, within(regions), own, year_column, kind_column, context)
        if layout:
            found.append(layout)
    return tuple(found) if len(found) == len(starts) else ()


def _block(
    bottom: int,
    regions: list[int],
    columns: Mapping[int, Heading],
    year_column: int,
    kind_column: int,
    context: _Context,
) -> Layout | None:
    in_columns = any(h.year and h.year != SUM for h in columns.values())
    whole: Year = "" if in_columns or year_column else context.year
    dated = in_columns or bool(whole) or (bool(year_column) and context.is_task)
    if not regions or not columns or not dated:
        return None
    if not in_columns and not year_column:
        columns = {c: h for c, h in columns.items() if h.year != SUM}
    if not columns:
        return None
    return Layout(bottom, tuple(regions), columns, whole, year_column, kind_column)


def _to_the_left(column: int, top: int, bottom: int, cells: Cells, programme: Programme) -> Heading:
    """The nearest group heading that names an indicator."""
    for left in range(column, 0, -1):
        path = [plain(cells[r, left]) for r in range(top, bottom) if (r, left) in cells]
        found = heading_of(path, programme)
        if found and found.indicator:
            return found
    return Heading("", "")


def _year_to_the_left(
    column: int, top: int, bottom: int, cells: Cells, programme: Programme
) -> Year:
    """The year as a group heading above several indicators: the nearest one to the left."""
    for left in range(column, 0, -1):
        texts = [fold(cells[r, left]) for r in range(top, bottom) if (r, left) in cells]
        if year := year_of(texts, programme):
            return year
    return ""
