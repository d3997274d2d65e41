"""Finds reporting units in what people write, and follows them through time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipeline.model import Unit
from pipeline.values import fold

_BEFORE_NAME = re.compile(r"^[^\u4e00-\u9fff]*(?:[一二三四五六七八九十]{1,3}[、.)])?")
_MOST_PLACES = 50_000  # remembered from one return to the next


@dataclass(frozen=True)
class Gazetteer:
    """The reporting units below one office (`top`), by code and by every name they go by."""

    units: tuple[Unit, ...]
    top: str
    elsewhere: tuple[Unit, ...] = ()  # units of the programme that lie outside this office

    def elsewhere_in(self, text: str) -> list[Unit]:
        """The units outside this office that a text names, the longest name first."""
        folded = fold(text)
        found = {
            u: max(
                (len(n) for n in map(fold, (u.name, *u.aliases)) if n and n in folded), default=0
            )
            for u in self.elsewhere
        }
        return sorted((u for u in found if found[u]), key=lambda u: -found[u])

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        """Unit by its six-digit code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _names(self) -> list[tuple[str, Unit]]:
        """Every name, longest first: 二道江区 is tried before 二道区."""
        names = [
            (fold(name), unit)
            for unit in self.units
            if unit.parent  # the province stands in every title and address
            for name in (unit.name, *unit.aliases)
        ]
        return sorted(names, key=lambda pair: (-len(pair[0]), pair[1].code))

    def name(self, code: str) -> str:
        """The unit's name, or the code itself where it is unknown."""
        return self.by_code[code].name if code in self.by_code else code

    def is_county(self, code: str) -> bool:
        """County level: not the top, and with no units below it (长白山 is its own only county)."""
        return code != self.top and code not in self._parents

    def is_below(self, code: str, filer: str) -> bool:
        """Whether a unit's rows may come from a filer: itself, or an office it belongs or once belonged to."""
        if filer in ("", self.top) or self.entity(code) == self.entity(filer):
            return True
        lives = self.entity(code)
        return any(u.parent == filer for u in self.units if self.entity(u.code) == lives)

    def is_prefecture(self, code: str) -> bool:
        """Directly below the top, where the top has two levels below it."""
        return self._two_levels and code != self.top and self.by_code[code].parent == self.top

    @cached_property
    def _parents(self) -> frozenset[str]:
        return frozenset(unit.parent for unit in self.units)

    @cached_property
    def _two_levels(self) -> bool:
        return any(u.parent != self.top for u in self.units if u.code != self.top)

    def counties(self, day: date) -> list[Unit]:
        """County-level units that exist on that day, by code."""
        return [u for u in self._sorted if self.is_county(u.code) and u.valid_on(day)]

    def prefectures(self, day: date) -> list[Unit]:
        """Prefecture-level units that exist on that day, by code."""
        return [u for u in self._sorted if self.is_prefecture(u.code) and u.valid_on(day)]

    @cached_property
    def _sorted(self) -> list[Unit]:
        return sorted(self.units, key=lambda u: u.code)

    def prefecture_of(self, code: str) -> str:
        """The prefecture a unit belongs to; a prefecture-level filer belongs to itself."""
        unit = self.by_code.get(code)
        if unit is None or code == self.top:
            return ""
        return code if unit.parent == self.top else unit.parent

    def entity(self, code: str) -> str:
        """The first code of a unit that lived on under others: one unit for all claims."""
        return self._entities.get(code, code)

    @cached_property
    def _entities(self) -> dict[str, str]:
        """The first code of every unit that goes on from another."""
        found = {}
        for unit in self.units:
            code, seen = unit.code, {unit.code}
            while (one := self.by_code.get(code)) and one.continues and one.continues not in seen:
                code = one.continues
                seen.add(code)
            found[unit.code] = code
        return found

    def has_left(self, code: str, day: date) -> bool:
        """Whether a unit belongs, on that day, to another office than this one."""
        root = self.entity(code)
        return any(u.valid_on(day) and root in (u.code, u.continues) for u in self.elsewhere)

    def on(self, code: str, day: date) -> str:
        """The code under which a unit goes on that day (公主岭 220381 -> 220184 in 2020)."""
        root = self.entity(code)
        for unit in self._sorted:
            if unit.valid_on(day) and self.entity(unit.code) == root:
                return unit.code
        return code

    def find(self, text: str, day: date | None = None) -> tuple[str, ...]:
        """Every unit a text names, longest names first taken out of it; a lone code names its unit.

        A prefecture named together with one of its counties is only her address, also where the
        county has moved to another since, or will. Units that are gone or not yet there on `day`
        are left aside where their successor bears the same name.
        """
        rest, found = fold(text), []
        if rest in self.by_code:
            return (self.on(rest, day) if day else rest,)
        for name, unit in self._names:
            if name not in rest:
                continue
            gone = day is not None and not unit.valid_on(day)
            if day is not None and gone and self._valid_namesake(unit, day):
                continue
            found.append((rest.index(name), unit))
            if not self._another_bears(name, unit, day):
                rest = rest.replace(name, "\0" * len(name))
        return self._deepest(unit.code for _, unit in sorted(found, key=lambda f: f[0]))

    def _valid_namesake(self, unit: Unit, day: date) -> bool:
        everywhere = (*self.units, *self.elsewhere)
        return any(u.name == unit.name and u is not unit and u.valid_on(day) for u in everywhere)

    def _another_bears(self, name: str, unit: Unit, day: date | None) -> bool:
        """Whether a second unit of that name is still to be seen (two 铁西区 are two answers)."""
        return any(
            n == name and u.code > unit.code and (day is None or u.valid_on(day))
            for n, u in self._names
        )

    def _deepest(self, codes: Iterable[str]) -> tuple[str, ...]:
        codes = list(dict.fromkeys(codes))
        lives = {self.entity(c) for c in codes}
        parents = {u.parent for u in self.units if self.entity(u.code) in lives}
        return tuple(c for c in codes if c not in parents)

    def find_one(self, text: str, day: date | None = None) -> str:
        """The one unit a text names; nothing where it names none or several.

        A unit and its successor of the same name are one; without a day the older code stands.
        """
        found = self.find(text, day)
        if len({self.entity(code) for code in found}) != 1:
            return ""
        return found[0] if len(found) == 1 else self.entity(found[0])

    def find_unit(
        self, text: str, day: date | None = None, filer: str = "", *, anywhere: bool = False
    ) -> str:
        """The one unit that a form names as its own: as find_one, and a county without 区 or 县 behind its
        office (长春市朝阳残联), or where an office above speaks already (`filer`; 宁江 in 松原市's list).

        `anywhere`: the short name may stand anywhere in the text, as in a file's name.
        """
        found = self.find_one(text, day)
        above = found or filer
        if above not in self.by_code or self.is_county(above) or not self.is_prefecture(above):
            return found
        return self._named_short(fold(text), above, day, anywhere=anywhere) or found

    def _named_short(self, text: str, above: str, day: date | None, *, anywhere: bool) -> str:
        """The one county below an office whose name without its last character stands behind the office's."""
        unit = self.by_code[above]
        for name in sorted(map(fold, (unit.name, *unit.aliases)), key=len, reverse=True):
            if name in text:
                text = text[text.index(name) + len(name) :]
                break
        rest = text if anywhere else _BEFORE_NAME.sub("", text, count=1)
        below = {
            lower.code
            for lower in self.units
            if lower.parent == above
            and (day is None or lower.valid_on(day))
            and len(short := fold(lower.name)[:-1]) > 1
            and (short in rest if anywhere else rest.startswith(short))
        }
        return below.pop() if len(below) == 1 else ""

    def residence(self, address: str, day: date | None = None) -> str:
        """The unit an address lies in: the longest unit name in it wins, then the first."""
        found = self.find(address, day)
        if len(found) <= 1:
            return found[0] if found else ""
        folded = fold(address)
        return min(found, key=lambda c: (-len(self.name(c)), folded.find(fold(self.name(c)))))

    def homes(self, addresses: Sequence[str], day: date) -> list[str]:
        """For every address the unit (its first code) it lies in, '' where it names none.

        Addresses that are alike as far as they can name a unit lie in one place and are sought once.
        """
        cut, found, homes = self._as_far_as_named.match, self._homes_on(day), []
        for address in addresses:
            # what holds no letter that ends a unit's name is empty when cut; a lone code is not cut
            match = cut(address) if address.isalnum() and not address.isascii() else None
            place = match[0] if match else address
            home = found.get(place)
            if home is None:
                home = self.entity(self.residence(place, day)) if place else ""
                found[place] = home
            homes.append(home)
        return homes

    def _homes_on(self, day: date) -> dict[str, str]:
        """Where the places met so far lie: every return of a county names the same."""
        found = self._known_homes.setdefault(day, {})
        if len(found) > _MOST_PLACES:
            found.clear()
        return found

    @cached_property
    def _known_homes(self) -> dict[date, dict[str, str]]:
        return {}

    @cached_property
    def _as_far_as_named(self) -> re.Pattern[str]:
        ends = "".join(sorted({name[-1] for name, _ in self._names}))
        return re.compile(rf"(?:.*[{re.escape(ends)}])?", re.DOTALL)
