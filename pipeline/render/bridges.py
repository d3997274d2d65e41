"""The bridge as a sheet shows it: a line a unit and indicator, and the steps that the chart draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.model import Figures
from pipeline.model.words import STEP_WORDS, UNSTATED
from pipeline.office.fill import BESIDE, cited
from pipeline.programme import Programme
from pipeline.render.standings import its_own_county

_DASH = "—"
_WHOLE = frozenset({"self_reported", "filed", "counted", "target"})
_WITH_ROWS = frozenset({"filed", "returned", "elsewhere", "merged", "carried"})
_DRAWN = ("filed", "returned", "elsewhere", "merged", "carried", "counted", "short", "target")
Line = Mapping[str, Any]


def bridge_in_words(figures: Figures, programme: Programme) -> dict[str, Any]:
    """bridge: its lines; waterfall: for each indicator the province's steps, drawn one above another."""
    twice = its_own_county(figures)
    found: dict[tuple[str, str, str], list[Line]] = {}
    whole: dict[str, list[Line]] = {}
    for line in figures.bridge.to_pylist():
        if (line["unit"], line["level"]) not in twice:
            found.setdefault((line["unit"], line["level"], line["indicator"]), []).append(line)
        if line["unit"] == programme.gazetteer.top:
            whole.setdefault(line["indicator"], []).append(line)
    top = [steps for (unit, *_), steps in found.items() if unit == programme.gazetteer.top]
    below = [steps for (unit, *_), steps in found.items() if unit != programme.gazetteer.top]
    ordered = [*below, *top] if programme.total_row == "last" else [*top, *below]
    return {
        "bridge": [_line(steps, programme) for steps in ordered],
        "waterfall": {i.name: _drawn(whole.get(i.name, [])) for i in programme.indicators},
    }


def _line(steps: Sequence[Line], programme: Programme) -> dict[str, Any]:
    unit, level, indicator = (steps[0][word] for word in ("unit", "level", "indicator"))

    return {
        "name": "合计" if unit == programme.gazetteer.top else programme.gazetteer.name(unit),
        "level": level,
        "indicator": programme.indicator[indicator].label,
        **{step: _cited(total, step, steps) for step, total in _totals(steps).items()},
        "why": "；".join(_why(steps, programme)),
    }


def _cited(total: int | None, step: str, steps: Sequence[Line]) -> Any:
    if total is None:
        return _DASH
    who = tuple(steps[0][word] for word in ("unit", "level", "indicator"))
    return cited(total, (*who, "year", f"bridge:{step}" if step in _WITH_ROWS else step, ""))


def _totals(steps: Iterable[Line]) -> dict[str, int | None]:
    """What each step adds up to over its details; None where nothing is known."""
    totals: dict[str, int | None] = {name: 0 if name in _WITH_ROWS else None for name in STEP_WORDS}
    for line in steps:
        if line["value"] is not None:
            totals[line["step"]] = (totals[line["step"]] or 0) + line["value"]
    return totals


def _why(steps: Iterable[Line], programme: Programme) -> Iterable[str]:
    for line in steps:
        if line["step"] == "returned":
            rule = programme.rule.get(line["detail"])
            yield f"{rule.title if rule else '整份退回'} {-line['value']} 行"
        elif line["step"] == "elsewhere":
            yield f"计入{programme.gazetteer.name(line['detail'])} {-line['value']} 行"
        elif line["detail"] == UNSTATED:
            yield f"没有自报数的名单 {line['value']} 行"


def _drawn(steps: Sequence[Line]) -> list[dict[str, Any]]:
    """Each step as a block that stands on what was there before it: label, base, whole, up, down."""
    totals, labels = _totals(steps), STEP_WORDS
    blocks: list[dict[str, Any]] = []
    level = 0
    for step in _DRAWN if steps else ():
        value = totals.get(step)
        if value is None:
            continue
        block = {"label": labels[step], "base": "", "whole": "", "up": "", "down": ""}
        if step in _WHOLE:
            block["whole"], level = _cited(value, step, steps), value
        else:
            block["base"] = cited(min(level, level + value), BESIDE)
            if value:
                block["up" if value > 0 else "down"] = _cited(abs(value), step, steps)
            level += value
        blocks.append(block)
    return blocks
