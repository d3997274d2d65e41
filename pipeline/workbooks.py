"""Bytes -> sheets as filed: the format is told by the bytes, never by the suffix."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

from pipeline.model import Cell, Grid

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_CELLS = 5_000_000
_DEFAULT_PASSWORD = "VelvetSweatshop"  # what Excel itself uses for "read-only recommended" files


class Unreadable(Exception):
    """A file that cannot be read; carries the rule code and the reason in the clerk's words."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def read_grids(content: bytes) -> tuple[Grid, ...]:
    """All sheets of a workbook or text table, hidden ones included. Raises Unreadable."""
    if not content:
        raise Unreadable("F01", "文件是空的")
    if content.startswith(b"PK"):
        return _zipped(content)
    if content.startswith(_OLE):
        return _compound(content)
    if content[:2] == b"\x09\x00" or re.match(rb"\x09[\x02\x04\x08]", content):
        return _biff(content)
    return (_text_table(content),)


def _zipped(content: bytes) -> tuple[Grid, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            sheets = [n for n in names if re.match(r"xl/worksheets/[^/]+\.xml$", n)]
            told = b"".join(package.read(n) for n in sheets)
    except Exception as fault:
        raise Unreadable("F01", "文件已损坏，或不是表格") from fault
    if "word/document.xml" in names:
        raise Unreadable("F01", "这是 Word 文档，不是表格")
    grids = _calamine(content)
    if re.search(rb'hidden="(1|true)"|t="e"', told):
        grids = _with_openpyxl_facts(content, grids)
    return grids


def _compound(content: bytes) -> tuple[Grid, ...]:
    if plain := _decrypted(content):
        return read_grids(plain)
    if b"W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t" in content[:65536]:
        raise Unreadable("F01", "这是 Word 文档，不是表格")
    return _biff(content)


def _decrypted(content: bytes) -> bytes:
    """The plain bytes of an encrypted workbook that opens with Excel's own password, or nothing."""
    import msoffcrypto

    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not file.is_encrypted():
            return b""
    except Exception:  # not an Office file after all: the readers will say so
        return b""
    try:
        file.load_key(password=_DEFAULT_PASSWORD)
        plain = io.BytesIO()
        file.decrypt(plain)
    except Exception as fault:
        raise Unreadable("F02", "文件设有打开密码") from fault
    return plain.getvalue()


def _biff(content: bytes) -> tuple[Grid, ...]:
    """Old .xls and .et: calamine for BIFF8 values, xlrd for older ones and for what is hidden."""
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, logfile=io.StringIO()
        )
    except Exception:  # xlrd raises anything from AssertionError to struct.error
        return _calamine(content)
    if book.biff_version < 80:
        return tuple(_xlrd_grid(book, sheet) for sheet in book.sheets())
    grids = _calamine(content)
    if len(grids) != book.nsheets:
        return grids
    return tuple(_with_xlrd_facts(g, s) for g, s in zip(grids, book.sheets(), strict=True))


def _with_xlrd_facts(grid: Grid, sheet: object) -> Grid:
    from dataclasses import replace

    cells = dict(grid.cells)
    for row in range(sheet.nrows):  # type: ignore[attr-defined]
        for column, kind in enumerate(sheet.row_types(row)):  # type: ignore[attr-defined]
            if kind == 5:
                cells[row + 1, column + 1] = Cell("#错误", "e")
    rows, columns = _xlrd_hidden(sheet)
    return replace(grid, cells=cells, hidden_rows=rows, hidden_columns=columns)


def _xlrd_hidden(sheet: object) -> tuple[frozenset[int], frozenset[int]]:
    rows = frozenset(
        r + 1
        for r, info in sheet.rowinfo_map.items()  # type: ignore[attr-defined]
        if info.hidden and r < sheet.nrows  # type: ignore[attr-defined]
    )
    columns = frozenset(
        c + 1
        for c, info in sheet.colinfo_map.items()  # type: ignore[attr-defined]
        if info.hidden and c < sheet.ncols  # type: ignore[attr-defined]
    )
    return rows, columns


def _xlrd_grid(book: object, sheet: object) -> Grid:
    import xlrd

    cells: dict[tuple[int, int], Cell] = {}
    for row in range(sheet.nrows):  # type: ignore[attr-defined]
        for column, cell in enumerate(sheet.row(row)):  # type: ignore[attr-defined]
            value: object = cell.value
            if cell.ctype == xlrd.XL_CELL_DATE:
                value = xlrd.xldate_as_datetime(cell.value, book.datemode)  # type: ignore[attr-defined]
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                cells[row + 1, column + 1] = Cell("#错误", "e")
                continue
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(cell.value)
            if (read := cell_of(value)).type:
                cells[row + 1, column + 1] = read
    merges = tuple(
        (top + 1, left + 1, bottom, right)
        for top, bottom, left, right in sheet.merged_cells  # type: ignore[attr-defined]
    )
    rows, columns = _xlrd_hidden(sheet)
    hidden = bool(sheet.visibility)  # type: ignore[attr-defined]
    return Grid(sheet.name, cells, merges, rows, columns, hidden)  # type: ignore[attr-defined]


def _calamine(content: bytes) -> tuple[Grid, ...]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        grids = []
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            if sheet.total_height * sheet.total_width > _MOST_CELLS:
                raise Unreadable("F05", f"工作表“{about.name}”超过 {_MOST_CELLS} 个单元格")
            hidden = about.visible != SheetVisibleEnum.Visible
            merges = tuple(
                (top + 1, left + 1, bottom + 1, right + 1)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            )
            grids.append(Grid(about.name, _cells(sheet), merges, hidden=hidden))
        return tuple(grids)
    except Unreadable:
        raise
    except BaseException as fault:  # a Rust panic is no Exception
        if isinstance(fault, (KeyboardInterrupt, SystemExit)):
            raise
        raise Unreadable("F01", "文件已损坏，或不是表格") from fault


def _cells(sheet: object) -> dict[tuple[int, int], Cell]:
    start = sheet.start  # type: ignore[attr-defined]
    if start is None:
        return {}
    first_row, first_column = start[0] + 1, start[1] + 1
    cells = {}
    for r, row in enumerate(sheet.to_python(), first_row):  # type: ignore[attr-defined]
        for c, value in enumerate(row, first_column):
            if (cell := cell_of(value)).type:
                cells[r, c] = cell
    return cells


def cell_of(value: object) -> Cell:
    """A value as a library gives it -> text and type as filed."""
    if value is None or value == "":
        return Cell("", "")
    if isinstance(value, bool):
        return Cell("是" if value else "否", "b")
    if isinstance(value, int | float):
        return Cell(_number(value), "n")
    if isinstance(value, datetime):
        return Cell(value.date().isoformat(), "d")
    if isinstance(value, date):
        return Cell(value.isoformat(), "d")
    if isinstance(value, time | timedelta):
        return Cell(str(value), "s")
    text = str(value)
    return Cell(text, "s") if text.strip() else Cell("", "")


def _number(value: int | float) -> str:
    """3.0 -> 3; what Excel holds of an 18-digit number is written out, so that its length shows."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(value)


def _with_openpyxl_facts(content: bytes, grids: tuple[Grid, ...]) -> tuple[Grid, ...]:
    """Hidden rows and columns, and error cells: what calamine does not tell."""
    from dataclasses import replace

    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except Exception:  # calamine has read it; only these facts are missing
        return grids
    told = []
    for grid in grids:
        if grid.name not in book.sheetnames:
            told.append(grid)
            continue
        sheet = book[grid.name]
        rows = frozenset(r for r, d in sheet.row_dimensions.items() if d.hidden)
        columns = frozenset(
            c
            for d in sheet.column_dimensions.values()
            if d.hidden and d.min and d.max
            for c in range(d.min, min(d.max, grid.last_column) + 1)
        )
        errors = {
            (int(cell.row), int(cell.column)): Cell(str(cell.value), "e")
            for row in sheet.iter_rows(max_row=min(sheet.max_row, grid.last_row + 1))
            for cell in row
            if cell.data_type == "e" and cell.row and cell.column
        }
        kept = frozenset(r for r in rows if r <= grid.last_row)
        told.append(
            replace(grid, cells={**grid.cells, **errors}, hidden_rows=kept, hidden_columns=columns)
        )
    return tuple(told)


def _text_table(content: bytes) -> Grid:
    text = _decoded(content)
    if re.match(r"\s*<(\?xml|!doctype|html|table)", text, re.IGNORECASE):
        raise Unreadable("F01", "是网页或 XML 格式，请用 Excel 打开后另存为 .xlsx")
    sample = text[:20_000]
    delimiter = max(",\t;", key=lambda d: sample.count(d))
    if not sample.count(delimiter):
        raise Unreadable("F01", "是一段文字，不是表格")
    cells = {
        (r, c): Cell(value, "s")
        for r, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1)
        for c, value in enumerate(row, 1)
        if value.strip()
    }
    return Grid("", cells)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise Unreadable("F01", "不是表格文件")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise Unreadable("F01", "不是表格文件，或文字编码无法识别")
