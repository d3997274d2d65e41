"""`pipeline demo`: a made-up province through the whole job, its results held against what was planted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.home import Home
from pipeline.model import Figures, Receipt, Severity, Status, issues_of
from pipeline.model.stop import Exit, Stop
from pipeline.programme import Programme
from pipeline.read import Job, Progress
from pipeline.run import run
from pipeline.sample import Month, make_province

_MARK = "演示数据.txt"
_MARK_TEXT = "本文件夹由 pipeline demo 生成，所有人员均为编造。再次运行 demo 会清空重做。\n"


@dataclass(frozen=True)
class Shown:
    """What the demo gave: the last month's figures, and every difference from what was planted."""

    figures: Figures
    receipt: Receipt
    checked: int
    differences: tuple[str, ...]


def demonstrate(
    home: Home, programme: Programme, seed: int, progress: Progress[Job] = iter
) -> Shown:
    """Make the province in the home folder, run each of its months, compare. Raises NotADemo."""
    _clear(home.root)
    expected = make_province(home.root, programme, seed=seed)
    differences: list[str] = []
    checked = 0
    for period in sorted(expected.periods):
        figures, receipt = run(home, period, programme, progress)
        for what, wanted, found in compared(expected.periods[period], figures, receipt.folder):
            checked += 1
            if wanted != found:
                differences.append(f"{period} {what}：应为 {_brief(wanted)}，实为 {_brief(found)}")
    return Shown(figures, receipt, checked, tuple(differences))


def _clear(root: Path) -> None:
    """Only a folder that the demo made itself, or an empty one, is written over."""
    strangers = list(root.iterdir()) if root.is_dir() else []
    if strangers and not (root / _MARK).is_file():
        raise Stop(
            f"{root} 里已有别的文件，未作改动。请换一个空文件夹，如 pipeline demo 演示", Exit.USAGE
        )
    for folder in ("inbox", "outbox"):
        shutil.rmtree(root / folder, ignore_errors=True)
    root.mkdir(parents=True, exist_ok=True)
    (root / _MARK).write_text(_MARK_TEXT, encoding="utf-8")


def compared(month: Month, figures: Figures, folder: Path) -> Iterator[tuple[str, Any, Any]]:
    """(what, planted, found) for every figure, file, faulty cell and claim of one month."""
    lines = figures.table.to_pylist()
    table = {(n["unit"], n["level"], n["indicator"], n["scope"]): n for n in lines}
    top = lines[0]["unit"]
    for (indicator, unit), count in sorted(month.counted.items()):
        yield f"{unit} {indicator}", count, table[unit, "county", indicator, "year"]["counted"]
    for indicator, count in sorted(month.cumulative.items()):
        whole = {s: table[top, "province", indicator, s] for s in ("year", "cumulative")}
        yield f"累计 {indicator}", count, whole["cumulative"]["counted"]
        yield f"人次 {indicator}", month.attendances[indicator], whole["year"]["attendances"]
    yield "未报单位", sorted(month.not_filed), sorted(figures.not_filed)
    by_status = {s: {i.path for i in figures.inputs if i.status == s} for s in Status}
    for path in month.unreadable:
        yield path, True, path in by_status[Status.UNREADABLE]
    for path in month.superseded:
        yield path, True, path in by_status[Status.SUPERSEDED]
    yield "退回的单元格", set(month.returned), _cells(figures, Severity.ERROR, month)
    warned = _cells(figures, Severity.WARNING, month)
    yield "须核实的单元格", set(), set(month.warned) - warned
    yield (
        "自报数不符",
        set(month.differing_totals),
        {p for p in warned if p in month.differing_totals},
    )
    yield "多地上报", dict(month.double_claims), _claims(folder)
    pairs = pd.read_csv(folder / "data" / "probable.csv", dtype=str, encoding="utf-8-sig")
    found = {frozenset(pair) for pair in zip(pairs["id_a"], pairs["id_b"], strict=True)}
    yield "疑似重复", set(month.probable), found


def _cells(figures: Figures, severity: Severity, month: Month) -> set[tuple[str, str, str]]:
    gone = {i.path for i in figures.inputs if i.status == Status.SUPERSEDED}
    return {
        (i.file, i.sheet, i.cell)
        for i in issues_of(figures.issues)
        if i.severity == severity and i.row and i.cell and i.file not in gone
    }


def _claims(folder: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    lines = pd.read_csv(folder / "data" / "claims.csv", dtype=str, encoding="utf-8-sig")
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for (indicator, id_no), group in lines.groupby(["indicator", "id_no"]):
        found[str(indicator), str(id_no)] = (*sorted(group["unit"]), group["counted_for"].iloc[0])
    return found


def _brief(value: Any) -> str:
    """A figure as it is; of a collection, its size only: it may hold ID numbers."""
    return f"{len(value)} 项" if isinstance(value, (set, dict, list)) else str(value)
