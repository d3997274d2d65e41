"""How each unit stands: done against task, at county, prefecture and province level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.model import Figures
from pipeline.office.fill import BESIDE, cited
from pipeline.programme import Indicator, Programme

DASH = "—"
_COUNTS = ("rows_read", "returned", "merged")
_CITED = {
    "done": "counted",
    "target": "target",
    "rate": "rate",
    "attendances": "attendances",
    "status": "status",
}
_REACHED = ("bar", "short", "ahead")  # worked out of these


def percent(rate: float | None) -> str:
    """0.9166 -> 91.7%; none -> —.

    >>> percent(11 / 12), percent(1.3889), percent(None)
    ('91.7%', '138.9%', '—')
    """
    return DASH if rate is None else f"{rate * 100:.1f}%"


def _measure(row: Mapping[str, Any], expected: float) -> dict[str, Any]:
    """One cell of the table: task, done, rate, and how it stands against 序时进度."""
    target, done = row["target"], row["counted"]
    rate = done / target if target else None
    return _standing(target, done, rate, expected) | {"attendances": row["attendances"]}


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
    for row in figures.table.to_pylist():
        line = lines.setdefault(
            (row["unit"], row["level"]),
            {
                "code": row["unit"],
                "name": row["unit_name"],
                "level": row["level"],
                "depth": _depth(row["unit"], row["level"], programme),
                "filed": row["unit"] not in figures.not_filed,
                "has_target": False,
            },
        )
        measure = _measure(row, figures.expected_rates[row["scope"]])
        line.setdefault(row["indicator"], {})[row["scope"]] = measure
        line["has_target"] |= measure["target"] != DASH
        if row["scope"] == "year":
            for count in _COUNTS:
                line[count] = line.get(count, 0) + row[count]
    whole = list(_with_own(list(lines.values()), figures, programme))
    return [_cited(line, programme) for line in whole]


def _depth(unit: str, level: str, programme: Programme) -> int:
    """0: the whole; 1: what stands directly below it; 2: the counties of a prefecture."""
    gazetteer = programme.gazetteer
    if unit == gazetteer.top:
        return 0
    return 2 if level == "county" and gazetteer.by_code[unit].parent != gazetteer.top else 1


def in_order(lines: Sequence[dict[str, Any]], programme: Programme) -> list[dict[str, Any]]:
    """The lines as a printed table has them: the whole as 合计 where the programme places it, and a
    unit that is its own only county (at both levels the same) once."""
    whole, *below = lines
    above = {line["code"] for line in below if line["level"] != "county"}
    once = [x for x in below if x["level"] != "county" or x.get("own") or x["code"] not in above]
    total = {**whole, "name": "合计"}
    return [*once, total] if programme.total_row == "last" else [total, *once]


def its_own_county(figures: Figures) -> frozenset[tuple[str, str]]:
    """The county lines (unit, level) of units that stand above themselves with the same figures, and are
    printed once."""
    lines = {(row["unit"], row["level"]) for row in figures.table.to_pylist()}
    top = figures.table.column("unit")[0].as_py()
    above = {unit for unit, level in lines if level != "county" and unit != top}
    return frozenset((unit, level) for unit, level in lines if level == "county" and unit in above)


def _cited(line: Mapping[str, Any], programme: Programme) -> dict[str, Any]:
    """The line with numbers that know which figure they say (see render.citations)."""
    who = (line["code"], "own" if line.get("own") else line["level"])
    counts = {m: cited(line[m], (*who, "", "year", m, "")) for m in _COUNTS}
    measured = {
        i.name: {
            scope: {
                **standing,
                **{word: cited(standing[word], BESIDE) for word in _REACHED},
                **{
                    word: cited(standing[word], (*who, i.name, scope, measure, ""))
                    for word, measure in _CITED.items()
                },
            }
            for scope, standing in line[i.name].items()
        }
        for i in programme.indicators
    }
    return {**line, **counts, **measured}


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
            "name": f"{line['name'][-1] if line['name'][-1] in '市州盟' else ''}本级",
            "level": "county",
            "depth": 2,
            "filed": True,
            "own": True,
        }
        rest |= {c: line[c] - sum(b[c] for b in below) for c in _COUNTS}
        for indicator in programme.indicators:
            rest[indicator.name] = {
                scope: _own_measure(line, below, indicator.name, scope, figures)
                for scope in ("year", "cumulative")
            }
        if rest["rows_read"] or _counts_somebody(rest, programme):
            yield rest


def _counts_somebody(line: Mapping[str, Any], programme: Programme) -> bool:
    """Whether a line has persons of this year or, in the years together, of an earlier one."""
    return any(line[i.name]["cumulative"]["done"] for i in programme.indicators)


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


def overall(lines: list[dict[str, Any]], indicator: Indicator, figures: Figures) -> dict[str, Any]:
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
        "unit_word": indicator.unit_word,
        "year": top["year"],
        "cumulative": top["cumulative"],
        "level_label": "市（州）" if level == "prefecture" else "县（市、区）",
        "rated": len(rated),
        "ahead": named({"已完成", "达进度"}),
        "behind": named({"欠进度"})[::-1],
        "ranked": [{"name": x["name"], **x[indicator.name]["year"]} for x in ranked],
        "expected": percent(figures.expected_rates["year"]),
    }
