"""更正说明: which figures of a delivered period changed since it was delivered before, and why."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.aggregate import Boundaries
from pipeline.ask.receipts import Delivered, newest
from pipeline.engine import Engine
from pipeline.model import Document, Stored
from pipeline.model.stop import Exit, Stop
from pipeline.model.words import REASON_WORDS
from pipeline.programme import Programme
from pipeline.values import month_end
from pipeline.workers import scratch

_PAPER, _BOOK, _PREVIOUS = "更正说明.docx", "更正说明.xlsx", ".previous"
_COMPARED = (("counted", "完成数"), ("target", "任务数"))
Key = tuple[str, str, str, str]  # unit, level, indicator, scope


@dataclass(frozen=True)
class Restated:
    """One figure that changed, with its causes: what, and how many persons more (+) or fewer (-)."""

    unit: str
    level: str
    indicator: str
    scope: str
    measure: str
    old: str
    new: str
    causes: tuple[tuple[str, int], ...]


def restatement(outbox: Path, period: str, programme: Programme) -> tuple[str, list[Restated]]:
    """The period, and every figure of it that is not what was delivered before.

    Raises Stop where the period was delivered only once, or before rows had their step (bridge_rows).
    """
    now = newest(outbox, period)
    before = _before(outbox, now.period)
    old, new = _figures(before), _figures(now)
    moves = _moves(before, now)
    members = {
        (code, level): frozenset(entities)
        for code, level, entities in Boundaries(
            programme.gazetteer, month_end(now.period), redrawn=False
        ).lines()
    }
    found = []
    for key in dict.fromkeys((*new, *old)):
        for measure, label in _COMPARED:
            was, is_ = (of.get(key, {}).get(measure, "") for of in (old, new))
            if was != is_:
                causes = (
                    tuple(_causes(key, members.get(key[:2], frozenset()), moves, now, programme))
                    if measure == "counted"
                    else (("任务分解表有变化", 0),)
                )
                found.append(Restated(*key, label, was, is_, causes))
    return now.period, found


def correction_papers(
    period: str, found: list[Restated], programme: Programme, templates: Path
) -> tuple[Document, ...]:
    """更正说明.docx and 更正说明.xlsx. Raises ProgrammeFault for a template."""
    from pipeline.office.fill import fill_letter, filled

    view = {
        "title": programme.title,
        "office": programme.office,
        "period_label": f"{period[:4]}年{int(period[5:])}月",
        "restated": [change_in_words(one, programme) for one in found],
    }
    return (
        Document(_PAPER, "主办单位", fill_letter(templates / _PAPER, view), private=False),
        Document(_BOOK, "主办单位", filled(templates / _BOOK, view), private=False),
    )


def change_in_words(one: Restated, programme: Programme) -> dict[str, Any]:
    """One change as the papers say it."""
    causes = [f"{what} {count:+d} 人" if count else what for what, count in one.causes]
    return {
        "name": programme.gazetteer.name(one.unit),
        "level": one.level,
        "indicator": programme.indicator[one.indicator].label,
        "scope": "累计" if one.scope == "cumulative" else "本年",
        "measure": one.measure,
        "old": _number(one.old),
        "new": _number(one.new),
        "causes": "；".join(causes) or "行政区划或归属有变化",
    }


def _number(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdigit() else text or "—"


def _before(outbox: Path, period: str) -> Delivered:
    folder = outbox / _PREVIOUS / period
    if not (folder / "data" / "rows.parquet").is_file():
        raise Stop(f"{period} 只出过一次结果，没有可以比较的前一次", Exit.USAGE)
    return Delivered(period, folder, {})


def _figures(month: Delivered) -> dict[Key, Mapping[str, str]]:
    with month.table("figures.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {
            (line["unit"], line["level"], line["indicator"], line["scope"]): line
            for line in csv.DictReader(stream)
        }


def _moves(before: Delivered, now: Delivered) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    files = {
        "old_rows": before.table("rows.parquet"), "new_rows": now.table("rows.parquet"),
        "old_bridge": before.table("bridge_rows.parquet"),
        "new_bridge": now.table("bridge_rows.parquet"),
    }  # fmt: skip
    with scratch() as folder, Engine(folder) as engine:
        tables = {name: Stored(pq.read_schema(file), (file,)) for name, file in files.items()}
        lines: list[dict[str, Any]] = engine.ask("restated", tables).to_pylist()
    return lines


def _causes(
    key: Key,
    entities: frozenset[str],
    moves: list[dict[str, Any]],
    now: Delivered,
    programme: Programme,
) -> Iterator[tuple[str, int]]:
    _, _, indicator, scope = key
    counts: dict[str, int] = {}
    for move in moves:
        gained, lost = move["after"] in entities, move["before"] in entities
        if move["indicator"] != indicator or gained == lost:
            continue
        if scope == "cumulative" or move["year"] == now.period[:4]:
            what = _cause(move, programme)
            counts[what] = counts.get(what, 0) + (1 if gained else -1) * move["persons"]
    yield from counts.items()


def _cause(move: Mapping[str, Any], programme: Programme) -> str:
    name = programme.gazetteer.name
    rule = programme.rule.get(move["why"])
    titled = f"{rule.code} {rule.title}" if rule else move["why"]
    return {
        "moved": f"由{name(move['before'])}改计入{name(move['after'])}"
        f"（按{REASON_WORDS.get(move['why'], '报送情况')}）",
        "mended": f"原退回（{titled}），已改正",
        "returned": f"现退回（{titled}）",
        "listed": f"新列入名单（{move['why']}）",
        "superseded": f"替代 {move['why']} 的报表不再列入",
        "unlisted": "原名单已不在",
    }[move["cause"]]
