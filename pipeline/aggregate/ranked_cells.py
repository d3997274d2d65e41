"""Which first: returned rows ranked by how far mending them can move a published figure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine
from pipeline.model import Claims, Issue, Priority, Severity, issues_of
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

Line = Mapping[str, Any]


def priorities(
    claims: Claims,
    issues: pa.Table,
    table: pa.Table,
    expected: float,
    programme: Programme,
    engine: Engine,
) -> tuple[Priority, ...]:
    """The returned rows of standing returns of the period's year, the weightiest first.

    A row gains one person where she does not count anyway; rows of one person gain her once. First
    stand the rows on the shortest list that settles the province's figure, then those that complete
    their unit's task, then those of the unit nearest to its task, then those with fewest cells.

    The province's figure is settled when its standing against 序时进度 and against its whole task can
    no longer change: it lies above the threshold, or cannot reach it even if every returned row is
    mended. Where it may still be reached, the list is the rows with fewest cells that carry it there.
    A row that breaks a rule of eligibility is not among them: what it says is to be verified, not mended.
    What the rows will say once mended nobody knows: a gain is the most a row can bring.
    """
    import pyarrow as pa

    figures = [line for line in table.to_pylist() if line["scope"] == "year"]
    year = pa.table({"year": [str(figures[0]["year"])]})
    cells = _cells(issues, programme)
    wrong = [
        row
        for row in engine.ask("mendable", {"rows": claims.rows, "about": year}).to_pylist()
        if (row["file"], row["sheet"], row["row"]) in cells
    ]
    yearly = {(f["unit"], f["indicator"]): f for f in figures if f["level"] == "county"}
    found = [_priority(row, gain, cells, yearly) for row, gain in _gains(wrong)]
    top = [f for f in figures if f["unit"] == programme.gazetteer.top]
    needed = _needed(found, top, expected)
    weighed = [replace(p, needed=(p.file, p.sheet, p.row) in needed) for p in found]
    return tuple(sorted(weighed, key=_rank))


def _gains(wrong: Iterable[Line]) -> Iterator[tuple[Line, int]]:
    taken = set()
    for row in wrong:
        key = (row["indicator"], row["person"])
        gain = int(not row["person"] or not (row["counted_anyway"] or key in taken))
        taken.add(key)
        yield row, gain


def _cells(issues: pa.Table, programme: Programme) -> dict[tuple[str, str, int], list[Issue]]:
    """The errors of every row that was wrongly written; none of those of whom does not belong."""
    import pyarrow.compute as pc

    errors = issues.filter(pc.equal(issues["severity"], Severity.ERROR.value))
    cells: dict[tuple[str, str, int], list[Issue]] = {}
    for issue in issues_of(errors):
        if issue.row:
            cells.setdefault((issue.file, issue.sheet, issue.row), []).append(issue)
    return {
        place: found
        for place, found in cells.items()
        if not any(programme.rule[i.rule].eligibility for i in found)
    }


def _priority(
    row: Line,
    gain: int,
    cells: Mapping[tuple[str, str, int], list[Issue]],
    yearly: Mapping[tuple[str, str], Line],
) -> Priority:
    issues = cells[row["file"], row["sheet"], row["row"]]
    figure = yearly.get((row["unit"], row["indicator"]))
    target = figure["target"] if figure else None
    counted = figure["counted"] if figure else 0
    return Priority(
        indicator=row["indicator"],
        unit=row["unit"],
        file=row["file"],
        sheet=row["sheet"],
        row=row["row"],
        cells=tuple(dict.fromkeys(i.cell for i in issues)),
        rules=tuple(dict.fromkeys(i.rule for i in issues)),
        gain=gain,
        target=target,
        counted=counted,
        completes=bool(gain and target and counted < target <= counted + gain),
        needed=False,
    )


def _needed(
    found: Sequence[Priority], top: Iterable[Line], expected: float
) -> frozenset[tuple[str, str, int]]:
    """The rows on the shortest list, per indicator and for the next threshold in reach."""
    needed: set[tuple[str, str, int]] = set()
    for figure in top:
        target, counted = figure["target"], figure["counted"]
        if not target:
            continue
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
