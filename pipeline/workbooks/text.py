"""Text tables: csv, tsv and their kin, in the encodings Excel and WPS save them."""

from __future__ import annotations

import csv
import io
import re

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.workbooks.cells import bounded
from pipeline.workbooks.faults import Unreadable

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 or GB18030. Raises Unreadable for what is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4000]:
        odd, even = content[1:4000:2].count(0), content[0:4000:2].count(0)
        if max(odd, even) > len(content[:4000]) // 3:
            return content.decode("utf-16-le" if odd > even else "utf-16-be", errors="replace")
        raise Unreadable("F01", "不是表格文件")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise Unreadable("F01", "不是表格文件，或文字编码无法识别")


def read_text_table(text: str, limits: Limits) -> Grid:
    """One sheet without a name. Raises Unreadable for running text."""
    sample = text[:20_000]
    delimiter = max(",\t;", key=lambda d: _columns(sample, d))
    if not sample.count(delimiter):
        raise Unreadable("F01", "是一段文字，不是表格")
    csv.field_size_limit(1_000_000)
    try:
        cells = {
            (r, c): Cell(value, "s")
            for r, row in enumerate(
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
            )
            for c, value in enumerate(row, 1)
            if value.strip()
        }
    except csv.Error as fault:
        raise Unreadable("F01", "文本表格的引号不成对，读不下去") from fault
    bounded(cells, "", limits)
    return Grid("", cells)


def _columns(sample: str, delimiter: str) -> int:
    """How many cells the widest of the first lines would have."""
    return max((line.count(delimiter) for line in sample.split("\n")[:60]), default=0)
