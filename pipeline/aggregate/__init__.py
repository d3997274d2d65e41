"""Sets the figures against the task breakdown table, and keeps the books of every input."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from pipeline.aggregate.books import UnbalancedBooks, inputs, not_filed
from pipeline.aggregate.changes import changes
from pipeline.aggregate.findings import of_period
from pipeline.aggregate.priorities import priorities
from pipeline.aggregate.stated import compare_stated
from pipeline.aggregate.table import Boundaries, figures_table
from pipeline.model import Claims, Figures, Reading
from pipeline.programme import Programme
from pipeline.sql import query
from pipeline.values import fold, month_end

__all__ = ["UnbalancedBooks", "aggregate"]


def aggregate(
    claims: Claims, readings: Iterable[Reading], programme: Programme, period: str
) -> Figures:
    """The figures of one period, by unit, indicator and scope. Raises UnbalancedBooks."""
    readings = tuple(readings)
    targets = _targets(readings, programme)
    attended = _attendances(claims, programme)
    gazetteer = programme.gazetteer

    def table(day: date, *, redrawn: bool) -> pd.DataFrame:
        boundaries = Boundaries(gazetteer, day, redrawn)
        return figures_table(claims, attended, targets, boundaries, programme, period)

    issues = (*claims.issues, *compare_stated(readings, claims, programme))
    reported, expected = table(month_end(period), redrawn=False), _expected_rates(period, programme)
    standing = frozenset(file for file, _, _ in claims.stands)
    return Figures(
        period=period,
        table=reported,
        today=table(date.max, redrawn=True),
        inputs=inputs(readings, claims, programme),
        not_filed=not_filed(readings, programme, period),
        expected_rates=expected,
        issues=of_period(issues, readings, standing, period),
        changes=changes(claims, period),
        priorities=priorities(claims, reported, expected["year"], programme, period),
    )


def _targets(readings: Iterable[Reading], programme: Programme) -> dict[tuple[str, str, int], int]:
    """Targets by (unit, indicator, year); a later table overrides an earlier one cell by cell."""
    tables = [r for r in readings if r.task_table]
    targets = {}
    for reading in sorted(tables, key=lambda r: (r.period, r.submission.path)):
        for target in reading.task_table.targets if reading.task_table else ():
            entity = programme.gazetteer.entity(target.unit)
            targets[entity, target.indicator, target.year] = target.count
    return targets


def _attendances(claims: Claims, programme: Programme) -> pd.DataFrame:
    """人次 by indicator, year and unit: see attendances.sql."""
    rows = claims.rows
    rows = rows[rows["fate"].isin(["counted", "merged"])] if len(rows) else rows
    if rows.empty:
        return pd.DataFrame(columns=["indicator", "year", "unit", "attendances"])
    entity = programme.gazetteer.entity
    attended = pd.DataFrame(
        {
            "indicator": rows["indicator"].astype(str),
            "year": rows["begun"].astype(str),
            "person": rows["person"].astype(str),
            "start": rows["start"].astype(str),
            "activity": _activities(rows, programme),
            "unit": rows["unit"].astype(str),
            "entity": rows["entity"].astype(str),
            "keeper": rows["counted_for"].map(entity).astype(str),
        }
    )
    return query("attendances", attended=attended)


def _activities(rows: pd.DataFrame, programme: Programme) -> pd.Series:
    """What was attended: the course's code, or the employer as written."""
    names = rows["kind"].map({k.name: k.activity for k in programme.kinds})
    told = [
        row.get(name) or fold(str(row.get(f"{name}.text") or ""))
        for row, name in zip(rows.to_dict("records"), names, strict=True)
    ]
    return pd.Series([t if isinstance(t, str) else "" for t in told], index=rows.index, dtype=str)


def _expected_rates(period: str, programme: Programme) -> dict[str, float]:
    """序时进度: the share of the year, and of all the programme's years, that has gone by."""
    year, month = int(period[:4]), int(period[5:])
    gone = (year - programme.years[0]) * 12 + month
    whole = len(programme.years) * 12
    return {"year": month / 12, "cumulative": min(max(gone, 0), whole) / whole}
