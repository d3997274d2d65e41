"""Binary workbooks (xlsb), record by record.

Records after [MS-XLSB] 2.1.4: a number of one or two bytes, a length of one to four, the body.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.package import Package
from pipeline.office.places import LAST_COLUMN, LAST_ROW
from pipeline.office.read.converted import ERROR, bounded, bounded_together, cell_of, packed
from pipeline.office.read.formats import Shows, shown_by, value_shown
from pipeline.office.unreadable import Unreadable

_ROW, _COLUMN, _FORMAT, _STYLE, _BOOK, _SHEET, _MERGE = 0, 60, 44, 47, 153, 156, 176
_STRING_ITEM, _STYLES_BEGIN, _STYLES_END = 19, 617, 618
_SHORT = range(12, 19)  # the kinds 1 to 7 without a column: the next one
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@dataclass(frozen=True)
class _Book:
    """What the sheets share."""

    strings: tuple[str, ...]
    styles: tuple[Shows, ...]
    from_1904: bool


@dataclass
class _Sheet:
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_binary(package: Package, part: str, limits: Limits) -> tuple[Grid, ...]:
    """All worksheets with merges and hidden rows and columns. Raises Unreadable."""
    try:
        grids = tuple(_grids(package, part, limits))
    except (struct.error, IndexError) as fault:
        raise Unreadable("F01", "文件已损坏，或没有传完整") from fault
    if not grids:
        raise Unreadable("F01", "文件已损坏，或里面没有工作表")
    return grids


def _grids(package: Package, part: str, limits: Limits) -> Iterator[Grid]:
    targets = {r.id: r.target for r in package.relations(part) if r.kind == "worksheet"}
    records = list(_records(package.part(part)))
    from_1904 = any(kind == _BOOK and body[:1] and body[0] & 1 for kind, body in records)
    book = _Book(
        tuple(_strings(package.part(package.related(part, "sharedStrings")))),
        tuple(_styles(package.part(package.related(part, "styles")))),
        from_1904,
    )
    grids: list[Grid] = []
    for kind, body in records:
        if kind != _SHEET:
            continue
        relation, after = _wide(body, 8)
        if relation not in targets:
            continue  # a chart or a macro sheet
        name = _wide(body, after)[0]
        sheet = _sheet(package.part(targets[relation]), book, name, limits)
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
        )


def _strings(part: bytes) -> Iterator[str]:
    """The shared strings; runs and phonetic guides stand behind the text and are left out."""
    for kind, body in _records(part):
        if kind == _STRING_ITEM:
            yield _wide(body, 1)[0]


def _styles(part: bytes) -> Iterator[Shows]:
    codes: dict[int, str] = {}
    inside = False
    for kind, body in _records(part):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _wide(body, 2)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            yield shown_by(struct.unpack_from("<H", body, 2)[0], codes)


def _sheet(part: bytes, book: _Book, name: str, limits: Limits) -> _Sheet:
    sheet = _Sheet()
    row, column = 0, 0
    for kind, body in _records(part):
        if kind in _VALUES or kind in _SHORT:
            short = kind in _SHORT
            column = column + 1 if short else struct.unpack_from("<I", body)[0] + 1
            kind, at = (kind - 11, 4) if short else (kind, 8)
            found = _cell(kind, body, at, book) if kind in _VALUES else Cell("", "")
            if found.type and row <= LAST_ROW and column <= LAST_COLUMN:
                sheet.cells[row, column] = found
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


def _cell(kind: int, body: bytes, at: int, book: _Book) -> Cell:
    value = _VALUES[kind](body, at, book)
    if not isinstance(value, float):
        return value if isinstance(value, Cell) else cell_of(value)
    style = int.from_bytes(body[at - 4 : at - 1], "little")
    shows = book.styles[style] if style < len(book.styles) else Shows.NUMBER
    return cell_of(value_shown(value, shows, from_1904=book.from_1904))


def _compressed(body: bytes, at: int) -> float:
    """An RK number: 30 bits of an integer or a double, perhaps in hundredths."""
    (bits,) = struct.unpack_from("<i", body, at)
    if bits & 2:
        number = float(bits >> 2)
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", (bits & 0xFFFFFFFC) << 32))
    return number / 100 if bits & 1 else number


def _shared(body: bytes, at: int, book: _Book) -> str:
    (nth,) = struct.unpack_from("<I", body, at)
    return book.strings[nth] if nth < len(book.strings) else ""


_Value = Callable[[bytes, int, _Book], object]
_TRUTH: _Value = lambda body, at, _: bool(body[at])  # noqa: E731
_FAULT: _Value = lambda body, at, _: Cell(_ERRORS.get(body[at], ERROR), "e")  # noqa: E731
_REAL: _Value = lambda body, at, _: struct.unpack_from("<d", body, at)[0]  # noqa: E731
_TEXT: _Value = lambda body, at, _: _wide(body, at)[0]  # noqa: E731
# how the value of each kind of cell is written, formulas by their results
_VALUES: dict[int, _Value] = {
    2: lambda body, at, _: _compressed(body, at),
    3: _FAULT, 4: _TRUTH, 5: _REAL, 6: _TEXT, 7: _shared,
    8: _TEXT, 9: _REAL, 10: _TRUTH, 11: _FAULT,
    62: lambda body, at, _: _wide(body, at + 1)[0],
}  # fmt: skip


def _wide(body: bytes, at: int) -> tuple[str, int]:
    """A string with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    if length == 0xFFFFFFFF:  # no string at all
        return "", at + 4
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


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
