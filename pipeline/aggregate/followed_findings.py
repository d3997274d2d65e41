"""差错变化: each finding of the return before, held against the return that took its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine
from pipeline.model import Change, Changes, Claims, Issue, Severity, issues_of

if TYPE_CHECKING:
    import pyarrow as pa

_SAID = frozenset({Severity.ERROR, Severity.WARNING})
_RETURN = ("entity", "kind", "year", "period", "edition")
Finding = tuple[str, str]  # field, rule
At = tuple[str, str, int]  # file, sheet, row
Line = Mapping[str, Any]


def changes(claims: Claims, issues: pa.Table, period: str, engine: Engine) -> dict[str, Changes]:
    """By unit: what became of the findings of its return before, for returns of the period.

    A finding is followed by person, field and rule, not by row: rows move. A person is known by her
    number, else by her name where only one bears it; whoever is no longer listed is `gone`, not
    fixed. Of two that mend the same workbook apart, the later is held against that one and not against the
    other. The rounds are the returns of one kind that the unit filed for the period.
    """
    bases = {
        (e["entity"], e["kind"], e["period"], e["edition"]): e["base"]
        for e in claims.editions.to_pylist()
        if e["base"]
    }
    rounds: dict[str, int] = {}
    held: list[tuple[Line, Line]] = []
    for series in _series(engine.ask("returns", {"rows": claims.rows}).to_pylist(), period):
        unit = series[-1]["unit"]
        filed = sum(r["period"] == period for r in series)
        rounds[unit] = max(rounds.get(unit, 0), filed)
        if series[-1]["period"] == period and len(series) > 1:
            last = series[-1]
            base = bases.get((last["entity"], last["kind"], period, last["edition"]), 0)
            made_from = (r for r in series[:-1] if r["edition"] == base and r["period"] == period)
            held.append((next(made_from, series[-2]), last))
    found: dict[str, list[Change]] = {}
    for nth, sides in enumerate(_sides(held, claims, issues, engine)):
        after = held[nth][1]
        found.setdefault(after["unit"], []).extend(_compared(*sides, after))
    return {unit: Changes(rounds[unit], tuple(own)) for unit, own in sorted(found.items())}


def _series(returns: list[dict[str, Any]], period: str) -> list[list[Line]]:
    """The returns of one unit, kind and year in the order filed; the standing one last."""
    series: dict[tuple[str, str, str], list[Line]] = {}
    filed = [r for r in returns if r["period"] <= period]
    for one in sorted(filed, key=lambda r: (r["period"], r["edition"])):
        series.setdefault((one["entity"], one["kind"], one["year"]), []).append(one)
    return list(series.values())


@dataclass
class _Side:
    """One of two returns held against each other: who has which findings, and who bears which name.

    Of persons without a finding only those are known who are asked about.
    """

    found: dict[str, dict[Finding, Issue]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)


def _sides(
    held: list[tuple[Line, Line]], claims: Claims, issues: pa.Table, engine: Engine
) -> list[tuple[_Side, _Side]]:
    import pyarrow as pa

    sides = [(_Side(), _Side()) for _ in held]
    if not held:
        return []
    compared = pa.Table.from_pylist(
        [{"series": n, "side": side, **{word: of[word] for word in _RETURN}}
         for n, pair in enumerate(held) for side, of in enumerate(pair)]
    )  # fmt: skip
    rows = engine.ask_to("compared_rows", {"rows": claims.rows, "compared": compared})
    asked = {"compared_rows": rows}
    by_row = _issues_by_row(issues)
    people, names = set(), set()
    for line in engine.ask("found_in", {**asked, "issues": issues}).to_pylist():
        for issue in by_row.get((line["file"], line["sheet"], line["row"]), ()):
            own = sides[line["series"]][line["side"]].found.setdefault(line["who"], {})
            own[issue.field, issue.rule] = issue
            people.add((line["series"], line["who"]))
            if line["name"]:
                names.add((line["series"], line["name"]))
    known = {"people": _pairs(people, "who"), "names": _pairs(names, "name")}
    for line in engine.ask("listed_in", {**asked, **known}).to_pylist():
        side = sides[line["series"]][line["side"]]
        side.listed.add(line["who"])
        if line["name"]:
            side.names[line["who"]] = line["name"]
    return sides


def _pairs(pairs: set[tuple[int, str]], word: str) -> pa.Table:
    import pyarrow as pa

    ordered = sorted(pairs)
    return pa.table(
        {"series": pa.array([n for n, _ in ordered], pa.int64()),
         word: pa.array([text for _, text in ordered], pa.string())}
    )  # fmt: skip


def _issues_by_row(issues: pa.Table) -> Mapping[At, list[Issue]]:
    by_row: dict[At, list[Issue]] = {}
    for issue in issues_of(issues):
        if issue.row and issue.severity in _SAID:
            by_row.setdefault((issue.file, issue.sheet, issue.row), []).append(issue)
    return by_row


def _compared(before: _Side, after: _Side, of: Line) -> Iterator[Change]:
    earlier, later = dict(before.found), after.found
    named = {name: person for person, name in after.names.items()}
    bearers = Counter(before.names.values())
    for person, name in before.names.items():
        if person not in after.listed and name in named and bearers[name] == 1:
            moved = earlier.pop(person, None)
            if moved:
                earlier[named[name]] = earlier.get(named[name], {}) | moved
    for person, found in sorted(earlier.items()):
        now = later.get(person, {})
        fields = {f for f, _ in now}
        for (where, rule), issue in sorted(found.items()):
            same = now.get((where, rule)) or next(
                (i for (f, _), i in sorted(now.items()) if f == where), None
            )
            listed = person in after.listed
            state = "gone" if not listed else "still" if where in fields else "fixed"
            yield _change(of, state, rule, where, issue, same)
    for person, found in sorted(later.items()):
        was = {f for f, _ in earlier.get(person, {})}
        for (where, rule), issue in sorted(found.items()):
            if where not in was:
                yield _change(of, "new", rule, where, None, issue)


def _change(
    of: Line, state: str, rule: str, where: str, before: Issue | None, after: Issue | None
) -> Change:
    return Change(
        of["unit"], of["kind"], of["year"], state, rule, where, _place(before), _place(after)
    )


def _place(issue: Issue | None) -> str:
    return " ".join(filter(None, [issue.file, issue.sheet, issue.cell])) if issue else ""
