"""Where in a paragraph a number stands: its clause, its sentence, whose it is, of which indicator and span."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.readback.month_facts import Facts, Standing

_CLAUSE = re.compile(r"[，。；：]")
_SENTENCE = re.compile(r"[。；]")


def clause_before(text: str, at: int) -> str:
    """What stands before a place in its clause."""
    return _CLAUSE.split(text[:at])[-1]


def sentence_before(text: str, at: int) -> str:
    """What stands before a place in its sentence."""
    return _SENTENCE.split(text[:at])[-1]


def sentence_around(text: str, at: int) -> str:
    """The sentence a place stands in."""
    return sentence_before(text, at) + _SENTENCE.split(text[at:])[0]


def scope_of(text: str, at: int) -> str:
    """The span that a number is of."""
    return "cumulative" if "累计" in sentence_before(text, at) else "year"


def indicators_of(text: str, at: int, facts: Facts) -> list[str]:
    """The indicator named last before a place in its paragraph; where none is, all of them."""
    ends = {
        (place + len(label), len(label)): name  # of 培训就业 and 就业 the longer
        for label, name in facts.labels.items()
        if (place := text.rfind(label, 0, at)) >= 0
    }
    return [ends[max(ends)]] if ends else list(facts.labels.values())


def own_figures(text: str, at: int, facts: Facts) -> list[Standing]:
    """The figures that a number may be one of: of the unit named last in its clause, and of the whole."""
    named = re.findall(names_pattern(facts), clause_before(text, at))
    whose = [named[-1], facts.top] if named else [facts.top]
    indicators, scope = indicators_of(text, at, facts), scope_of(text, at)
    return [standing for name in whose for standing in facts.of(name, indicators, scope)]


def unit_before(text: str, facts: Facts) -> str:
    """The longest name of a unit that a text ends with; '' where it ends with none."""
    return max((name for name in facts.names if text.endswith(name)), key=len, default="")


def names_pattern(facts: Facts) -> str:
    """All names of units, the longest first."""
    return _alternatives(tuple(facts.names))


@lru_cache(maxsize=8)
def _alternatives(names: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(names, key=lambda n: (-len(n), n))))
