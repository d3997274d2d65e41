"""What counties wrote, as a report tells it: by theme, alike ones once, quoted in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.model import Figures
from pipeline.programme import Programme
from pipeline.render.phrases import first_few, listed, quoted

_QUOTED = 90  # characters of one quotation
_SAYINGS = 2  # quoted of one theme
_THEMES = 4  # of one topic that get a paragraph; the others are named in the annex only


def by_theme(figures: Figures, topic: str, programme: Programme) -> list[dict[str, Any]]:
    """The themes of a topic, the one of most units first: its name, how many units, what they say."""
    of_topic = [t for t in figures.themes if t.topic == topic][:_THEMES]
    return [
        {
            "name": theme.name or "其他",
            "count": len(theme.units),
            "sayings": [
                {
                    "units": first_few([programme.gazetteer.name(u) for u in said.units], "个县（市、区）"),
                    "quote": quoted(_own_words(said.text, said.units[0], programme), _QUOTED),
                }
                for said in theme.sayings[:_SAYINGS]
            ],
            "others": _others([u for s in theme.sayings[_SAYINGS:] for u in s.units], programme),
        }
        for theme in of_topic
    ]  # fmt: skip


def annex(figures: Figures, programme: Programme) -> list[dict[str, Any]]:
    """The full texts, alike ones once: topic, theme, units, text."""
    words = {"practice": "典型经验举措", "problem": "存在突出问题"}
    return [
        {
            "topic": words[theme.topic],
            "theme": theme.name or "其他",
            "units": listed([programme.gazetteer.name(u) for u in said.units]),
            "text": said.text,
        }
        for theme in figures.themes
        for said in theme.sayings
    ]


def _others(units: Sequence[str], programme: Programme) -> str:
    return (
        first_few([programme.gazetteer.name(u) for u in units], "个县（市、区）") if units else ""
    )


def _own_words(text: str, unit: str, programme: Programme) -> str:
    """The text without the unit's own name before it: the sentence names the unit already."""
    found = programme.gazetteer.by_code.get(unit)
    names = sorted((found.name, *found.aliases) if found else (), key=len, reverse=True)
    for name in names:
        if text.startswith(name):
            return text.removeprefix(name).lstrip("：:，,、 ")
    return text
