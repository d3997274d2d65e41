"""One indicator as the report tells it: its figure, its pace, who is ahead and who behind, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import Figures
from pipeline.programme import Indicator, Programme
from pipeline.render.phrases import (
    Rated,
    against,
    exception,
    first_few,
    listed,
    over_month,
    points_over_month,
)
from pipeline.render.standings import DASH, percent

_RANKED = 3
_LONG_NAME = 4  # characters that fit under a group of bars
Line = Mapping[str, Any]


def indicator_in_words(
    indicator: Indicator,
    top: Line,
    below: Sequence[Line],
    counties: Sequence[Line],
    figures: Figures,
    programme: Programme,
) -> dict[str, Any]:
    """The words of one indicator's paragraphs; '' or nothing where its figures do not say it.

    `below`: the units that the report compares; `counties`: all county-level ones.
    """
    name, unit_word = indicator.name, indicator.unit_word
    year, whole = top[name]["year"], top[name]["cumulative"]
    more, without = _over_month(figures).get((top["code"], top["level"], name), (None, 0))
    word = "个市（州）" if below and below[0]["level"] == "prefecture" else "个县（市、区）"
    expected = percent(figures.expected_rates["year"])
    rated = [(x, _rated(x, name)) for x in _ranked(below, name)]
    behind = [r for x, r in rated if x[name]["year"]["status"] == "欠进度"][::-1]
    ahead = [r for x, r in rated if x[name]["year"]["status"] != "欠进度"]
    return {
        "label": indicator.label,
        "unit_word": unit_word,
        "times": f"（{year['attendances']}{unit_word}次）" if indicator.measure.counts_persons else "",
        "year": year,
        "cumulative": whole,
        "has_target": year["target"] != DASH and bool(year["target"]),
        "has_whole_target": whole["target"] != DASH and bool(whole["target"]),
        "expected": expected,
        "against": "" if year["ahead"] is None else against(_shown_points(year, figures), expected, year["rate"]),
        "over_month": over_month(more, unit_word, without),
        "left_out": without,
        "points": "" if without else _points(more, year),
        "exception": exception(ahead, behind, word, _reached(figures)),
        "highest": "" if behind else _ends([r for _, r in rated]),
        "behind": len(behind),
        "counties": _counties(counties, name) if counties != below else None,
        "lagging": _lagging(counties, name, programme),
        "missing": _missing(below, name, unit_word, word),
        "missing_all": sum(x[name]["year"]["short"] for x in below if x[name]["year"]["status"] == "欠进度"),
    }  # fmt: skip


def _reached(figures: Figures) -> str:
    """What a unit has done that is not behind: at the end of the year, its task."""
    return "完成年度任务" if figures.expected_rates["year"] >= 1 else "达到序时进度"


def _rated(line: Line, name: str) -> Rated:
    return Rated(line["name"], line[name]["year"]["percent"])


def _ranked(lines: Sequence[Line], name: str) -> list[Line]:
    """The lines that have a rate, the highest first, in the table's order where equal."""
    rated = [x for x in lines if x[name]["year"]["rate"] != DASH]
    return sorted(rated, key=lambda x: -x[name]["year"]["rate"])


def _ends(ranked: Sequence[Rated]) -> str:
    """The first three of a ranked list; nothing of one so short that it is told whole."""
    return "、".join(map(str, ranked[:_RANKED])) if len(ranked) > 2 * _RANKED else ""


def _shown_points(year: Line, figures: Figures) -> float:
    """The difference of the two rates as printed: a reader subtracts them."""
    return _shown(year["rate"]) - _shown(figures.expected_rates["year"])


def _points(more: int | None, year: Line) -> str:
    if more is None or year["target"] == DASH or not year["target"]:
        return ""
    before = (year["done"] - more) / year["target"]
    return points_over_month(_shown(year["rate"]) - _shown(before))


def _shown(rate: float) -> float:
    """A rate in per cent as `percent` prints it."""
    return float(percent(rate).removesuffix("%"))


def _counties(counties: Sequence[Line], name: str) -> dict[str, Any] | None:
    """How many counties stand how."""
    rated = _ranked(counties, name)
    if not rated:
        return None
    states = [x[name]["year"]["status"] for x in rated]
    return {
        "of": len(rated),
        "met": states.count("已完成"),
        "reached": states.count("已完成") + states.count("达进度"),
    }


def _lagging(counties: Sequence[Line], name: str, programme: Programme) -> dict[str, Any] | None:
    """The counties furthest behind, the lowest first: those that are named."""
    found = [
        x for x in _ranked(counties, name)[::-1] if x[name]["year"]["ahead"] <= -programme.lagging
    ]
    if not found:
        return None
    names = [_rated(x, name) for x in found]
    return {
        "names": first_few(names, "个县（市、区）"),
        "lowest": listed(names[:_RANKED]),
        "count": len(found),
        "points": programme.lagging,
    }


def _missing(below: Sequence[Line], name: str, unit_word: str, word: str) -> str:
    """What each unit that is behind still lacks, the most first."""
    behind = [x for x in below if x[name]["year"]["status"] == "欠进度"]
    behind.sort(key=lambda x: (-x[name]["year"]["short"], x["code"]))
    named = [f"{x['name']}（{x[name]['year']['short']}{unit_word}）" for x in behind]
    return first_few(named, word)


def table_lines(
    lines: Sequence[Line], programme: Programme, figures: Figures
) -> list[dict[str, Any]]:
    """A line a unit of the report's table: for each indicator task, done, rate and the month's change."""
    more = _over_month(figures)
    return [
        {
            "name": line["name"],
            "whole": n == 0,
            **{
                i.name: {
                    **{word: line[i.name]["year"][word] for word in ("target", "done", "percent")},
                    "more": _signed(more.get((line["code"], line["level"], i.name), (None, 0))[0]),
                }
                for i in programme.indicators
            },
        }
        for n, line in enumerate(lines)
    ]


def _signed(more: int | None) -> str:
    return DASH if more is None else f"{more:+d}" if more else "0"


def chart_lines(
    below: Sequence[Line], programme: Programme, figures: Figures
) -> list[dict[str, Any]]:
    """A line a unit of the report's first chart: its rates as numbers, and 序时进度."""
    return [
        {
            "name": _short(line["code"], programme),
            "expected": round(figures.expected_rates["year"], 4),
            **{i.name: _number(line[i.name]["year"]["rate"]) for i in programme.indicators},
        }
        for line in below
    ]


def _short(code: str, programme: Programme) -> str:
    """What a unit is called where there is little room."""
    unit = programme.gazetteer.by_code[code]
    long = len(unit.name) > _LONG_NAME
    return min((unit.name, *unit.aliases), key=len) if long else unit.name


def _number(rate: Any) -> float | str:
    return "" if rate == DASH else round(rate, 4)


def month_lines(figures: Figures, programme: Programme) -> list[dict[str, Any]]:
    """A line a month of the year so far: how many had begun by its end, of the persons who count now."""
    year, last = figures.period[:4], int(figures.period[5:])
    top = figures.table.to_pylist()[0]
    begun: dict[tuple[str, str], int] = {}
    for line in figures.monthly.to_pylist():
        if (line["unit"], line["level"], line["basis"], line["scope"], line["year"]) == (
            top["unit"], top["level"], "began", "year", year,
        ):  # fmt: skip
            begun[line["indicator"], line["month"]] = line["persons"]
    so_far = dict.fromkeys((i.name for i in programme.indicators), 0)
    found = []
    for month in range(1, last + 1):
        for indicator in so_far:
            so_far[indicator] += begun.get((indicator, f"{year}-{month:02d}"), 0)
        found.append({"name": f"{month}月", **so_far})
    return found


def _over_month(figures: Figures) -> dict[tuple[str, str, str], tuple[int, int]]:
    """How much each unit's count of the year moved since the month before, where that can be said, and
    how many units that leaves out which count somebody now."""
    return {
        (line["unit"], line["level"], line["indicator"]): (
            line["over_month"],
            line["month_without"]
            if line["now"] != line["month_before"] + line["over_month"]
            else 0,
        )
        for line in figures.comparisons.to_pylist()
        if (line["scope"], line["basis"]) == ("year", "listed") and line["over_month"] is not None
    }
