"""Reference lists (残疾人证状态, 建档立卡): recognised by content, read into numbers and meanings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from pipeline.ingest.headers import plain
from pipeline.ingest.whose import filed_on, frame_lines
from pipeline.model import Cell, Grid, ReferenceList
from pipeline.numbers import compact_no, id_fault
from pipeline.periods import day_of, period_in
from pipeline.programme import Programme, Reference
from pipeline.values import compact, fold, read_day

_DEEPEST_HEADER, _WIDEST, _LOOKED_AT = 15, 60, 200
_NO_MEANING = -1
_SHORTEST = 8  # characters of what may have been meant as a number
_NOTHING = Cell("", "")


@dataclass(frozen=True)
class _Columns:
    """Where a list keeps what: the header's row, its number columns, status and date."""

    top: int
    keys: tuple[int, ...]
    status: int = 0
    date: int = 0


def read_references(
    grids: Iterable[Grid], file_name: str, programme: Programme, folder_period: str
) -> tuple[ReferenceList, ...]:
    """The reference lists of a workbook; nothing where its sheets are something else."""
    found = (_read(grid, file_name, programme, folder_period) for grid in grids)
    return tuple(r for r in found if r)


def _read(
    grid: Grid, file_name: str, programme: Programme, folder_period: str
) -> ReferenceList | None:
    lines = dict(_lines(grid))
    if _has_activity((text for line in lines.values() for text in line.values()), programme):
        return None
    for top, line in lines.items():
        frame = replace(grid, cells={at: cell for at, cell in grid.cells.items() if at[0] < top})
        texts = [*(text for _, _, text in frame_lines(frame, top)), grid.name, file_name]
        for reference in programme.references:
            columns = _columns(top, line, reference)
            if columns and _fits(grid, columns, line, fold("".join(texts)), reference, programme):
                as_of = _as_of(frame, top, texts, programme, folder_period)
                units = _units(texts, programme, day_of(folder_period))
                found, unread = _listed(grid, columns, texts, reference)
                return ReferenceList(reference.name, grid.name, found, units, as_of, unread)
    return None


def _lines(grid: Grid) -> Iterator[tuple[int, dict[int, str]]]:
    """The first rows as headers would be compared, by column."""
    for row in range(1, min(grid.last_row, _DEEPEST_HEADER) + 1):
        columns = range(1, min(grid.last_column, _WIDEST) + 1)
        line = {c: plain(cell.text) for c in columns if (cell := grid.cells.get((row, c)))}
        if len(line) > 1:
            yield row, line


def _has_activity(headers: Iterable[str], programme: Programme) -> bool:
    """Whether anything says when an activity began: then it is a return, whatever its title."""
    days = {day for kind in programme.kinds for day in (kind.start, kind.finish)}
    fields = [f for f in programme.fields if days & {f.name, *f.fills}]
    return bool({plain(h) for f in fields for h in (*f.headers, f.label)} & set(headers))


def _columns(top: int, line: Mapping[int, str], reference: Reference) -> _Columns | None:
    def of(headers: Iterable[str]) -> tuple[int, ...]:
        wanted = [plain(h) for h in headers]
        return tuple(c for w in wanted for c, text in line.items() if text == w)

    keys = of(reference.keys)
    if not keys:
        return None
    return _Columns(top, keys, *((of(h) or (0,))[0] for h in (reference.status, reference.dates)))


def _fits(
    grid: Grid,
    columns: _Columns,
    line: Mapping[int, str],
    title: str,
    reference: Reference,
    programme: Programme,
) -> bool:
    """By its title or a header only such a list has; a status column must speak its words."""
    if any(fold(word) in title for kind in programme.kinds for word in kind.title_words):
        return False
    if columns.status:
        rows = range(columns.top + 1, min(grid.last_row, columns.top + _LOOKED_AT) + 1)
        said = [c.text for r in rows if (c := grid.cells.get((r, columns.status)))]
        known = sum(_meaning(text, reference) != _NO_MEANING for text in said)
        return bool(said) and known * 2 > len(said)
    if reference.meanings:
        return _meaning(title, reference) != _NO_MEANING
    marked = {plain(h) for h in reference.marks} & set(line.values())
    return bool(marked) or any(fold(word) in title for word in reference.titles)


def _meaning(text: str, reference: Reference) -> int:
    """The place of the meaning a status has: said in full, else the first word it holds."""
    folded = fold(text)
    for exact in (True, False):
        for place, meaning in enumerate(reference.meanings):
            for word in map(fold, meaning.words):
                if folded == word or (not exact and word in folded):
                    return place
    return _NO_MEANING


def _listed(
    grid: Grid, columns: _Columns, texts: Iterable[str], reference: Reference
) -> tuple[pd.DataFrame, int]:
    """One line a sound number; how many rows have a number that is not."""
    whole = _NO_MEANING if columns.status else _meaning("".join(texts), reference)
    lines: list[tuple[str, int, str, int]] = []
    known: dict[str, int] = {}
    unread = 0
    for row in range(columns.top + 1, grid.last_row + 1):
        filled = [c for k in columns.keys if (c := grid.cells.get((row, k)))]
        key = _key(filled)
        if not key:
            unread += any(len(compact(c.text)) > _SHORTEST for c in filled)
            continue
        status = grid.cells.get((row, columns.status), _NOTHING).text
        if status not in known:
            known[status] = _meaning(status, reference) if columns.status else whole
        day = _day(grid.cells.get((row, columns.date), _NOTHING))
        lines.append((key, known[status], day, row))
    frame = pd.DataFrame(lines, columns=["key", "meaning", "on", "row"])
    return frame.astype({"key": str, "meaning": "int64", "on": str, "row": "int64"}), unread


def _key(cells: Iterable[Cell]) -> str:
    """The ID number, or the certificate's first eighteen characters; nothing where it is damaged."""
    for cell in cells:
        number = compact_no(cell.text)[:18]
        rounded = cell.type == "n"  # fifteen digits are all that a number keeps
        if len(number) == 18 and not rounded and not id_fault(number):
            return number
    return ""


def _day(cell: Cell) -> str:
    day = read_day(cell.text, cell.type) if cell.text else None
    return day.last.isoformat() if day else ""


def _units(texts: Iterable[str], programme: Programme, day: date | None) -> tuple[str, ...]:
    """Whose people a list names: the unit of its title, else everybody's."""
    unit = next((u for t in texts if (u := programme.gazetteer.find_one(t, day))), "")
    if not unit:
        return ()
    below = (u.code for u in programme.gazetteer.units if u.parent == unit)
    return (unit, *below)


def _as_of(
    frame: Grid, top: int, texts: list[str], programme: Programme, folder_period: str
) -> str:
    """The day a list was made, as far as it says one."""
    if day := filed_on(frame, top, top, programme):
        return day.isoformat()
    end = day_of(period_in(texts) or folder_period)
    return end.isoformat() if end else ""
