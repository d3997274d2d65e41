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
    scale = 100 / min(max([1.0, *rates]), _MOST)
    return {
        "track": round(scale, 2),
        "expected": round(min(expected, 1) * scale, 2),
        "lines": [
            {
                **line,
                "width": round(min(_rate(line), _MOST) * scale, 2),
                "cut": _rate(line) > _MOST,
            }
            for line in found
        ],
    }


def _rate(line: Mapping[str, Any]) -> float:
    return 0.0 if line["rate"] == DASH else float(line["rate"])
