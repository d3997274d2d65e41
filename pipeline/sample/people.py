"""Made-up women: names, ID numbers and certificates that hold together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from pipeline.numbers import check_digit
from pipeline.programme import Field, Programme
from pipeline.sample import prose

Typed = str | int | float | date
_OLDEST, _YOUNGEST = date(1961, 1, 1), date(1998, 12, 31)


@dataclass(frozen=True)
class Person:
    """One person as she is; what a clerk types of her may differ.

    answers: what stands in the columns of her that no role speaks of, by field.
    """

    name: str
    number: str
    certificate: str
    address: str
    phone: str
    township: str = ""
    answers: Mapping[str, Typed] = field(default_factory=dict)

    def with_number(self, number: str) -> Person:
        """The same person under another number, with the certificate that begins with it."""
        return replace(self, number=number, certificate=number + self.certificate[len(number) :])


def renumbered(number: str, **digits: str) -> str:
    """An ID number with its birth or sequence replaced and the check digit made right again."""
    first17 = (
        f"{number[:6]}{digits.get('birth', number[6:14])}{digits.get('sequence', number[14:17])}"
    )
    return first17 + check_digit(first17)


def mistyped(number: str) -> str:
    """The number with its check digit wrong."""
    return number[:17] + ("0" if number[17] != "0" else "1")


def answer(asked: Field, programme: Programme, rng: Random, **slots: str) -> Typed:
    """What is written in a column: a word made up for its label, else one of its list, else nothing."""
    labels = tuple(programme.code_labels.get(asked.codes, {}).values())
    choice = prose.ANSWERS.get(asked.label, labels)
    chosen = rng.choice(choice) if choice else ""
    return chosen.format(**slots) if isinstance(chosen, str) else chosen


class Registry:
    """Hands out people no two of whom share a name or a number, always in the same order.

    Unique names keep the planted pair the only probable duplicate.
    """

    def __init__(self, rng: Random, programme: Programme) -> None:
        self._rng = rng
        self._programme = programme
        self._gazetteer = programme.gazetteer
        played = {name for kind in programme.kinds for name in kind.roles.values()}
        self._asked = [
            f
            for f in programme.fields
            if f.form and not (f.on or f.fills or f.derive or f.name in played)
        ]
        self._names: set[str] = set()
        self._numbers: set[str] = set()

    def woman(self, unit: str) -> Person:
        """A new woman who lives in that county."""
        return self._person(unit)

    def likeness(self, person: Person, unit: str) -> Person:
        """Someone of the same name and birth date with another sequence, living elsewhere."""
        while True:
            number = renumbered(person.number, sequence=self._sequence())
            if number not in self._numbers:
                break
        self._numbers.add(number)
        return replace(self.moved(person, unit).with_number(number), phone=self._phone())

    def moved(self, person: Person, unit: str) -> Person:
        """The same person with an address in another county."""
        township = self._rng.choice(prose.TOWNSHIPS)
        return replace(person, township=township, address=self._address(unit, township))

    def _person(self, unit: str) -> Person:
        rng = self._rng
        township = rng.choice(prose.TOWNSHIPS)
        number = self._number(unit)
        # category and grade, and B1 behind a certificate that was issued again
        marks = f"{rng.choice(prose.CATEGORY_DRAW)}{rng.choice((1, 2, 2, 3, 3, 4))}"
        return Person(
            name=self._name(),
            number=number,
            certificate=number + marks + ("B1" if rng.random() < 0.03 else ""),
            address=self._address(unit, township),
            phone=self._phone(),
            township=township,
            answers={
                f.name: answer(f, self._programme, rng, township=township) for f in self._asked
            },
        )

    def _name(self) -> str:
        rng = self._rng
        while True:
            given = rng.choice(prose.SECOND_GIVEN)
            if rng.random() < 0.8:
                given = rng.choice(prose.FIRST_GIVEN) + given
            name = rng.choice(prose.SURNAMES) + given
            if name not in self._names:
                self._names.add(name)
                return name

    def _number(self, unit: str) -> str:
        days = (_YOUNGEST - _OLDEST).days
        while True:
            born = _OLDEST + timedelta(days=self._rng.randrange(days))
            first17 = f"{unit}{born:%Y%m%d}{self._sequence()}"
            number = first17 + check_digit(first17)
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _sequence(self) -> str:
        return f"{self._rng.randrange(1, 99):02d}{self._rng.choice('02468')}"

    def _phone(self) -> str:
        return f"1{self._rng.choice('35789')}{self._rng.randrange(10**9):09d}"

    def _address(self, unit: str, township: str) -> str:
        gazetteer = self._gazetteer
        above = gazetteer.by_code[unit].parent
        prefecture = "" if above == gazetteer.top else gazetteer.name(above)
        village = self._rng.choice(prose.VILLAGES)
        top = gazetteer.name(gazetteer.top)
        return f"{top}{prefecture}{gazetteer.name(unit)}{township}{village}"
