"""A Word paper as its reader sees it: paragraphs, tables with merged cells spread out, charts. Runs in a worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.office.package import Package
from pipeline.office.places import area

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@dataclass(frozen=True)
class SeenParagraph:
    """A paragraph with text: the how-manieth, and what it says."""

    number: int
    text: str


@dataclass(frozen=True)
class SeenTable:
    """A table: the how-manieth, and its rows; a merged cell's text stands in all its cells."""

    number: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SeenSeries:
    """One series of a chart: its name, and what it draws for each category; None where nothing."""

    name: str
    points: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class SeenChart:
    """A chart: the how-manieth, what it draws, and the rows of the workbook behind it."""

    number: int
    series: tuple[SeenSeries, ...]
    rows: tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True)
class SeenPaper:
    """All of a paper."""

    paragraphs: tuple[SeenParagraph, ...]
    tables: tuple[SeenTable, ...]
    charts: tuple[SeenChart, ...]


def see(path: Path) -> SeenPaper:
    """Opens a Word paper and reads it whole. Raises Unreadable where it is none."""
    return seen_in(path.read_bytes())


def seen_in(content: bytes) -> SeenPaper:
    """A Word paper from its bytes."""
    package = Package(content)
    document = package.related("", "officeDocument")
    body = package.xml(document).find(f"{_W}body")
    paragraphs: list[SeenParagraph] = []
    tables: list[SeenTable] = []
    for block in body:
        if block.tag == f"{_W}p" and (text := _text(block)):
            paragraphs.append(SeenParagraph(len(paragraphs) + 1, text))
        elif block.tag == f"{_W}tbl":
            tables.append(SeenTable(len(tables) + 1, tuple(_rows(block))))
    shown = {
        element.get(key)
        for element in body.iter(f"{_C}chart")
        for key in element.attrib
        if key.endswith("}id")
    }
    charts = [r.target for r in package.relations(document) if r.kind == "chart" and r.id in shown]
    return SeenPaper(
        tuple(paragraphs),
        tuple(tables),
        tuple(_chart(package, part, n) for n, part in enumerate(charts, 1)),
    )


def _text(block: Any) -> str:
    return "".join(t.text or "" for t in block.iter(f"{_W}t")).strip()


def _rows(table: Any) -> Iterator[tuple[str, ...]]:
    above: tuple[str, ...] = ()
    for line in table.iter(f"{_W}tr"):
        cells: list[str] = []
        for cell in line.iter(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            down = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = down is not None and down.get(f"{_W}val", "continue") == "continue"
            at = len(cells)
            text = above[at] if goes_on and at < len(above) else _text(cell)
            cells += [text] * (1 if span is None else int(span.get(f"{_W}val", "1")))
        above = tuple(cells)
        yield above


def _chart(package: Package, part: str, number: int) -> SeenChart:
    root = package.xml(part)
    series = []
    for one in root.iter(f"{_C}ser"):
        categories = _cached(one.find(f"{_C}cat"))
        values = _cached(one.find(f"{_C}val"))
        name = "".join(_cached(one.find(f"{_C}tx")).values())
        count = max((*categories, *values), default=-1) + 1
        points = tuple(
            (categories.get(n, ""), float(values[n]) if n in values else None) for n in range(count)
        )
        series.append(SeenSeries(name, points))
    book = package.related(part, "package")
    rows = tuple(_sheet(Package(package.part(book)))) if book else ()
    return SeenChart(number, tuple(series), rows)


def _cached(reference: Any) -> dict[int, str]:
    points = () if reference is None else reference.iter(f"{_C}pt")
    return {int(p.get("idx")): p.findtext(f"{_C}v") or "" for p in points}


def _sheet(package: Package) -> Iterator[tuple[str | float, ...]]:
    """The first sheet's rows: texts and numbers."""
    book = package.related("", "officeDocument")
    strings = package.related(book, "sharedStrings")
    shared = (
        ["".join(si.itertext()) for si in package.xml(strings).iter("{*}si")] if strings else []
    )
    for row in package.xml(package.related(book, "worksheet")).iter("{*}row"):
        cells: dict[int, str | float] = {}
        for cell in row.iter("{*}c"):
            value, kind = cell.findtext("{*}v"), cell.get("t", "n")
            column = area(cell.get("r"))[1]
            if kind == "inlineStr":
                cells[column] = "".join(cell.find("{*}is").itertext())
            elif value is not None and kind != "e":
                cells[column] = (
                    shared[int(value)] if kind == "s" else value if kind == "str" else float(value)
                )
        yield tuple(cells.get(n, "") for n in range(1, max(cells, default=0) + 1))
