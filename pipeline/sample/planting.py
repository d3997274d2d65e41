"""Plants into sound entries what the demo is to find: faults, double claims, a likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from random import Random

from pipeline.programme import Programme
from pipeline.sample.county_forms import FORMS
from pipeline.sample.entries import Entry, Ledger, Season
from pipeline.sample.pages import Habit
from pipeline.sample.people import Registry
from pipeline.sample.roles import Roles
from pipeline.sample.slips import (
    Fault,
    faults,
    finished_too_late,
    fits,
    in_a_row,
    mistyped_until,
    planted,
    seen_at,
)
from pipeline.sample.witness import DoubleClaim

Entries = dict[str, list[Entry]]  # by unit, in the order in which a roster lists them


@dataclass(frozen=True)
class Planter:
    """Changes one season's entries in place, and says which claims and pairs it planted."""

    entries: Entries
    season: Season
    habits: Mapping[str, Habit]
    roles: Roles
    ledger: Ledger
    registry: Registry
    rng: Random
    programme: Programme

    def plant(self) -> tuple[list[DoubleClaim], list[frozenset[str]]]:
        """Everything; faults first, so that later plants meet only sound entries."""
        units = self._ordinary()
        self._faults([u for u in units if self.habits[u].form != "short"])
        self._corrections()
        self._second_courses(units[::4])
        return self._double_claims(units), [self._likeness(*self._pair(units))]

    def _ordinary(self) -> list[str]:
        """The counties whose returns all stand, in the order of chance."""
        aside = {self.roles.absent, self.roles.silent, self.roles.resubmitting, self.roles.broken,
                 self.roles.nil, *self.roles.bundled}  # fmt: skip
        units = [code for code in self.entries if code not in aside]
        self.rng.shuffle(units)
        return units

    @property
    def _first(self) -> str:
        """The kind of roster in which most women stand."""
        return self.programme.kinds[0].name

    def _faults(self, units: Sequence[str]) -> None:
        turn = 0
        todo = [f for f in faults(self.programme) if f.rule.in_force(self.season.last)]
        for fault in todo:
            turn = self._plant_one(fault, units, turn)
        if len(self.season.periods) > 1:
            self._finish_too_late(units, turn)
        if self.roles.bundled:
            self._plant_one(next(f for f in todo if not f.workbook), self.roles.bundled, 0)

    def _plant_one(self, fault: Fault, units: Sequence[str], turn: int) -> int:
        """Plants into the next county that can have it; whose turn it is then."""
        since = self.season.first if fault.early else self.season.last
        long = len(fault.example)
        for n in range(turn, turn + len(units)):
            unit = units[n % len(units)]
            if not self._shows(fault, unit):
                continue
            entries = self.entries[unit]
            for place in range(len(entries) - long + 1):
                some = entries[place : place + long]
                if all(
                    e.kind == fault.kind and e.since == since and self._spoilable(e) for e in some
                ):
                    if long > 1:
                        entries[place : place + long] = in_a_row(some, fault)
                        return n + 1
                    if fits(fault, some[0], self.programme):
                        entries[place] = planted(some[0], fault, self.season, self.programme)
                        return n + 1
        return turn

    def _shows(self, fault: Fault, unit: str) -> bool:
        """Whether the county's form has the columns, and her files know numbers if it needs them."""
        habit = self.habits[unit]
        kind = self.programme.kind[fault.kind]
        columns = {c for c, _ in chain(*FORMS[habit.form].headers(kind, self.programme))}
        if fault.workbook:
            return habit.suffix in ("xlsx", "xls") and fault.rule.field in columns
        return any(column in columns for column in seen_at(fault.rule, fault.kind, self.programme))

    def _spoilable(self, entry: Entry) -> bool:
        """Sound, and of a woman who stands in no other line: what is typed of her meets nothing."""
        number = entry.person.number
        lines = sum(e.person.number == number for e in self.entries[entry.unit])
        return entry.slip is None and lines == 1

    def _finish_too_late(self, units: Sequence[str], turn: int) -> None:
        """The first sound entry that a county listed early is of a course not yet over."""
        unit = units[turn % len(units)]
        for place, entry in enumerate(self.entries[unit]):
            finishes = self.programme.kind[entry.kind].finish
            if entry.slip is None and finishes and entry.since == self.season.first:
                self.entries[unit][place] = finished_too_late(entry, self.season, self.programme)
                return

    def _corrections(self) -> None:
        """What the resubmitted return puts right."""
        for place, entry in enumerate(self.entries.get(self.roles.resubmitting, [])):
            if entry.kind == self._first and entry.since == self.season.last:
                until = (self.season.last, 2)
                self.entries[entry.unit][place] = mistyped_until(entry, until, self.programme)
                return

    def _second_courses(self, units: Sequence[str]) -> None:
        """One woman, two courses: one person, two attendances."""
        for unit in units:
            own = (e for e in self.entries[unit] if e.kind == self._first and not e.slip)
            if first := next(own, None):
                again = self.ledger.entry(
                    self._first, first.person, unit, self.season, self.season.last
                )
                other = self.ledger.another_activity(first)
                self.entries[unit].append(replace(again, activity=other))

    def _pair(self, units: Sequence[str]) -> tuple[str, str]:
        """Two counties, the lower code first."""
        low, high = sorted(self.rng.sample(units, 2))
        return low, high

    def _double_claims(self, units: Sequence[str]) -> list[DoubleClaim]:
        """By residence, by the earlier start, by the lower code: each against the other signs."""
        return [
            self._by_residence(*self._pair(units)),
            self._by_start(*self._pair(units)),
            self._by_code(*self._pair(units)),
        ]

    def _list(self, *entries: Entry) -> None:
        for entry in entries:
            self.entries[entry.unit].append(entry)

    def _by_residence(self, low: str, high: str) -> DoubleClaim:
        """Both write the address in the county of the higher code, which also began later."""
        person, first = self.registry.woman(high), self.season.first
        own = self.ledger.entry(self._first, person, high, self.season, first)
        other = self.ledger.entry(self._first, person, low, self.season, first)
        earlier = own.start - timedelta(days=1)
        self._list(own, replace(other, start=earlier, finish=own.finish))
        return DoubleClaim(self._first, person.number, (low, high), high)

    def _by_start(self, low: str, high: str) -> DoubleClaim:
        """Each writes an address of its own; the higher code began earlier."""
        person, last = self.registry.woman(high), self.programme.kinds[-1].name
        own = self.ledger.entry(last, person, high, self.season, self.season.first)
        moved = self.registry.moved(person, low)
        other = self.ledger.entry(last, moved, low, self.season, self.season.last)
        later = own.start + timedelta(days=1)
        self._list(own, replace(other, start=later, finish=max(later, other.finish)))
        return DoubleClaim(last, person.number, (low, high), high)

    def _by_code(self, low: str, high: str) -> DoubleClaim:
        """The same course filed twice, each with an address of its own: one attendance."""
        person = self.registry.woman(high)
        own = self.ledger.entry(self._first, person, high, self.season, self.season.first)
        moved = self.registry.moved(person, low)
        other = replace(own, unit=low, person=moved, since=self.season.last)
        self._list(own, other)
        return DoubleClaim(self._first, person.number, (low, high), low)

    def _likeness(self, low: str, high: str) -> frozenset[str]:
        """Two ID numbers of one name and birth date: perhaps one woman, perhaps two."""
        person = self.registry.woman(high)
        like = self.registry.likeness(person, low)
        self._list(
            self.ledger.entry(self._first, person, high, self.season, self.season.first),
            self.ledger.entry(self._first, like, low, self.season, self.season.last),
        )
        return frozenset((person.number, like.number))
