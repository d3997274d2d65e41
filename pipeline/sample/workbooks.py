"""Writes pages as the files counties send: xlsx, xls, csv, ods, and a zip with GBK names."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from pipeline.sample.entries import Typed
from pipeline.sample.pages import Page

_NO_CLOCK = datetime(2018, 12, 1, tzinfo=UTC)
_ZIP_TIME = (2018, 12, 1, 0, 0, 0)


def write(pages: Sequence[Page], suffix: str) -> bytes:
    """The file's bytes, the same ones every time."""
    return {"xlsx": _xlsx, "xls": _xls, "csv": _csv, "ods": _ods}[suffix](pages)


def _style(page: Page, row: int) -> str:
    if row == page.title:
        return "title"
    if page.header[0] <= row <= page.header[1]:
        return "header"
    return "body" if page.header[1] < row <= page.bottom else "plain"


def _xlsx(pages: Sequence[Page]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _NO_CLOCK})
    song = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    boxed = song | {"border": 1, "align": "center", "text_wrap": True}
    formats = {
        "title": book.add_format({"font_name": "黑体", "font_size": 18, "align": "center"}),
        "header": book.add_format(boxed | {"bold": True}),
        "body": book.add_format(boxed),
        "plain": book.add_format(song),
        "day": book.add_format(boxed | {"num_format": "yyyy-mm-dd"}),
        "number": book.add_format(boxed | {"num_format": "0"}),
    }
    for page in pages:
        _xlsx_sheet(book.add_worksheet(page.name), page, formats)
    book.close()
    return stream.getvalue()


def _xlsx_sheet(sheet: Any, page: Page, formats: Mapping[str, Any]) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for column, width in page.widths.items():
        sheet.set_column(column - 1, column - 1, width)
    for top, left, bottom, right in page.merges:
        sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", formats[_style(page, top)])
    if page.header[0]:
        sheet.freeze_panes(page.header[1], 0)
        for row in range(page.header[0], page.bottom + 1):
            for column in range(1, page.last_column + 1):
                if (row, column) not in page.cells and not _inside_merge(page, row, column):
                    sheet.write_blank(row - 1, column - 1, None, formats[_style(page, row)])
    for (row, column), value in page.cells.items():
        style = formats[_style(page, row)]
        if isinstance(value, str):
            sheet.write_string(row - 1, column - 1, value, style)
        elif isinstance(value, date):
            at_midnight = datetime.combine(value, time.min)
            sheet.write_datetime(row - 1, column - 1, at_midnight, formats["day"])
        else:
            long = formats["number"] if value > 10**10 else style
            sheet.write_number(row - 1, column - 1, value, long)


def _inside_merge(page: Page, row: int, column: int) -> bool:
    return any(t <= row <= b and x <= column <= y for t, x, b, y in page.merges)


def _xls(pages: Sequence[Page]) -> bytes:
    # only the demo writes the old format
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    box = "borders: left thin, right thin, top thin, bottom thin; align: horiz center, vert center"
    styles = {
        "title": xlwt.easyxf("font: name 黑体, height 360; align: horiz center"),
        "header": xlwt.easyxf(f"font: name 宋体, bold on; {box}, wrap on"),
        "body": xlwt.easyxf(f"font: name 宋体; {box}"),
        "plain": xlwt.easyxf("font: name 宋体"),
        "day": xlwt.easyxf(f"font: name 宋体; {box}", num_format_str="yyyy-mm-dd"),
        "number": xlwt.easyxf(f"font: name 宋体; {box}", num_format_str="0"),
    }
    for page in pages:
        sheet = book.add_sheet(page.name)
        for column, width in page.widths.items():
            sheet.col(column - 1).width = width * 256
        anchors = {(top, left): (bottom, right) for top, left, bottom, right in page.merges}
        for (row, column), value in page.cells.items():
            style = styles[_style(page, row)]
            if isinstance(value, date):
                style = styles["day"]
            elif isinstance(value, float):
                style = styles["number"]
            bottom, right = anchors.get((row, column), (row, column))
            sheet.write_merge(row - 1, bottom - 1, column - 1, right - 1, value, style)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _csv(pages: Sequence[Page]) -> bytes:
    """GB18030 as Excel in China saves it; a text file holds one sheet."""
    (page,) = pages
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in range(1, page.last_row + 1):
        line = (page.cells.get((row, c), "") for c in range(1, page.last_column + 1))
        writer.writerow([str(value) for value in line])
    return stream.getvalue().encode("gb18030")


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _ods(pages: Sequence[Page]) -> bytes:
    """OpenDocument by hand: two small parts, and no library that looks at the clock."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    tables = "".join(_ods_table(page) for page in pages)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} '
        'office:version="1.2"><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": _ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": _ODS_MANIFEST}
    return _zip({name: text.encode() for name, text in parts.items()}, stored="mimetype")


def _ods_table(page: Page) -> str:
    rows = "".join(
        "<table:table-row>"
        + "".join(_ods_cell(page.cells.get((row, c), "")) for c in range(1, page.last_column + 1))
        + "</table:table-row>"
        for row in range(1, page.last_row + 1)
    )
    return f"<table:table table:name={quoteattr(page.name)}>{rows}</table:table>"


def _ods_cell(value: Typed) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def _zip(members: Mapping[str, bytes], stored: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.create_system = 0  # as packed on Windows, whatever system runs the demo
            info.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return stream.getvalue()


def write_zip(members: Mapping[str, bytes]) -> bytes:
    """An archive as Windows in China packs it: names in GBK, and no flag that says so.

    zipfile would write such names as UTF-8, so that it packs under stand-ins of the same length,
    which the GBK names then replace.
    """
    names = {name.encode("gbk"): content for name, content in members.items()}
    stand_ins = {name: f"{n:0{len(name)}d}".encode() for n, name in enumerate(names)}
    packed = _zip({stand_ins[name].decode(): content for name, content in names.items()})
    for name, stand_in in stand_ins.items():
        packed = packed.replace(stand_in, name)
    return packed
