"""Old .xls and .et of all ages by xlrd; by calamine only what xlrd cannot open."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.read.codepages import (
    CHINESE,
    filled,
    is_chinese,
    other_script,
    stripped,
    western,
)
from pipeline.office.read.converted import ERROR, bounded, bounded_together, cell_of, packed
from pipeline.office.read.dense import read_directly
from pipeline.office.read.displayed import is_odd, shows_nothing
from pipeline.office.read.formats import Shows, shown_by, value_shown
from pipeline.office.read.looks import Looks, is_of_signs
from pipeline.office.read.strangers import OLE
from pipeline.office.unreadable import Unreadable

_TEXT, _NUMBER, _DATE, _TRUTH, _ERROR = 1, 2, 3, 4, 5  # xlrd's types of cells
_END, _OBJECT, _COMMON, _PICTURE = 0x0A, 0x5D, 0x15, 8
_FEW_CELLS, _MOST_RECORDS = 60, 20_000  # of a sheet that is looked through for pictures
_WIDE_STRINGS = 80  # BIFF8 writes UTF-16, older ones the code page of their machine


def read_biff(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All sheets of a BIFF workbook, whole in a compound file or bare. Raises Unreadable."""
    book = _opened(content)
    if book is None:
        return read_directly(content, limits)
    grids: list[Grid] = []
    try:
        for sheet in book.sheets():
            grids.append(_grid(book, sheet, content, limits))
            bounded_together(grids, limits)
    except (Unreadable, MemoryError):
        raise
    except Exception as fault:  # what xlrd let pass may be of any shape
        raise Unreadable("F01", "文件已损坏，或没有传完整") from fault
    return tuple(grids)


def _opened(content: bytes) -> Any:
    """The workbook by xlrd: with looks, without them where they are damaged; None where it gives up."""
    for looks in (True, False):
        book = _by_xlrd(content, looks=looks)
        if book is None or book.biff_version < _WIDE_STRINGS:
            book = _in_code_page(content, looks=looks) or book
        if book is not None:
            return book
    return None


def _in_code_page(content: bytes, *, looks: bool) -> Any:
    """An old workbook by the code page it says, or Chinese: where it says none, one that nobody knows, or
    a western one though its texts are Chinese."""
    chinese = _by_xlrd(content, looks=looks, encoding=filled(CHINESE))
    page = None if chinese is None else chinese.codepage
    if script := other_script(page):
        return _by_xlrd(content, looks=looks, encoding=filled(script)) or chinese
    if encoding := western(page):
        book = _by_xlrd(content, looks=looks, encoding=filled(encoding))
        return chinese if book is None or is_chinese(_texts(book), encoding) else book
    return chinese


def _texts(book: Any) -> Iterator[str]:
    for sheet in book.sheets():
        yield stripped(sheet.name)
        for row in range(sheet.nrows):
            yield from (stripped(v) for v in sheet.row_values(row) if isinstance(v, str))


def _by_xlrd(content: bytes, *, looks: bool, encoding: str | None = None) -> Any:
    import xlrd

    try:
        return xlrd.open_workbook(
            file_contents=content,
            formatting_info=looks,
            ragged_rows=True,
            encoding_override=encoding,
            logfile=io.StringIO(),
        )
    except MemoryError:
        raise
    except Exception:  # xlrd raises anything from AssertionError to struct.error
        return None


def _grid(book: Any, sheet: Any, content: bytes, limits: Limits) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    looks = _looks(book)
    struck, blank = set[tuple[int, int]](), set[tuple[int, int]]()
    for place, found in _cells(book, sheet):
        style = sheet.cell_xf_index(place[0] - 1, place[1] - 1) if looks.styles else -1
        cells[place] = looks.seen(found, style)
        if style in looks.struck:
            struck.add(place)
        if looks.hides(found, style):
            blank.add(place)
        bounded(cells, stripped(sheet.name), limits)
    rows, columns = _hidden(sheet)
    pictured = len(cells) <= _FEW_CELLS and _pictured(book, sheet, content)
    return Grid(
        stripped(sheet.name),
        packed(cells),
        _merges(sheet),
        rows,
        columns,
        bool(sheet.visibility),
        pictured,
        frozenset(struck | set(_partly_struck(book, sheet))),
        frozenset(blank),
    )


def _records(content: bytes) -> bytes:
    """The stream of a workbook's records, in a compound file or bare; nothing where it is damaged."""
    import olefile

    if not content.startswith(OLE):
        return content
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            name = next((n for n in ("Workbook", "Book") if compound.exists(n)), "")
            return bytes(compound.openstream(name).read()) if name else b""
    except Exception:  # the cells are read all the same
        return b""


def _looks(book: Any) -> Looks:
    """Which styles show something else than they hold, or are struck out."""
    if not book.formatting_info:
        return Looks()
    fonts, codes = book.font_list, _codes(book)
    odd = {key for key, code in codes.items() if is_odd(code)}
    of_style = [(x.format_key, x.font_index) for x in book.xf_list]
    whole = [(n, key, fonts[at]) for n, (key, at) in enumerate(of_style) if at < len(fonts)]
    return Looks(
        {n: codes[key] for n, key, _ in whole if key in odd},
        {n: font.name for n, _, font in whole if is_of_signs(font.name)},
        frozenset(n for n, _, font in whole if font.struck_out),
        blank=frozenset(n for n, key, _ in whole if shows_nothing(codes.get(key, ""))),
    )


def _codes(book: Any) -> dict[int, str]:
    return {key: stripped(f.format_str or "") for key, f in book.format_map.items()}


def _partly_struck(book: Any, sheet: Any) -> Iterator[tuple[int, int]]:
    """Cells some letters of which are struck out."""
    struck = {n for n, font in enumerate(book.font_list) if font.struck_out}
    if struck:
        for (row, column), runs in sheet.rich_text_runlist_map.items():
            if any(font in struck for _, font in runs):
                yield row + 1, column + 1


def _pictured(book: Any, sheet: Any, content: bytes) -> bool:
    """Whether a sheet of few cells holds pictures: an OBJ record that says so (MS-XLS 2.5.143)."""
    stream, at = _records(content), book._sh_abs_posn[sheet.number] - book.base
    for _ in range(_MOST_RECORDS):
        head = stream[at : at + 12]
        if len(head) < 12:
            return False
        kind, length, first, _, what = struct.unpack("<5H", head[:10])
        if kind == _OBJECT and first == _COMMON and what == _PICTURE:
            return True
        if kind == _END:
            return False
        at += 4 + length
    return False


def _cells(book: Any, sheet: Any) -> Iterator[tuple[tuple[int, int], Cell]]:
    from_1904, styles = bool(book.datemode), _styles(book)
    for row in range(sheet.nrows):
        values = sheet.row_values(row)
        for column, (kind, value) in enumerate(zip(sheet.row_types(row), values, strict=True)):
            if kind in (_NUMBER, _DATE):
                shows = _shows(sheet, row, column, styles, kind, value)
                found = cell_of(value_shown(value, shows, from_1904=from_1904))
            elif kind == _TEXT:
                found = cell_of(stripped(value))
            elif kind == _TRUTH:
                found = cell_of(bool(value))
            elif kind == _ERROR:
                found = _error(value)
            else:
                continue
            if found.type:
                yield (row + 1, column + 1), found


def _styles(book: Any) -> list[Shows]:
    """What each style shows of a number; nothing where the looks were not read."""
    codes = {key: code for key, code in _codes(book).items() if code}
    return [shown_by(xf.format_key, codes) for xf in book.xf_list] if book.formatting_info else []


def _shows(
    sheet: Any, row: int, column: int, styles: list[Shows], kind: int, value: float
) -> Shows:
    if styles:
        nth = sheet.cell_xf_index(row, column)
        return styles[nth] if nth < len(styles) else Shows.NUMBER
    if kind != _DATE:
        return Shows.NUMBER
    return Shows.DAY if value >= 1 else Shows.TIME


def _error(code: int) -> Cell:
    import xlrd

    return Cell(xlrd.error_text_from_code.get(code, ERROR), "e")


def _merges(sheet: Any) -> tuple[tuple[int, int, int, int], ...]:
    return tuple(
        (top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells
    )


def _hidden(sheet: Any) -> tuple[frozenset[int], frozenset[int]]:
    rows = frozenset(
        r + 1 for r, info in sheet.rowinfo_map.items() if info.hidden and r < sheet.nrows
    )
    columns = frozenset(
        c + 1 for c, info in sheet.colinfo_map.items() if info.hidden and c < sheet.ncols
    )
    return rows, columns
