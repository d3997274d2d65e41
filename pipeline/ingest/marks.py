"""What a form of ours says of itself, in a hidden sheet that survives renaming and re-saving."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.model import Grid

_SHEET, _PREFIX = "_pipeline", "pipeline_"


def marks_of(grids: tuple[Grid, ...]) -> tuple[Mapping[str, str], tuple[Grid, ...]]:
    """unit, period and programme as the form was made for, and the sheets that people fill in.

    For other workbooks: nothing, and all their sheets.
    """
    marked = next((g for g in grids if g.name == _SHEET), None)
    if marked is None:
        return {}, grids
    said = {
        cell.text.removeprefix(_PREFIX): marked.cells[row, 2].text
        for (row, column), cell in marked.cells.items()
        if column == 1 and cell.text.startswith(_PREFIX) and (row, 2) in marked.cells
    }
    return said, tuple(g for g in grids if not g.name.startswith("_"))
