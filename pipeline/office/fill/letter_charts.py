"""Charts in Word papers: the workbook behind each is a template like any other, and what the chart
remembers of it is written anew, so that it shows the figures at once and can be edited in Word."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.office.fill.expressions import View
from pipeline.office.fill.moves import Moves, moved
from pipeline.office.fill.template import Template, taken_apart
from pipeline.office.fill.workbook import fill_drawn
from pipeline.office.package import Package
from pipeline.office.places import area
from pipeline.office.xmlparts import written_out
from pipeline.programme import ProgrammeFault
from pipeline.values import column_letters

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
# how LibreOffice names what a chart draws: its categories, the name and the values of series n
_BY_SERIES = re.compile(r"(?P<categories>categories)|label (?P<label>\d+)|(?P<values>\d+)")
_LONE = re.compile(r"^(.*!)(\$?[A-Z]{1,3}\$?\d+)$")
_CACHES = {"strRef": "strCache", "numRef": "numCache"}
Values = Mapping[tuple[str, int, int], Any]  # sheet, row, column


@dataclass(frozen=True)
class DrawnChart:
    """One chart of a paper: its part as drawn, and the workbook behind it."""

    part: str
    root: Any
    book_part: str
    book: Template


def drawn_charts(package: Package, document: str, file: Path) -> tuple[DrawnChart, ...]:
    """The charts of a document. Raises ProgrammeFault where one has no data with it."""
    found = []
    for relation in package.relations(document):
        if relation.kind == "chart" and relation.target in package:
            book = package.related(relation.target, "package")
            if not book:
                raise ProgrammeFault(file, None, "有一个图表没有带数据表，请在 Word 中重新插入图表")
            template = taken_apart(file, package.part(book))
            root = package.xml(relation.target)
            found.append(DrawnChart(relation.target, root, book, template))
    return tuple(found)


def filled_chart(chart: DrawnChart, view: View) -> dict[str, bytes]:
    """The chart's part and its workbook's, filled in. Raises ProgrammeFault, naming the cell."""
    out = io.BytesIO()
    moves = fill_drawn(chart.book, view, out)
    content = out.getvalue()
    values = dict(_values(content))
    root = deepcopy(chart.root)
    for kind, cache in _CACHES.items():
        for reference in root.iter(f"{{{_C}}}{kind}"):
            _remember(reference, cache, moves, values, chart.book.sheets[0].name)
    part = written_out(root)
    return {chart.part: part, chart.book_part: content}


def _remember(
    reference: Any, cache: str, moves: Mapping[str, Moves], values: Values, sheet: str
) -> None:
    """A reference moved along, with the values it now points at."""
    formula = reference.find(f"{{{_C}}}f")
    if formula is None or not formula.text:
        return
    formula.text = _in_cells(formula.text, sheet)
    if reference.getparent().tag != f"{{{_C}}}tx":  # a lone cell of a list is a list of one
        formula.text = _LONE.sub(r"\1\2:\2", formula.text)
    formula.text = moved(formula.text, "", moves)
    shown = _shown(formula.text, values)
    old = reference.find(f"{{{_C}}}{cache}")
    code = "" if old is None else old.findtext(f"{{{_C}}}formatCode", "")
    if old is not None:
        reference.remove(old)
    fresh = etree.Element(f"{{{_C}}}{cache}")
    if cache == "numCache":
        etree.SubElement(fresh, f"{{{_C}}}formatCode").text = code or "General"
    etree.SubElement(fresh, f"{{{_C}}}ptCount", val=str(len(shown)))
    for n, value in enumerate(shown):
        if value != "" and (cache == "strCache" or not isinstance(value, str)):
            point = etree.SubElement(fresh, f"{{{_C}}}pt", idx=str(n))
            etree.SubElement(point, f"{{{_C}}}v").text = (
                value if isinstance(value, str) else f"{value:.15g}"
            )
    formula.addnext(fresh)


def _in_cells(formula: str, sheet: str) -> str:
    """A reference as the cells it means, in the workbook behind the chart.

    >>> _in_cells("label 0", "Sheet1"), _in_cells("1", "Sheet1"), _in_cells("categories", "Sheet1")
    ("'Sheet1'!$B$1", "'Sheet1'!$C$2:$C$2", "'Sheet1'!$A$2:$A$2")
    """
    match = _BY_SERIES.fullmatch(formula)
    if match is None:
        return formula
    quoted = "'" + sheet.replace("'", "''") + "'"
    number = match["label"] or match["values"]
    column = "A" if match["categories"] else column_letters(int(number) + 2)
    cells = f"${column}$1" if match["label"] else f"${column}$2:${column}$2"
    return f"{quoted}!{cells}"


def _shown(formula: str, values: Values) -> list[Any]:
    """The values of a range, row by row; '' where a cell is empty."""
    sheet, _, cells = formula.rpartition("!")
    top, left, bottom, right = area(cells.replace("$", ""))
    name = sheet.strip("'").replace("''", "'")
    return [
        values.get((name, row, column), "")
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]


def _values(content: bytes) -> Iterator[tuple[tuple[str, int, int], Any]]:
    """What the cells of a workbook of our own hold: texts and numbers."""
    package = Package(content)
    book = package.related("", "officeDocument")
    texts = package.related(book, "sharedStrings")
    shared = ["".join(si.itertext()) for si in (package.xml(texts).iter("{*}si") if texts else ())]
    targets = {r.id: r.target for r in package.relations(book)}
    for sheet in package.xml(book).iter("{*}sheet"):
        part = next(targets[v] for k, v in sheet.attrib.items() if k.endswith("}id"))
        for cell in package.xml(part).iter("{*}c"):
            value = cell.findtext("{*}v")
            kind = cell.get("t", "n")
            if kind == "inlineStr":
                shown: Any = "".join(cell.find("{*}is").itertext())
            elif value is None or kind == "e":  # nothing, or a formula that comes to an error
                continue
            else:
                shown = (
                    shared[int(value)] if kind == "s" else value if kind == "str" else float(value)
                )
            top, left, *_ = area(cell.get("r"))
            yield (sheet.get("name"), top, left), shown
