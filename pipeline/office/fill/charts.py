"""Charts of a filled workbook: their ranges moved along, and the values they show put into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from numbers import Number
from typing import Any

from lxml import etree

from pipeline.office.characters import printable
from pipeline.office.fill.cell_values import CellValues
from pipeline.office.fill.drawn_texts import InDrawing, fill_texts, written
from pipeline.office.fill.expressions import View
from pipeline.office.fill.moves import Moves, moved
from pipeline.office.fill.styling import Styling
from pipeline.office.fill.template import Template
from pipeline.office.places import area

_CACHES = ("strCache", "numCache", "multiLvlStrCache")
_RANGE = re.compile(
    r"^(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!(?P<area>\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)$"
)
_POINTS = frozenset({"cat", "val", "xVal", "yVal", "bubbleSize"})
_MOST = 32_000  # points of a series that Excel draws
Parts = dict[str, bytes | None]


def chart_parts(
    drawn: Template,
    moves: Mapping[str, Moves],
    touched: set[str],
    values: CellValues,
    styling: Styling,
    view: View,
) -> Parts:
    """The charts that point at filled sheets, or hold tags: without the values they remember of the
    template, and with those that stand there now, so that they are right before anything is
    calculated anew."""
    found: Parts = {}
    for part in drawn.parts:
        if not (part.startswith("xl/charts/") and part.endswith(".xml")):
            continue
        root = deepcopy(drawn.package.xml(part))
        tagged = fill_texts(root, view, InDrawing(drawn.file, "", ""))
        formulas = [f for f in root.iter("{*}f") if f.text]
        if not tagged and not any(_names_a_sheet(f.text, touched) for f in formulas):
            continue
        for formula in formulas:
            formula.text = moved(_as_range(formula), "", moves)
            holder = formula.getparent()
            for old in [c for name in _CACHES for c in holder.findall(f"{{*}}{name}")]:
                holder.remove(old)
            _remember(holder, formula, values, styling)
        found[part] = written(root)
    return found


def _as_range(formula: Any) -> str:
    """A point of a series drawn from one cell is, once its row is repeated, one of all copies."""
    text: str = formula.text
    of = formula.getparent().getparent()
    if ":" in text or etree.QName(of).localname not in _POINTS or not _RANGE.match(text):
        return text
    return f"{text}:{text.rpartition('!')[2]}"


def _names_a_sheet(formula: str, names: set[str]) -> bool:
    sheet = formula.rpartition("!")[0].lstrip("(").strip("'").replace("''", "'")
    return sheet in names or any(n in formula for n in names)


def _remember(holder: Any, formula: Any, values: CellValues, styling: Styling) -> None:
    kind = etree.QName(holder).localname
    if kind not in ("numRef", "strRef"):
        return
    cells = list(_cells(formula.text, values) or ())
    if not cells or len(cells) > _MOST:
        return
    number = kind == "numRef"
    cache = etree.Element(_like(formula, "numCache" if number else "strCache"))
    if number:
        first = values.cell(*cells[0])
        code = etree.SubElement(cache, _like(formula, "formatCode"))
        code.text = styling.code(first.style) if first else "General"
    etree.SubElement(cache, _like(formula, "ptCount"), val=str(len(cells)))
    for n, cell in enumerate(cells):
        if (text := _point(values.value(*cell), number)) is not None:
            point = etree.SubElement(cache, _like(formula, "pt"), idx=str(n))
            etree.SubElement(point, _like(formula, "v")).text = text
    formula.addnext(cache)


def _cells(text: str, values: CellValues) -> Iterator[tuple[str, int, int]] | None:
    """The cells of a plain range of a sheet that is filled; nothing for any other formula."""
    match = _RANGE.match(text)
    if match is None:
        return None
    sheet = match["sheet"].strip("'").replace("''", "'")
    top, left, bottom, right = area(match["area"].replace("$", ""))
    if not values.known(sheet) or (bottom - top + 1) * (right - left + 1) > _MOST:
        return None
    return ((sheet, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))


def _point(value: Any, number: bool) -> str | None:
    if isinstance(value, Number) and not isinstance(value, bool):
        return str(value)
    return None if number or value is None or value == "" else printable(str(value))


def _like(element: Any, name: str) -> str:
    return f"{{{etree.QName(element).namespace}}}{name}"
