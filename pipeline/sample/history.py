"""Several years of returns of a few counties, in either way of filing, and what they add up to.

The same lives filed as year-to-date rosters, or each return listing only what is new: then a mended
or withdrawn line is filed again in the folder of the period that first listed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from pipeline.programme import Programme
from pipeline.sample import pages
from pipeline.sample.entries import Entry, Ledger, seasons
from pipeline.sample.lives import CUMULATIVE, LOWER_CODE, Fact, Lives, Teller
from pipeline.sample.pages import Habit, Heading
from pipeline.sample.people import Registry
from pipeline.sample.workbooks import write
from pipeline.values import month_end

_SILENT = 0.12  # how often a county files nothing
_FORMS = ("full", "plain", "numbered")


@dataclass(frozen=True)
class Returned:
    """One file as dropped: in which period, into which period's folder, by whom, and its lines."""

    path: str
    content: bytes
    dropped: str
    period: str
    unit: str  # the code the unit bore on the period's last day
    filed_on: date
    lines: tuple[Entry, ...]  # with `slip` where the line is faulty


@dataclass(frozen=True)
class History:
    """All returns of some years, and the witness who knows the lives behind them."""

    returns: tuple[Returned, ...]
    counted: Mapping[str, Mapping[tuple[str, str, str], int]]
    """period -> (indicator, unit by the code it bore first, year or cumulative) -> persons."""


def make_history(
    programme: Programme,
    units: Sequence[str],
    periods: Sequence[str],
    *,
    seed: int,
    women: int = 4,
) -> History:
    """The returns of those units in the way of filing that the programme says.

    `women`: new ones a unit and year. The same seed gives the same lives, however they are filed.
    """
    rng = Random(seed)
    registry = Registry(rng, programme)
    years = seasons(periods)
    filed = {
        unit: [
            p for s in years for p in s.periods if p in (s.first, s.last) or rng.random() > _SILENT
        ]
        for unit in units
    }
    lives = Teller(Ledger(rng, registry, programme), registry, rng, years, filed, programme).tell(
        women
    )
    desk = _Desk(programme, lives, filed)
    truths = {p: dict(_counted(lives, filed, p, programme)) for p in sorted(set(periods))}
    return History(tuple(desk.returns()), truths)


@dataclass(frozen=True)
class _Desk:
    """Where a county's clerk writes her returns."""

    programme: Programme
    lives: Lives
    filed: Mapping[str, Sequence[str]]

    def returns(self) -> Iterator[Returned]:
        for nth, (unit, periods) in enumerate(sorted(self.filed.items())):
            habit = Habit(_FORMS[nth % len(_FORMS)], hand=nth % 5, manner=nth % 4)
            own = [fact for fact in self.lives.facts if fact.entry.unit == unit]
            for period in periods:
                if self.programme.scope == "year":
                    lines = [f for f in own if f.entry.year == period[:4] and _listed(f, period)]
                    yield self._written(unit, period, period, lines, habit)
                else:
                    yield from self._of_period(unit, period, own, habit)

    def _of_period(
        self, unit: str, period: str, own: Sequence[Fact], habit: Habit
    ) -> Iterator[Returned]:
        """What is new; and again every earlier return of which a line was mended or withdrawn."""
        new = [f for f in own if f.entry.since == period and _listed(f, period)]
        yield self._written(unit, period, period, new, habit)
        for before in (p for p in self.filed[unit] if p < period):
            of_then = [f for f in own if f.entry.since == before]
            if any(
                period in (f.until, f.entry.slip.until[0] if f.entry.slip else "") for f in of_then
            ):
                lines = [f for f in of_then if _listed(f, period)]
                yield self._written(unit, before, period, lines, habit)

    def _written(
        self, unit: str, period: str, dropped: str, facts: Sequence[Fact], habit: Habit
    ) -> Returned:
        gazetteer = self.programme.gazetteer
        code = gazetteer.on(unit, month_end(period))
        months = (int(dropped[:4]) - int(period[:4])) * 12 + int(dropped[5:]) - int(period[5:])
        filed_on = month_end(period).replace(day=26) + timedelta(days=31 * months)
        lines = tuple(_as_known(f.entry, dropped) for f in facts)
        heading = Heading(gazetteer.name(code), period, 1, filed_on, habit.manner)
        sheets = [
            pages.roster(
                kind, [e for e in lines if e.kind == kind.name], habit, heading, {}, self.programme
            )[0]
            for kind in self.programme.kinds
        ]
        again = "" if dropped == period else f"（{dropped}更正）"
        path = f"{period}/{heading.unit_name}报表{again}.xlsx"
        return Returned(path, write(sheets, "xlsx"), dropped, period, code, filed_on, lines)


def _listed(fact: Fact, period: str) -> bool:
    return fact.entry.since <= period < fact.until


def _as_known(entry: Entry, period: str) -> Entry:
    """The line as the return of that period has it: a slip is gone once it is mended."""
    slip = entry.slip
    if slip is None or slip.until[0] <= period:
        return replace(entry, slip=None)
    return replace(entry, slip=replace(slip, until=("9999-12", 0)))


def _counted(
    lives: Lives, filed: Mapping[str, Sequence[str]], period: str, programme: Programme
) -> Iterator[tuple[tuple[str, str, str], int]]:
    """The witness: who is known to whom at the end of a period, and for whom each counts."""
    known: dict[tuple[str, str, str], dict[str, str]] = {}  # unit -> the code it filed her under
    for fact in lives.facts:
        entry = fact.entry
        before = (p for p in filed[entry.unit] if p <= period and p[:4] == entry.year)
        last = max(before, default="")
        if last and _listed(fact, last) and _as_known(entry, last).slip is None:
            code = programme.gazetteer.on(entry.unit, month_end(last))
            for span in (entry.year, CUMULATIVE):
                units = known.setdefault((entry.kind, entry.person.number, span), {})
                units[entry.unit] = min(code, units.get(entry.unit, code))
    counts: dict[tuple[str, str, str], int] = {}
    names = {kind: indicator.name for kind, indicator in programme.indicator_of.items()}
    for (kind, number, span), units in known.items():
        unit = _keeper(units, lives.keepers.get((kind, number, span), ""))
        key = (names[kind], unit, span)
        counts[key] = counts.get(key, 0) + 1
    yield from counts.items()


def _keeper(units: Mapping[str, str], planted: str) -> str:
    """The only unit, the one planted, or the one that filed her under the lowest code."""
    if len(units) == 1 or planted == LOWER_CODE:
        return min(units, key=units.__getitem__)
    if planted not in units:
        raise AssertionError(f"{len(units)} claimants, and no keeper was planted")
    return planted
