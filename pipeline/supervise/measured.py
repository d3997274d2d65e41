"""What each part of an appraisal is measured by: tasks, filing dates, first returns, rounds, doubts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pipeline.engine import Engine
from pipeline.model import Claims, Figures, Month, Severity
from pipeline.programme import Appraisal, Programme
from pipeline.supervise.appraised import Evidence, Measured
from pipeline.values import month_end

_DEADLINE = re.compile(r"(\d{1,2})月(\d{1,2})日")
Filing = Mapping[str, Any]


def due_on(period: str, deadline: str, due_day: int) -> date | None:
    """By when a period is due: the yearly deadline where it falls in the month after, else the day of that
    month that is set; None where neither is.

    >>> due_on("2018-11", "12月1日", 0), due_on("2018-10", "12月1日", 0), due_on("2018-12", "12月1日", 5)
    (datetime.date(2018, 12, 1), None, datetime.date(2019, 1, 5))
    """
    end = month_end(period)
    following = end + timedelta(days=1)
    yearly = _DEADLINE.fullmatch(deadline)
    if yearly and int(yearly[1]) == following.month:
        return following.replace(day=int(yearly[2]))
    return following.replace(day=due_day) if due_day else None


def completion(figures: Figures, programme: Programme) -> Measured:
    """The mean of the rates of the year, each up to 100 %."""
    rated: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    labels = {i.name: i.label for i in programme.indicators}
    for line in _counties(figures):
        if line["target"]:
            rated[line["unit"]].append((labels[line["indicator"]], line["counted"], line["target"]))

    def of(unit: str) -> Evidence:
        if unit not in rated:
            return Evidence(None, "没有任务数")
        rates = [min(counted / target, 1.0) for _, counted, target in rated[unit]]
        why = "，".join(f"{label} {counted}/{target}" for label, counted, target in rated[unit])
        return Evidence(sum(rates) * 100 / len(rates), why)

    return of


def timeliness(part: Appraisal, month: Month, programme: Programme) -> Measured:
    """Days late, by the filing dates of what was filed first; who filed nothing is as late as can be."""
    due = due_on(month.period, programme.deadline, part.due_day)
    filed: dict[str, dict[str, str]] = defaultdict(dict)
    for filing in _filings(month):
        own, kind, day = filed[filing["entity"]], filing["kind"], filing["filed_on"]
        own[kind] = min(filter(None, (own.get(kind, ""), day)), default="")

    def of(unit: str) -> Evidence:
        own = filed.get(programme.gazetteer.entity(unit))
        if due is None:
            return Evidence(None, "本期没有规定报送期限")
        if own is None:
            return Evidence(max(part.full, part.none), f"截至本次汇总没有报，期限 {due}")
        if not any(own.values()):
            return Evidence(None, "报表上没有填报日期")
        last = date.fromisoformat(max(own.values()))
        late = max((last - due).days, 0)
        return Evidence(late, f"填报日期 {last}，期限 {due}，{f'迟 {late} 天' if late else '按时'}")

    return of


def first_pass(month: Month, figures: Figures, programme: Programme) -> Measured:
    """Of the rows that a unit filed first this period, the share that no error returned; rows of sheets that
    were not taken at all did not pass."""
    first = {line["unit"]: (line["first_rows"], line["first_sound"]) for line in _filed(figures)}
    refused: dict[str, int] = defaultdict(int)
    for line in month.table("inputs").to_pylist():
        if line["period"] == month.period and ";" not in line["units"]:
            refused[programme.gazetteer.entity(line["units"])] += line["refused_rows"]

    def of(unit: str) -> Evidence:
        rows, sound = first[unit]
        lost = refused[programme.gazetteer.entity(unit)]
        if not rows + lost:
            return Evidence(None, "本期没有报名单，或名单里没有人")
        wrong = f"其中 {rows - sound} 行有错误" if rows > sound else "没有错误"
        why = f"第一次报 {rows} 行，{wrong}"
        why += f"，另有 {lost} 行整表没有收下" if lost else ""
        return Evidence(sound * 100 / (rows + lost), why)

    return of


def rounds(figures: Figures) -> Measured:
    """How many returns of one kind it took until no row was returned; one more while some still are."""
    filed = {line["unit"]: line["rounds"] for line in _filed(figures)}
    returned: dict[str, int] = defaultdict(int)
    for line in _counties(figures):
        returned[line["unit"]] += line["returned"]

    def of(unit: str) -> Evidence:
        count = filed[unit]
        if not count:
            return Evidence(None, "本期没有报名单")
        if left := returned[unit]:
            return Evidence(count + 1, f"已报 {count} 次，还有 {left} 行退回，至少还要报一次")
        return Evidence(count, f"报 {count} 次，没有退回的行")

    return of


def doubtful(claims: Claims, figures: Figures, programme: Programme, engine: Engine) -> Measured:
    """Of the persons who count, the share of whom something is still to be verified."""
    import pyarrow as pa

    asked = {
        "rows": claims.rows,
        "issues": figures.open.select(["file", "sheet", "row", "severity"]),
        "pairs": claims.probable.select(["id_a", "id_b"]),
        "about": pa.table({"year": [figures.period[:4]], "severity": [Severity.WARNING.value]}),
    }
    found = {line["entity"]: line for line in engine.ask("doubted", asked).to_pylist()}

    def of(unit: str) -> Evidence:
        own = found.get(programme.gazetteer.entity(unit))
        if own is None:
            return Evidence(None, "没有计入的人")
        persons, open_ = own["persons"], own["doubtful"]
        those = f"其中 {open_} 人有待核实的问题" if open_ else "没有待核实的问题"
        return Evidence(open_ * 100 / persons, f"计入 {persons} 人（各项分别算），{those}")

    return of


def _counties(figures: Figures) -> list[dict[str, Any]]:
    lines = figures.table.to_pylist()
    return [line for line in lines if line["level"] == "county" and line["scope"] == "year"]


def _filed(figures: Figures) -> list[dict[str, Any]]:
    return [line for line in figures.filings.to_pylist() if line["level"] == "county"]


def _filings(month: Month) -> list[Filing]:
    """What was filed for the period itself."""
    periods = month.periods
    return [f for f in month.table("filings").to_pylist() if periods.get(f["file"]) == month.period]
