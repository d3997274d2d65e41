"""Workbooks drawn as text, so that a case can be read in review.

    == 培训花名册                          a sheet
    填报单位：南关区残联 | | 填报日期：2018年11月26日
    姓名 | 身份证号 | 开班时间
    王秀英 | <22010219780305002> | @2018-09-01
    李桂兰 | #22010219800101004 | 2018年9月1日

One line is one row, ` | ` parts the cells, an empty line is an empty row. `#1` is a number, `@date` a
date cell, `<17 digits>` an ID number with its check digit put in, `<17 digits+43>` a certificate.
All people are made up.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from functools import lru_cache
from pathlib import Path

import openpyxl

from pipeline.numbers import check_digit

_NUMBER = re.compile(r"<(\d{17})(?:\+(\d{2}B?\d?))?>")


def id_no(first17: str) -> str:
    """An ID number from its first 17 digits."""
    return first17 + check_digit(first17)


def spelled(text: str) -> str:
    """The text with every <…> written out."""
    return _NUMBER.sub(lambda m: id_no(m[1]) + (m[2] or ""), text)


def sheets(picture: str) -> list[tuple[str, list[list[object]]]]:
    """Sheet names and rows of cell values."""
    drawn: list[tuple[str, list[list[object]]]] = []
    for line in spelled(picture).strip("\n").split("\n"):
        if line.startswith("== "):
            drawn.append((line[3:].strip(), []))
            continue
        if not drawn:
            drawn.append(("Sheet1", []))
        drawn[-1][1].append([_value(cell.strip()) for cell in re.split(r"\s\|(?=\s|$)", line)])
    return drawn


def _value(text: str) -> object:
    if text.startswith("#"):
        return float(text[1:]) if "." in text else int(text[1:])
    if re.fullmatch(r"@\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text[1:])
    return text or None


@lru_cache(maxsize=256)
def workbook(picture: str) -> bytes:
    """The picture as an xlsx file: of one picture the same bytes."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets(picture):
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if value is not None:
                    cell = sheet.cell(r, c, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drop(inbox: Path, path: str, picture: str) -> Path:
    """Put a drawn file into the inbox: as text for .csv, else as a workbook."""
    file = inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".csv":
        rows = [",".join("" if c is None else str(c) for c in row) for row in sheets(picture)[0][1]]
        file.write_bytes("\r\n".join(rows).encode("gb18030"))
    else:
        file.write_bytes(workbook(picture))
    return file


def picture_of(content: bytes) -> str:
    """A workbook as text again: every sheet, cells joined, trailing blanks cut."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    lines = []
    for sheet in book.worksheets:
        lines.append(f"== {sheet.title}")
        for row in sheet.iter_rows(values_only=True):
            lines.append(" | ".join("" if v is None else str(v) for v in row).rstrip(" |"))
    return "\n".join(lines)


def text_of_word(content: bytes) -> str:
    """What a Word file says, paragraph by paragraph, without its looks."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read("word/document.xml").decode("utf-8")
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL)
    return "\n".join("".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", p)) for p in paragraphs)
