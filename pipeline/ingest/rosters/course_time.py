"""A course's time that stands once above its list (培训时间：2018年9月1日至15日), or above each part of it, and in no
column: laid beside every row, and said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from pipeline.ingest.layout import WIDEST, Header
from pipeline.ingest.whose import frame_lines
from pipeline.model import Cell, Grid, Issue
from pipeline.programme import Field, Kind, Programme
from pipeline.values import column_letters, read_span

_MOST_IN_SECTION, _FEWEST_IN_ROW = (
    2,
    3,
)  # cells of a line that heads a part of a list; of a person's row
_LONGEST_LINE = 120  # characters
_END = re.compile(
    r"\s{2,}|[;；]|[,，、\s]*(?:培训|授课|上课)?(?:地点|内容|项目|教师|老师|人数|单位)"
)
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")


def with_course_time(
    grid: Grid, header: Header, kind: str, year: int, programme: Programme
) -> tuple[Grid, Header, Issue] | None:
    """The sheet with a column more that says the time in every row, its header, and what must be said of it;
    None where no such line stands there, or the header names a day itself.

    `year` is the return's, 0 where nobody knows it.
    """
    field, column = _span_of(programme.kind[kind], programme), grid.last_column + 1
    if field is None or column > WIDEST:
        return None
    words = sorted({field.label, *field.headers}, key=lambda w: (-len(w), w))
    time, place = "", (0, 0)
    for row, at, text in frame_lines(grid, header.top):
        if found := _time_in(_beside(grid, row, at, text, words), words, year):
            time, place = found, (row, at)
            break
    cells: dict[tuple[int, int], Cell] = {}
    for row, line in _rows(grid, header.bottom):
        if len(line) <= _MOST_IN_SECTION:
            found = _time_in(next(iter(line.values())), words, year)
            time, place = (
                (found, place if place[0] else (row, min(line))) if found else (time, place)
            )
        elif time and len(line) >= _FEWEST_IN_ROW:
            cells[row, column] = Cell(time, "s")
    if not cells:
        return None
    issue = programme.issue("S40", label=field.label, text=next(iter(cells.values())).text)
    issue = issue.at(sheet=grid.name, row=place[0], column=column_letters(place[1]))
    filled = replace(grid, cells={**dict(grid.cells.items()), **cells})
    return filled, _with_column(header, column, field.label), issue


def _span_of(kind: Kind, programme: Programme) -> Field | None:
    """The field that says a start and a finish in one cell, of a kind that asks for both."""
    both = {kind.start, kind.finish}
    return next((f for f in programme.fields_of(kind.name) if both == set(f.fills)), None)


def _beside(grid: Grid, row: int, column: int, text: str, words: list[str]) -> str:
    """The text, and what stands in the next cell where it is a label with nothing behind it."""
    if text.rstrip(" :：\u3000") not in words:
        return text
    rest = [cell.text for _, at, cell in grid.lines(row, row) if at > column]
    return f"{text}：{rest[0]}" if rest else text


def _time_in(text: str, words: list[str], year: int) -> str:
    """The span that a line says behind one of the words, in brackets or alone; '' where it says none."""
    line = unicodedata.normalize("NFKC", text).strip()
    if len(line) > _LONGEST_LINE:
        return ""
    parts: list[str] = [line, *_IN_BRACKETS.findall(line)]
    for word in words:
        _, found, rest = line.partition(word)
        if found:
            until = _END.search(rest := rest.lstrip(" :"))
            parts.insert(0, rest[: until.start()].strip() if until else rest.strip())
            break
    for part in parts:
        span = read_span(part, year=year)
        if span and span.start and span.finish and span.start != span.finish:
            return part
    return ""


def _rows(grid: Grid, below: int) -> Iterator[tuple[int, dict[int, str]]]:
    found: dict[int, dict[int, str]] = {}
    for row, column, cell in grid.lines(below + 1, grid.last_row):
        found.setdefault(row, {})[column] = cell.text
    yield from sorted(found.items())


def _with_column(header: Header, column: int, label: str) -> Header:
    return replace(
        header,
        leaves={**header.leaves, column: label},
        paths={**header.paths, column: label},
        groups={**header.groups, column: (label,)},
    )
