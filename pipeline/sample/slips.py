"""The planted faults: each rule's own bad example, typed by a clerk into an entry that was sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.checks import Example, Rule
from pipeline.model import Severity
from pipeline.programme import Kind, Programme
from pipeline.sample.county_forms import truth
from pipeline.sample.entries import Entry, Season, Slip, Typed
from pipeline.sample.people import mistyped
from pipeline.values import fold, month_end, read_day

_HARMLESS = ("name", "phone")  # roles that decide neither who she is nor where and when she counts
_TIERS = ("cell", "row")


@dataclass(frozen=True)
class Fault:
    """One rule's bad example, for one kind of roster.

    early: it stands since the year's first return. mended: it is put right in the year's last.
    """

    rule: Rule
    kind: str
    example: Example
    early: bool = True
    mended: bool = False

    @property
    def workbook(self) -> bool:
        """Whether it needs a format that knows numbers."""
        return not all(isinstance(v, (str, date)) for row in self.example for v in row.values())


def faults(programme: Programme) -> list[Fault]:
    """One for every rule that returns a row or asks about it, as far as an example can be planted."""
    planted: list[Fault] = []
    for rule in programme.rules:
        kinds = [k for k in programme.kinds if rule in programme.rules_of(rule.tier, k.name)]
        found = [
            Fault(rule, kind.name, example)
            for kind in kinds
            for example in rule.bad
            if _plantable(rule, example, kind, programme)
        ]
        if found and rule.tier in _TIERS and rule.severity in (Severity.ERROR, Severity.WARNING):
            n = len(planted)
            fault = found[n % len(found)]
            planted.append(replace(fault, early=n % 4 != 3, mended=n % 5 == 1))
    return planted


def _plantable(rule: Rule, example: Example, kind: Kind, programme: Programme) -> bool:
    """Whether the example's columns exist, and a warning touches nothing that is counted by."""
    named = {name for row in example for name in row}
    known = {f.name for f in programme.fields_of(kind.name) if not f.fills}
    if not named <= known or (rule.tier == "cell" and named != {rule.field}):
        return False
    counted_by = set(kind.roles.values()) - {kind.role(role) for role in _HARMLESS}
    telling = {name for row in example for name in _telling(rule, row, kind)}
    return rule.severity == Severity.ERROR or not telling & counted_by


def _telling(rule: Rule, row: Mapping[str, object], kind: Kind) -> dict[str, object]:
    """What is wrong in a row: a number that stands in a sound example as well only says who it is."""
    numbers = (kind.role("person"), kind.role("certificate"))
    sound = {(name, value) for example in rule.ok for of in example for name, value in of.items()}
    return {n: v for n, v in row.items() if n not in numbers or (n, v) not in sound}


def fits(fault: Fault, entry: Entry, programme: Programme) -> bool:
    """Whether the example is wrong of this entry too: what it says of a code is not simply so."""
    so = truth(entry, programme)
    for name, value in fault.example[0].items():
        words = programme.code_words.get(programme.field[name].codes, {})
        code = words.get(fold(str(value)))
        if name == fault.rule.field and code and code == words.get(fold(str(so.get(name, "")))):
            return False
    return True


def planted(entry: Entry, fault: Fault, season: Season, programme: Programme) -> Entry:
    """The entry with the fault in it; who is not of the programme has nothing to mend."""
    (row,) = fault.example
    meant = entry
    cells = {
        name: value for name, value in row.items() if isinstance(value, (str, int, float, date))
    }
    if fault.rule.tier == "row":
        entry, cells = _lived(entry, fault.rule, cells, season, programme)
    slip = Slip(
        cells, seen_at(fault.rule, entry.kind, programme), fault.rule.severity == Severity.ERROR
    )
    if fault.mended and len(season.periods) > 1 and fault.rule.tier == "cell":
        slip = replace(slip, until=(season.last, 0))
    spoilt = replace(entry, slip=slip)
    return replace(spoilt, meant=spoilt if fault.rule.eligibility else meant)


def _lived(
    entry: Entry, rule: Rule, row: Mapping[str, Typed], season: Season, programme: Programme
) -> tuple[Entry, dict[str, Typed]]:
    """What a row's example says of numbers and days made true of the entry; the rest is typed."""
    kind, person = programme.kind[entry.kind], entry.person
    left = _telling(rule, row, kind)
    if number := left.pop(kind.role("person"), ""):
        person = person.with_number(str(number))
    if certificate := left.pop(kind.role("certificate"), ""):
        person = replace(person, certificate=str(certificate))
    start = _moved(left.pop(kind.start, None), season, programme) or entry.start
    finish = _moved(left.pop(kind.finish, None), season, programme)
    finish = finish or start + (entry.finish - entry.start)
    lived = replace(entry, person=person, start=start, finish=finish)
    return lived, {name: row[name] for name in left}


def _moved(value: object, season: Season, programme: Programme) -> date | None:
    """An example's day, moved from November of the first year into the season's last month."""
    read = read_day(str(value)) if value else None
    if read is None:
        return None
    months = int(season.last[5:]) - 11
    year, month = divmod(read.last.year * 12 + read.last.month - 1 + months, 12)
    year += int(season.last[:4]) - programme.years[0]
    last = month_end(f"{year}-{month + 1:02d}")
    return last.replace(day=min(read.last.day, last.day))


def seen_at(rule: Rule, kind: str, programme: Programme) -> tuple[str, ...]:
    """Where a fault is reported: the rule's columns, then those that tell several of them."""
    return _columns(rule.at or (rule.field,), kind, programme)


def _columns(names: tuple[str, ...], kind: str, programme: Programme) -> tuple[str, ...]:
    telling = (f.name for f in programme.fields_of(kind) if set(f.fills) & set(names))
    return (*names, *telling)


def in_a_row(entries: list[Entry], fault: Fault) -> list[Entry]:
    """An example of several rows, as numbers pulled down from the first, in adjacent lines."""
    at = (fault.rule.field,)
    return [
        replace(entry, slip=Slip({k: str(v) for k, v in row.items()}, at))
        for entry, row in zip(entries, fault.example, strict=True)
    ]


def finished_too_late(entry: Entry, season: Season, programme: Programme) -> Entry:
    """Reported in the first return though it ends in the next month, when it will be sound."""
    finish = month_end(season.first) + timedelta(days=6)
    kind = programme.kind[entry.kind]
    at = _columns((kind.finish,), entry.kind, programme)
    slip = Slip({}, at, until=(season.periods[1], 0))
    return replace(entry, start=finish - timedelta(days=5), finish=finish, slip=slip)


def mistyped_until(entry: Entry, until: tuple[str, int], programme: Programme) -> Entry:
    """A wrong check digit that a later return puts right; nothing where persons have no number."""
    name = programme.kind[entry.kind].role("person")
    slip = Slip({name: mistyped(entry.person.number)}, (name,), until=until) if name else None
    return replace(entry, slip=slip)
