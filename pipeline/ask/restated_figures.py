"""更正说明: which figures of a delivered period changed since it was delivered before, and why."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.aggregate import Boundaries
from pipeline.ask.receipts import Delivered
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


@dataclass(frozen=True)
class Papers:
    """The inputs of two deliveries: those that are new or not byte for byte what they were, and those gone."""

    new: frozenset[str]
    gone: frozenset[str]

    @classmethod
    def of(cls, before: Delivered, now: Delivered) -> Papers:
        """By the digests in their receipts."""
        old, new = (
            {entry["path"]: entry["sha256"] for entry in month.receipt["inputs"]}
            for month in (before, now)
        )
        changed = (path for path, digest in new.items() if old.get(path) != digest)
        return cls(frozenset(changed), frozenset(old) - frozenset(new))

    def why(self, file: str, old_file: str) -> str:
        """Why a row of `file` is judged otherwise now than a row of `old_file` was."""
        if file in self.new:
            return file
        if old_file in self.gone:
            return f"{file}；原按 {old_file}，该文件已撤回"
        if old_file and old_file != file:
            return f"{file}；原按 {old_file}"
        return f"{file} 未变，规则、豁免或裁定有变化"


def restatement(now: Delivered, before: Delivered, programme: Programme) -> list[Restated]:
    """Every figure of a delivered month that another delivery of the same period says otherwise.

    Raises Stop where the other is from before rows had their step (bridge_rows).
    """
    old, new = _figures(before), _figures(now)
    moves = _moves(before, now)
    members = {
        (code, level): frozenset(entities)
        for code, level, entities in Boundaries(
            programme.gazetteer, month_end(now.period), redrawn=False
        ).lines()
    }
    papers = Papers.of(before, now)
    tasks = _tasks(before), _tasks(now)
    found = []
    for key in dict.fromkeys((*new, *old)):
        for measure, label in _COMPARED:
            was, is_ = (of.get(key, {}).get(measure, "") for of in (old, new))
            if was == is_:
                continue
            if measure == "counted":
                moved = _causes(key, members.get(key[:2], frozenset()), moves, now.period)
                causes = tuple(_worded(moved, _difference(was, is_), papers, programme))
            else:
                causes = tuple(
                    _of_tasks(key, members.get(key[:2], frozenset()), tasks, now.period, programme)
                )
            found.append(Restated(*key, label, was, is_, causes))
    return found


def delivered_before(outbox: Path, period: str) -> Delivered:
    """The delivery that a month's newest one took the place of. Raises Stop where there is none."""
    folder = outbox / _PREVIOUS / period
    try:
        receipt = json.loads((folder / "data" / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Stop(f"{period} 只出过一次结果，没有可以比较的前一次", Exit.USAGE) from None
    return Delivered(period, folder, receipt)


def correction_papers(
    now: Delivered,
    before: Delivered,
    against: str,
    found: list[Restated],
    programme: Programme,
    templates: Path,
) -> tuple[Document, ...]:
    """更正说明.docx and 更正说明.xlsx, read back before anybody gets them. Raises ProgrammeFault for a
    template, Disagreement where they say otherwise than the two deliveries.

    against: in words, what the figures are held against (2018年11月28日报送省残联).
    """
    from pipeline.office.fill import fill_letter, filled
    from pipeline.readback import read_back_restated

    period = now.period

    view = {
        "title": programme.title,
        "office": programme.office,
        "period_label": f"{period[:4]}年{int(period[5:])}月",
        "against": against,
        "restated": [change_in_words(one, programme) for one in found],
    }
    papers = (
        Document(_PAPER, "主办单位", fill_letter(templates / _PAPER, view), private=False),
        Document(_BOOK, "主办单位", filled(templates / _BOOK, view), private=False),
    )
    written = ((paper.path, paper.content) for paper in papers)
    read_back_restated(written, _figures(before), _figures(now), programme)
    return papers


def change_in_words(one: Restated, programme: Programme) -> dict[str, Any]:
    """One change as the papers say it."""
    indicator = programme.indicator[one.indicator]
    counted = f" {indicator.unit_word}"
    causes = [f"{what} {count:+d}{counted}" if count else what for what, count in one.causes]
    return {
        "name": programme.gazetteer.name(one.unit),
        "level": one.level,
        "indicator": indicator.label,
        "scope": "累计" if one.scope == "cumulative" else "本年",
        "measure": one.measure,
        "old": _number(one.old),
        "new": _number(one.new),
        "causes": "；".join(causes) or "行政区划或归属有变化",
    }


def _number(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdigit() else text or "—"


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
    key: Key, entities: frozenset[str], moves: list[dict[str, Any]], period: str
) -> Iterator[tuple[Mapping[str, Any], int]]:
    """The moves over the line's border, each with how many persons more (+) or fewer (-)."""
    _, _, indicator, scope = key
    year = "" if scope == "cumulative" else period[:4]
    for move in moves:
        gained, lost = move["after"] in entities, move["before"] in entities
        if (move["indicator"], move["year"]) == (indicator, year) and gained != lost:
            yield move, (1 if gained else -1) * move["persons"]


def _worded(
    moves: Iterable[tuple[Mapping[str, Any], int]],
    difference: int,
    papers: Papers,
    programme: Programme,
) -> Iterator[tuple[str, int]]:
    """The causes in words, and what no person explains."""
    counts: dict[str, int] = {}
    for move, persons in moves:
        what = _cause(move, papers, programme)
        counts[what] = counts.get(what, 0) + persons
    yield from counts.items()
    if counts and (rest := difference - sum(counts.values())):
        yield "没有证件号码、不能逐人对应的", rest


def _difference(was: str, now: str) -> int:
    return int(now or 0) - int(was or 0)


def _cause(move: Mapping[str, Any], papers: Papers, programme: Programme) -> str:
    name, file, old_file = programme.gazetteer.name, move["file"], move["old_file"]
    rule = programme.rule.get(move["why"])
    titled = f"{rule.code} {rule.title}" if rule else move["why"]
    by = papers.why(file, old_file)
    taken_away = old_file in papers.gone
    return {
        "moved": f"由{name(move['before'])}改计入{name(move['after'])}"
        f"（按{REASON_WORDS.get(move['why'], '报送情况')}，{file}）",
        "redated": f"改计入{move['why']}年（{file}）"
        if not move["after"]
        else f"由{move['why']}年改计入（{file}）",
        "joined": f"裁定为同一人，合并计算（{file}）",
        "parted": f"裁定为不同人，分开计算（{file}）",
        "mended": f"原退回（{titled}），现已计入（{by}）",
        "returned": f"现退回（{titled}，{by}）",
        "listed": f"新列入名单（{file}）" if file in papers.new else f"重新列入名单（{file}）",
        "superseded": f"替代 {file} 的报表不再列入",
        "unlisted": f"原在 {file}，{'该文件已撤回' if taken_away else '现名单中已没有'}",
    }[move["cause"]]


Tasks = Mapping[
    tuple[str, str, str], tuple[str, str]
]  # unit, indicator, year -> task, where it stands


def _tasks(month: Delivered) -> Tasks:
    """The tasks of a delivery; {} where it was made before they had their cells."""
    file = month.folder / "data" / "targets.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return {
            (line["unit"], line["indicator"], line["year"]): (
                line["target"], f"{line['file']} {line['sheet']} {line['cell']}"
            )
            for line in csv.DictReader(stream)
        }  # fmt: skip


def _of_tasks(
    key: Key,
    entities: frozenset[str],
    tasks: tuple[Tasks, Tasks],
    period: str,
    programme: Programme,
) -> Iterator[tuple[str, int]]:
    """Which cells of task tables say another task: of the unit itself, else of what it is made of."""
    unit, _, indicator, scope = key
    old, new = tasks
    changed = [
        (of, old.get(of, ("—", ""))[0], *new.get(of, ("—", "")))
        for of in dict.fromkeys((*new, *old))
        if of[1] == indicator
        and (scope == "cumulative" or of[2] == period[:4])
        and old.get(of, ("", ""))[0] != new.get(of, ("", ""))[0]
    ]
    own = [c for c in changed if c[0][0] == programme.gazetteer.entity(unit)]
    for (of, _, year), was, is_, where in own or [c for c in changed if c[0][0] in entities]:
        place = f"（{where}）" if where else ""
        yield f"任务分解表：{programme.gazetteer.name(of)}{year}年由 {was} 改为 {is_}{place}", 0
