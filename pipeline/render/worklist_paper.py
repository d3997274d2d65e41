"""What is still to do, for the index page and 优先更正清单.xlsx: changes by unit, and which cells first."""

from __future__ import annotations

from typing import Any

from pipeline.model import Figures, Priority
from pipeline.programme import Programme
from pipeline.render.data import shown_path


def worklist(figures: Figures, programme: Programme) -> dict[str, Any]:
    """`changes` (one line a unit), `mended` (all of them together), `priorities` (the weightiest first) and `safety` (one line an
    indicator: how much mending it would take to settle the province's figure)."""
    return {
        "mended": figures.mended,
        "changes": [
            {
                "unit": programme.gazetteer.name(unit), "rounds": c.rounds, "fixed": c.fixed,
                "still": c.still, "new": c.new, "gone": c.gone,
            }
            for unit, c in figures.changes.items()
            if c.found or c.rounds > 1
        ],
        "priorities": [
            _in_words(n, p, figures, programme) for n, p in enumerate(figures.priorities, 1)
        ],
        "safety": [_safety(name, figures, programme) for name in programme.indicator],
    }  # fmt: skip


def _in_words(
    rank: int, priority: Priority, figures: Figures, programme: Programme
) -> dict[str, Any]:
    return {
        "rank": rank,
        "indicator": programme.indicator[priority.indicator].label,
        "unit": programme.gazetteer.name(priority.unit),
        "file": shown_path(priority.file, figures.period),
        "sheet": priority.sheet,
        "cells": "、".join(priority.cells),
        "what": "；".join(programme.rule[r].title for r in priority.rules),
        "effect": _effect(priority),
        "needed": "是" if priority.needed else "",
    }


def _effect(priority: Priority) -> str:
    if not priority.gain:
        return "人数不变（此人已计入）"
    if priority.completes:
        return f"增加 1 人，完成任务（{priority.target} 人）"
    task = f"，任务 {priority.target} 人" if priority.target else ""
    return f"增加 1 人（现 {priority.counted} 人{task}）"


def _safety(name: str, figures: Figures, programme: Programme) -> dict[str, Any]:
    """Whether the province's standing is settled, and if not, how many cells settle it."""
    mine = [p for p in figures.priorities if p.indicator == name]
    needed = [p for p in mine if p.needed]
    gain, cells = sum(p.gain for p in mine), sum(len(p.cells) for p in needed)
    label = programme.indicator[name].label
    if needed:
        text = f"{label}：优先更正 {len(needed)} 行 {cells} 格，全部更正后即可达到下一档进度"
    elif gain:
        text = f"{label}：填写有误而退回的行全部更正后最多增加 {gain} 人，不影响进度档次"
    else:
        text = f"{label}：没有影响人数的退回行"
    return {"text": text, "needed": len(needed)}
