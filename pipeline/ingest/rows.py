"""Which rows below a header are persons, and what each of them says."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

import pandas as pd

from pipeline.ingest.headers import Header, plain
from pipeline.model import Cell, Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters, compact, fold, is_nothing, read_count, read_name

TOTAL = re.compile(r".{0,12}(合计|小计|总计|共计)(人数)?[::]?(?P<count>\d+)?(人|名)?")
FOOTER = re.compile(
    r"(单位|部门)?(主要)?(负责人|审核人?|复核人?|填表人|制表人?|填报人|经办人|联系人|领导|法人代表)"
    r"(签字|签名|签章|盖章)?(\([^()]*\))?[::].*"
    r"|(注|备注|说明|填表说明|注意事项|备注说明)[::].*|注\d?[、.].*"
)
# what may stand above the header as well as below the rows
_FILING = re.compile(r"(填报|填表|上报|报送|制表)(单位|日期|时间)(\([^()]*\))?[::]?.*")
_SAMPLE = re.compile(r"[(【\[]?(例|(填写|填表)?(示例|样例|范例)|举例|例如|示例行)\d?[)】\]]?[::]?")
_NO_NAME = re.compile(r"[\d::;;,,。!!??]|.{13,}")
_COLUMN_NUMBERS = frozenset("甲乙丙丁戊己庚辛")
_MOSTLY_NUMBERED = 0.75  # of the steps from cell to cell


def lines_of(grid: Grid, below: int) -> dict[int, dict[int, Cell]]:
    """Every row under the header that holds anything: its cells by column, both in order."""
    lines: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sorted(grid.cells.items()):
        if row > below:
            lines.setdefault(row, {})[column] = cell
    return lines


def persons_of(
    grid: Grid,
    cells: Mapping[tuple[int, int], Cell],
    header: Header,
    columns: Mapping[int, str],
    programme: Programme,
) -> tuple[pd.DataFrame, list[Issue]]:
    """The persons' rows under field names, index = Excel row; merged cells filled downwards.

    With what must be said of single cells and rows: samples left out, 同上 filled in, formula errors.
    """
    lines = lines_of(grid, header.bottom)
    by_name = {name: column for column, name in columns.items()}
    anchors = _vertical(grid, cells, header.bottom)
    by_row = {
        row: {columns[c]: cell for c, cell in line.items() if c in columns}
        for row, line in lines.items()
    }
    _join_halves(by_row, anchors, by_name, programme)
    persons = {
        row: found
        for row, found in by_row.items()
        if _is_person(_with_covered(found, row, anchors, by_name), programme)
        and not _is_frame_row(lines[row], header)
    }
    samples = [row for row in persons if _is_sample(lines[row])]
    for row in samples:
        del persons[row]
    empty = Cell("", "")
    data = {
        name: [
            found.get(name) or anchors.get((row, by_name[name])) or empty
            for row, found in persons.items()
        ]
        for name in columns.values()
    }
    index = pd.Index(list(persons), name="row", dtype="int64")
    issues = [programme.issue("S19", row=row).at(row=row) for row in samples]
    frame, noted = _cells_read(pd.DataFrame(data, index=index, dtype=object), by_name, programme)
    return frame, issues + noted


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


def _vertical(
    grid: Grid, cells: Mapping[tuple[int, int], Cell], below: int
) -> Mapping[tuple[int, int], Cell]:
    """Cells inside merges that run down one column: a county named once for all its rows."""
    return {
        (row, column): cells[row, column]
        for top, left, bottom, right in grid.merges
        if left == right and bottom > top > below and (top, left) in grid.cells
        for row in range(top + 1, min(bottom, grid.last_row) + 1)
        for column in (left,)
    }


def _is_person(found: Mapping[str, Cell], programme: Programme) -> bool:
    """A name, an ID or a certificate number makes a row a person."""
    numbers = any(not is_nothing(found[f].text) for f in ("id_no", "cert_no") if f in found)
    if numbers:
        return True
    name = read_name(found["name"].text) if "name" in found else ""
    if not name or is_nothing(name) or fold(name) in programme.words["nil"]:
        return False
    alone = not any(found[f].text for f in found if f not in ("name", "seq"))
    # a line that says nothing but this, and this is no name: a note that stands in the name's column
    return read_count(name) is None and not (alone and _NO_NAME.search(name))


def _is_sample(line: Mapping[int, Cell]) -> bool:
    """The form's own example, left in above the first person."""
    return any(_SAMPLE.fullmatch(compact(c.text)) for c in list(line.values())[:2])


def _is_frame_row(line: Mapping[int, Cell], header: Header) -> bool:
    """Totals, footers, notes, column numbers and repeated headers are no persons."""
    texts = [compact(cell.text) for cell in line.values()]
    if any(TOTAL.fullmatch(t) for t in texts[:3]) and not any(len(t) >= 15 for t in texts):
        return True
    if texts and (FOOTER.fullmatch(texts[0]) or _FILING.fullmatch(texts[0])):
        return True
    return _numbers_columns(texts) or _repeats_header(line, header)


def _numbers_columns(texts: list[str]) -> bool:
    """`甲 1 2 3 …` or `列号 1 2 3 …` under the header; a word in a column of their own is allowed."""
    marks = [t for t in texts if t not in _COLUMN_NUMBERS and t not in ("列号", "栏次", "栏号")]
    numbers = [read_count(t) for t in marks]
    steps = sum(
        left is not None and right == left + 1 for left, right in itertools.pairwise(numbers)
    )
    return steps >= 2 and steps >= _MOSTLY_NUMBERED * (len(marks) - 1)


def _repeats_header(line: Mapping[int, Cell], header: Header) -> bool:
    same = [
        plain(cell.text) == plain(header.leaves.get(column, ""))
        for column, cell in line.items()
        if column in header.fields
    ]
    return len(same) >= 3 and all(same)


_DITTO = frozenset(map(compact, ("同上", "〃", "″", '"', "”", "“", "〞", "''", "同前")))
_HER_OWN = frozenset({"name", "id", "certificate", "phone", "birth"})  # kinds never filled in


def _cells_read(
    frame: pd.DataFrame, by_name: Mapping[str, int], programme: Programme
) -> tuple[pd.DataFrame, list[Issue]]:
    """同上 filled from the person above; formula errors said at their cells."""
    issues = []
    filled = {}
    for name in frame.columns:
        field, letters = programme.field[name], column_letters(by_name[name])
        above, column = Cell("", ""), []
        for row, cell in frame[name].items():
            place = {"row": row, "column": letters, "field": name}
            if cell.type == "e":
                code = "C01" if field.required else "C02"
                issues.append(programme.issue(code, value=cell.text.lstrip("#")).at(**place))
            elif field.kind not in _HER_OWN and compact(cell.text) in _DITTO and above.text:
                issues.append(programme.issue("S17", value=above.text[:24]).at(**place))
                cell = above
            above = cell
            column.append(cell)
        filled[name] = column
    return pd.DataFrame(filled, index=frame.index, columns=frame.columns, dtype=object), issues
