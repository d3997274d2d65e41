"""What a workbook of ours says of itself, in a hidden sheet that survives renaming and re-saving."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Grid

_SHEETS, _PREFIX = ("_pipeline", "_pipeline_origin"), "pipeline_"
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Marks:
    """unit, kinds (their names) and period as the workbook was made for, and the digests of the files
    it was made from, the newest first (a form is made from none); findings: what was found in the
    newest of them, as rule, field, sheet, cell and name."""

    unit: str = ""
    kinds: tuple[str, ...] = ()
    period: str = ""
    ancestors: tuple[str, ...] = ()
    findings: tuple[tuple[str, ...], ...] = ()


def marks_of(grids: tuple[Grid, ...]) -> tuple[Marks, tuple[Grid, ...]]:
    """What the workbook says of itself, and the sheets that people fill in.

    For other workbooks: nothing, and all their sheets.
    """
    marked = [g for g in grids if g.name in _SHEETS]
    if not marked:
        return Marks(), grids
    facts = {name: value for grid in marked for name, value in _lines(grid)}
    ancestors = tuple(_DIGEST.findall(facts.get("made_from", "")))
    fronts = {facts.get("front", "")} - {""}
    own = (g for g in grids if g.name not in _SHEETS and g.name not in fronts)
    # a form of ours has more hidden sheets; in a county's own workbook `_` begins a name of its own
    filled_in = tuple(g for g in own if not (facts.get("form") and g.name.startswith("_")))
    words = tuple(filter(None, facts.get("kinds", "").split(";")))
    findings = (tuple(v.split("/", 4)) for name, v in facts.items() if name.startswith("finding"))
    whole = tuple(found for found in findings if len(found) == 5)
    return Marks(facts.get("unit", ""), words, facts.get("period", ""), ancestors, whole), filled_in


def sent_back(marks: Marks, path: str) -> Iterator[dict[str, object]]:
    """What was found in the file before this one: lines of model.tables.SENT_BACK."""
    for rule, field, sheet, cell, name in marks.findings:
        if at := _CELL.fullmatch(cell):
            yield {
                "file": path, "sheet": sheet, "column": at[1], "row": int(at[2]),
                "field": field, "rule": rule, "name": name,
            }  # fmt: skip


def _lines(grid: Grid) -> Iterator[tuple[str, str]]:
    """Names in the first column, what they say in the second."""
    names, _ = grid.column(1, 1, grid.last_row)
    values, kinds = grid.column(2, 1, grid.last_row)
    for name, value, kind in zip(names, values, kinds, strict=True):
        if kind and name.startswith(_PREFIX):
            yield name.removeprefix(_PREFIX), value
