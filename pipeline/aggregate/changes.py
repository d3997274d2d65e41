"""差错变化: each finding of the return before, held against the return that took its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.model import Change, Changes, Claims, Issue, Severity

Part = tuple[str, str, str]  # file, entity, kind
_TOLD = frozenset({Severity.ERROR, Severity.WARNING})


def changes(claims: Claims, period: str) -> dict[str, Changes]:
    """By unit: what became of the findings of its return before, for returns of the period.

    A finding is followed by person, field and rule, not by row: rows move. A person is known by her
    number, else by her name where only one bears it; whoever is no longer listed is `gone`, not
    fixed. The rounds are the returns of one kind that the unit filed for the period.
    """
    if claims.rows.empty:
        return {}
    returns = list(_returns(claims, period))
    issues = _issues_by_row(claims.issues)
    rounds: dict[str, int] = {}
    found: dict[str, list[Change]] = {}
    for series in _series(returns).values():
        unit = series[-1].unit
        filed = sum(r.period == period for r in series)
        rounds[unit] = max(rounds.get(unit, 0), filed)
        if series[-1].period == period and len(series) > 1:
            found.setdefault(unit, []).extend(_compared(series[-2], series[-1], issues))
    return {unit: Changes(rounds[unit], tuple(told)) for unit, told in sorted(found.items())}


@dataclass(frozen=True)
class _Return:
    """One return of a unit and kind: the rows of all its files."""

    unit: str
    entity: str
    kind: str
    year: str
    period: str
    filed_on: str
    stands: bool
    rows: pd.DataFrame = field(repr=False)


def _returns(claims: Claims, period: str) -> Iterator[_Return]:
    rows = claims.rows[(claims.rows["unit"] != "") & (claims.rows["period"] <= period)]
    standing = [
        (file, entity, kind) in claims.stands
        for file, entity, kind in zip(rows["file"], rows["entity"], rows["kind"], strict=True)
    ]
    keys = ["entity", "kind", "year", "period", "filed_on", "stands"]
    grouped: Iterable[Any] = rows.assign(stands=standing).groupby(keys, sort=True)
    for (entity, kind, year, of, filed_on, stands), group in grouped:
        unit = str(group["unit"].iloc[0])
        yield _Return(unit, entity, kind, year, of, filed_on, bool(stands), group)


def _series(returns: Iterable[_Return]) -> dict[tuple[str, str, str], list[_Return]]:
    """The returns of one unit, kind and year in the order filed; the standing one last."""
    series: dict[tuple[str, str, str], list[_Return]] = {}
    for one in sorted(returns, key=lambda r: (r.stands, r.period, r.filed_on)):
        series.setdefault((one.entity, one.kind, one.year), []).append(one)
    return series


def _issues_by_row(issues: Iterable[Issue]) -> Mapping[tuple[str, str, int], list[Issue]]:
    by_row: dict[tuple[str, str, int], list[Issue]] = {}
    for issue in issues:
        if issue.row and issue.severity in _TOLD:
            by_row.setdefault((issue.file, issue.sheet, issue.row), []).append(issue)
    return by_row


Finding = tuple[str, str]  # field, rule


def _compared(
    before: _Return, after: _Return, issues: Mapping[tuple[str, str, int], list[Issue]]
) -> Iterator[Change]:
    earlier, later = _findings(before, issues), _findings(after, issues)
    present = _persons(after)
    named = {name: person for person, name in _names(after).items()}
    for person, name in _names(before).items():
        if person not in present and name in named and len(_bearers(before, name)) == 1:
            moved = earlier.pop(person, None)
            if moved:
                earlier.setdefault(named[name], {}).update(moved)
    for person, found in sorted(earlier.items()):
        now = later.get(person, {})
        fields = {f for f, _ in now}
        for (where, rule), issue in sorted(found.items()):
            same = now.get((where, rule)) or next(
                (i for (f, _), i in sorted(now.items()) if f == where), None
            )
            state = "gone" if person not in present else "still" if where in fields else "fixed"
            yield _change(after, state, rule, where, issue, same)
    for person, found in sorted(later.items()):
        was = {f for f, _ in earlier.get(person, {})}
        for (where, rule), issue in sorted(found.items()):
            if where not in was:
                yield _change(after, "new", rule, where, None, issue)


def _change(
    of: _Return, state: str, rule: str, where: str, before: Issue | None, after: Issue | None
) -> Change:
    return Change(of.unit, of.kind, of.year, state, rule, where, _told(before), _told(after))


def _told(issue: Issue | None) -> str:
    return " ".join(filter(None, [issue.file, issue.sheet, issue.cell])) if issue else ""


def _findings(
    of: _Return, issues: Mapping[tuple[str, str, int], list[Issue]]
) -> dict[str, dict[Finding, Issue]]:
    found: dict[str, dict[Finding, Issue]] = {}
    for file, sheet, row, person, name in _columns(of):
        for issue in issues.get((file, sheet, row), ()):
            found.setdefault(person or name, {})[issue.field, issue.rule] = issue
    return found


def _columns(of: _Return) -> Iterator[tuple[str, str, int, str, str]]:
    named = of.rows[["file", "sheet", "row", "person", "name"]]
    yield from named.itertuples(index=False, name=None)


def _persons(of: _Return) -> frozenset[str]:
    return frozenset(person or name for _, _, _, person, name in _columns(of))


def _names(of: _Return) -> dict[str, str]:
    return {person or name: name for _, _, _, person, name in _columns(of) if name}


def _bearers(of: _Return, name: str) -> set[str]:
    return {person for person, other in _names(of).items() if other == name}
