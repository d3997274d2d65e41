"""构成分析: the province's figures divided, a line a word of a dimension, with quartiles of amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.model import Figures
from pipeline.office.fill import cited
from pipeline.programme import Programme

Own = Mapping[tuple[str, str], int]  # by indicator and scope
_SCOPES = ("year", "new", "cumulative")
_UNSAID = "（未填）"
_QUARTILES = (
    ("median", "中位数"), ("first_quartile", "下四分位数"), ("third_quartile", "上四分位数"), ("mean", "平均"),
)  # fmt: skip


def composition_in_words(figures: Figures, programme: Programme) -> dict[str, Any]:
    """composition: label, value, and by indicator the persons of the year with their share of all, new
    ones, and of all years; parts: the same lines by the name of their breakdown."""
    top = programme.gazetteer.top
    persons: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    divided: dict[str, set[str]] = {}
    for line in figures.breakdowns.to_pylist():
        if line["unit"] == top:
            of_word = persons.setdefault((line["dimension"], line["value"]), {})
            of_word[line["indicator"], line["scope"]] = line["persons"]
            divided.setdefault(line["dimension"], set()).add(line["indicator"])
    labels, shown = _labels(programme), ""
    lines: list[dict[str, Any]] = []
    for (dimension, value), own in _in_code_order(persons, programme):
        if dimension in labels:
            lines.append(
                {
                    "dimension": dimension,
                    "label": labels[dimension] if dimension != shown or not dimension else "",
                    "value": value or (_UNSAID if dimension else "合计"),
                    **{
                        i.name: _counts(
                            own,
                            persons.get(("", ""), {}),
                            (i.name, dimension, value),
                            figures,
                            programme,
                        )
                        if i.name in divided[dimension]
                        else dict.fromkeys((*_SCOPES, "share"), "")
                        for i in programme.indicators
                    },
                }
            )
            shown = dimension
    parts: dict[str, list[Any]] = {b.name: [] for b in programme.breakdowns}
    for line in lines:
        parts.setdefault(line["dimension"], []).append(line)
    return {"composition": lines, "parts": parts, "amounts": list(_amounts(figures, programme))}


def _in_code_order(
    persons: Mapping[tuple[str, str], Own], programme: Programme
) -> list[tuple[tuple[str, str], Own]]:
    """The words of a dimension in the order of its code list, what is no word of it behind, '' last."""
    dimensions = list(dict.fromkeys(dimension for dimension, _ in persons))
    places = {
        (b.name, label): n
        for b in programme.breakdowns
        for n, label in enumerate(
            programme.code_labels.get(programme.field[b.field].codes, {}).values()
        )
    }
    coded = {dimension for dimension, _ in places}

    def place(entry: tuple[tuple[str, str], Own]) -> tuple[int, bool, int]:
        dimension, value = entry[0]
        last = len(places) if dimension in coded else 0
        return dimensions.index(dimension), not value, places.get((dimension, value), last)

    return sorted(persons.items(), key=place)


def _counts(
    own: Own, whole: Own, of: tuple[str, str, str], figures: Figures, programme: Programme
) -> dict[str, Any]:
    """The persons of one word of a dimension for one indicator, by scope, and their share of the year."""
    indicator, dimension, value = of
    asked = {"", *(b.name for b in programme.breakdowns)}
    measure = "breakdown" if dimension in asked else "outcome"
    who = (programme.gazetteer.top, _level(figures), indicator)

    def citation(number: Any, scope: str, measure: str) -> Any:
        return cited(number, (*who, scope, measure, f"{dimension}={value}"))

    total, count = whole.get((indicator, "year"), 0), own.get((indicator, "year"), 0)
    counts = {scope: citation(own.get((indicator, scope), 0), scope, measure) for scope in _SCOPES}
    return counts | {"share": citation(count / total, "year", f"{measure}:share") if total else ""}


def _level(figures: Figures) -> str:
    level: str = figures.table.column("level")[0].as_py()
    return level


def _labels(programme: Programme) -> dict[str, str]:
    """What each dimension that the summary shows is called."""
    return {
        "": "人数",
        **{b.name: b.label for b in programme.breakdowns if b.summary},
        **{o.name: o.label for o in programme.outcomes},
        **{f"{o.name}_craft": f"{o.label}：所从事项目" for o in programme.outcomes if o.learned},
    }


def _amounts(figures: Figures, programme: Programme) -> Iterator[dict[str, Any]]:
    """Quartiles and mean of the province's amounts, a line each, by indicator and scope."""
    top, level = programme.gazetteer.top, _level(figures)
    whole = [line for line in figures.amounts.to_pylist() if line["unit"] == top]
    for breakdown in programme.breakdowns:
        own = [line for line in whole if line["dimension"] == breakdown.name]
        for nth, (measure, label) in enumerate(_QUARTILES):
            if own:
                amounts = {
                    (line["indicator"], line["scope"]): cited(
                        line[measure],
                        (top, level, line["indicator"], line["scope"], f"amount:{measure}", breakdown.name),
                    )
                    for line in own
                }  # fmt: skip
                yield {
                    "label": "" if nth else breakdown.label,
                    "value": f"{label}（{breakdown.unit_word}）",
                    **{
                        i.name: {scope: amounts.get((i.name, scope), "") for scope in _SCOPES}
                        for i in programme.indicators
                    },
                }
