"""进度: each figure against the expected share of its task, what it comes to at this pace, and its rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_TEXTS = ("unit", "level", "indicator", "scope")
_NUMBERS = ("rate", "expected", "points", "at_this_pace")
COLUMNS = (*_TEXTS, "target", "counted", *_NUMBERS, "rank", "of")


def progress(figures: pa.Table, expected: Mapping[str, float]) -> pa.Table:
    """progress.csv: one line a figure that has a task.

    points: percentage points ahead of (+) or behind 序时进度; at_this_pace: what the span ends with if
    it goes on so; rank: by rate among the lines of its level, equal rates sharing one, of so many.
    """
    import pyarrow as pa

    lines = [_line(figure, expected) for figure in figures.to_pylist() if figure["target"]]
    ranked: dict[tuple[str, ...], list[float]] = {}
    for line in lines:
        ranked.setdefault(_among(line), []).append(line["rate"])
    for line in lines:
        rates = ranked[_among(line)]
        line["rank"] = 1 + sum(rate > line["rate"] for rate in rates)
        line["of"] = len(rates)
        line |= {name: round(line[name], 4) for name in _NUMBERS}
    types = [
        (name, pa.string() if name in _TEXTS else pa.float64() if name in _NUMBERS else pa.int64())
        for name in COLUMNS
    ]
    return pa.Table.from_pylist(lines, schema=pa.schema(types))


def _line(figure: Mapping[str, Any], expected: Mapping[str, float]) -> dict[str, Any]:
    share = expected[figure["scope"]]
    rate = figure["counted"] / figure["target"]
    return {
        **{word: figure[word] for word in (*_TEXTS, "target", "counted")},
        "rate": rate,
        "expected": share,
        "points": (rate - share) * 100,
        "at_this_pace": figure["counted"] / share if share else 0.0,
    }


def _among(line: Mapping[str, Any]) -> tuple[str, ...]:
    return line["level"], line["indicator"], line["scope"]
