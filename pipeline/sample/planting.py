"""Plants into sound entries what the demo is to find: faults, double claims, a likeness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from pipeline.sample import words
from pipeline.sample.entries import EMPLOYMENT, TRAINING, Entry, Ledger, Season
from pipeline.sample.pages import Habit
from pipeline.sample.people import Registry
from pipeline.sample.roles import Roles
from pipeline.sample.slips import (
    FAULTS,
    Fault,
    filled_down,
    finished_too_late,
    mistyped_until,
    planted,
    with_a_man,
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

    def _faults(self, units: Sequence[str]) -> None:
        turn = 0
        for fault in FAULTS:
            turn = self._plant_one(fault, units, turn)
        at = turn % len(units)
        self._three_in_a_row([*units[at:], *units[:at]])
        self._somewhere(TRAINING, units, turn + 1, lambda e: with_a_man(e, self.registry))
        if len(self.season.periods) > 1:
            self._somewhere(TRAINING, units, turn + 2, lambda e: finished_too_late(e, self.season))
        if self.roles.bundled:
            self._plant_one(FAULTS[0], self.roles.bundled, 0)

    def _plant_one(self, fault: Fault, units: Sequence[str], turn: int) -> int:
        """Plants into the next county that can have it; whose turn it is then."""
        since = self.season.first if fault.early else self.season.last
        for n in range(turn, turn + len(units)):
            unit = units[n % len(units)]
            habit = self.habits[unit]
            if (fault.workbook and habit.suffix not in ("xlsx", "xls")) or (
                fault.birth and habit.form == "plain"
            ):
                continue
            for place, entry in enumerate(self.entries[unit]):
                sound = entry.slip is None and entry.kind == fault.kind and entry.since == since
                if sound and (entry.person.id_no.isdigit() or not fault.digits):
                    self.entries[unit][place] = planted(entry, fault, self.season)
                    return n + 1
        return turn

    def _somewhere(
        self, kind: str, units: Sequence[str], turn: int, spoil: Callable[[Entry], Entry]
    ) -> None:
        """Spoils the first sound entry that the county listed early."""
        unit = units[turn % len(units)]
        for place, entry in enumerate(self.entries[unit]):
            if entry.slip is None and entry.kind == kind and entry.since == self.season.first:
                self.entries[unit][place] = spoil(entry)
                return

    def _three_in_a_row(self, units: Sequence[str]) -> None:
        """Spoils three adjacent entries of the first county that has them."""
        for unit in units:
            for place in range(len(self.entries[unit]) - 2):
                three = self.entries[unit][place : place + 3]
                alike = all(
                    e.kind == TRAINING and e.since == self.season.first and e.slip is None
                    for e in three
                )
                if alike and three[0].person.id_no.isdigit():
                    self.entries[unit][place : place + 3] = filled_down(three)
                    return

    def _corrections(self) -> None:
        """What the resubmitted return puts right."""
        for place, entry in enumerate(self.entries.get(self.roles.resubmitting, [])):
            if entry.kind == TRAINING and entry.since == self.season.last:
                until = (self.season.last, 2)
                self.entries[entry.unit][place] = mistyped_until(entry, until)
                return

    def _second_courses(self, units: Sequence[str]) -> None:
        """One woman, two courses: one person, two attendances."""
        for unit in units:
            first = next((e for e in self.entries[unit] if e.kind == TRAINING and not e.slip), None)
            if first:
                course = self.rng.choice([c for c in words.COURSES if c != first.activity])
                again = self.ledger.training(first.person, unit, self.season, self.season.last)
                self.entries[unit].append(replace(again, activity=course))

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
        own = self.ledger.training(person, high, self.season, first)
        other = self.ledger.training(person, low, self.season, first)
        earlier = own.start - timedelta(days=1)
        self._list(own, replace(other, start=earlier, finish=own.finish))
        return DoubleClaim(TRAINING, person.id_no, (low, high), high)

    def _by_start(self, low: str, high: str) -> DoubleClaim:
        """Each writes an address of its own; the higher code began earlier."""
        person = self.registry.woman(high)
        own = self.ledger.employment(person, high, self.season, self.season.first)
        moved = self.registry.moved(person, low)
        other = self.ledger.employment(moved, low, self.season, self.season.last)
        later = own.start + timedelta(days=1)
        self._list(own, replace(other, start=later, finish=later))
        return DoubleClaim(EMPLOYMENT, person.id_no, (low, high), high)

    def _by_code(self, low: str, high: str) -> DoubleClaim:
        """The same course filed twice, each with an address of its own: one attendance."""
        person = self.registry.woman(high)
        own = self.ledger.training(person, high, self.season, self.season.first)
        moved = self.registry.moved(person, low)
        other = replace(own, unit=low, person=moved, since=self.season.last)
        self._list(own, other)
        return DoubleClaim(TRAINING, person.id_no, (low, high), low)

    def _likeness(self, low: str, high: str) -> frozenset[str]:
        """Two ID numbers of one name and birth date: perhaps one woman, perhaps two."""
        person = self.registry.woman(high)
        like = self.registry.likeness(person, low)
        self._list(
            self.ledger.training(person, high, self.season, self.season.first),
            self.ledger.training(like, low, self.season, self.season.last),
        )
        return frozenset((person.id_no, like.id_no))
