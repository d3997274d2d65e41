"""A value as the XML of its cell: numbers stay numbers, text stays text whatever it begins with."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from numbers import Number
from typing import Any

from pipeline.office.characters import printable
from pipeline.office.fill.citing import WORKED_OUT, Source
from pipeline.office.fill.styling import Styling

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_FIRST_DAY = date(1899, 12, 30)
_RED = "FFC00000"


@dataclass(frozen=True)
class Pieces:
    """A text in pieces, each with whether it stands out (bold and red)."""

    pieces: tuple[tuple[str, bool], ...]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.pieces)


UNKNOWN: Any = object()  # what nobody can say of a cell before a spreadsheet program opens it


@dataclass(frozen=True)
class Fault:
    """The error a formula comes to, as a spreadsheet shows it: #DIV/0!."""

    code: str


@dataclass(frozen=True)
class Calculated:
    """A formula as written, and what it comes to; UNKNOWN where that is not certain. source: of the figure
    that a formula says which only repeats another cell."""

    formula: str
    value: Any = UNKNOWN
    source: Source = WORKED_OUT


def formula_tail(worked: Calculated, style: int, spread: str = "") -> str:
    """The tail of a cell that holds a formula, with what it comes to where that is certain.

    spread: the cells of an array formula."""
    kept = f' t="array" ref="{spread}"' if spread else ""
    formula = f"<f{kept}>{worked.formula.translate(_ESCAPED)}</f>"
    value = worked.value
    if value is UNKNOWN:
        return f' s="{style}">{formula}</c>'
    if isinstance(value, Fault):
        return f' s="{style}" t="e">{formula}<v>{value.code}</v></c>'
    if isinstance(value, bool):
        return f' s="{style}" t="b">{formula}<v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f' s="{style}" t="str">{formula}<v>{escaped(printable(value))}</v></c>'
    return f' s="{style}">{formula}<v>{value!r}</v></c>'


def cell_tail(value: Any, style: int, styling: Styling) -> str:
    """What stands behind `<c r="A1"` for a value: its style, its type, and what it says."""
    if isinstance(value, str):
        return text_tail(value, style)
    if value is None:
        return f' s="{style}"/>'
    if isinstance(value, bool):
        return f' s="{style}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Number):
        return _number_tail(value, style)
    if isinstance(value, date):
        moment = isinstance(value, datetime)
        return f' s="{styling.dated(style, moment=moment)}"><v>{serial(value)}</v></c>'
    if isinstance(value, Pieces):
        runs = "".join(_run(text, styling.font(style), out) for text, out in value.pieces)
        return f' s="{style}" t="inlineStr"><is>{runs}</is></c>'
    return text_tail(str(value), style)


def text_tail(text: str, style: int) -> str:
    """The tail of a cell that holds a text."""
    if not text:
        return f' s="{style}"/>'
    return f' s="{style}" t="inlineStr"><is>{_t(text)}</is></c>'


def serial(day: date) -> float | int:
    """A day as Excel counts it."""
    if not isinstance(day, datetime):
        return (day - _FIRST_DAY).days
    since = day.replace(tzinfo=None) - datetime.combine(_FIRST_DAY, time())
    return since.total_seconds() / 86_400


def _number_tail(value: Any, style: int) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f' s="{style}"/>'
    digits = repr(value) if type(value) in (int, float) else str(value)
    return f' s="{style}"><v>{digits}</v></c>'


def _run(text: str, font: str, out: bool) -> str:
    bold, red = ("<b/>", f'<color rgb="{_RED}"/>') if out else ("", "")
    size, _, name = font.partition("/>")
    return f"<r><rPr>{bold}{size}/>{red}{name}</rPr>{_t(text)}</r>"


def _t(text: str) -> str:
    text = escaped(printable(text))
    kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{kept}>{text}</t>"


def escaped(text: str) -> str:
    """A printable text as it stands in XML, and in a way that Excel takes for nothing else."""
    if "_x" in text:
        text = _CODED.sub("_x005F_", text)
    return text.translate(_ESCAPED)
