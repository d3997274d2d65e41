"""One cell of an ods: its value, or what it shows where that is other text; struck out, or not seen at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from pipeline.model import Cell
from pipeline.office.read.converted import ERROR, NO_RESULT, cell_of, day_or_time, exact_number
from pipeline.office.read.looks import is_of_signs
from pipeline.values import symbol

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_HOLDING = frozenset(_TEXT + name for name in ("list", "list-item", "list-header", "section"))
# phonetic guides, notes, comments: not what the cell says; nor is what is drawn over it
_UNSEEN = frozenset({f"{_TEXT}ruby-text", f"{_TEXT}note", f"{OFFICE}annotation"})
_NUMERIC = frozenset({"float", "percentage", "currency"})
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d).*)?")
_SPAN = re.compile(
    r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:[.,]\d*)?S)?)?"
)
_ERROR = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|Err:\d{3}")
_DIGITS_PARTED = re.compile(r"\d+(?:[-/]\d+)+")
_MOST_SPACES = 100
_DAY = 86_400  # seconds


@dataclass(frozen=True)
class Dress:
    """What the styles of a document say: which strike letters out, which show signs for letters."""

    struck: frozenset[str] = frozenset()
    signs: Mapping[str, str] = field(default_factory=dict)


def dress(root: Any) -> Dress:
    """What the document's own styles for cells and letters say."""
    struck, signs = set(), {}
    for style in root.iter(f"{STYLE}style"):
        name, about = style.get(f"{STYLE}name", ""), style.find(f"{STYLE}text-properties")
        if about is None:
            continue
        lines = (about.get(f"{STYLE}text-line-through-{n}", "none") for n in ("style", "type"))
        if any(line != "none" for line in lines):
            struck.add(name)
        font = about.get(f"{STYLE}font-name", "").strip()
        if is_of_signs(font):
            signs[name] = font
    return Dress(frozenset(struck), signs)


def read_cell(cell: Any, looks: Dress) -> tuple[Cell, bool]:
    """The cell, and whether its format shows nothing of it."""
    kind = cell.get(f"{OFFICE}value-type", "")
    paragraphs = list(_paragraphs(cell))
    font = looks.signs.get(cell.get(f"{TABLE}style-name", ""), "")
    text = "\n".join("".join(_written(p, looks, font)) for p in paragraphs)
    if cell.get(f"{_CALCEXT}value-type") == "error" or _ERROR.match(text):
        return Cell(text or ERROR, "e"), False
    if not kind and not text and cell.get(f"{TABLE}formula"):
        return Cell(NO_RESULT, "e"), False
    if kind in _NUMERIC:
        found = _number(cell.get(f"{OFFICE}value", ""), text)
        if not paragraphs or text:
            return found, False
        return (Cell("", ""), False) if found.text == "0" else (found, True)
    if kind == "date":
        return _moment(cell.get(f"{OFFICE}date-value", ""), text), False
    if kind == "time":
        return _time(cell.get(f"{OFFICE}time-value", ""), text), False
    if kind == "boolean":
        return cell_of(cell.get(f"{OFFICE}boolean-value") == "true"), False
    return cell_of(text if paragraphs else cell.get(f"{OFFICE}string-value", "")), False


def is_struck(cell: Any, looks: Dress) -> bool:
    """Whether any letters of a cell are struck out."""
    if not looks.struck:
        return False
    if cell.get(f"{TABLE}style-name") in looks.struck:
        return True
    return any(s.get(f"{_TEXT}style-name") in looks.struck for s in cell.iter(f"{_TEXT}span"))


def _paragraphs(element: Any) -> Iterator[Any]:
    """A cell's own paragraphs, headings and list items: a note in it has paragraphs too."""
    for child in element:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield child
        elif child.tag in _HOLDING:
            yield from _paragraphs(child)


def _moment(value: str, text: str) -> Cell:
    found = _MOMENT.fullmatch(value)
    return cell_of(text) if found is None else day_or_time(found[1], found[2])


def _time(value: str, text: str) -> Cell:
    found = _SPAN.fullmatch(value)
    if found is None or not any(found.groups()):
        return cell_of(text)
    days, hours, minutes, seconds = (int(n or 0) for n in found.groups())
    whole = days * _DAY + hours * 3600 + minutes * 60 + seconds
    if whole >= _DAY:  # a time of day too may be written so, of a date; what is shown tells
        if text:
            return cell_of(text)
        return cell_of(timedelta(seconds=whole))
    return cell_of(time(whole // 3600, whole // 60 % 60, whole % 60))


def _number(value: str, text: str) -> Cell:
    try:
        float(value)
    except ValueError:  # no number after all: what is shown stands
        return cell_of(text)
    number = exact_number(value)
    return cell_of(text) if _is_other(text.strip(), number) else Cell(number, "n")


def _is_other(text: str, number: str) -> bool:
    """Whether a number is shown as other text: 1 as 女, 7 as 007, 20180901 as 2018-09-01.

    >>> _is_other("女", "1"), _is_other("007", "7"), _is_other("220203197001100226", "197001100226")
    (True, True, True)
    >>> _is_other("2018-09-01", "20180901"), _is_other("1,234", "1234"), _is_other("3人", "3"), _is_other("50%", "0.5")
    (True, False, False, False)
    """
    if not number.isdigit() or not text or text == number:
        return False
    if not any(map(str.isdigit, text)):
        return any(map(str.isalpha, text))
    if text.isdigit() and text.isascii():
        return len(text) > len(number) and text.endswith(number)
    parted = _DIGITS_PARTED.fullmatch(text)
    return parted is not None and "".join(c for c in text if c.isdigit()).lstrip("0") == number


def _written(paragraph: Any, looks: Dress, font: str = "") -> Iterator[str]:
    """The text of a paragraph; runs of spaces are elements of their own."""
    yield _signs(paragraph.text, font)
    for child in paragraph:
        if child.tag == f"{_TEXT}s":
            times = child.get(f"{_TEXT}c", "1")
            yield " " * (min(int(times[:9]), _MOST_SPACES) if times.isdecimal() else 1)
        elif child.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield " "
        elif child.tag not in _UNSEEN and not child.tag.startswith(DRAW):
            style = child.get(f"{_TEXT}style-name", "")
            yield from _written(child, looks, looks.signs.get(style, font))
        yield _signs(child.tail, font)


def _signs(text: str | None, font: str) -> str:
    return "".join(symbol(font, c) for c in text or "") if font else text or ""
