"""Pages as files of every container: Office workbooks, text tables in many encodings, web pages."""

from __future__ import annotations

import csv
import io
from html import escape
from random import Random

from pipeline.sample.pages import Page
from pipeline.sample.workbooks import write

SUFFIXES = ("xlsx", "xlsx", "xlsx", "xls", "ods", "csv", "html")
ENCODINGS = ("gb18030", "gb18030", "utf-8-sig", "utf-8", "utf-16")


def written(pages: list[Page], suffix: str, rng: Random) -> bytes:
    if suffix == "html":
        return _html(pages).encode(rng.choice(("utf-8", "gb18030")), "xmlcharrefreplace")
    if suffix == "csv":
        return csv_of(pages[0], rng.choice(ENCODINGS))
    return write(pages, suffix)


def csv_of(page: Page, encoding: str) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in range(1, page.last_row + 1):
        cells = (page.cells.get((row, c), "") for c in range(1, page.last_column + 1))
        writer.writerow([str(value) for value in cells])
    return stream.getvalue().encode(encoding)


def _html(pages: list[Page]) -> str:
    tables = []
    for page in pages:
        spans = {(t, x): (b - t + 1, y - x + 1) for t, x, b, y in page.merges}
        inside = {
            (r, c) for t, x, b, y in page.merges for r in range(t, b + 1) for c in range(x, y + 1)
        }
        lines = []
        for row in range(1, page.last_row + 1):
            cells = []
            for column in range(1, page.last_column + 1):
                if (row, column) in inside and (row, column) not in spans:
                    continue
                high, wide = spans.get((row, column), (1, 1))
                span = (f" rowspan={high}" if high > 1 else "") + (
                    f" colspan={wide}" if wide > 1 else ""
                )
                text = escape(str(page.cells.get((row, column), ""))).replace("\n", "<br>")
                cells.append(f"<td{span}>{text}</td>")
            lines.append(f"<tr>{''.join(cells)}</tr>")
        tables.append(f"<table>{''.join(lines)}</table>")
    return f"<html><head><meta charset=utf-8></head><body>{''.join(tables)}</body></html>"
