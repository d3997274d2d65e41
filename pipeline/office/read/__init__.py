"""Bytes -> sheets as filed. The format is told by the bytes, never by the suffix."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.limits import LIMITS, Limits
from pipeline.model import Grid
from pipeline.office.faults import Unreadable
from pipeline.office.package import Package
from pipeline.office.read.biff import read_biff
from pipeline.office.read.locked import decrypted
from pipeline.office.read.odf import read_flat_odf, read_odf
from pipeline.office.read.ooxml import read_ooxml
from pipeline.office.read.spreadsheetml import read_spreadsheet_xml
from pipeline.office.read.strangers import OLE, refuse_compound, refuse_package, refuse_stranger
from pipeline.office.read.text import decoded, read_text_table
from pipeline.office.read.web import read_html
from pipeline.office.read.word import read_word

__all__ = ["Unreadable", "decoded", "decrypted", "notes_on", "read_grids"]

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
    package = Package(content, limits)
    refuse_package(package.names)
    if "word/document.xml" in package:
        return read_word(package, limits)
    if "content.xml" in package and not any(n.startswith("xl/") for n in package.names):
        return read_odf(package, limits)
    return read_ooxml(package, limits)


def notes_on(content: bytes) -> tuple[str, ...]:
    """Rule codes for what a file carries besides its cells: macros (F06), links to files (F07)."""
    codes = []
    if content.startswith(b"PK"):
        try:
            names = Package(content).names
        except Unreadable:  # said where it is read
            return ()
        if any(n.endswith("vbaProject.bin") for n in names):
            codes.append("F06")
        if any("/externalLinks/" in n for n in names):
            codes.append("F07")
    elif content.startswith(OLE) and "_VBA_PROJECT_CUR".encode("utf-16-le") in content:
        codes.append("F06")
    return tuple(codes)
