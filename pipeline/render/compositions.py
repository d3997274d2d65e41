"""构成分析: the province's figures divided, a line a word of a dimension, with quartiles of amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.model import Figures
from pipeline.office.fill import cited
from pipeline.programme import Programme

_SCOPES = ("year", "new", "cumulative")
_UNSAID = "（未填）"
_QUARTILES = (
    ("median", "中位数"), ("first_quartile", "下四分位数"), ("third_quartile", "上四分位数"), ("mean", "平均"),
)  # fmt: skip


def composition_in_words(figures: Figures, programme: Programme) -> dict[str, Any]:
    """composition: label, value, and by indicator the persons of the year, new ones, and of all years."""
    top = programme.gazetteer.top
    persons: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    whole = (line for line in figures.breakdowns.to_pylist() if line["unit"] == top)
    for line in whole:
        own = persons.setdefault((line["dimension"], line["value"]), {})
        own[line["indicator"], line["scope"]] = line["persons"]
    labels, shown = _labels(programme), ""
    asked = {"", *(b.name for b in programme.breakdowns)}
    lines = []
    for (dimension, value), own in persons.items():
        if dimension in labels:
            source = (f"{dimension}={value}",) if dimension in asked else ()
            lines.append(
                {
                    "label": labels[dimension] if dimension != shown or not dimension else "",
                    "value": value or (_UNSAID if dimension else "合计"),
                    **_counts(own, top, source, figures, programme),
                }
            )
            shown = dimension
    return {"composition": lines, "amounts": list(_amounts(figures, programme))}


def _counts(
    own: Mapping[tuple[str, str], int],
    top: str,
    source: tuple[str, ...],
    figures: Figures,
    programme: Programme,
) -> dict[str, dict[str, Any]]:
    """By indicator and scope; blank for an indicator that is not divided so."""
    level = figures.table.column("level")[0].as_py()
    divided = {name for name, _ in own}
    counts: dict[str, dict[str, Any]] = {}
    for name in (i.name for i in programme.indicators):
        counts[name] = {}
        for scope in _SCOPES:
            count: Any = own.get((name, scope), 0) if name in divided else ""
            if source:
                count = cited(count, (top, level, name, scope, "breakdown", *source))
            counts[name][scope] = count
    return counts


def _labels(programme: Programme) -> dict[str, str]:
    """What each dimension that the summary shows is called."""
    return {
        "": "人数",
        **{b.name: b.label for b in programme.breakdowns if b.summary},
        **{o.name: o.label for o in programme.outcomes},
        **{f"{o.name}_craft": f"{o.label}：做什么" for o in programme.outcomes if o.learned},
    }


def _amounts(figures: Figures, programme: Programme) -> Iterator[dict[str, Any]]:
    """Quartiles and mean of the province's amounts, a line each, by indicator and scope."""
    top = programme.gazetteer.top
    whole = [line for line in figures.amounts.to_pylist() if line["unit"] == top]
    for breakdown in programme.breakdowns:
        own = [line for line in whole if line["dimension"] == breakdown.name]
        for nth, (measure, label) in enumerate(_QUARTILES):
            if own:
                said = {(line["indicator"], line["scope"]): line[measure] for line in own}
                yield {
                    "label": "" if nth else breakdown.label,
                    "value": f"{label}（{breakdown.unit_word}）",
                    **{
                        i.name: {scope: said.get((i.name, scope), "") for scope in _SCOPES}
                        for i in programme.indicators
                    },
                }
