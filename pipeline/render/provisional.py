"""暂计: the figures that are not final yet, with their range and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.model import Figures
from pipeline.office.fill import cited
from pipeline.programme import Programme
from pipeline.render.standings import its_own_county

_SCOPES = {"year": "本年", "cumulative": "累计"}


def _of(line: Mapping[str, str]) -> tuple[str, str, str, str]:
    return line["unit"], line["level"], line["indicator"], line["scope"]


def provisional_in_words(figures: Figures, programme: Programme) -> dict[str, Any]:
    """provisional: a line a figure that lacks a unit or waits for an answer; the province's first."""
    twice = its_own_county(figures)
    lines = [
        {
            "name": programme.gazetteer.name(line["unit"]),
            "level": line["level"],
            "indicator": programme.indicator[line["indicator"]].label,
            "unit_word": programme.indicator[line["indicator"]].unit_word,
            "scope": _SCOPES[line["scope"]],
            **{
                word: cited(line[word], (*_of(line), word, ""))
                for word in ("counted", "least", "most")
            },
            "why": line["why"],
        }
        for line in figures.coverage.to_pylist()
        if line["provisional"] and (line["unit"], line["level"]) not in twice
    ]
    top = figures.table.column("level")[0].as_py()
    return {
        "provisional": lines,
        "provisional_names": list(dict.fromkeys(line["name"] for line in lines)),
        "provisional_whole": [line for line in lines if line["level"] == top],
    }
