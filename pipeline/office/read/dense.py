"""Worksheets by calamine, from a package made for it: usual names, UTF-8, nothing but what it needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Columns, Grid
from pipeline.office.read.book import Book
from pipeline.office.read.converted import column_of, too_many
from pipeline.office.read.formats import Shows
from pipeline.office.unreadable import Unreadable

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_FORMATS = {Shows.NUMBER: 0, Shows.DAY: 14, Shows.TIME: 21, Shows.ELAPSED: 46}
_BOX_FACTOR = 4  # places a reader may lay out for each cell allowed
_EMPTY = Columns(1, 1, (), ())


def read_dense(parts: Iterable[bytes], book: Book, limits: Limits) -> tuple[Columns, ...]:
    """The cells of worksheets, column by column, in the order of the parts.

    Raises Unreadable: F01 where calamine gives up (a panic of its own included), F05 over limits.
    """
    return tuple(columns for _, columns in _read(_tidied(tuple(parts), book), limits))


def read_directly(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All worksheets as calamine finds them in the file itself. Raises Unreadable as read_dense."""
    from python_calamine import SheetVisibleEnum

    return tuple(
        Grid(about.name, columns, hidden=about.visible != SheetVisibleEnum.Visible)
        for about, columns in _read(content, limits)
    )


def _read(content: bytes, limits: Limits) -> list[tuple[Any, Columns]]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    found, places = [], 0
    try:
        reader = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for nth, about in enumerate(reader.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = reader.get_sheet_by_index(nth)
            places += sheet.total_height * sheet.total_width
            if places > _BOX_FACTOR * limits.cells:
                raise too_many(about.name, limits)
            found.append((about, _columns(sheet)))
        return found
    except Unreadable:
        raise
    except BaseException as fault:  # a Rust panic is no Exception
        if isinstance(fault, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise Unreadable("F01", "文件已损坏，或不是表格") from fault


def _columns(sheet: Any) -> Columns:
    """A sheet's cells, its rows turned into columns."""
    if sheet.start is None:
        return _EMPTY
    top, left = sheet.start
    columns = list(map(column_of, zip(*sheet.to_python(), strict=True)))
    return Columns(top + 1, left + 1, *zip(*columns, strict=True)) if columns else _EMPTY


def _tidied(parts: tuple[bytes, ...], book: Book) -> bytes:
    """A workbook of these worksheets, not packed again, its styles saying only what shows a day."""
    numbers = range(1, len(parts) + 1)
    sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    since = '<workbookPr date1904="1"/>' if book.from_1904 else ""
    styles = "".join(f'<xf numFmtId="{_FORMATS[shows]}"/>' for shows in book.styles) or "<xf/>"
    relations = [(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    relations += [("s", "styles", "styles.xml"), ("t", "sharedStrings", "sharedStrings.xml")]
    whole: dict[str, str | bytes] = {
        "_rels/.rels": _related([("r1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{since}<sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _related(relations),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": book.shared_strings or f'<sst xmlns="{_MAIN}"/>',
    }
    whole |= {f"xl/worksheets/sheet{n}.xml": part for n, part in zip(numbers, parts, strict=True)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name, content in whole.items():
            target.writestr(name, content)
    return out.getvalue()


def _related(relations: Iterable[tuple[str, str, str]]) -> str:
    lines = (
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in relations
    )
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(lines)}</Relationships>'
