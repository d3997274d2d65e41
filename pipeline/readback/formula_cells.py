"""Which figure a formula of a template means: by the figures that stand on its row and in its column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pipeline.model import Grid
from pipeline.model.grid import Place
from pipeline.office.fill import WORKED_OUT, Source
from pipeline.render import Citation

_PROVINCE, _PREFECTURE, _WHOLE = "province", "prefecture", "合计"
Above = Callable[[Place], list[str]]


def figures_of_formulas(
    grid: Grid, cited: Mapping[Place, Citation], above: Above, top: str, parts: frozenset[str]
) -> Iterator[tuple[Place, Source]]:
    """The cells in which a formula comes to a number that is a figure, with its source.

    It is where all figures on its row are of one unit and all under its header of one measure. A row of
    sums has no figures besides: its number of persons is the whole's where each prefecture stands above it.
    """
    for place, citation in cited.items():
        cell = grid.cells.get(place)
        if citation.source != WORKED_OUT or cell is None or cell.type != "n":
            continue
        column = _under_its_header(place, cited, above)
        measures = {source[2:] for source in column}
        if len(measures) != 1:
            continue
        ((indicator, scope, measure, detail),) = measures
        units = {source[:2] for source in _on_its_row(place, cited)}
        if not units and measure == "counted" and _is_whole(grid, place, column, parts):
            units = {(top, _PROVINCE)}
        if len(units) == 1:
            ((unit, level),) = units
            yield place, (unit, level, indicator, scope, measure, detail)


def _under_its_header(place: Place, cited: Mapping[Place, Citation], above: Above) -> list[Source]:
    header = above(place)
    return [
        citation.source
        for at, citation in cited.items()
        if at[1] == place[1] and citation.says_figure and above(at) == header
    ]


def _on_its_row(place: Place, cited: Mapping[Place, Citation]) -> list[Source]:
    return [c.source for at, c in cited.items() if at[0] == place[0] and c.says_figure]


def _is_whole(grid: Grid, place: Place, column: list[Source], parts: frozenset[str]) -> bool:
    """Whether the row says that it is the whole, and every prefecture is listed."""
    before = (grid.cells.get((place[0], c)) for c in range(1, place[1]))
    named = any(cell and cell.text.replace(" ", "") == _WHOLE for cell in before)
    listed = {unit for unit, level, *_ in column if level == _PREFECTURE}
    return named and bool(parts) and parts <= listed
