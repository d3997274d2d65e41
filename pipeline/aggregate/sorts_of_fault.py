"""存在突出问题: the findings on what stands, gathered into the sorts of fault that the programme names."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pipeline.model import Severity
from pipeline.model.composed import FoundConcern
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

_OF_ANOTHER_OFFICE = "F11"
_MEANT = (Severity.ERROR.value, Severity.WARNING.value)


def concerns(issues: pa.Table, programme: Programme) -> tuple[FoundConcern, ...]:
    """`issues`: those of what stands; a file of another office's units is none of ours. The sort with the most places first; what no sort gathers comes
    last, under '' as its name."""
    places: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    units: dict[str, set[str]] = defaultdict(set)
    columns = ("rule", "severity", "file", "sheet", "column", "unit", "row", "listed")
    lines = issues.select(columns).to_pylist()
    elsewhere = {line["file"] for line in lines if line["rule"] == _OF_ANOTHER_OFFICE}
    for line in lines:
        if line["file"] in elsewhere:
            continue
        if line["listed"] and line["severity"] in _MEANT:
            place = (line["file"], line["sheet"], str(line["row"]), line["column"])
            places[line["rule"], line["severity"]].add(place)
            if line["unit"]:
                units[line["rule"]].add(line["unit"])
    found = []
    gathered = {code for concern in programme.concerns for code in concern.rules}
    left = tuple(sorted({rule for rule, _ in places} - gathered))
    sorts = [(c.name, c.ask, c.rules) for c in programme.concerns if c.report]
    for name, ask, rules in (*sorts, ("", "", left)):
        counts = Counter({(r, s): len(at) for (r, s), at in places.items() if r in rules})
        if not counts:
            continue
        by_rule: Counter[str] = Counter()
        for (rule, _), count in counts.items():
            by_rule[rule] += count
        found.append(
            FoundConcern(
                name, ask,
                returned=sum(n for (_, s), n in counts.items() if s == Severity.ERROR.value),
                doubtful=sum(n for (_, s), n in counts.items() if s == Severity.WARNING.value),
                units=tuple(sorted(set().union(*(units[r] for r in by_rule)))),
                rules=tuple(sorted(by_rule.items(), key=lambda of: (-of[1], of[0]))),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda c: (not c.name, -c.places, c.name)))
