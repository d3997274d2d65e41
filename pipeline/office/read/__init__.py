"""Bytes -> sheets as filed. The format is told by the bytes, never by the suffix."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.limits import LIMITS, Limits
from pipeline.model import Grid
from pipeline.office.package import Package, is_zip
from pipeline.office.read.beside import texts_beside
from pipeline.office.read.biff import read_biff
from pipeline.office.read.converted import bounded_together
from pipeline.office.read.encodings import decoded
from pipeline.office.read.locked import decrypted
from pipeline.office.read.odf import read_flat_odf, read_odf
from pipeline.office.read.ooxml import read_ooxml
from pipeline.office.read.spreadsheetml import read_spreadsheet_xml
from pipeline.office.read.strangers import OLE, refuse_compound, refuse_package, refuse_stranger
from pipeline.office.read.text import read_text_table
from pipeline.office.read.web import read_html
from pipeline.office.read.webarchive import pages_in
from pipeline.office.read.word import read_word, word_part
from pipeline.office.unreadable import Unreadable

__all__ = ["Unreadable", "decoded", "decrypted", "notes_on", "read_grids", "texts_beside"]

# BOF of BIFF2, 3, 4 and 5 or 8 with its length: text in UTF-16 may begin with a tab as well
_PAGE = re.compile(r"<table[\s>]|<html[\s>]|<tr[\s>]", re.IGNORECASE)
_TABLE = re.compile(r"<t[dr][\s>]", re.IGNORECASE)
# what stands before the first element
_PROLOG = re.compile(r"\A(?>\s*<(?:\?.*?\?>|!--.*?-->))++\s*", re.DOTALL)
_LONGEST_PROLOG = 100_000
_BEYOND = 1_000  # rows or columns a merge may reach beyond the last cell
_BIFF_START = re.compile(rb"\x09(\x00\x04|[\x02\x04]\x06|\x08[\x04-\x10])\x00")


def read_grids(
    content: bytes, passwords: Iterable[str] = (), limits: Limits = LIMITS
) -> tuple[Grid, ...]:
    """All sheets of a workbook, text table, web page or Word table, hidden ones included.

    Nothing in the file is run or followed. Raises Unreadable, and only that.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise Unreadable("F01", "文件是空的")
    try:
        grids = _read(content, tuple(passwords), limits)
    except RecursionError as fault:
        raise Unreadable("F01", "内容嵌套得太深，不是正常的表格") from fault
    if len(grids) > limits.sheets:
        raise Unreadable("F05", f"超过 {limits.sheets} 张工作表")
    return tuple(_in_bounds(grid, limits) for grid in grids)


def _in_bounds(grid: Grid, limits: Limits) -> Grid:
    """Merges that reach far beyond all cells end near them, so that nothing walks over a million."""
    merges, covered = [], 0
    for top, left, bottom, right in grid.merges:
        bottom, right = min(bottom, grid.last_row + _BEYOND), min(right, grid.last_column + _BEYOND)
        covered += max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if top <= bottom and left <= right and covered <= limits.cells:
            merges.append((top, left, bottom, right))
    return grid if tuple(merges) == grid.merges else replace(grid, merges=tuple(merges))


def _read(content: bytes, passwords: tuple[str, ...], limits: Limits) -> tuple[Grid, ...]:
    refuse_stranger(content)
    if is_zip(content):
        return _zipped(content, limits)
    if content.startswith(OLE):
        refuse_compound(content)
        plain = decrypted(content, passwords)
        return _read(plain, (), limits) if plain else read_biff(content, limits)
    if _BIFF_START.match(content):
        return read_biff(content, limits)
    if pages := pages_in(content):
        return _pages(pages, limits)
    text = decoded(content)
    head = _PROLOG.sub("", text.lstrip("\ufeff \t\r\n")[:_LONGEST_PROLOG], 1)[:2000].lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return read_spreadsheet_xml(content, limits)
    if "urn:oasis:names:tc:opendocument" in head and "office:spreadsheet" in text:
        return read_flat_odf(content, limits)
    if "<" in text and _PAGE.search(text) and (head.startswith("<") or _TABLE.search(text)):
        return read_html(text, limits)
    if head.startswith("<") and ("</" in text or "/>" in text):
        raise Unreadable("F01", "是 XML 数据，不是表格。请用 Excel 打开后另存为 .xlsx")
    return (read_text_table(text, limits),)


def _pages(pages: tuple[bytes, ...], limits: Limits) -> tuple[Grid, ...]:
    """The sheets of a web archive: its pages with tables. Raises Unreadable where none has any."""
    grids: list[Grid] = []
    for nth, page in enumerate(pages, 1):
        text = decoded(page)
        if _TABLE.search(text) or (nth == len(pages) and not grids):
            grids += [replace(g, name=f"网页{nth}") for g in read_html(text, limits)]
            bounded_together(grids, limits)
    return tuple(grids)


def _zipped(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    package = Package(content, limits)
    refuse_package(package.names)
    if document := word_part(package):
        return read_word(package, document, limits)
    if "content.xml" in package and not any(n.startswith("xl/") for n in package.names):
        return read_odf(package, limits)
    return read_ooxml(package, limits)


def notes_on(content: bytes) -> tuple[str, ...]:
    """Rule codes for what a file carries besides its cells: macros (F06), links to files (F07)."""
    codes = []
    if is_zip(content):
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
