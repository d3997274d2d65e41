"""Bytes -> sheets as filed. The format is told by the bytes, never by the suffix."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from pipeline.limits import LIMITS, Limits
from pipeline.model import Grid
from pipeline.workbooks.biff import read_biff
from pipeline.workbooks.faults import Unreadable
from pipeline.workbooks.locked import decrypted
from pipeline.workbooks.odf import read_flat_odf, read_odf
from pipeline.workbooks.ooxml import read_ooxml
from pipeline.workbooks.spreadsheetml import read_spreadsheet_xml
from pipeline.workbooks.strangers import OLE, refuse_compound, refuse_package, refuse_stranger
from pipeline.workbooks.text import decoded, read_text_table
from pipeline.workbooks.web import read_html
from pipeline.workbooks.word import read_word

__all__ = ["Unreadable", "notes_on", "read_grids"]

# BOF of BIFF2, 3, 4 and 5 or 8 with its length: text in UTF-16 may begin with a tab as well
_BIFF_START = re.compile(rb"\x09(\x00\x04|[\x02\x04]\x06|\x08[\x04-\x10])\x00")


def read_grids(
    content: bytes, passwords: Iterable[str] = (), limits: Limits = LIMITS
) -> tuple[Grid, ...]:
    """All sheets of a workbook, text table, web page or Word table, hidden ones included.

    Nothing in the file is run or followed. Raises Unreadable, and only that.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise Unreadable("F01", "文件是空的")
    grids = _read(content, tuple(passwords), limits)
    if len(grids) > limits.sheets:
        raise Unreadable("F05", f"超过 {limits.sheets} 张工作表")
    return grids


def _read(content: bytes, passwords: tuple[str, ...], limits: Limits) -> tuple[Grid, ...]:
    refuse_stranger(content)
    if content.startswith(b"PK"):
        return _zipped(content, limits)
    if content.startswith(OLE):
        refuse_compound(content)
        plain = decrypted(content, passwords)
        return _read(plain, (), limits) if plain else read_biff(content, limits)
    if _BIFF_START.match(content):
        return read_biff(content, limits)
    text = decoded(content)
    head = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return read_spreadsheet_xml(content, limits)
    if "urn:oasis:names:tc:opendocument" in head and "office:spreadsheet" in text:
        return read_flat_odf(content, limits)
    if head.startswith("<") and re.search("<table[ >]|<html[ >]", text, re.IGNORECASE):
        return read_html(text, limits)
    if head.startswith("<"):
        raise Unreadable("F01", "是 XML 数据，不是表格。请用 Excel 打开后另存为 .xlsx")
    return (read_text_table(text, limits),)


def _zipped(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            infos = package.infolist()
    except Exception as fault:  # zipfile raises a dozen kinds on damaged files
        raise Unreadable("F01", "文件已损坏，或没有传完整") from fault
    size = sum(i.file_size for i in infos)
    if size > limits.unpacked or size > limits.ratio * max(len(content), 4096):
        raise Unreadable("F05", "展开后过大，可能有大量空行空列，或不是正常的表格")
    names = {i.filename.replace("\\", "/") for i in infos}
    refuse_package(names)
    if "word/document.xml" in names:
        return read_word(content, limits)
    if "content.xml" in names and not any(n.startswith("xl/") for n in names):
        return read_odf(content, limits)
    return read_ooxml(content, limits)


def notes_on(content: bytes) -> tuple[str, ...]:
    """Rule codes for what a file carries besides its cells: macros (F06), links to files (F07)."""
    codes = []
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                names = package.namelist()
        except Exception:  # the readers have their own way with damaged files
            return ()
        if any(n.endswith("vbaProject.bin") for n in names):
            codes.append("F06")
        if any("/externalLinks/" in n for n in names):
            codes.append("F07")
    elif content.startswith(OLE) and "_VBA_PROJECT_CUR".encode("utf-16-le") in content:
        codes.append("F06")
    return tuple(codes)
