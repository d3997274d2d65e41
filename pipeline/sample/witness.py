"""What the pipeline ought to find in the made-up province, told from what was planted.

Nothing here reads a file or asks a stage: it is an independent witness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.programme import Programme
from pipeline.sample.entries import Entry
from pipeline.sample.pages import Line
from pipeline.values import month_end

Place = tuple[str, str, str]  # file below inbox/, sheet, cell such as F7


@dataclass(frozen=True)
class Filing:
    """One file as dropped: what it files for whom, and where every entry stands in it."""

    path: str
    period: str
    version: int
    filed_on: date
    covers: frozenset[tuple[str, str]]  # unit, kind
    lines: tuple[Line, ...] = ()
    differing: tuple[Place, ...] = ()  # self-reported totals that differ from the roster
    readable: bool = True


@dataclass(frozen=True)
class DoubleClaim:
    """A person planted in the rosters of two counties, and the one for which she counts."""

    kind: str
    number: str
    units: tuple[str, ...]
    counted_for: str


@dataclass(frozen=True)
class Month:
    """What a run for one period ought to say.

    counted: persons of the period's year by (indicator, county), noughts included
    cumulative, attendances: of the province by indicator (attendances of the period's year)
    returned, warned: cells of standing returns with an error, or only a warning, in a record
    double_claims: (indicator, number) -> the claimants by code, then the unit she counts for
    differing_totals: cells of self-reported totals that differ from the roster
    """

    counted: Mapping[tuple[str, str], int]
    cumulative: Mapping[str, int]
    attendances: Mapping[str, int]
    not_filed: tuple[str, ...]
    unreadable: tuple[str, ...]
    superseded: tuple[str, ...]
    returned: frozenset[Place]
    warned: frozenset[Place]
    double_claims: Mapping[tuple[str, str], tuple[str, ...]]
    probable: frozenset[frozenset[str]]
    differing_totals: frozenset[Place]


@dataclass(frozen=True)
class Expected:
    """What was planted, period by period."""

    periods: Mapping[str, Month]


def month(
    period: str,
    filings: Iterable[Filing],
    claims: Sequence[DoubleClaim],
    pairs: Sequence[frozenset[str]],
    programme: Programme,
) -> Month:
    """What stands at the end of a period, and what it adds up to."""
    dropped = [f for f in filings if f.period <= period]
    standing = _standing(dropped)
    names = {kind: indicator.name for kind, indicator in programme.indicator_of.items()}
    lines = [
        (f, line)
        for f in dropped
        for line in f.lines
        if (f.path, line.entry.unit, line.entry.kind) in standing
    ]
    sound = [line.entry for _, line in lines if not line.error]
    claimed = _claimed(sound, period)
    doubles = {
        (c.kind, c.number): c
        for c in claims
        if set(c.units) <= claimed.get((c.kind, c.number), set())
    }
    counties = programme.gazetteer.counties(month_end(period))
    counted = {(name, unit.code): 0 for name in names.values() for unit in counties}
    for (kind, number), units in claimed.items():
        double = doubles.get((kind, number))
        (unit,) = {double.counted_for} if double else units
        counted[names[kind], unit] += 1
    attended = {
        (e.kind, e.person.number, e.start, e.activity) for e in sound if e.year == period[:4]
    }
    persons = {(e.kind, e.person.number) for e in sound}
    filed = {unit for f in dropped if f.period == period and f.readable for unit, _ in f.covers}
    known = {e.person.number for e in sound}
    paths = {path for path, _, _ in standing}
    return Month(
        counted=counted,
        cumulative={name: sum(k == kind for k, _ in persons) for kind, name in names.items()},
        attendances={name: sum(a[0] == kind for a in attended) for kind, name in names.items()},
        not_filed=tuple(u.code for u in counties if u.code not in filed),
        unreadable=tuple(sorted(f.path for f in dropped if not f.readable)),
        superseded=tuple(sorted(f.path for f in dropped if f.readable and f.path not in paths)),
        returned=frozenset((f.path, x.sheet, x.cell) for f, x in lines if x.error),
        warned=frozenset((f.path, x.sheet, x.cell) for f, x in lines if x.cell and not x.error),
        double_claims={
            (names[kind], number): (*c.units, c.counted_for)
            for (kind, number), c in doubles.items()
        },
        probable=frozenset(pair for pair in pairs if pair <= known),
        differing_totals=frozenset(p for f in dropped if f.path in paths for p in f.differing),
    )


def _standing(dropped: Iterable[Filing]) -> set[tuple[str, str, str]]:
    """(file, unit, kind) of the newest readable return of each unit, kind and year."""
    newest: dict[tuple[str, str, str], Filing] = {}
    for filing in sorted(dropped, key=lambda f: (f.period, f.filed_on, f.version)):
        for unit, kind in filing.covers if filing.readable else ():
            newest[unit, kind, filing.period[:4]] = filing
    return {(filing.path, unit, kind) for (unit, kind, _), filing in newest.items()}


def _claimed(sound: Iterable[Entry], period: str) -> dict[tuple[str, str], set[str]]:
    claimed: dict[tuple[str, str], set[str]] = {}
    for entry in sound:
        if entry.year == period[:4]:
            claimed.setdefault((entry.kind, entry.person.number), set()).add(entry.unit)
    return claimed
