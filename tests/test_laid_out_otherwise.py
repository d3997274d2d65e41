"""A return says the same however its clerk lays it out: whole workbooks of the made-up province, rearranged."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.home import Home
from pipeline.ingest import as_filed
from pipeline.model import Submission
from pipeline.model.as_filed import Filed
from pipeline.programme import Programme
from pipeline.read.part import tables_of

Cells = list[list[tuple[Any, str]]]  # value and number format
_FILES = 2  # of each way
_COMPARED = ("unit", "kind", "number", "name", "certificate", "phone", "start", "finish", "fault")
# looks of a sheet that are remarked on, and what only says which column was read how
_OF_LOOKS = {"S04", "S05", "S19"}


def _rows(sheet: Worksheet) -> Cells:
    return [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()]


def _lay(sheet: Worksheet, rows: Iterable[list[tuple[Any, str]]]) -> None:
    """The sheet anew, nothing merged."""
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(1, sheet.max_row)
    for row, line in enumerate(rows, 1):
        for column, (value, look) in enumerate(line, 1):
            if value is not None:
                cell = sheet.cell(row, column, value)
                cell.number_format = look


def _header(rows: Cells) -> int:
    """The row from 0 below which persons stand; as long as the sheet where none does."""
    wide = [sum(isinstance(value, str) for value, _ in row) >= 8 for row in rows]
    return wide.index(True) if True in wide else len(rows)


def _each_cell(change: Callable[[Any], Any]) -> Callable[[Workbook], None]:
    def changed(book: Workbook) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if (value := change(cell.value)) is not cell.value:
                        cell.value = value

    return changed


def _each_sheet(change: Callable[[Cells], Cells]) -> Callable[[Workbook], None]:
    def changed(book: Workbook) -> None:
        for sheet in book.worksheets:
            _lay(sheet, change(_rows(sheet)))

    return changed


def _texts(change: Callable[[str], str]) -> Callable[[Workbook], None]:
    return _each_cell(lambda value: change(value) if isinstance(value, str) else value)


def _days(change: Callable[[datetime], object]) -> Callable[[Workbook], None]:
    return _each_cell(lambda value: change(value) if isinstance(value, datetime) else value)


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _spaced_number(text: str) -> str:
    if len(text) < 18 or not text[:17].isdigit():
        return text
    return f"{text[:6]} {text[6:10]}-{text[10:14]} {text[14:]}"


def _below_each_other(book: Workbook) -> None:
    first = book.worksheets[0]
    rows = _rows(first)
    for sheet in book.worksheets[1:]:
        rows += [[], [], *_rows(sheet)]
        book.remove(sheet)
    _lay(first, rows)


def _on_every_page(rows: Cells) -> Cells:
    header = _header(rows)
    whole = [line for line in rows[header + 1 :] if sum(v is not None for v, _ in line) > 4]
    pages: Cells = list(rows[: header + 1])
    for nth, line in enumerate(rows[header + 1 :], 1):
        pages += [line, rows[header]] if nth % 3 == 0 and line in whole else [line]
    return pages


def _blank_rows_between(rows: Cells) -> Cells:
    header = _header(rows)
    return [*rows[: header + 1], *(line for below in rows[header + 1 :] for line in (below, []))]


def _column_by_column(rows: Cells) -> Cells:
    """Every second column is empty."""
    return [
        [cell for pair in ((one, (None, "General")) for one in row) for cell in pair]
        for row in rows
    ]


def _words_over_two_rows(rows: Cells) -> Cells:
    header = _header(rows)
    if header == len(rows):
        return rows
    above, below = [], []
    for value, look in rows[header]:
        cut = len(value) // 2 if isinstance(value, str) and len(value) > 3 else 0
        above.append((value[:cut] if cut else value, look))
        below.append((value[cut:] if cut else None, look))
    return [*rows[:header], above, below, *rows[header + 1 :]]


def _from_right_to_left(rows: Cells) -> Cells:
    header = _header(rows)
    return [*rows[:header], *(line[::-1] if len(line) > 4 and sum(v is not None for v, _ in line) > 4 else line
                              for line in rows[header:])]  # fmt: skip


def _further_down(book: Workbook) -> None:
    for sheet in book.worksheets:
        _lay(sheet, [[]] * 5 + [[(None, "General")] * 3 + row for row in _rows(sheet)])


def _other_sheets_before(book: Workbook) -> None:
    book.create_sheet("Sheet9", 0)
    book.create_sheet("封面", 0)["C5"] = "贫困残疾妇女手工制作培训报表"


def _sheets_without_names(book: Workbook) -> None:
    for nth, sheet in enumerate(book.worksheets, 1):
        sheet.title = f"Sheet{nth}"


def _hidden(book: Workbook) -> None:
    for sheet in book.worksheets:
        for column in range(1, sheet.max_column + 1, 2):
            sheet.column_dimensions[get_column_letter(column)].hidden = True


WAYS: dict[str, Callable[[Workbook], None]] = {
    "full-width signs": _texts(_wide),
    "spaces that do not break": _texts(lambda text: f"\u00a0{text}\u3000"),
    "signs nobody sees": _texts(lambda text: "\u200b".join(text) if len(text) < 40 else text),
    "a line break behind": _texts(lambda text: f"\ufeff{text}\n"),
    "a space between characters": _texts(
        lambda text: " ".join(text) if len(text) < 6 and not text.isascii() else text
    ),
    "numbers in groups": _texts(_spaced_number),
    "lower case": _texts(str.lower),
    "days as numbers of days": _days(to_excel),
    "days as one number": _days(lambda day: int(f"{day:%Y%m%d}")),
    "days in words": _days(lambda day: f"{day.year}年{day.month}月{day.day}号"),
    "days with points": _days(lambda day: f"{day:%y}.{day.month}.{day.day}"),
    "one sheet, table below table": _below_each_other,
    "the header on every page": _each_sheet(_on_every_page),
    "blank rows": _each_sheet(_blank_rows_between),
    "blank columns": _each_sheet(_column_by_column),
    "a header's words over two rows": _each_sheet(_words_over_two_rows),
    "columns from right to left": _each_sheet(_from_right_to_left),
    "further down and right": _further_down,
    "other sheets before": _other_sheets_before,
    "the first sheet last": lambda book: book.move_sheet(
        book.worksheets[0], len(book.worksheets) - 1
    ),
    "sheets without names": _sheets_without_names,
    "columns hidden": _hidden,
}


@pytest.fixture(scope="module")
def books(delivered: Home) -> list[Path]:
    """The workbooks that counties filed in one month of the made-up province, those with persons in them."""
    folder = delivered.inbox / "2018-11"
    found = sorted(folder.glob("*.xlsx"))
    assert len(found) > 10
    return found


def _read(file: Path, content: bytes, programme: Programme) -> Filed:
    return as_filed(Submission(f"2018-11/{file.name}", "0" * 64, "2018-11", content), programme)


def _says(filed: Filed, programme: Programme) -> tuple[object, ...]:
    tables = tables_of(filed, programme)
    rows = Counter(tuple(row[name] for name in _COMPARED) for row in tables["rows"].to_pylist())
    stated = Counter((s["unit"], s["indicator"], s["count"]) for s in filed.lines.get("stated", ()))
    written = Counter((n["unit"], n["topic"]) for n in filed.lines.get("narratives", ()))
    issues = Counter(
        i["rule"]
        for i in tables["issues"].to_pylist()
        if i["rule"] not in _OF_LOOKS and i["listed"]
    )
    return filed.status, filed.units, rows, stated, written, issues


@pytest.mark.parametrize("way", WAYS)
def test_a_return_says_the_same(way: str, books: list[Path], programme: Programme) -> None:
    start = list(WAYS).index(way) * _FILES
    read = 0
    for file in islice(cycle(books), start, start + 3 * _FILES):
        content = file.read_bytes()
        try:
            book = openpyxl.load_workbook(io.BytesIO(content))
        except Exception:
            continue
        usual = _read(file, content, programme)
        if not usual.tables or read == _FILES:
            continue
        read += 1
        WAYS[way](book)
        out = io.BytesIO()
        book.save(out)
        assert _says(_read(file, out.getvalue(), programme), programme) == _says(
            usual, programme
        ), file
    assert read == _FILES
