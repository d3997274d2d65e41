"""Several years of women's lives as counties come to know them: listed, mended, withdrawn, moved on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from pipeline.programme import Programme
from pipeline.sample.entries import Entry, Ledger, Season
from pipeline.sample.people import Registry
from pipeline.sample.slips import mistyped_until
from pipeline.values import month_end

CUMULATIVE = "cumulative"
LOWER_CODE = "lower code"  # which of two codes that is may change when a county gets another
_FOR_GOOD = "9999-12"


@dataclass(frozen=True)
class Fact:
    """One line of a unit's roster, from its first return to the one that no longer has it.

    entry.unit is the code the unit bore first; a slip is mended with the return of slip.until.
    """

    entry: Entry
    until: str = _FOR_GOOD


@dataclass
class Lives:
    """All facts, and for whom a woman claimed by several units counts (kind, number, span)."""

    facts: list[Fact] = field(default_factory=list)
    keepers: dict[tuple[str, str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Teller:
    """Tells the lives: which unit files in which period is settled before."""

    ledger: Ledger
    registry: Registry
    rng: Random
    seasons: Sequence[Season]
    filed: Mapping[str, Sequence[str]]  # unit -> the periods in which it files
    programme: Programme
    lives: Lives = field(default_factory=Lives)

    def tell(self, women: int) -> Lives:
        """So many new women a unit and year, each with one thing that befalls her at most."""
        turns = [
            self.plain, self.plain, self.working, self.mended, self.withdrawn, self.moved,
            self.trained_again, self.by_residence, self.by_start, self.by_code, self.moved_for_good,
        ]  # fmt: skip
        units = sorted(self.filed)
        for season in self.seasons:
            for unit in units:
                for n in range(women):
                    befalls = turns[
                        (n + units.index(unit) * 3 + self.seasons.index(season)) % len(turns)
                    ]
                    befalls(unit, season)
        return self.lives

    def _periods(self, unit: str, season: Season) -> list[str]:
        return [p for p in season.periods if p in self.filed[unit]]

    def _other(self, unit: str) -> str:
        return self.rng.choice([u for u in sorted(self.filed) if u != unit])

    def _entry(self, kind: str, unit: str, season: Season) -> Entry:
        """A new woman of the unit, first listed in one of its returns of the year."""
        person = self.registry.woman(unit)
        period = self.rng.choice(self._periods(unit, season))
        return self.ledger.entry(kind, person, unit, season, period)

    @property
    def _first(self) -> str:
        return self.programme.kinds[0].name

    @property
    def _last(self) -> str:
        return self.programme.kinds[-1].name

    def _list(self, entry: Entry, until: str = _FOR_GOOD) -> None:
        self.lives.facts.append(Fact(entry, until))

    def _kept(self, kind: str, number: str, spans: Sequence[str], unit: str) -> None:
        self.lives.keepers |= {(kind, number, span): unit for span in spans}

    def plain(self, unit: str, season: Season) -> None:
        """Trained, and nothing else."""
        self._list(self._entry(self._first, unit, season))

    def working(self, unit: str, season: Season) -> None:
        """Trained, and in work later in the year or at once."""
        entry = self._entry(self._first, unit, season)
        after = [p for p in self._periods(unit, season) if p >= entry.since]
        self._list(entry)
        self._list(
            self.ledger.entry(self._last, entry.person, unit, season, self.rng.choice(after))
        )

    def mended(self, unit: str, season: Season) -> None:
        """Her number has a wrong check digit until a later return; or for good, if it is the last."""
        entry = self._entry(self._last, unit, season)
        later = [p for p in self._periods(unit, season) if p > entry.since]
        until = (self.rng.choice(later), 0) if later else (_FOR_GOOD, 0)
        self._list(mistyped_until(entry, until, self.programme))

    def withdrawn(self, unit: str, season: Season) -> None:
        """A later return of the year no longer lists her."""
        entry = self._entry(self._first, unit, season)
        later = [p for p in self._periods(unit, season) if p > entry.since]
        self._list(entry, self.rng.choice(later) if later else _FOR_GOOD)

    def moved(self, unit: str, season: Season) -> None:
        """Another unit reports the very same course from some return on, this one no more."""
        entry, other = self._entry(self._first, unit, season), self._other(unit)
        both = [
            p
            for p in self._periods(unit, season)
            if p > entry.since and p in self._periods(other, season)
        ]
        if not both:
            self._list(entry)
            return
        when = self.rng.choice(both)
        self._list(entry, when)
        person = self.registry.moved(entry.person, other)
        self._list(replace(entry, unit=other, person=person, since=when))

    def trained_again(self, unit: str, season: Season) -> None:
        """Another course in the next year, with the same unit: a person of both years, once in all."""
        entry = self._entry(self._first, unit, season)
        self._list(entry)
        for later in self._next(season):
            again = self.ledger.entry(
                self._first, entry.person, unit, later, self.rng.choice(self._periods(unit, later))
            )
            self._list(again)

    def moved_for_good(self, unit: str, season: Season) -> None:
        """Trained here, and next year elsewhere: each year its unit, in all the one of her address."""
        entry, other = self._entry(self._first, unit, season), self._other(unit)
        self._list(entry)
        for later in self._next(season):
            period = self.rng.choice(self._periods(other, later))
            self._list(self.ledger.entry(self._first, entry.person, other, later, period))
            self._kept(self._first, entry.person.number, [CUMULATIVE], unit)

    def _next(self, season: Season) -> Iterator[Season]:
        at = self.seasons.index(season) + 1
        yield from self.seasons[at : at + 1]

    def by_residence(self, unit: str, season: Season) -> None:
        """Both write an address in the one that began later."""
        own, other = self._pair(unit, season)
        earlier = own.start - timedelta(days=1)
        self._list(own)
        self._list(replace(other, start=earlier, finish=own.finish))
        self._kept(own.kind, own.person.number, [own.year, CUMULATIVE], unit)

    def by_start(self, unit: str, season: Season) -> None:
        """Each writes an address of its own; this one began earlier."""
        own, other = self._pair(unit, season)
        later = own.start + timedelta(days=1)
        moved = self.registry.moved(own.person, other.unit)
        self._list(own)
        self._list(replace(other, person=moved, start=later, finish=max(own.finish, later)))
        self._kept(own.kind, own.person.number, [own.year, CUMULATIVE], unit)

    def by_code(self, unit: str, season: Season) -> None:
        """The same course filed twice, each with an address of its own.

        Not in a year in which one of the two gets another code: which return tells it, differs.
        """
        own, other = self._pair(unit, season)
        self._list(own)
        if not (self._keeps_code(unit, season) and self._keeps_code(other.unit, season)):
            return
        moved = self.registry.moved(own.person, other.unit)
        self._list(
            replace(other, person=moved, start=own.start, finish=own.finish, activity=own.activity)
        )
        self._kept(own.kind, own.person.number, [own.year, CUMULATIVE], LOWER_CODE)

    def _keeps_code(self, unit: str, season: Season) -> bool:
        codes = {self.programme.gazetteer.on(unit, month_end(p)) for p in season.periods}
        return len(codes) == 1

    def _pair(self, unit: str, season: Season) -> tuple[Entry, Entry]:
        """One woman in the rosters of two units; of this one alone where the other files no more."""
        own, other = self._entry(self._first, unit, season), self._other(unit)
        later = [p for p in self._periods(other, season) if p >= own.since]
        if not later:
            return own, own
        return own, replace(own, unit=other, since=self.rng.choice(later))
