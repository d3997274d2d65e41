"""Waivers (豁免): an office's dated decisions to count what a rule would return."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.model import Severity
from pipeline.numbers import id_fault
from pipeline.programme.faults import Faults
from pipeline.programme.nouns import Programme
from pipeline.programme.shapes import read_as
from pipeline.programme.toml import Toml, is_absent

_PERIOD = re.compile(r"20\d{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Waiver:
    """One decision: for whom a rule is waived, why, who approved it, and for how long.

    `unit`, `person` (an ID number) and `period` narrow it down; at least one of them is given.
    `until` is the last day of the returns it holds for.
    """

    rule: str
    reason: str
    approver: str
    until: date
    unit: str = ""
    person: str = ""
    period: str = ""
    line: int = 0

    @property
    def note(self) -> str:
        """The footnote."""
        last = f"{self.until.year}年{self.until.month}月{self.until.day}日"
        return f"{self.reason}（{self.approver}批准，有效至{last}）"


def read_waivers(file: Path, programme: Programme) -> tuple[Waiver, ...]:
    """The waivers of waivers.toml, none where there is no such file.

    Raises ProgrammeFault with file and line for everything that cannot be understood or must not be
    waived.
    """
    if is_absent(file):
        return ()
    toml, faults, waivers = Toml(file), Faults(), []
    for line, word in toml.unknown(("waivers",)):
        faults.add(file, line, f"不认识的“{word}”，应为 [[waivers]]")
    for nth, (line, entry) in enumerate(toml.entries("waivers")):
        values, wrong = read_as(Waiver, entry, apart={"line"})
        for place, message in wrong:
            faults.add(file, toml.line("waivers", nth, *place), message)
        if not wrong:
            waivers.append(Waiver(**values, line=line))
            for message in _faults(waivers[-1], programme):
                faults.add(file, line, message)
    faults.stop()
    return tuple(waivers)


def _faults(waiver: Waiver, programme: Programme) -> Iterable[str]:
    rule = programme.rule.get(waiver.rule)
    if rule is None:
        yield f"没有规则“{waiver.rule}”"
    elif rule.severity != Severity.ERROR or not rule.check:
        yield f"规则 {rule.code} 不是名单里的退回规则，不需要豁免"
    elif rule.tier == "cell" and _needed_to_count(rule.field, programme):
        yield f"规则 {rule.code} 查的是身份证号或开始时间，缺了就无法计数，不能豁免"
    if not (waiver.unit or waiver.person or waiver.period):
        yield "要写明 unit（单位代码）、person（身份证号）或 period（报告期）中的至少一项"
    if waiver.unit and waiver.unit not in programme.gazetteer.by_code:
        yield f"unit = “{waiver.unit}” 不在 units.csv 中"
    if waiver.period and not _PERIOD.fullmatch(waiver.period):
        yield f"period = “{waiver.period}”，应写成 2018-11 的样式"
    if waiver.person and id_fault(waiver.person):
        yield "person 不是有效的身份证号"  # never the number itself


def _needed_to_count(field: str, programme: Programme) -> bool:
    """Without her number and the day it began nobody can be counted."""
    starts = {kind.start for kind in programme.kinds}
    return programme.field[field].kind == "id" or field in starts
