"""What each county has to report: who was trained or found work, and since which period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from pipeline.programme import Kind, Programme
from pipeline.sample.people import Person, Registry, Typed, answer
from pipeline.values import month_end

__all__ = ["Entry", "Ledger", "Season", "Slip", "Typed", "seasons"]

NEVER = ("9999-12", 0)
_LAST_LISTED = 22  # a return of the 26th lists what was finished some days before


@dataclass(frozen=True)
class Slip:
    """A planted fault: what is typed instead, and the columns of which the first filled is reported."""

    cells: Mapping[str, Typed]
    at: tuple[str, ...]
    error: bool = True
    until: tuple[str, int] = NEVER  # period and version of the return in which it is put right


@dataclass(frozen=True)
class Entry:
    """One line of a county's roster as it truly is."""

    kind: str
    unit: str
    person: Person
    start: date
    finish: date
    activity: str
    since: str  # the first period whose return lists it
    others: Mapping[str, Typed] = field(default_factory=dict)
    slip: Slip | None = None
    meant: Entry | None = None  # the line before a fault was planted in it

    @property
    def mended(self) -> Entry:
        """The line with its fault put right; one that is as she lives stays as it is."""
        return self.meant or replace(self, slip=None)

    @property
    def year(self) -> str:
        """The year in which the activity began."""
        return f"{self.start.year}"

    def slip_in(self, period: str, version: int) -> Slip | None:
        """The fault as far as the return of that period and version still has it."""
        return self.slip if self.slip and (period, version) < self.slip.until else None


@dataclass(frozen=True)
class Season:
    """One year's periods, and the days on which what each lists for the first time was finished."""

    periods: tuple[str, ...]

    @property
    def first(self) -> str:
        """The first period of the year."""
        return self.periods[0]

    @property
    def last(self) -> str:
        """The last period of the year."""
        return self.periods[-1]

    def window(self, period: str) -> tuple[date, date]:
        """The first and last day on which what that period newly lists was finished."""
        last = month_end(period).replace(day=_LAST_LISTED)
        n = self.periods.index(period)
        if n:
            before = month_end(self.periods[n - 1]).replace(day=_LAST_LISTED)
            return before + timedelta(days=1), last
        # the first return looks back five weeks, within its year: courses last up to nine days
        return max(last - timedelta(days=35), date(last.year, 1, 12)), last


def seasons(periods: Sequence[str]) -> list[Season]:
    """The periods by year, oldest first."""
    years = sorted({p[:4] for p in periods})
    return [Season(tuple(sorted(p for p in set(periods) if p[:4] == y))) for y in years]


class Ledger:
    """Writes a county's entries; the same random numbers give the same entries."""

    def __init__(self, rng: Random, registry: Registry, programme: Programme) -> None:
        self._rng = rng
        self._registry = registry
        self._programme = programme
        self._names = {unit.code: unit.name for unit in programme.gazetteer.units}

    def year_of(self, unit: str, season: Season, counts: Mapping[str, int]) -> list[Entry]:
        """One county's entries of one year, so many of each kind.

        Most of those in the later kinds of roster are in the first as well.
        """
        entries: list[Entry] = []
        women: list[Person] = []
        for kind, count in counts.items():
            known = list(women)
            for n, period in enumerate(self._spread(season, count)):
                again = n < len(known) and self._rng.random() < 0.7
                person = known[n] if again else self._registry.woman(unit)
                entries.append(self.entry(kind, person, unit, season, period))
            women = women or [e.person for e in entries]
        return entries

    def woman(self, unit: str) -> Person:
        """A new woman who lives in that county."""
        return self._registry.woman(unit)

    def _spread(self, season: Season, count: int) -> list[str]:
        """The periods in which so many are listed first: over half of them in the year's first."""
        later = season.periods[1:]
        early = min(count, max(3, round(count * 0.6))) if later else count
        rest = [self._rng.choice(later) for _ in range(early, count)]
        return [*[season.first] * early, *sorted(rest)]

    def day(self, season: Season, period: str) -> date:
        """A day on which something the period newly lists was finished."""
        first, last = season.window(period)
        return first + timedelta(days=self._rng.randint(0, (last - first).days))

    def entry(self, kind: str, person: Person, unit: str, season: Season, period: str) -> Entry:
        """What she finished, or began where the roster knows no finish, before that period's return."""
        of, slots = self._programme.kind[kind], {"unit": self._names[unit], "township": ""}
        finish = self.day(season, period)
        start = finish - timedelta(days=self._rng.randint(2, 9)) if of.finish else finish
        answers = {f: self._answer(f, slots) for f in self._asked(of)}
        activity = str(answers.pop(of.activity, ""))
        return Entry(kind, unit, person, start, finish, activity, period, answers)

    def another_activity(self, entry: Entry) -> str:
        """Something else of the same kind."""
        field_ = self._programme.kind[entry.kind].activity
        while True:
            other = str(self._answer(field_, {"unit": self._names[entry.unit], "township": ""}))
            if other != entry.activity:
                return other

    def _asked(self, kind: Kind) -> list[str]:
        """The columns of a kind of roster that speak of the activity, not of the person."""
        dated = {kind.start, kind.finish}
        fields = self._programme.fields_of(kind.name)
        own = [f.name for f in fields if f.on and f.form and not f.fills and f.name not in dated]
        return list(dict.fromkeys([*own, *filter(None, [kind.activity])]))

    def _answer(self, name: str, slots: Mapping[str, str]) -> Typed:
        return answer(self._programme.field[name], self._programme, self._rng, **slots)
