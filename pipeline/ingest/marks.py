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
    names, _ = marked.column(1, 1, marked.last_row)
    values, kinds = marked.column(2, 1, marked.last_row)
    said = {
        name.removeprefix(_PREFIX): value
        for name, value, kind in zip(names, values, kinds, strict=True)
        if kind and name.startswith(_PREFIX)
    }
    return said, tuple(g for g in grids if not g.name.startswith("_"))
