"""One workbook held against the figures, cell by cell, as a careful reader would: number, row and header."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from pipeline.model import Cell, Figures, Grid
from pipeline.model.grid import Place
from pipeline.office.fill import Source
from pipeline.office.places import column_number
from pipeline.programme import Programme
from pipeline.readback.cited_figures import STATES, CitedFigures
from pipeline.readback.formula_cells import figures_of_formulas
from pipeline.readback.words_above import headings
from pipeline.render import Citation
from pipeline.values import column_letters

_CELL = re.compile(r"([A-Z]+)(\d+)")
_WHOLE, _OWN = "合计", "本级"
# what a header says of a column, where it says nothing more
_MEASURES = {
    "年度任务": "target", "总任务": "target", "任务数": "target", "任务": "target",
    "完成人数": "counted", "完成数": "counted", "完成率": "rate", "完成人次": "attendances", "人次": "attendances",
}  # fmt: skip
_OF_A_CITED_ROW = 2  # figures from which on every number of a row must be one


class Holding:
    """Holds workbooks against the figures of one period."""

    def __init__(self, figures: Figures, programme: Programme) -> None:
        self._figures = CitedFigures(figures, programme)
        self._programme = programme
        gazetteer = programme.gazetteer
        self._top = gazetteer.top
        lines = figures.table.select(["unit", "level"]).to_pylist()
        self._parts = frozenset(x["unit"] for x in lines if x["level"] == "prefecture")
        self._names = {unit.name for unit in gazetteer.units} | {_WHOLE}
        self._labels = {i.label: i.name for i in programme.indicators}
        self._year = figures.period[:4]

    def disagreements(
        self, file: str, grids: Iterable[Grid], noted: Iterable[Citation]
    ) -> Iterator[str]:
        """A sentence for each cell that says otherwise than it should."""
        by_sheet: dict[str, dict[Place, Citation]] = {}
        for citation in noted:
            by_sheet.setdefault(citation.sheet, {})[_place(citation.cell)] = citation
        for grid in grids:
            cited = by_sheet.get(grid.name, {})
            for place, why in self._of_sheet(grid, cited):
                cell = f"{column_letters(place[1])}{place[0]}"
                yield f"  {file} 工作表“{grid.name}”{cell}：{why}"

    def _of_sheet(self, grid: Grid, cited: Mapping[Place, Citation]) -> Iterator[tuple[Place, str]]:
        above, before = headings(grid), _texts_before(grid)
        for place, citation in sorted(cited.items()):
            if citation.says_figure:
                why = (
                    self._number(grid.cells.get(place), citation)
                    or self._row(before(place), citation)
                    or self._header(above(place), citation)
                )
                if why:
                    yield place, why
        for place, source in figures_of_formulas(grid, cited, above, self._top, self._parts):
            if why := self._formula(grid.cells[place], Citation("", "", "", None, source)):
                yield place, why
        yield from _without_source(grid, cited)

    def _number(self, cell: Cell | None, citation: Citation) -> str:
        """What is wrong with the number itself."""
        figure, shown = self._figures.value(citation.source), cell.text if cell else ""
        if figure is None:
            figure = citation.value
        if isinstance(figure, str):
            return "" if shown == figure else self._wrong(f"“{shown}”", f"“{figure}”", citation)
        try:
            number = float(shown)
        except ValueError:
            return self._wrong(f"“{shown}”", f" {figure:g}", citation)
        same = math.isclose(number, figure, rel_tol=1e-9, abs_tol=1e-9)
        drawn = _is_drawn(citation.source) and math.isclose(number, -figure)
        return "" if same or drawn else self._wrong(f" {number:g}", f" {figure:g}", citation)

    def _wrong(self, shown: str, figure: str, citation: Citation) -> str:
        return f"写的是{shown}，应为{figure}（{self._in_words(citation)}）"

    def _formula(self, cell: Cell, meant: Citation) -> str:
        """What is wrong with what a formula comes to; it may round."""
        figure, number = self._figures.value(meant.source), float(cell.text)
        if figure is None or isinstance(figure, str):
            return ""
        places = len(cell.text.partition(".")[2])
        same = math.isclose(number, figure, rel_tol=1e-9, abs_tol=1e-9)
        rounded = places > 1 and math.isclose(number, round(figure, places), abs_tol=1e-9)
        if same or rounded:
            return ""
        return f"公式算出来是 {number:g}，应为 {figure:g}（{self._in_words(meant)}）"

    def _row(self, texts: list[str], citation: Citation) -> str:
        """Whether the names on the row, nearest first, are those of another unit or indicator."""
        unit, level, indicator, *_ = citation.source
        name = next((t for t in texts if t in self._names or t.endswith(_OWN)), "")
        own = self._programme.gazetteer.name(unit)
        meant = {_WHOLE, own} if unit == self._programme.gazetteer.top else {own}
        fits = name.endswith(_OWN) if level == "own" else name in meant
        if unit and name and not fits:
            return f"这一行是“{name}”，写的却是{self._in_words(citation)}"
        label = next((t for t in texts if t in self._labels), "")
        if indicator and label and self._labels[label] != indicator:
            return f"这一行是“{label}”，写的却是{self._in_words(citation)}"
        return ""

    def _header(self, above: list[str], citation: Citation) -> str:
        """Whether the column says of itself that it is another indicator, measure or span."""
        _, _, indicator, scope, measure, _ = citation.source
        for text in above:
            named = {self._labels[label] for label in self._labels if label in text}
            if named and indicator and indicator not in named:
                return f"表头是“{text}”，写的却是{self._in_words(citation)}"
            if named:
                break
        if above and _MEASURES.get(above[0], measure) != measure and measure in _MEASURES.values():
            return f"表头是“{above[0]}”，写的却是{self._in_words(citation)}"
        years = [str(year) for year in self._programme.years]
        spans = [t for t in above[:2] if years[-1] in t and years[0] in t and len(years) > 1]
        singles = [t for t in above[:2] if f"{self._year}年）" in t and t not in spans]
        if (spans and scope == "year") or (singles and scope == "cumulative"):
            return f"表头是“{(spans or singles)[0]}”，写的却是{self._in_words(citation)}"
        return ""

    def _in_words(self, citation: Citation) -> str:
        unit, _, indicator, scope, measure, detail = citation.source
        known = self._programme.indicator
        names = {kind: header for header, kind in reversed(_MEASURES.items())}
        words = (
            self._programme.gazetteer.name(unit) if unit else "",
            known[indicator].label if indicator in known else "",
            "累计" if scope == "cumulative" else "本年",
            names.get(measure, detail or measure),
        )
        return " ".join(filter(None, words))


def _texts_before(grid: Grid) -> Callable[[Place], list[str]]:
    """A function that says the texts on a cell's row before it, the nearest first."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for (row, column), cell in grid.cells.items():
        if cell.type == "s":
            rows.setdefault(row, []).append((column, cell.text.strip()))
    for texts in rows.values():
        texts.sort(reverse=True)
    return lambda place: [text for column, text in rows.get(place[0], ()) if column < place[1]]


def _without_source(grid: Grid, cited: Mapping[Place, Citation]) -> Iterator[tuple[Place, str]]:
    """Numbers that stand among figures and are none: typed into the template, or made with such."""
    rows: dict[int, int] = {}
    for (row, _), citation in cited.items():
        rows[row] = rows.get(row, 0) + citation.says_figure
    for place, cell in grid.cells.items():
        if place in cited or rows.get(place[0], 0) < _OF_A_CITED_ROW:
            continue
        if cell.type == "n":
            yield place, f"写的是 {cell.text}，不是由数字表来的数"
        elif cell.text in STATES:
            yield place, f"写的是“{cell.text}”，不是由数字表来的判断"


def _is_drawn(source: Source) -> bool:
    """Whether a chart draws the figure as a block up or down, which has no sign of its own."""
    measure = source[4]
    return measure == "short" or measure.startswith("bridge:")


def _place(cell: str) -> Place:
    match = _CELL.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    return int(match[2]), column_number(match[1])
