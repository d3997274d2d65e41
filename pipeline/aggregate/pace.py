"""进度: each figure against the expected share of its task, what it comes to at this pace, and its rank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.periods import months_after

if TYPE_CHECKING:
    import pyarrow as pa

_TEXTS = ("unit", "level", "indicator", "scope", "done_by")
_RATES = ("rate", "expected", "points", "at_this_pace")
COLUMNS = ("unit", "level", "indicator", "scope", "target", "counted", *_RATES, "rank", "of",
           "done_by", "rank_before", "rank_change")  # fmt: skip
Key = tuple[str, str, str, str]  # unit, level, indicator, scope


@dataclass(frozen=True)
class Span:
    """What a task is set for: from which month on, for how many, and how many of them have gone by."""

    first: str
    months: int
    gone: int


def spans_of(period: str, years: tuple[int, ...]) -> dict[str, Span]:
    """The year, and all years of the programme, as of a period.

    >>> spans_of("2019-03", (2018, 2019, 2020))["cumulative"]
    Span(first='2018-01', months=36, gone=15)
    """
    year, month = int(period[:4]), int(period[5:])
    whole = len(years) * 12
    gone = min(max((year - years[0]) * 12 + month, 0), whole)
    return {
        "year": Span(f"{year}-01", 12, month),
        "cumulative": Span(f"{years[0]}-01", whole, gone),
    }


def progress(
    figures: pa.Table, spans: Mapping[str, Span], before: Mapping[Key, int], period: str
) -> pa.Table:
    """progress.csv: one line a figure that has a task.

    points: percentage points ahead of (+) or behind 序时进度; at_this_pace: what the span ends with if
    it goes on so; done_by: the month in which the task is met at this pace, which may lie behind the
    span's end; of a task that is met, the period; '' where nobody counts yet. rank: by rate among the
    lines of its level, equal rates sharing one, of so many; rank_before: likewise a month ago (`before`),
    null where nobody of that level had filed; rank_change: places gained (+) or lost.
    """
    import pyarrow as pa

    lines = [_line(f, spans[f["scope"]], period) for f in figures.to_pylist() if f["target"]]
    _rank(lines, {_of(line): line["rate"] for line in lines}, "rank")
    earlier = {_among(key) for key in before}
    _rank(
        lines,
        {
            _of(line): before.get(_of(line), 0) / line["target"]
            for line in lines
            if _among(_of(line)) in earlier
        },
        "rank_before",
    )
    for line in lines:
        was = line["rank_before"]
        line["rank_change"] = None if was is None else was - line["rank"]
        line |= {name: round(line[name], 4) for name in _RATES}
    types = [
        (name, pa.string() if name in _TEXTS else pa.float64() if name in _RATES else pa.int64())
        for name in COLUMNS
    ]
    return pa.Table.from_pylist(lines, schema=pa.schema(types))


def _line(figure: Mapping[str, Any], span: Span, period: str) -> dict[str, Any]:
    share = span.gone / span.months
    counted, target = figure["counted"], figure["target"]
    return {
        **{word: figure[word] for word in ("unit", "level", "indicator", "scope")},
        "target": target,
        "counted": counted,
        "rate": counted / target,
        "expected": share,
        "points": (counted / target - share) * 100,
        "at_this_pace": counted / share if share else 0.0,
        "done_by": _done_by(counted, target, span, period),
    }


def _done_by(counted: int, target: int, span: Span, period: str) -> str:
    if counted >= target:
        return period
    if not counted or not span.gone:
        return ""
    return months_after(span.first, -(-target * span.gone // counted) - 1)


def _rank(lines: Iterable[dict[str, Any]], rates: Mapping[Key, float], word: str) -> None:
    """Adds each line's rank among those of its level that have a rate."""
    among: dict[tuple[str, ...], list[float]] = {}
    for key, rate in rates.items():
        among.setdefault(_among(key), []).append(rate)
    for line in lines:
        key = _of(line)
        equals = among.get(_among(key), [])
        line[word] = 1 + sum(r > rates[key] for r in equals) if key in rates else None
        line["of"] = len(equals) if word == "rank" else line["of"]


def _of(line: Mapping[str, Any]) -> Key:
    return line["unit"], line["level"], line["indicator"], line["scope"]


def _among(key: Key) -> tuple[str, ...]:
    return key[1:]
