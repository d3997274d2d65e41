"""The planted faults, as clerks make them: each changes what is typed of one entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.numbers import check_digit
from pipeline.sample.entries import EMPLOYMENT, TRAINING, Entry, Season, Slip, Typed
from pipeline.sample.people import Registry, renumbered
from pipeline.values import month_end

Spoil = Callable[[Entry, Season], Slip]


@dataclass(frozen=True)
class Fault:
    """One kind of fault: in which roster it is planted, since when, and whether it is mended."""

    name: str
    kind: str
    spoil: Spoil
    early: bool = True  # stands since the year's first return
    mended: bool = False  # put right in the year's last
    digits: bool = False  # needs an ID number without X
    workbook: bool = False  # needs a format that knows numbers
    birth: bool = False  # needs a roster with a birth column


def _cell(field: str, value: Typed, *, error: bool = True) -> Spoil:
    return lambda entry, season: Slip({field: value}, (field,), error)


def _id(change: Callable[[str], Typed]) -> Spoil:
    return lambda entry, season: Slip({"id_no": change(entry.person.id_no)}, ("id_no",))


def _wrong_check(id_no: str) -> str:
    return id_no[:17] + ("0" if id_no[17] != "0" else "1")


def _thirtieth_of_february(id_no: str) -> str:
    first17 = f"{id_no[:10]}0230{id_no[14:17]}"
    return first17 + check_digit(first17)


def _as_excel_keeps_it(id_no: str) -> float:
    """Typed as a number: fifteen digits stay, the last three are gone."""
    return float(int(id_no[:15] + "000"))


def _letter_for_one(id_no: str) -> str:
    """A one typed as the letter I; the year of birth always has a one."""
    place = id_no.rfind("1", 0, 17)
    return f"{id_no[:place]}I{id_no[place + 1 :]}"


def _another_certificate(entry: Entry, season: Season) -> Slip:
    sequence = f"{(int(entry.person.id_no[14:17]) + 20) % 1000:03d}"
    other = replace(entry.person, id_no=renumbered(entry.person.id_no, sequence=sequence))
    return Slip({"cert_no": other.cert_no}, ("cert_no",))


def _eighth_category(entry: Entry, season: Season) -> Slip:
    number = f"{entry.person.id_no}8{entry.person.grade}"
    return Slip({"cert_no": number}, ("cert_no",))


def _finish_before_start(entry: Entry, season: Season) -> Slip:
    finish = entry.start - timedelta(days=3)
    return Slip({"finished_on": finish}, ("finished_on", "training_time"))


def _finish_after_the_end(entry: Entry, season: Season) -> Slip:
    return Slip({"finished_on": _after(season)}, ("finished_on", "training_time"))


def _start_after_the_end(entry: Entry, season: Season) -> Slip:
    return Slip({"employed_on": _after(season)}, ("employed_on",))


def _after(season: Season) -> date:
    return month_end(season.last) + timedelta(days=5)


def _wrong_birth(entry: Entry, season: Season) -> Slip:
    birth = entry.person.birth.replace(day=1, year=entry.person.birth.year + 1)
    return Slip({"birth": birth}, ("birth",), error=False)


def _wrong_category(entry: Entry, season: Season) -> Slip:
    other = entry.person.category % 7 + 1
    return Slip({"category": other}, ("category", "category_grade"), error=False)


_UNREADABLE = Slip({"started_on": "九月份"}, ("started_on", "training_time"))

FAULTS = (
    Fault("wrong check digit", TRAINING, _id(_wrong_check)),
    Fault("missing certificate", TRAINING, _cell("cert_no", ""), mended=True),
    Fault("17 digits", EMPLOYMENT, _id(lambda n: n[:8] + n[9:]), mended=True),
    Fault("number in Excel", TRAINING, _id(_as_excel_keeps_it), digits=True, workbook=True),
    Fault("certificate of another", TRAINING, _another_certificate, early=False),
    Fault("finish before start", TRAINING, _finish_before_start),
    Fault("finish after the end", TRAINING, _finish_after_the_end, early=False),
    Fault("no poor household", TRAINING, _cell("poor", "否")),
    Fault("unreadable date", TRAINING, lambda entry, season: _UNREADABLE, mended=True),
    Fault("missing name", EMPLOYMENT, _cell("name", ""), early=False),
    Fault("missing ID", TRAINING, _cell("id_no", "")),
    Fault("missing start", EMPLOYMENT, _cell("employed_on", "")),
    Fault("start after the end", EMPLOYMENT, _start_after_the_end, early=False),
    Fault("category 8", EMPLOYMENT, _eighth_category),
    Fault("impossible day", TRAINING, _id(_thirtieth_of_february)),
    Fault("letter I", EMPLOYMENT, _id(_letter_for_one), early=False),
    Fault("short phone", TRAINING, _cell("phone", "1384321", error=False)),
    Fault("unknown ethnic group", EMPLOYMENT, _cell("ethnic", "关东族", error=False)),
    Fault("birth not of the ID", TRAINING, _wrong_birth, birth=True),
    Fault("poor left blank", TRAINING, _cell("poor", "", error=False)),
    Fault("category not of the certificate", TRAINING, _wrong_category),
)


def planted(entry: Entry, fault: Fault, season: Season) -> Entry:
    """The entry with the fault in it."""
    slip = fault.spoil(entry, season)
    if fault.mended and len(season.periods) > 1:
        slip = replace(slip, until=(season.last, 0))
    return replace(entry, slip=slip)


def with_a_man(entry: Entry, registry: Registry) -> Entry:
    """A man in her place: every number is sound, he is only no woman."""
    slip = Slip({}, ("gender", "id_no"))
    return replace(entry, person=registry.man(entry.unit), slip=slip)


def filled_down(entries: list[Entry]) -> list[Entry]:
    """Adjacent lines whose ID numbers were pulled down from the first and so rise by one."""
    first = int(entries[0].person.id_no)
    return [
        replace(entry, slip=Slip({"id_no": str(first + n)}, ("id_no",)))
        for n, entry in enumerate(entries)
    ]


def finished_too_late(entry: Entry, season: Season) -> Entry:
    """Reported in the first return though it ends in the next month, when it will be sound."""
    finish = month_end(season.first) + timedelta(days=6)
    until = (season.periods[1], 0)
    slip = Slip({}, ("finished_on", "training_time"), until=until)
    return replace(entry, start=finish - timedelta(days=5), finish=finish, slip=slip)


def mistyped_until(entry: Entry, until: tuple[str, int]) -> Entry:
    """A wrong check digit that the corrected return puts right."""
    number = _wrong_check(entry.person.id_no)
    return replace(entry, slip=Slip({"id_no": number}, ("id_no",), until=until))
