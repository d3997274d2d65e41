"""Text tables: csv, tsv and their kin, in the encodings Excel and WPS save them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.faults import Unreadable
from pipeline.office.read.cells import bounded

DAMAGED = "\ufffd"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MARKED = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_FEW = 200  # one damaged character among this many is a damaged text, more is no text
_SEPARATOR = re.compile(r"\ufeff?sep=(.)\r?\n", re.IGNORECASE)
_USUAL = frozenset("\r\n\t·—“”‘’…\ufeff×√○●")
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16, UTF-32 or GB18030, with or without a byte order mark.

    Bytes that are damaged here and there become U+FFFD. Raises Unreadable for what is no text.
    """
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\x00" in content[:4000]:
        return _without_mark(content)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    mended = min(
        (content.decode(encoding, errors="replace") for encoding in ("utf-8-sig", "gb18030")),
        key=lambda text: text.count(DAMAGED),
    )
    if mended.count(DAMAGED) > max(1, len(mended) // _FEW) or _CONTROL.search(mended):
        raise Unreadable("F01", "不是表格文件，或文字编码无法识别")
    return mended


def _without_mark(content: bytes) -> str:
    """UTF-16 or UTF-32 that does not say so: the byte order in which the text makes sense."""
    readings = [content.decode(e, errors="replace") for e in _WIDE]
    text = max(readings, key=_sense)
    if _sense(text) < 0.95:
        raise Unreadable("F01", "不是表格文件")
    return text


def _sense(text: str) -> float:
    """The share of characters, among the first, that a Chinese table is written in."""
    sample = text[:2000]
    return sum(map(_usual, sample)) / len(sample) if sample else 0.0


def _usual(character: str) -> bool:
    if character in _USUAL or " " <= character <= "~":
        return True
    return unicodedata.east_asian_width(character) in "WF" and not "\uac00" <= character <= "\ud7ff"


def read_text_table(text: str, limits: Limits) -> Grid:
    """One sheet without a name. Raises Unreadable for running text."""
    delimiter, text = _delimiter(text)
    csv.field_size_limit(1_000_000)
    try:
        cells = {
            (r, c): Cell(value, "s")
            for r, row in enumerate(
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
            )
            for c, raw in enumerate(row, 1)
            if (value := _AS_TEXT.sub(r"\1", raw) if raw.startswith("=") else raw).strip()
        }
    except csv.Error as fault:
        raise Unreadable("F01", "文本表格的引号不成对，读不下去") from fault
    bounded(cells, "", limits)
    return Grid("", cells)


def _delimiter(text: str) -> tuple[str, str]:
    """What parts the cells, and the text without the line `sep=;`, which Excel does not show."""
    if said := _SEPARATOR.match(text):
        return said[1], text[said.end() :]
    sample = text[:20_000]
    delimiter = max(",\t;", key=sample.count)
    if delimiter not in sample:
        raise Unreadable("F01", "是一段文字，不是表格")
    return delimiter, text
