"""What counties wrote, as a report tells it: by theme, alike ones once, quoted in whole sentences."""

from __future__ import annotations

from typing import Any

from pipeline.model import Figures
from pipeline.programme import Programme
from pipeline.render.phrases import first_few, listed, quoted

_QUOTED = 90  # characters of one quotation
_SAYINGS = 1  # quoted of one theme
_TOPICS = {"practice": "典型经验举措", "problem": "存在突出问题"}
_WORD = "个县（市、区）"


def by_theme(figures: Figures, topic: str, programme: Programme) -> list[dict[str, Any]]:
    """The themes of a topic, the one of most units first: its name, its units, what most of them say."""
    name = programme.gazetteer.name
    return [
        {
            "name": theme.name or "其他方面",
            "units": first_few([name(u) for u in theme.units], _WORD),
            "sayings": [
                {
                    "units": first_few([name(u) for u in account.units], _WORD),
                    "example": "" if account.same else name(account.units[0]),
                    "quote": quoted(_own_words(account.text, account.units[0], programme), _QUOTED),
                }
                for account in theme.sayings[:_SAYINGS]
            ],
        }
        for theme in figures.themes
        if theme.topic == topic
    ]


def annex(figures: Figures, programme: Programme) -> list[dict[str, Any]]:
    """The full texts by topic, alike ones once: theme, units, text."""
    found = []
    for topic, words in _TOPICS.items():
        lines = [
            {
                "theme": theme.name or "其他方面",
                "units": listed([programme.gazetteer.name(u) for u in account.units]),
                "text": account.text if account.same else f"{account.text}（其他单位所写相近）",
            }
            for theme in figures.themes
            if theme.topic == topic
            for account in theme.sayings
        ]
        if lines:
            found.append({"topic": words, "lines": lines})
    return found


def _own_words(text: str, unit: str, programme: Programme) -> str:
    """The text without the unit's own name before it: the sentence names the unit already."""
    found = programme.gazetteer.by_code.get(unit)
    names = sorted((found.name, *found.aliases) if found else (), key=len, reverse=True)
    for name in names:
        if text.startswith(name):
            return text.removeprefix(name).lstrip("：:，,、 ")
    return text
