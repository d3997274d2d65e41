"""What the templates may speak of: the figures in the words and numbers an official reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.model import Claims, Figures, Narrative, Reading, Severity
from pipeline.model.words import SEVERITY_WORDS, STATUS_WORDS
from pipeline.programme import Indicator, Programme
from pipeline.values import mask_digits, month_end

DASH = "—"


def view_of(
    figures: Figures, claims: Claims, readings: Iterable[Reading], programme: Programme
) -> dict[str, Any]:
    """Everything the month's papers say, once: they cannot disagree."""
    year = figures.period[:4]
    end = month_end(figures.period)
    lines = lines_of(figures, programme)
    name = programme.gazetteer.name
    return {
        "office": programme.office,
        "region": name(programme.gazetteer.top),
        "title": programme.title,
        "short_title": programme.short_title,
        "notice": programme.notice,
        "deadline": programme.deadline,
        "period": figures.period,
        "period_label": f"{year}年{int(figures.period[5:])}月",
        "year": int(year),
        "years": f"{programme.years[0]}—{programme.years[-1]}年",
        "as_of": f"{end.year}年{end.month}月{end.day}日",
        "expected": {k: percent(v) for k, v in figures.expected_rates.items()},
        "expected_rates": dict(figures.expected_rates),
        "has_targets": lines[0]["has_target"],
        "indicators": [_overall(lines, i, figures) for i in programme.indicators],
        "lines": lines,
        "units_total": sum(1 for line in lines if line["level"] == "county"),
        "not_filed": [name(u) for u in figures.not_filed],
        "agencies": programme.agencies,
        "inputs": list(figures.inputs),
        "received": len(figures.filed),
        "status_labels": STATUS_WORDS,
        "narratives": _narratives(readings, claims, figures.period, programme),
        "problems": _problems(figures, programme),
        "waivers": _waivers(figures, programme),
        "several": claims.claims.drop_duplicates(["indicator", "year", "id_no"]).shape[0],
        "probable": len(claims.probable),
        "people": _people(claims, programme, year),
    }


def percent(rate: float | None) -> str:
    """0.9166 -> 91.7%; none -> —.

    >>> percent(11 / 12), percent(1.3889), percent(None)
    ('91.7%', '138.9%', '—')
    """
    return DASH if rate is None else f"{rate * 100:.1f}%"


def _measure(row: Any, expected: float) -> dict[str, Any]:
    """One cell of the table: task, done, rate, and how it stands against 序时进度."""
    target = None if pd.isna(row.target) else int(row.target)
    done = int(row.counted)
    rate = done / target if target else None
    return _standing(target, done, rate, expected) | {"attendances": int(row.attendances)}


def _standing(target: int | None, done: int, rate: float | None, expected: float) -> dict[str, Any]:
    status = DASH
    if rate is not None:
        status = "已完成" if rate >= 1 else "达进度" if rate >= expected else "欠进度"
    return {
        "target": DASH if target is None else target,
        "done": done,
        "rate": DASH if rate is None else rate,
        "percent": percent(rate),
        "bar": min(rate or 0, 1.5) / 1.5 * 100,
        "status": status,
        "short": max((target or 0) - done, 0),
        "ahead": None if rate is None else (rate - expected) * 100,
    }


def lines_of(figures: Figures, programme: Programme) -> list[dict[str, Any]]:
    """One line a unit, the top first, each prefecture before its counties."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    rows: Iterable[Any] = figures.table.itertuples(index=False)
    for row in rows:
        line = lines.setdefault(
            (row.unit, row.level),
            {
                "code": row.unit,
                "name": row.unit_name,
                "level": row.level,
                "filed": row.unit not in figures.not_filed,
                "has_target": False,
            },
        )
        measure = _measure(row, figures.expected_rates[row.scope])
        line.setdefault(row.indicator, {})[row.scope] = measure
        line["has_target"] |= measure["target"] != DASH
        if row.scope == "year":
            for count in ("rows_read", "returned", "merged"):
                line[count] = line.get(count, 0) + int(getattr(row, count))
    return list(_with_own(list(lines.values()), figures, programme))


def _with_own(
    lines: list[dict[str, Any]], figures: Figures, programme: Programme
) -> Iterable[dict[str, Any]]:
    """A prefecture that files a roster of its own (市本级) gets a line, so that the sums show."""
    for at, line in enumerate(lines):
        yield line
        if line["level"] != "prefecture" or line["code"] == programme.gazetteer.top:
            continue
        below = [
            x
            for x in lines[at + 1 :]
            if x["level"] == "county"
            and programme.gazetteer.prefecture_of(x["code"]) == line["code"]
        ]
        rest = {
            "code": line["code"],
            "name": "市本级",
            "level": "county",
            "filed": True,
            "own": True,
        }
        rest |= {c: line[c] - sum(b[c] for b in below) for c in ("rows_read", "returned", "merged")}
        for indicator in programme.indicators:
            rest[indicator.name] = {
                scope: _own_measure(line, below, indicator.name, scope, figures)
                for scope in ("year", "cumulative")
            }
        if rest["rows_read"]:
            yield rest


def _own_measure(
    line: Mapping[str, Any],
    below: list[dict[str, Any]],
    indicator: str,
    scope: str,
    figures: Figures,
) -> dict[str, Any]:
    whole = line[indicator][scope]
    done = whole["done"] - sum(b[indicator][scope]["done"] for b in below)
    attended = whole["attendances"] - sum(b[indicator][scope]["attendances"] for b in below)
    standing = _standing(None, done, None, figures.expected_rates[scope])
    return standing | {"attendances": attended}


def _overall(lines: list[dict[str, Any]], indicator: Indicator, figures: Figures) -> dict[str, Any]:
    """One indicator as the report's paragraph says it."""
    top = lines[0][indicator.name]
    level = "prefecture" if any(x["level"] == "prefecture" for x in lines[1:]) else "county"
    below = [x for x in lines[1:] if x["level"] == level and not x.get("own")]
    rated = [x for x in below if x[indicator.name]["year"]["rate"] != DASH]
    ranked = sorted(rated, key=lambda x: -x[indicator.name]["year"]["rate"])

    def named(status: set[str]) -> list[dict[str, Any]]:
        return [
            {"name": x["name"], "percent": x[indicator.name]["year"]["percent"]}
            for x in ranked
            if x[indicator.name]["year"]["status"] in status
        ]

    return {
        "name": indicator.name,
        "label": indicator.label,
        "counted_label": indicator.counted_label,
        "year": top["year"],
        "cumulative": top["cumulative"],
        "level_label": "市（州）" if level == "prefecture" else "县（市、区）",
        "rated": len(rated),
        "ahead": named({"已完成", "达进度"}),
        "behind": named({"欠进度"})[::-1],
        "ranked": [{"name": x["name"], **x[indicator.name]["year"]} for x in ranked],
        "expected": percent(figures.expected_rates["year"]),
    }


def _narratives(
    readings: Iterable[Reading], claims: Claims, period: str, programme: Programme
) -> dict[str, list[dict[str, str]]]:
    """What units wrote this period, by topic and unit; numbers that could be IDs are masked."""
    gone = {file for file, _, _ in claims.superseded_by} - {file for file, _, _ in claims.stands}
    told: dict[tuple[str, str], Narrative] = {}
    for reading in sorted(readings, key=lambda r: r.submission.path):
        if reading.period == period and reading.submission.path not in gone:
            told |= {(n.topic, n.unit): n for n in reading.narratives}
    quotes: dict[str, list[dict[str, str]]] = {"practice": [], "problem": []}
    for (topic, unit), narrative in sorted(told.items()):
        text = mask_digits(" ".join(narrative.text.split()))
        quotes[topic].append({"unit": programme.gazetteer.name(unit), "text": text})
    return quotes


def _problems(figures: Figures, programme: Programme) -> list[dict[str, Any]]:
    """Findings by rule, errors first, the most frequent first."""
    counts: dict[str, set[tuple[str, str, int | None, str]]] = {}
    units: dict[str, set[str]] = {}
    for issue in figures.issues:
        if issue.severity == Severity.INFO:
            continue
        counts.setdefault(issue.rule, set()).add((issue.file, issue.sheet, issue.row, issue.column))
        units.setdefault(issue.rule, set()).add(issue.unit)
    found = [
        {
            "rule": code,
            "severity": SEVERITY_WORDS[programme.rule[code].severity],
            "error": programme.rule[code].severity == Severity.ERROR,
            "label": programme.rule[code].title,
            "count": len(places),
            "units": len(units[code] - {""}),
        }
        for code, places in counts.items()
    ]
    return sorted(found, key=lambda p: (not p["error"], -p["count"], p["rule"]))


def _waivers(figures: Figures, programme: Programme) -> list[dict[str, str]]:
    """The footnotes: what an office counts although a rule would return it, and on whose word."""
    rows: dict[tuple[str, str, str], set[tuple[str, str, int | None]]] = {}
    for issue in figures.issues:
        if issue.waiver:
            key = (issue.rule, issue.unit, issue.waiver)
            rows.setdefault(key, set()).add((issue.file, issue.sheet, issue.row))
    return [
        {
            "text": f"豁免：{programme.gazetteer.name(unit)}{len(places)} 行"
            f"“{programme.rule[rule].title}”，仍计入。{note}"
        }
        for (rule, unit, note), places in sorted(rows.items())
    ]


def _people(claims: Claims, programme: Programme, year: str) -> dict[str, list[dict[str, Any]]]:
    """The name lists by indicator: persons counted this year, by unit, name and number."""
    lists: dict[str, list[dict[str, Any]]] = {i.name: [] for i in programme.indicators}
    people = claims.people
    if people.empty:
        return lists
    counted = people[(people["fate"] == "counted") & (people["year"] == year)]
    counted = counted.sort_values(["counted_for", "id_no"]).fillna("")
    gazetteer = programme.gazetteer
    for record in counted.to_dict("records"):
        unit = record["counted_for"]
        place = {
            "seq": len(lists[record["indicator"]]) + 1,
            "unit_name": gazetteer.name(unit),
            "prefecture_name": gazetteer.name(gazetteer.prefecture_of(unit)),
        }
        lists[record["indicator"]].append({**{str(k): v for k, v in record.items()}, **place})
    return lists
