"""Rates as bars: 100 % fills the track; what goes beyond it is drawn beyond it, on the same scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.render.standings import DASH

_MOST = 1.5  # beyond it a bar is cut off, and marked so


def bars(lines: Iterable[Mapping[str, Any]], expected: float) -> dict[str, Any]:
    """The lines with `width` (of the whole room) and `cut`, and for all of them: `track`, where 100 %
    lies, and `expected`, where 序时进度 lies; all in percent of the room. `lines` have a `rate`.

    >>> b = bars([{"rate": 0.5}, {"rate": 1.25}], 0.75)
    >>> b["track"], b["expected"], [line["width"] for line in b["lines"]]
    (80.0, 60.0, [40.0, 100.0])
    """
    found = list(lines)
    rates = [line["rate"] for line in found if line["rate"] != DASH]
    track = 100 / min(max([1.0, *rates]), _MOST)
    scale: dict[str, Any] = {"track": track, "expected": round(min(expected, 1) * track, 2)}
    drawn = [on_scale(line, scale) for line in found]
    return {**scale, "track": round(track, 2), "lines": drawn}


def on_scale(line: Mapping[str, Any], scale: Mapping[str, Any]) -> dict[str, Any]:
    """The line with its `width` on a scale that is made for it and others, and whether it is `cut` there."""
    rate = 0.0 if line["rate"] == DASH else float(line["rate"])
    return {**line, "width": round(min(rate, _MOST) * scale["track"], 2), "cut": rate > _MOST}
