"""逐月走势: who counts now, by the month whose return listed her first; as lines and as numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.model import Figures
from pipeline.programme import Programme
from pipeline.render.standings import percent

_BASIS, _SCOPE, _MONTHS = "listed", "year", 12
# the drawing's size, and what is left free around it, in its own units
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 560, 240, 44, 14, 14, 30
_STEP = 25

ByMonth = Mapping[tuple[str, str, str], Mapping[str, int]]  # unit, level, indicator -> month -> new


def new_by_month(figures: Figures) -> ByMonth:
    """For every unit and indicator of the year: how many of those who count were listed first when."""
    found: defaultdict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for line in figures.monthly.to_pylist():
        if (line["basis"], line["scope"], line["year"]) == (_BASIS, _SCOPE, figures.period[:4]):
            key = line["unit"], line["level"], line["indicator"]
            found[key][line["month"]] = line["persons"]
    return found


def trends(
    figures: Figures, programme: Programme, by_month: ByMonth, months: tuple[str, ...]
) -> list[dict[str, Any]]:
    """A line an indicator for the whole of the office: per month new, done so far, and the share of the
    task, with where its point lies in the drawing. `months`: those for which anybody filed.

    An indicator that counts no persons has none.
    """
    found = []
    for row in figures.table.to_pylist():
        at = row["unit"], row["level"], row["indicator"]
        if row["unit"] != programme.gazetteer.top or row["scope"] != _SCOPE or at not in by_month:
            continue
        points = list(_points(by_month[at], months, row["target"]))
        indicator = programme.indicator[row["indicator"]]
        drawn = _drawn(points, row["target"])
        found.append({"label": indicator.label, "unit_word": indicator.unit_word, **drawn})
    return found


def _points(
    new: Mapping[str, int], months: tuple[str, ...], target: int | None
) -> Iterator[dict[str, Any]]:
    done = 0
    for month in sorted({*new, *months}):
        done += new.get(month, 0)
        rate = done / target if target else None
        yield {
            "month": int(month[5:]), "label": f"{int(month[5:])}月", "new": new.get(month, 0),
            "done": done, "percent": percent(rate), "value": done if rate is None else rate * 100,
        }  # fmt: skip


def _drawn(points: list[dict[str, Any]], target: int | None) -> dict[str, Any]:
    top = _top(max(point["value"] for point in points), rated=target is not None and target > 0)
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x(month: int) -> float:
        return round(_LEFT + wide * month / _MONTHS, 1)

    def y(value: float) -> float:
        return round(_TOP + high * (1 - value / top), 1)

    placed = [point | {"x": x(point["month"]), "y": y(point["value"])} for point in points]
    steps = range(0, int(top) + 1, _STEP) if target else (0, int(top))
    return {
        "target": target,
        "points": placed,
        "line": " ".join(f"{p['x']},{p['y']}" for p in placed),
        "expected": f"{x(0)},{y(0)} {x(_MONTHS)},{y(100)}" if target else "",
        "grid": [{"y": y(step), "label": f"{step}%" if target else step} for step in steps],
        "months": [{"x": x(m), "label": m} for m in range(1, _MONTHS + 1)],
        "width": _WIDTH, "height": _HEIGHT, "left": _LEFT, "right": _WIDTH - _RIGHT,
        "bottom": _HEIGHT - _BOTTOM,
    }  # fmt: skip


def _top(most: float, *, rated: bool) -> float:
    """Where the axis ends: a rate's at 100 % or the next quarter above it, a count's at the count."""
    if not rated:
        return max(most, 1)
    return max(100, -(-most // _STEP) * _STEP)
