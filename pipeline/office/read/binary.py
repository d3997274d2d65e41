"""Binary workbooks (xlsb), record by record."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.package import Package
from pipeline.office.places import LAST_COLUMN, LAST_ROW
from pipeline.office.read.binary_shared import Shared, is_struck, records, shared, wide
from pipeline.office.read.book import is_pictured
from pipeline.office.read.converted import ERROR, bounded, bounded_together, cell_of, packed
from pipeline.office.read.formats import value_shown
from pipeline.office.unreadable import Unreadable

_ROW, _COLUMN, _BOOK, _SHEET, _MERGE, _SHARED_TEXT, _RICH_TEXT = 0, 60, 153, 156, 176, 7, 62
_SHORT = range(12, 19)  # the kinds 1 to 7 without a column: the next one
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@dataclass
class _Sheet:
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: set[tuple[int, int]] = field(default_factory=set)
    blank: set[tuple[int, int]] = field(default_factory=set)


def read_binary(package: Package, part: str, limits: Limits) -> tuple[Grid, ...]:
    """All worksheets with merges and hidden rows and columns. Raises Unreadable."""
    try:
        grids = tuple(_grids(package, part, limits))
    except (struct.error, IndexError) as fault:
        raise Unreadable("F01", "文件已损坏，或没有传完整") from fault
    if all(grid.lost for grid in grids):
        raise Unreadable("F01", "文件已损坏，或里面没有工作表")
    return grids


def _grids(package: Package, part: str, limits: Limits) -> Iterator[Grid]:
    targets = {r.id: r.target for r in package.relations(part) if r.kind == "worksheet"}
    entries = list(records(package.part(part)))
    from_1904 = any(kind == _BOOK and body[:1] and body[0] & 1 for kind, body in entries)
    book = shared(package, part, from_1904=from_1904)
    grids: list[Grid] = []
    for kind, body in entries:
        if kind != _SHEET:
            continue
        relation, after = wide(body, 8)
        if relation not in targets:
            continue  # a chart or a macro sheet
        name = wide(body, after)[0]
        content = package.part(targets[relation])
        if not content:
            yield Grid(name, {}, hidden=body[0] & 3 != 0, lost=True)
            continue
        sheet = _sheet(content, book, name, limits)
        package.let_go(targets[relation])
        grid = Grid(name, packed(sheet.cells), tuple(sheet.merges), hidden=body[0] & 3 != 0)
        grids.append(grid)
        bounded_together(grids, limits)
        yield Grid(
            name,
            grid.cells,
            grid.merges,
            frozenset(r for r in sheet.hidden_rows if r <= grid.last_row),
            frozenset(c for c in sheet.hidden_columns if c <= grid.last_column),
            grid.hidden,
            is_pictured(package, targets[relation]),
            frozenset(sheet.struck),
            frozenset(sheet.blank),
        )


def _sheet(part: bytes, book: Shared, name: str, limits: Limits) -> _Sheet:
    sheet = _Sheet()
    row, column = 0, 0
    for kind, body in records(part):
        if kind in _VALUES or kind in _SHORT:
            short = kind in _SHORT
            column = column + 1 if short else struct.unpack_from("<I", body)[0] + 1
            kind, at = (kind - 11, 4) if short else (kind, 8)
            found = _cell(kind, body, at, book) if kind in _VALUES else Cell("", "")
            if found.type and row <= LAST_ROW and column <= LAST_COLUMN:
                sheet.cells[row, column] = found
                if kind in _VALUES:
                    _note(sheet, (row, column), kind, body, at, book)
                bounded(sheet.cells, name, limits)
        elif kind == 1:  # a blank
            column = struct.unpack_from("<I", body)[0] + 1
        elif kind == _ROW:
            row, column = struct.unpack_from("<I", body)[0] + 1, 0
            if body[11] & 0x10:
                sheet.hidden_rows.add(row)
        elif kind == _COLUMN:
            first, last = struct.unpack_from("<II", body)
            if struct.unpack_from("<H", body, 16)[0] & 1:
                sheet.hidden_columns |= set(range(first + 1, min(last + 1, LAST_COLUMN) + 1))
        elif kind == _MERGE:
            top, bottom, left, right = (n + 1 for n in struct.unpack_from("<IIII", body))
            sheet.merges.append((top, left, bottom, right))
    return sheet


def _note(
    sheet: _Sheet, place: tuple[int, int], kind: int, body: bytes, at: int, book: Shared
) -> None:
    """Lays down whether a cell is struck out, or not seen."""
    style, looks = _style(body, at), book.looks
    is_in_string = (
        kind == _SHARED_TEXT and struct.unpack_from("<I", body, at)[0] in looks.struck_strings
    )
    if (
        style in looks.struck
        or is_in_string
        or (kind == _RICH_TEXT and is_struck(body, at, book.struck))
    ):
        sheet.struck.add(place)
    if looks.hides(sheet.cells[place], style):
        sheet.blank.add(place)


def _style(body: bytes, at: int) -> int:
    return int.from_bytes(body[at - 4 : at - 1], "little")


def _cell(kind: int, body: bytes, at: int, book: Shared) -> Cell:
    value, style = _VALUES[kind](body, at, book), _style(body, at)
    if isinstance(value, Cell):
        return value
    if isinstance(value, float):
        value = value_shown(value, book.shows(style), from_1904=book.from_1904)
    return book.looks.seen(cell_of(value), style)


def _compressed(body: bytes, at: int) -> float:
    """An RK number: 30 bits of an integer or a double, perhaps in hundredths."""
    (bits,) = struct.unpack_from("<i", body, at)
    if bits & 2:
        number = float(bits >> 2)
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", (bits & 0xFFFFFFFC) << 32))
    return number / 100 if bits & 1 else number


def _shared(body: bytes, at: int, book: Shared) -> str:
    (nth,) = struct.unpack_from("<I", body, at)
    if not book.strings:
        raise Unreadable("F01", "文件已损坏，里面的文字丢失")
    return book.strings[nth] if nth < len(book.strings) else ""


_Value = Callable[[bytes, int, Shared], object]
_TRUTH: _Value = lambda body, at, _: bool(body[at])  # noqa: E731
_FAULT: _Value = lambda body, at, _: Cell(_ERRORS.get(body[at], ERROR), "e")  # noqa: E731
_REAL: _Value = lambda body, at, _: struct.unpack_from("<d", body, at)[0]  # noqa: E731
_TEXT: _Value = lambda body, at, _: wide(body, at)[0]  # noqa: E731
# how the value of each kind of cell is written, formulas by their results
_VALUES: dict[int, _Value] = {
    2: lambda body, at, _: _compressed(body, at),
    3: _FAULT, 4: _TRUTH, 5: _REAL, 6: _TEXT, 7: _shared,
    8: _TEXT, 9: _REAL, 10: _TRUTH, 11: _FAULT,
    62: lambda body, at, _: wide(body, at + 1)[0],
}  # fmt: skip
