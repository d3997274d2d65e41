"""ods and fods, from their XML, with repeats held in bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.package import Package
from pipeline.office.places import LAST_COLUMN, LAST_ROW
from pipeline.office.read.converted import bounded_together, packed, too_many
from pipeline.office.read.encodings import in_true_encoding
from pipeline.office.read.odf_cells import (
    DRAW,
    OFFICE,
    STYLE,
    TABLE,
    Dress,
    dress,
    is_struck,
    read_cell,
)
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import parse_filed

_HOLDING_ROWS = frozenset(
    TABLE + name for name in ("table-header-rows", "table-row-group", "table-rows")
)
_LONGEST_REPEAT = (
    100_000  # of one filled row: nobody filed those, and walking them costs a gigabyte
)


@dataclass
class _Marked:
    """Columns of a row whose cells are struck out, or not seen."""

    struck: set[int] = field(default_factory=set)
    blank: set[int] = field(default_factory=set)


def read_odf(package: Package, limits: Limits) -> tuple[Grid, ...]:
    """All sheets with merges and hidden rows and columns. Raises Unreadable."""
    if b"encryption-data" in package.part("META-INF/manifest.xml"):
        raise Unreadable("F01", "ods 表格设有打开密码。请取消密码后重新报送")
    return _sheets(parse_filed(package.part("content.xml")), limits)


def read_flat_odf(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All sheets of a workbook saved as one XML document (fods). Raises Unreadable."""
    return _sheets(parse_filed(in_true_encoding(content)), limits)


def _sheets(root: Any, limits: Limits) -> tuple[Grid, ...]:
    hidden, looks = frozenset(_hidden_styles(root)), dress(root)
    grids: list[Grid] = []
    # only the document's own tables: drawings, tracked changes and links hold others
    for table in root.iterfind(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table"):
        is_hidden = table.get(f"{TABLE}style-name") in hidden
        pictured = next(table.iter(f"{DRAW}image", f"{DRAW}object-ole"), None) is not None
        grids.append(replace(_sheet(table, looks, limits), hidden=is_hidden, pictured=pictured))
        bounded_together(grids, limits)
    if not grids:
        raise Unreadable("F01", "文件里没有工作表，或是旧版 OpenOffice 表格。请另存为 .xlsx")
    return tuple(grids)


def _hidden_styles(root: Any) -> Iterator[str]:
    """The table styles that hide a sheet."""
    for style in root.iter(f"{STYLE}style"):
        about = style.find(f"{STYLE}table-properties")
        if about is not None and about.get(f"{TABLE}display") == "false":
            yield style.get(f"{STYLE}name", "")


def _sheet(table: Any, looks: Dress, limits: Limits) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    struck, blank = set[tuple[int, int]](), set[tuple[int, int]]()
    merges: list[tuple[int, int, int, int]] = []
    hidden: set[int] = set()
    name = str(table.get(f"{TABLE}name", ""))
    row = 1
    for line in _lines(table):
        times = min(_times(line, "rows"), LAST_ROW - row + 1)
        if times < 1:
            break
        found, marked = _line(line, row, merges, looks)
        if found and times > _LONGEST_REPEAT:
            why = f"工作表“{name}”第 {row} 行原样重复了 {times // 10_000} 万余次，请删去重复的行"
            raise Unreadable("F05", why)
        if len(cells) + times * len(found) > limits.cells:
            raise too_many(name, limits)
        for again in range(times if found else 0):
            cells.update(((row + again, c), cell) for c, cell in found.items())
            struck |= {(row + again, c) for c in marked.struck}
            blank |= {(row + again, c) for c in marked.blank}
        if line.get(f"{TABLE}visibility") in ("collapse", "filter") and found:
            hidden |= set(range(row, row + times))
        row += times
    columns = frozenset(_hidden_columns(table, max((c for _, c in cells), default=0)))
    return Grid(
        name, packed(cells), tuple(merges), frozenset(hidden), columns,
        struck=frozenset(struck), blank=frozenset(blank),
    )  # fmt: skip


def _lines(table: Any) -> Iterator[Any]:
    """A table's own rows, those in groups and headers too; what is drawn over it has others."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child
        elif child.tag in _HOLDING_ROWS:
            yield from _lines(child)


def _line(
    line: Any, row: int, merges: list[tuple[int, int, int, int]], looks: Dress
) -> tuple[dict[int, Cell], _Marked]:
    column, cells, marked = 1, dict[int, Cell](), _Marked()
    for cell in line:
        if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        times = _times(cell, "columns")
        if cell.tag == f"{TABLE}table-cell":
            found, is_blank = read_cell(cell, looks)
            places = range(column, min(column + times, LAST_COLUMN + 1)) if found.type else ()
            cells.update(dict.fromkeys(places, found))
            marked.blank.update(places if is_blank else ())
            marked.struck.update(places if places and is_struck(cell, looks) else ())
        tall = _whole(cell.get(f"{TABLE}number-rows-spanned"), LAST_ROW)
        wide = _whole(cell.get(f"{TABLE}number-columns-spanned"), LAST_COLUMN)
        if tall > 1 or wide > 1:
            merges.append((row, column, row + tall - 1, column + wide - 1))
        column = min(column + times, LAST_COLUMN)
    return cells, marked


def _times(element: Any, what: str) -> int:
    """How often a row or cell is repeated, in bounds of what a sheet can hold."""
    most = LAST_ROW if what == "rows" else LAST_COLUMN
    return _whole(element.get(f"{TABLE}number-{what}-repeated"), most)


def _whole(text: str | None, most: int) -> int:
    return max(1, min(int(text[:12]), most)) if text and text.isascii() and text.isdigit() else 1


def _hidden_columns(table: Any, last: int) -> Iterator[int]:
    column = 1
    for element in table.iter(f"{TABLE}table-column"):
        times = _times(element, "columns")
        if element.get(f"{TABLE}visibility") in ("collapse", "filter"):
            yield from range(column, min(column + times, last + 1))
        column += times
