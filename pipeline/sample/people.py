"""Made-up women (and a man by mistake): names, ID numbers and certificates that hold together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from pipeline.numbers import check_digit
from pipeline.sample import words
from pipeline.units import Gazetteer

_OLDEST, _YOUNGEST = date(1961, 1, 1), date(1998, 12, 31)


@dataclass(frozen=True)
class Person:
    """One person as she is; what a clerk types of her may differ."""

    name: str
    id_no: str
    category: int
    grade: int
    ethnic: str
    education: str
    township: str
    address: str
    phone: str
    reissue: str = ""  # B1 behind a certificate that was issued again

    @property
    def birth(self) -> date:
        """The birth date in her ID number."""
        return date(int(self.id_no[6:10]), int(self.id_no[10:12]), int(self.id_no[12:14]))

    @property
    def cert_no(self) -> str:
        """Her certificate: the ID number, category and grade."""
        return f"{self.id_no}{self.category}{self.grade}{self.reissue}"

    @property
    def woman(self) -> bool:
        """Digit 17 is even."""
        return int(self.id_no[16]) % 2 == 0


def renumbered(id_no: str, **digits: str) -> str:
    """An ID number with its birth or sequence replaced and the check digit made right again."""
    first17 = f"{id_no[:6]}{digits.get('birth', id_no[6:14])}{digits.get('sequence', id_no[14:17])}"
    return first17 + check_digit(first17)


class Registry:
    """Hands out people no two of whom share a name or a number, always in the same order.

    Unique names keep the planted pair the only probable duplicate.
    """

    def __init__(self, rng: Random, gazetteer: Gazetteer) -> None:
        self._rng = rng
        self._gazetteer = gazetteer
        self._names: set[str] = set()
        self._numbers: set[str] = set()

    def woman(self, unit: str) -> Person:
        """A new woman who lives in that county."""
        return self._person(unit, woman=True)

    def man(self, unit: str) -> Person:
        """A man, as he slips into a roster."""
        return self._person(unit, woman=False)

    def likeness(self, person: Person, unit: str) -> Person:
        """Someone of the same name and birth date with another sequence, living elsewhere."""
        while True:
            id_no = renumbered(person.id_no, sequence=self._sequence(woman=True))
            if id_no not in self._numbers:
                break
        self._numbers.add(id_no)
        return replace(self.moved(person, unit), id_no=id_no, phone=self._phone())

    def moved(self, person: Person, unit: str) -> Person:
        """The same person with an address in another county."""
        township = self._rng.choice(words.TOWNSHIPS)
        return replace(person, township=township, address=self._address(unit, township))

    def _person(self, unit: str, *, woman: bool) -> Person:
        rng = self._rng
        township = rng.choice(words.TOWNSHIPS)
        return Person(
            name=self._name(),
            id_no=self._number(unit, woman=woman),
            category=int(rng.choice(words.CATEGORY_DRAW)),
            grade=rng.choice((1, 2, 2, 3, 3, 4)),
            ethnic=rng.choice(words.ETHNIC),
            education=rng.choice(words.EDUCATION),
            township=township,
            address=self._address(unit, township),
            phone=self._phone(),
            reissue="B1" if rng.random() < 0.03 else "",
        )

    def _name(self) -> str:
        rng = self._rng
        while True:
            given = rng.choice(words.SECOND_GIVEN)
            if rng.random() < 0.8:
                given = rng.choice(words.FIRST_GIVEN) + given
            name = rng.choice(words.SURNAMES) + given
            if name not in self._names:
                self._names.add(name)
                return name

    def _number(self, unit: str, *, woman: bool) -> str:
        days = (_YOUNGEST - _OLDEST).days
        while True:
            born = _OLDEST + timedelta(days=self._rng.randrange(days))
            first17 = f"{unit}{born:%Y%m%d}{self._sequence(woman=woman)}"
            number = first17 + check_digit(first17)
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _sequence(self, *, woman: bool) -> str:
        return f"{self._rng.randrange(1, 99):02d}{self._rng.choice('02468' if woman else '13579')}"

    def _phone(self) -> str:
        return f"1{self._rng.choice('35789')}{self._rng.randrange(10**9):09d}"

    def _address(self, unit: str, township: str) -> str:
        gazetteer = self._gazetteer
        above = gazetteer.by_code[unit].parent
        prefecture = "" if above == gazetteer.top else gazetteer.name(above)
        village = self._rng.choice(words.VILLAGES)
        top = gazetteer.name(gazetteer.top)
        return f"{top}{prefecture}{gazetteer.name(unit)}{township}{village}"
