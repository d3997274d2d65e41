"""What the templates may speak of: the figures in the words and numbers an official reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.model import Claims, Figures, Severity
from pipeline.model.words import SEVERITY_WORDS, STATUS_WORDS
from pipeline.office.fill import BESIDE, cited
from pipeline.programme import Programme
from pipeline.programme.reports import TOPICS
from pipeline.render.standings import DASH, in_order, lines_of, overall, percent
from pipeline.values import month_end

if TYPE_CHECKING:
    import pyarrow as pa


_OF_RULE = ("", "", "", "year")
SUMMARY = "全省汇总表.xlsx"
SOURCES = "溯源"  # its sheet that leads from the figures to the rows of the lists
_KINDS_OF_PLACE = "省市州盟县区旗"


def view_of(
    claims: Claims, figures: Figures, people: Mapping[str, Any], programme: Programme
) -> dict[str, Any]:
    """Everything the month's papers say, once: they cannot disagree. `people`: the name lists."""
    year = figures.period[:4]
    end = month_end(figures.period)
    lines = lines_of(figures, programme)
    name = programme.gazetteer.name
    return {
        "office": programme.office,
        "summary_name": delivered_as(SUMMARY, programme),
        "region": name(programme.gazetteer.top),
        "title": programme.title,
        "short_title": programme.short_title,
        "notice": programme.notice,
        "notice_title": programme.notice_title,
        "deadline": programme.deadline,
        "final_day": _final_day(programme.deadline, end),
        "period": figures.period,
        "period_label": f"{year}年{int(figures.period[5:])}月",
        "year": int(year),
        "years": f"{programme.years[0]}—{programme.years[-1]}年",
        "as_of": f"{end.year}年{end.month}月{end.day}日",
        "expected": {k: percent(v) for k, v in figures.expected_rates.items()},
        "expected_rates": {
            scope: cited(rate, ("", "", "", scope, "expected", ""))
            for scope, rate in figures.expected_rates.items()
        },
        "has_targets": _has_rates(lines, programme),
        "indicators": [overall(lines, i, figures) for i in programme.indicators],
        "lines": lines,
        "task_lines": in_order(lines, programme),
        "units_total": sum(line["level"] == "county" and not line.get("own") for line in lines),
        "not_filed": [name(u) for u in figures.not_filed],
        "never_filed": [name(u) for u in _never(figures, claims, programme)],
        "agencies": programme.agencies,
        "inputs": list(figures.inputs),
        "received": len(figures.filed),
        "status_labels": STATUS_WORDS,
        "narratives": _narratives(figures, programme),
        "problems": _problems(figures.open, programme),
        "waivers": _waivers(figures.open, programme),
        "several": _distinct(claims.claims, "indicator", "year", "id_no").num_rows,
        "probable": claims.probable.num_rows,
        "people": people,
    }


def _never(figures: Figures, claims: Claims, programme: Programme) -> list[str]:
    """Those that filed nothing this period and have no earlier return of the year to stand for them."""
    year = figures.period[:4]
    filed = {e["entity"] for e in claims.editions.to_pylist() if e["span"] == year}
    return [u for u in figures.not_filed if programme.gazetteer.entity(u) not in filed]


def delivered_as(template: str, programme: Programme) -> str:
    """What the paper made from a template is called in the outbox: 全省汇总表.xlsx is a prefecture's
    全州汇总表.xlsx, every other keeps the template's name."""
    if template != SUMMARY:
        return template
    last = programme.gazetteer.name(programme.gazetteer.top)[-1:]
    return SUMMARY.replace("省", last) if last in _KINDS_OF_PLACE else SUMMARY


def _final_day(deadline: str, end: date) -> str:
    """The yearly deadline (12月1日) where it is still to come; '' afterwards.

    >>> from datetime import date
    >>> _final_day("12月1日", date(2018, 11, 30)), _final_day("12月1日", date(2018, 12, 31))
    ('12月1日', '')
    """
    day = re.fullmatch(r"(\d{1,2})月(\d{1,2})日", deadline)
    if day is None:
        return ""
    return deadline if (int(day[1]), int(day[2])) > (end.month, end.day) else ""


def _has_rates(lines: list[dict[str, Any]], programme: Programme) -> bool:
    """Whether anything can be held against a task of this year: a table of other years, or of noughts, has none."""
    return any(line[i.name]["year"]["rate"] != DASH for line in lines for i in programme.indicators)


def _distinct(table: pa.Table, *columns: str) -> pa.Table:
    return table.select(columns).group_by(list(columns)).aggregate([])


def _narratives(figures: Figures, programme: Programme) -> dict[str, list[dict[str, str]]]:
    """What units wrote this period, by topic and unit."""
    written: dict[str, list[dict[str, str]]] = {topic: [] for topic in TOPICS}
    for account in figures.accounts:
        unit = programme.gazetteer.name(account.unit)
        written[account.topic].append({"unit": unit, "text": account.text})
    return written


def _problems(issues: pa.Table, programme: Programme) -> list[dict[str, Any]]:
    """Findings by rule, errors first, the most frequent first."""
    import pyarrow.compute as pc

    meant = issues.filter(pc.field("listed") & (pc.field("severity") != Severity.INFO.value))
    places = _distinct(meant, "rule", "file", "sheet", "row", "column").group_by("rule")
    units = _distinct(meant.filter(pc.field("unit") != ""), "rule", "unit").group_by("rule")
    counts, concerned = (
        dict(zip(found["rule"].to_pylist(), found["rule_count"].to_pylist(), strict=True))
        for found in (g.aggregate([("rule", "count")]) for g in (places, units))
    )
    found = [
        {
            "rule": code,
            "severity": SEVERITY_WORDS[programme.rule[code].severity],
            "error": programme.rule[code].severity == Severity.ERROR,
            "label": programme.rule[code].title,
            "count": cited(count, (*_OF_RULE, "findings:cells", code)),
            "units": cited(concerned.get(code, 0), (*_OF_RULE, "findings:units", code)),
        }
        for code, count in counts.items()
    ]
    found.sort(key=lambda p: (not p["error"], -p["count"], p["rule"]))
    return [{"rank": cited(n, BESIDE), **problem} for n, problem in enumerate(found, 1)]


def _waivers(issues: pa.Table, programme: Programme) -> list[dict[str, str]]:
    """The footnotes: what an office counts although a rule would return it, and on whose word."""
    import pyarrow.compute as pc

    excused = issues.filter(pc.field("listed") & (pc.field("waiver") != ""))
    places = _distinct(excused, "rule", "unit", "waiver", "file", "sheet", "row")
    found = places.group_by(["rule", "unit", "waiver"]).aggregate([("row", "count")]).to_pylist()
    found.sort(key=lambda w: (w["rule"], w["unit"], w["waiver"]))
    return [
        {
            "text": f"豁免：{programme.gazetteer.name(w['unit'])}{w['row_count']} 行"
            f"“{programme.rule[w['rule']].title}”，仍计入。{w['waiver']}"
        }
        for w in found
    ]
