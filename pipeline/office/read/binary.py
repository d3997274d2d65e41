"""What calamine does not tell of binary workbooks (xlsb): error cells, hidden rows and columns.

Records after [MS-XLSB] 2.1.4: a number of one or two bytes, a length of one to four, the body.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace

from pipeline.model import Cell, Grid
from pipeline.office.faults import Unreadable
from pipeline.office.package import Package
from pipeline.office.read.cells import ERROR

_ROW, _CELL_ERROR, _FORMULA_ERROR, _COLUMN, _SHEET = 0, 3, 11, 60, 156
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def with_binary_facts(package: Package, grids: tuple[Grid, ...]) -> tuple[Grid, ...]:
    """The grids with error cells and what is hidden; as they were where a part cannot be followed."""
    try:
        parts = dict(_sheet_parts(package))
        return tuple(_told(g, package.part(parts[g.name])) if g.name in parts else g for g in grids)
    except (Unreadable, struct.error, IndexError, UnicodeDecodeError):
        return grids


def _sheet_parts(package: Package) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the part that holds it."""
    targets = {r.id: r.target for r in package.relations("xl/workbook.bin")}
    for kind, body in _records(package.part("xl/workbook.bin")):
        if kind == _SHEET:
            relation, after = _wide(body, 8)
            yield _wide(body, after)[0], targets.get(relation, "")


def _wide(body: bytes, at: int) -> tuple[str, int]:
    """A string with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in range(0, 28, 7):
            byte = part[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, part[at : at + size]
        at += size


def _told(grid: Grid, part: bytes) -> Grid:
    cells = dict(grid.cells)
    rows: set[int] = set()
    columns: set[int] = set()
    row = 0
    for kind, body in _records(part):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0] + 1
            if body[11] & 0x10:
                rows.add(row)
        elif kind in (_CELL_ERROR, _FORMULA_ERROR):
            column = struct.unpack_from("<I", body)[0] + 1
            cells[row, column] = Cell(_ERRORS.get(body[8], ERROR), "e")
        elif kind == _COLUMN:
            first, last = struct.unpack_from("<II", body)
            if struct.unpack_from("<H", body, 16)[0] & 1:
                columns |= set(range(first + 1, min(last + 1, 16_384) + 1))
    last_row = max((r for r, _ in cells), default=0)
    last_column = max((c for _, c in cells), default=0)
    return replace(
        grid,
        cells=cells,
        hidden_rows=frozenset(r for r in rows if r <= last_row),
        hidden_columns=frozenset(c for c in columns if c <= last_column),
    )
