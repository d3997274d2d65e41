"""Which rows below a header are persons, and what each of them says."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

import pandas as pd

from pipeline.ingest.headers import Header, plain
from pipeline.model import Cell, Grid
from pipeline.programme import Programme
from pipeline.values import compact, fold, is_nothing, read_count, read_name

TOTAL = re.compile(r".{0,12}(合计|小计|总计)(人数)?[::]?")
FOOTER = re.compile(
    r"(单位)?(负责人|审核人|复核人|填表人|制表人|填报人|经办人|联系人|领导|注|备注|说明|填表说明)[::].*"
    r"|注\d?[、.].*"
)
_COLUMN_NUMBERS = frozenset("甲乙丙丁戊己庚辛")
_MOSTLY_NUMBERED = 0.75  # of the steps from cell to cell


def persons_of(
    grid: Grid,
    cells: Mapping[tuple[int, int], Cell],
    header: Header,
    columns: Mapping[int, str],
    programme: Programme,
) -> pd.DataFrame:
    """The persons' rows under field names, index = Excel row; merged cells filled downwards."""
    by_row: dict[int, dict[str, Cell]] = {}
    by_name = {name: column for column, name in columns.items()}
    anchors = _vertical(grid, cells)
    for row, column in grid.cells:
        if row > header.bottom and column in columns:
            by_row.setdefault(row, {})[columns[column]] = grid.cells[row, column]
    _join_halves(by_row, anchors, by_name, programme)
    persons = {
        row: found
        for row, found in sorted(by_row.items())
        if _is_person(_with_covered(found, row, anchors, by_name), programme)
        and not _is_frame_row(row, grid, header)
    }
    empty = Cell("", "")
    data = {
        name: [
            found.get(name) or anchors.get((row, by_name[name])) or empty
            for row, found in persons.items()
        ]
        for name in columns.values()
    }
    return pd.DataFrame(
        data, index=pd.Index(list(persons), name="row", dtype="int64"), dtype=object
    )


_WHO = ("name", "id_no", "cert_no")


def _with_covered(
    found: Mapping[str, Cell],
    row: int,
    anchors: Mapping[tuple[int, int], Cell],
    by_name: Mapping[str, int],
) -> Mapping[str, Cell]:
    """The row's own cells, and who she is where a merge from above says it."""
    covered = {n: anchors[row, by_name[n]] for n in _WHO if (row, by_name.get(n, 0)) in anchors}
    return {**covered, **found}


def _join_halves(
    by_row: dict[int, dict[str, Cell]],
    anchors: Mapping[tuple[int, int], Cell],
    by_name: Mapping[str, int],
    programme: Programme,
) -> None:
    """One person over two merged rows: what the lower row holds joins the upper.

    A lower row with a course or a job of its own is another activity of hers, and stays.
    """
    who = [name for name in _WHO if name in by_name]
    for row in sorted(by_row, reverse=True):
        upper, lower = by_row.get(row - 1), by_row[row]
        reached = who and all((row, by_name[name]) in anchors for name in who)
        if not upper or not reached:
            continue
        twice = set(upper) & set(lower)
        if any(programme.field[name].on for name in twice):
            continue
        for name, cell in lower.items():
            said = upper[name].text + "、" if name in twice else ""
            upper[name] = Cell(said + cell.text, "s" if said else cell.type)
        del by_row[row]


def _vertical(grid: Grid, cells: Mapping[tuple[int, int], Cell]) -> Mapping[tuple[int, int], Cell]:
    """Cells inside merges that run down one column: a county named once for all its rows."""
    return {
        (row, column): cells[row, column]
        for top, left, bottom, right in grid.merges
        if left == right and bottom > top and (top, left) in grid.cells
        for row in range(top + 1, min(bottom, grid.last_row) + 1)
        for column in (left,)
    }


def _is_person(found: Mapping[str, Cell], programme: Programme) -> bool:
    """A name, an ID or a certificate number makes a row a person."""
    numbers = any(not is_nothing(found[f].text) for f in ("id_no", "cert_no") if f in found)
    name = read_name(found["name"].text) if "name" in found else ""
    if fold(name) in programme.words["nil"]:
        return numbers
    return numbers or bool(name and not is_nothing(name) and not read_count(name))


def _is_frame_row(row: int, grid: Grid, header: Header) -> bool:
    """Totals, footers, notes, column numbers and repeated headers are no persons."""
    texts = [
        compact(cell.text)
        for column in range(1, grid.last_column + 1)
        if (cell := grid.cells.get((row, column)))
    ]
    if any(TOTAL.fullmatch(t) for t in texts[:3]) and not any(len(t) >= 15 for t in texts):
        return True
    if texts and FOOTER.fullmatch(texts[0]):
        return True
    return _numbers_columns(texts) or _repeats_header(row, grid, header)


def _numbers_columns(texts: list[str]) -> bool:
    """`甲 1 2 3 …` or `列号 1 2 3 …` under the header; a word in a column of their own is allowed."""
    marks = [t for t in texts if t not in _COLUMN_NUMBERS and t not in ("列号", "栏次", "栏号")]
    numbers = [read_count(t) for t in marks]
    steps = sum(
        left is not None and right == left + 1 for left, right in itertools.pairwise(numbers)
    )
    return steps >= 2 and steps >= _MOSTLY_NUMBERED * (len(marks) - 1)


def _repeats_header(row: int, grid: Grid, header: Header) -> bool:
    same = [
        plain(cell.text) == plain(header.leaves[column])
        for column in header.fields
        if (cell := grid.cells.get((row, column)))
    ]
    return len(same) >= 3 and all(same)
