"""What each county has to report: who was trained or found work, and since which period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pipeline.sample import words
from pipeline.sample.people import Person, Registry
from pipeline.values import month_end

TRAINING, EMPLOYMENT = "training", "employment"
KINDS = (TRAINING, EMPLOYMENT)
Typed = str | int | float | date
NEVER = ("9999-12", 0)
_LAST_LISTED = 22  # a return of the 26th lists what was finished some days before


@dataclass(frozen=True)
class Slip:
    """A planted fault: what is typed instead, and the columns of which the first is reported."""

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
    activity: str  # the course, or the employer
    since: str  # the first period whose return lists it
    others: Mapping[str, Typed] = field(default_factory=dict)
    slip: Slip | None = None

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

    def __init__(self, rng: Random, registry: Registry, names: Mapping[str, str]) -> None:
        self._rng = rng
        self._registry = registry
        self._names = names

    def year_of(self, unit: str, season: Season, trained: int, employed: int) -> list[Entry]:
        """One county's entries of one year: most of those who found work were trained before."""
        entries = [
            self.training(self._registry.woman(unit), unit, season, period)
            for period in self._spread(season, trained)
        ]
        women = [e.person for e in entries]
        for n, period in enumerate(self._spread(season, employed)):
            known = n < len(women) and self._rng.random() < 0.7
            person = women[n] if known else self._registry.woman(unit)
            entries.append(self.employment(person, unit, season, period))
        return entries

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

    def training(self, person: Person, unit: str, season: Season, period: str) -> Entry:
        """A course she finished before the return of that period."""
        finish = self.day(season, period)
        others: dict[str, Typed] = {
            "training_form": self._rng.choice(words.TRAINING_FORMS),
            "training_org": self._rng.choice(words.TRAINERS),
            "certified": self._rng.choice(("是", "是", "否")),
        }
        start = finish - timedelta(days=self._rng.randint(2, 9))
        course = self._rng.choice(words.COURSES)
        return Entry(TRAINING, unit, person, start, finish, course, period, others)

    def employment(self, person: Person, unit: str, season: Season, period: str) -> Entry:
        """Work she took up before the return of that period."""
        start = self.day(season, period)
        others: dict[str, Typed] = {
            "job_form": self._rng.choice(words.JOB_FORMS),
            "craft": self._rng.choice(words.COURSES),
            "income_yuan": self._rng.randrange(8, 31) * 50,
            "contract": self._rng.choice(("是", "否")),
        }
        employer = self._names[unit] + self._rng.choice(words.EMPLOYERS)
        return Entry(EMPLOYMENT, unit, person, start, start, employer, period, others)
