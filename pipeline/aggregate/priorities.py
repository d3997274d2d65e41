"""Which first: returned rows ranked by how far mending them can move a published figure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.model import Claims, Issue, Priority, Severity
from pipeline.programme import Programme


def priorities(
    claims: Claims, table: pd.DataFrame, expected: float, programme: Programme, period: str
) -> tuple[Priority, ...]:
    """The returned rows of standing returns of the period's year, the weightiest first.

    A row gains one person where she does not count anyway; rows of one person gain her once. First
    stand the rows on the shortest list that settles the province's figure, then those that complete
    their unit's task, then those of the unit nearest to its task, then those with fewest cells.

    The province's figure is settled when its standing against 序时进度 and against its whole task can
    no longer change: it lies above the threshold, or cannot reach it even if every returned row is
    mended. Where it may still be reached, the list is the rows with fewest cells that carry it there.
    What the rows will say once mended nobody knows: a gain is the most a row can bring.
    """
    rows = claims.rows
    if rows.empty:
        return ()
    wrong = rows[(rows["fate"] == "returned") & (rows["year"] == period[:4]) & (rows["unit"] != "")]
    cells = _cells(claims.issues)
    counties = table[(table["scope"] == "year") & (table["level"] == "county")]
    keys = zip(counties["unit"], counties["indicator"], strict=True)
    yearly = dict(zip(keys, counties.to_dict("records"), strict=True))
    found = [
        _priority(row, gain, cells, yearly, programme)
        for row, gain in _gains(wrong, rows[rows["begun"] == period[:4]])
        if (row["file"], row["sheet"], row["row"]) in cells
    ]
    needed = _needed(found, table[table["unit"] == programme.gazetteer.top], expected)
    told = [replace(p, needed=(p.file, p.sheet, p.row) in needed) for p in found]
    return tuple(sorted(told, key=_rank))


def _gains(wrong: pd.DataFrame, rows: pd.DataFrame) -> Iterator[tuple[Mapping[Any, Any], int]]:
    counted = rows[rows["fate"] == "counted"]
    taken = set(zip(counted["indicator"], counted["person"], strict=True))
    for row in wrong[["indicator", "person", "unit", "file", "sheet", "row"]].to_dict("records"):
        key = (row["indicator"], row["person"])
        gain = int(not row["person"] or key not in taken)
        taken.add(key)
        yield row, gain


def _cells(issues: Iterable[Issue]) -> dict[tuple[str, str, int], list[Issue]]:
    cells: dict[tuple[str, str, int], list[Issue]] = {}
    for issue in issues:
        if issue.severity == Severity.ERROR and issue.row:
            cells.setdefault((issue.file, issue.sheet, issue.row), []).append(issue)
    return cells


def _priority(
    row: Mapping[Any, Any],
    gain: int,
    cells: Mapping[tuple[str, str, int], list[Issue]],
    yearly: Mapping[tuple[str, str], Mapping[Any, Any]],
    programme: Programme,
) -> Priority:
    issues = cells[row["file"], row["sheet"], row["row"]]
    figure = yearly.get((row["unit"], row["indicator"]))
    target = None if figure is None or pd.isna(figure["target"]) else int(figure["target"])
    counted = 0 if figure is None else int(figure["counted"])
    return Priority(
        indicator=row["indicator"],
        unit=row["unit"],
        file=row["file"],
        sheet=row["sheet"],
        row=int(row["row"]),
        cells=tuple(dict.fromkeys(i.cell for i in issues)),
        rules=tuple(dict.fromkeys(i.rule for i in issues)),
        gain=gain,
        target=target,
        counted=counted,
        completes=bool(gain and target and counted < target <= counted + gain),
        needed=False,
    )


def _needed(
    found: Sequence[Priority], top: pd.DataFrame, expected: float
) -> frozenset[tuple[str, str, int]]:
    """The rows on the shortest list, per indicator and for the next threshold in reach."""
    needed: set[tuple[str, str, int]] = set()
    for figure in top[top["scope"] == "year"].to_dict("records"):
        if pd.isna(figure["target"]) or not figure["target"]:
            continue
        target, counted = int(figure["target"]), int(figure["counted"])
        rows = [p for p in found if p.indicator == figure["indicator"] and p.gain]
        rows.sort(key=lambda p: (len(p.cells), not p.completes, p.unit, p.file, p.sheet, p.row))
        for threshold in sorted({math.ceil(target * expected), target}):
            if counted < threshold <= counted + len(rows):
                needed |= {(p.file, p.sheet, p.row) for p in rows[: threshold - counted]}
                break
    return frozenset(needed)


def _rank(priority: Priority) -> tuple[object, ...]:
    short = (priority.target or 0) - priority.counted
    nearness = short / priority.target if priority.target and short > 0 else math.inf
    return (
        not priority.needed, not priority.gain, not priority.completes, nearness,
        len(priority.cells), priority.unit, priority.file, priority.sheet, priority.row,
    )  # fmt: skip
