"""A day in columns of its own: 开班时间 over 年, 月 and 日, or 开班年, 开班月, 开班日; read as one column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pipeline.ingest.layout import WIDEST, Header, known_headers, plain
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import compact, is_nothing

T = TypeVar("T")
_PARTS = {"年": "年", "年份": "年", "月": "月", "月份": "月", "日": "日", "号": "日"}
_ENDING = re.compile(r"(.*?)(年份?|月份?|日|号)")
_NUMBER = re.compile(r"0*(\d{1,4})(?:\.0+)?[年月日号]?", re.ASCII)
_MOST = {"年": 2100, "月": 12, "日": 31}
_DAYS = frozenset({"day", "birth", "span"})  # kinds of fields
_STEMS = ("", "时间", "日期", "年月", "年月日")  # 开班年 is of 开班时间


@dataclass(frozen=True)
class _Apart:
    """Neighbouring columns, what each holds (年, 月, 日), and the header they share."""

    columns: tuple[int, ...]
    parts: tuple[str, ...]
    label: str


def days_in_one_column(grid: Grid, header: Header, programme: Programme) -> tuple[Grid, Header]:
    """The sheet with each such day written out in the first of its columns, and the header without the
    others; as they are where no day stands so."""
    written: dict[tuple[int, int], str] = {}
    header = _with_row_below(grid, header)
    for apart in list(_days_apart(header, programme)):
        first, last = header.bottom + 1, grid.last_row
        texts = [grid.column(column, first, last)[0] for column in apart.columns]
        lines = [_written(line, apart.parts) for line in zip(*texts, strict=True)]
        if None in lines or not any(lines):
            continue
        for row, day in enumerate(lines, first):
            written |= {(row, column): "" for column in apart.columns}
            written[row, apart.columns[0]] = day or ""
        header = _gathered(header, apart)
    return grid.written_over(written), header


def _with_row_below(grid: Grid, header: Header) -> Header:
    """The header with the row below it, where nothing stands there but 年, 月 and 日 under its days."""
    row = header.bottom + 1
    below = {c: plain(cell.text) for _, c, cell in grid.lines(row, row) if c <= WIDEST}
    if len(below) < 2 or not set(below.values()) <= set(_PARTS):
        return header
    group: tuple[str, ...] = ()
    groups = dict(header.groups)
    for column in range(min(below), max(below) + 1):
        group = header.groups.get(column, group)
        if column in below:
            groups[column] = (*group, below[column])
    leaves = {**header.leaves, **below}
    paths = {**header.paths, **{c: "".join(groups[c]) for c in below}}
    return replace(header, bottom=row, leaves=leaves, paths=paths, groups=groups)


def _days_apart(header: Header, programme: Programme) -> Iterator[_Apart]:
    columns = sorted(header.leaves)
    used = 0
    for at in range(len(columns)):
        if at < used:
            continue
        run = _run(header, columns[at : at + 3])
        label = _day_called(header, run[0][0], programme) if len(run) > 1 else ""
        if label:
            used = at + len(run)
            yield _Apart(tuple(c for c, _ in run), tuple(part for _, part in run), label)


def _run(header: Header, columns: list[int]) -> list[tuple[int, str]]:
    """The first of these columns that follow each other as year, month and day do, of one stem."""
    run: list[tuple[int, str]] = []
    order = "年月日"
    for column in columns:
        match = _ENDING.fullmatch(plain(header.leaves[column]))
        part = _PARTS[match[2]] if match else ""
        if not part or (
            run and (column != run[-1][0] + 1 or order.index(part) != order.index(run[-1][1]) + 1)
        ):
            break
        stem, group = match[1] if match else "", header.groups.get(column, ())[:-1]
        if run and (
            stem not in ("", _stem(header, run[0][0]))
            or group not in ((), header.groups[run[0][0]][:-1])
        ):
            break
        run.append((column, part))
    return run


def _stem(header: Header, column: int) -> str:
    match = _ENDING.fullmatch(plain(header.leaves[column]))
    return match[1] if match else ""


def _day_called(header: Header, column: int, programme: Programme) -> str:
    """What the days are called that begin in this column; '' where that names no day's field."""
    group, stem = header.groups.get(column, ())[:-1], _stem(header, column)
    called = ["".join(group) + stem, (group[-1] if group else "") + stem, stem]
    for text in called:
        for ending in _STEMS:
            if text and (field := _field(text + ending, header, programme)):
                return text + ending if programme.field[field].kind in _DAYS else ""
    return called[0] if group and any(word in called[0] for word in ("时间", "日期")) else ""


def _field(text: str, header: Header, programme: Programme) -> str:
    by_kind = known_headers(programme).by_kind
    kinds = [header.kind] if header.kind in by_kind else list(by_kind)
    return next((f for k in kinds if (f := by_kind[k].get(plain(text)))), "")


def _written(line: tuple[str, ...], parts: tuple[str, ...]) -> str | None:
    """2018年9月1日 out of the cells of one row; '' where all are empty, None where one holds no such part."""
    if all(is_nothing(text) or plain(text) in _PARTS for text in line):
        return ""
    day = ""
    for text, part in zip(line, parts, strict=True):
        match = _NUMBER.fullmatch(compact(text))
        if is_nothing(text):
            continue
        if match is None or int(match[1]) > _MOST[part]:
            return None
        day += match[1] + part
    return day


def _gathered(header: Header, apart: _Apart) -> Header:
    """The header with the day's own name alone above the first column, and nothing above the others."""
    first, others = apart.columns[0], frozenset(apart.columns[1:])

    def kept(of: Mapping[int, T]) -> dict[int, T]:
        return {c: value for c, value in of.items() if c not in others}

    return replace(
        header,
        leaves={**kept(header.leaves), first: apart.label},
        paths={**kept(header.paths), first: apart.label},
        groups={**kept(header.groups), first: (apart.label,)},
        fields=kept(header.fields),
    )
