"""The month's report: what its sentences are made of, by the programme's kind of paper for this office and month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.model import Figures
from pipeline.model.papers import Contact
from pipeline.programme import Programme, Report
from pipeline.programme.reports import REPORT_SLOTS, report_of
from pipeline.render.indicator_words import (
    chart_lines,
    indicator_in_words,
    month_lines,
    table_lines,
)
from pipeline.render.phrases import first_few, side_by_side, standing_for, whole_of
from pipeline.render.quoted_accounts import annex, by_theme
from pipeline.render.standings import percent

_SEVERAL = (
    "（一）",
    "（二）",
    "（三）",
    "（四）",
    "（五）",
    "（六）",
    "（七）",
    "（八）",
    "（九）",
    "（十）",
)
_NUMERALS = "一二三四五六七八九十"
_FALLBACK = Report(
    "", "报告", ("{office}", "关于{period_label}{short_title}", "完成情况的报告"), ""
)


def month_report(
    view: Mapping[str, Any], figures: Figures, programme: Programme, contact: Contact
) -> dict[str, Any]:
    """paper: what kind of paper it is and whose; told: each indicator in idioms; the lines of its table
    and charts; concerns, practices, problems_told, annex: what is gathered; tasks: what lags.

    `view`: what the month's papers speak of already.
    """
    lines: list[dict[str, Any]] = view["lines"]
    level = lines[0]["level"]
    middle = "prefecture" if any(x["level"] == "prefecture" for x in lines[1:]) else "county"
    below = [x for x in lines[1:] if x["level"] == middle and not x.get("own")]
    counties = [x for x in lines[1:] if x["level"] == "county" and not x.get("own")]
    lines_of = [
        indicator_in_words(i, lines[0], below, counties, figures, programme)
        | {
            "listed": len(view["people"][i.name]),
            "listed_in": i.unit_word if i.measure.counts_persons else "条",  # lines of a list
        }
        for i in programme.indicators
    ]
    return {
        "paper": _paper(level, view, figures, programme),
        "contact": contact,
        "answer_by": programme.answer_by,
        "whole": whole_of(str(view["region"])),
        "told": lines_of,
        "intake": _intake(view, figures, programme),
        "rows_of_table": table_lines(lines[:1] + below, programme, figures),
        "bars": chart_lines(below, programme, figures),
        "begun": month_lines(figures, programme),
        "concerns": _concerns(figures, programme),
        "quality": {
            "returned": sum(c.returned for c in figures.concerns),
            "doubtful": sum(c.doubtful for c in figures.concerns),
            "units": len({u for c in figures.concerns for u in c.units}),
        },
        "practices": by_theme(figures, "practice", programme),
        "problems_told": by_theme(figures, "problem", programme),
        "annex": annex(figures, programme),
        "places": "市（州）" if middle == "prefecture" else "县（市、区）",
        "several_steps": _SEVERAL,
        "numerals": _NUMERALS,
        "steps": _steps(view, figures),
    }


def template_of(figures: Figures, programme: Programme) -> str:
    """The template that this office's report of this month is filled from."""
    return _report(figures.table.column("level")[0].as_py(), figures.period, programme).template


def _report(level: str, period: str, programme: Programme) -> Report:
    return report_of(programme.reports, level, int(period[5:])) or _FALLBACK


def _paper(
    level: str, view: Mapping[str, Any], figures: Figures, programme: Programme
) -> dict[str, Any]:
    report = _report(level, figures.period, programme)
    slots = {word: view[word] for word in REPORT_SLOTS - {"region_short"}}
    slots["region_short"] = _short_region(programme)

    def filled(text: str) -> str:
        return text.format_map(slots)

    others = [a.full_name for a in programme.agencies if a.full_name != programme.office]
    return {
        "kind": report.kind,
        "annual": bool(report.months),
        "title": [filled(line) for line in report.title],
        "to": filled(report.to) or "、".join(others),
        "signed": [filled(office) for office in report.signed],
        "signed_lines": side_by_side([filled(office) for office in report.signed]),
        "copied": filled(report.copied),
        "basis": filled(report.basis),
        "mail": filled(report.mail),
        "ask": filled(report.ask),
    }


def _short_region(programme: Programme) -> str:
    """The shortest name of the region that says of what sort it is: 某某州, not 某某."""
    unit = programme.gazetteer.by_code[programme.gazetteer.top]
    names = [n for n in (unit.name, *unit.aliases) if n.endswith(unit.name[-1:])]
    return min(names, key=len)


def _intake(view: Mapping[str, Any], figures: Figures, programme: Programme) -> dict[str, Any]:
    """Who filed, and what became of the rows."""
    top, total = view["lines"][0], view["units_total"]
    absent = view["not_filed"]
    word = "个单位"
    read = int(top["rows_read"])
    returning = {u for c in figures.concerns if c.returned for u in c.units}
    return {
        "total": total,
        "filed": total - len(absent),
        "percent": percent((total - len(absent)) / total if total else None),
        "absent": first_few(absent, word) if absent else "",
        "stand_in": standing_for(absent, view["never_filed"]),
        "rows": read,
        "returned": int(top["returned"]),
        "merged": int(top["merged"]),
        "returning": len(returning),
    }


def _steps(view: Mapping[str, Any], figures: Figures) -> dict[str, str]:
    """The numerals of what is to be done next: what there is no cause for takes none."""
    doubtful = any(c.doubtful for c in figures.concerns)
    causes = {
        "pace": True,
        "mend": bool(figures.not_filed or view["lines"][0]["returned"]),
        "check": bool(doubtful or view["several"] or view["probable"]),
    }
    numerals = iter(_SEVERAL)
    return {word: next(numerals) if cause else "" for word, cause in causes.items()}


def _concerns(figures: Figures, programme: Programme) -> list[dict[str, Any]]:
    """Each sort of fault as a paragraph says it."""
    name = programme.gazetteer.name
    found = []
    for concern in figures.concerns:
        found.append(
            {
                "name": concern.name or "其他问题",
                "units": first_few([name(u) for u in concern.units], "个单位"),
                "of_units": len(concern.units),
                "places": concern.places,
                "returned": concern.returned,
                "doubtful": concern.doubtful,
                "ask": concern.ask or "对照退回、核实通知逐处核对",
            }
        )
    return found
