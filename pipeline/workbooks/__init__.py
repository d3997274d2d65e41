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
from pipeline.workbooks.markup import read_html, read_spreadsheet_xml
from pipeline.workbooks.odf import read_flat_odf, read_odf
from pipeline.workbooks.ooxml import read_ooxml
from pipeline.workbooks.text import decoded, read_text_table
from pipeline.workbooks.word import read_word

__all__ = ["Unreadable", "notes_on", "read_grids"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF_START = re.compile(rb"\x09[\x00\x02\x04\x08]")
# what is no table, by its first bytes: named for what it is, with what to ask for
_STRANGERS = (
    (b"%PDF", "这是 PDF，不是表格。请报送电子表格"),
    (b"\x89PNG", "这是图片，不是表格。请报送电子表格"),
    (b"\xff\xd8\xff", "这是图片（照片或扫描件），不是表格。请报送电子表格"),
    (b"GIF8", "这是图片，不是表格。请报送电子表格"),
    (b"BM", "这是图片，不是表格。请报送电子表格"),
    (b"II*\x00", "这是图片（扫描件），不是表格。请报送电子表格"),
    (b"MM\x00*", "这是图片（扫描件），不是表格。请报送电子表格"),
    (b"Rar!", "这是 RAR 压缩包，无法打开。请解压后报送，或改用 zip"),
    (b"7z\xbc\xaf", "这是 7z 压缩包，无法打开。请解压后报送，或改用 zip"),
    (b"\x1f\x8b", "这是 gz 压缩包，无法打开。请解压后报送，或改用 zip"),
    (b"{\\rtf", "这是 RTF 文档，不是表格。请报送电子表格"),
    (b"MZ", "这是程序，不是表格，请勿打开"),
    (b"ID;P", "这是旧式表格交换文件（SYLK）。请用 Excel 打开后另存为 .xlsx"),
    (b"TABLE\r", "这是旧式表格交换文件（DIF）。请用 Excel 打开后另存为 .xlsx"),
    (b"TABLE\n", "这是旧式表格交换文件（DIF）。请用 Excel 打开后另存为 .xlsx"),
)


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
    for start, reason in _STRANGERS:
        if content.startswith(start):
            raise Unreadable("F01", reason)
    if content.startswith(b"PK"):
        return _zipped(content, limits)
    if content.startswith(_OLE):
        plain = decrypted(content, passwords)
        return _read(plain, (), limits) if plain else _compound(content, limits)
    if _BIFF_START.match(content):
        return read_biff(content, limits)
    text = decoded(content)
    head = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return read_spreadsheet_xml(content, limits)
    if re.match(r"<(!doctype html|html|table|meta|head|body|style|\?xml[^>]*>\s*<html)", head):
        return read_html(text, limits)
    if "urn:oasis:names:tc:opendocument" in head and "office:spreadsheet" in text:
        return read_flat_odf(content, limits)
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
    names = {i.filename for i in infos}
    if any((n.startswith("Index/") and n.endswith(".iwa")) or n == "Index.zip" for n in names):
        raise Unreadable("F01", "这是苹果 Numbers 表格。请导出为 .xlsx")
    if "word/document.xml" in names:
        return read_word(content, limits)
    if "content.xml" in names and not any(n.startswith("xl/") for n in names):
        return read_odf(content, limits)
    return read_ooxml(content, limits)


def _compound(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    directory = content[:4096] + content[-65536:] if len(content) > 200_000 else content
    if "WordDocument".encode("utf-16-le") in directory:
        raise Unreadable("F01", "这是旧版 Word 文档。请报送电子表格，或另存为 .docx")
    if "PowerPoint Document".encode("utf-16-le") in directory:
        raise Unreadable("F01", "这是演示文稿，不是表格。请报送电子表格")
    return read_biff(content, limits)


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
    elif content.startswith(_OLE) and "_VBA_PROJECT_CUR".encode("utf-16-le") in content:
        codes.append("F06")
    return tuple(codes)
