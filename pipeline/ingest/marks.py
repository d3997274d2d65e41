"""What a workbook of ours says of itself, in a hidden sheet that survives renaming and re-saving."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.model import Grid

_SHEET, _PREFIX = "_pipeline", "pipeline_"
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Marks:
    """unit, kinds (their names) and period as the workbook was made for, and the digests of the files
    it was made from, the newest first (a form is made from none)."""

    unit: str = ""
    kinds: tuple[str, ...] = ()
    period: str = ""
    ancestors: tuple[str, ...] = ()


def marks_of(grids: tuple[Grid, ...]) -> tuple[Marks, tuple[Grid, ...]]:
    """What the workbook says of itself, and the sheets that people fill in.

    For other workbooks: nothing, and all their sheets.
    """
    marked = next((g for g in grids if g.name == _SHEET), None)
    if marked is None:
        return Marks(), grids
    names, _ = marked.column(1, 1, marked.last_row)
    values, kinds = marked.column(2, 1, marked.last_row)
    said = {
        name.removeprefix(_PREFIX): value
        for name, value, kind in zip(names, values, kinds, strict=True)
        if kind and name.startswith(_PREFIX)
    }
    ancestors = tuple(_DIGEST.findall(said.get("made_from", "")))
    fronts = {said.get("front", "")} - {""}
    own = (g for g in grids if g.name != _SHEET and g.name not in fronts)
    # a form of ours has more hidden sheets; in a county's own workbook `_` begins a name of its own
    filled_in = tuple(g for g in own if not (said.get("form") and g.name.startswith("_")))
    words = tuple(filter(None, said.get("kinds", "").split(";")))
    return Marks(said.get("unit", ""), words, said.get("period", ""), ancestors), filled_in
