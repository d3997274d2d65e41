"""What the columns of one sheet say of each other, row by row: whose number it is, whose birth, what came first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.ingest.layout import plain
from pipeline.ingest.recognition import weights
from pipeline.ingest.recognition.contents import SAMPLE, Seen
from pipeline.ingest.recognition.given_names import sex_of
from pipeline.ingest.recognition.weights import Evidence
from pipeline.numbers import compact_no, id_fault, read_certificate
from pipeline.programme import Field, Kind, Programme
from pipeline.values import (
    Day,
    column_letters,
    compact,
    fold,
    read_day,
    read_name,
    read_span,
    read_start,
)

_FEWEST = 1  # rows in which both columns say something
_FEWEST_UNLIKE = (
    3  # rows that all differ from the number: one may be the very slip that is looked for
)
_LONGEST_UNIT = 12  # characters of what names a county and nothing else
_LENGTH = re.compile(r"\d{1,3}(?=\D|$)", re.ASCII)
_YEARS_BACK = 1  # an activity of a year-to-date return begins in its year, or in the one before


@dataclass(frozen=True)
class Sheet:
    """All columns of one sheet, and the period of its return where it is known ('' where not)."""

    columns: Sequence[Seen]
    period: str = ""

    @property
    def year(self) -> int:
        """The year of the return, 0 where nobody knows it."""
        return int(self.period[:4] or 0)

    @cached_property
    def _leaves(self) -> Counter[str]:
        return Counter(plain(c.leaf) for c in self.columns if c.path)

    def called(self, seen: Seen) -> str:
        """What a column is asked and answered by: its header as compared; with its letters where it has none,
        or another column of the sheet bears the same."""
        leaf = plain(seen.leaf)
        if leaf and self._leaves[leaf] == 1:
            return leaf
        return f"{leaf}({column_letters(seen.column).lower()}列)"

    @cached_property
    def certificates(self) -> Mapping[int, list[str]]:
        """Columns that hold certificate numbers: row by row the number, '' where none is read."""
        return {
            c.column: [_certificate(text) for text in c.texts[:SAMPLE]]
            for c in self.columns
            if c.share("certificate") >= weights.MOSTLY
        }

    @cached_property
    def numbers(self) -> Mapping[int, list[str]]:
        """Columns that hold ID numbers, likewise."""
        return {
            c.column: [_number(text) for text in c.texts[:SAMPLE]]
            for c in self.columns
            if c.share("id") >= weights.MOSTLY / 2
        }

    def own_numbers(self) -> list[str]:
        """The number of each row's own person as far as a certificate or a lone number column says."""
        for found in self.certificates.values():
            return [number[:18] for number in found]
        if len(self.numbers) == 1:
            return next(iter(self.numbers.values()))
        return []


def _number(text: str) -> str:
    number = compact_no(text)
    return number if len(number) == 18 and not id_fault(number) else ""


def _certificate(text: str) -> str:
    number = compact_no(text)
    return number if read_certificate(number) else ""


def evidence(
    seen: Seen, field: Field, kind: Kind, sheet: Sheet, programme: Programme
) -> Iterator[Evidence]:
    """What other columns say for and against a column being a field of a kind of roster."""
    if field.name == kind.role("person"):
        yield from _repeats(seen, sheet)
    elif field.name == kind.role("certificate"):
        yield from _repeated(seen, sheet)
    elif field.name == kind.role("name"):
        yield from _of_her_sex(seen, sheet)
    elif field.name == kind.role("unit"):
        yield from _units(seen, programme)
    elif field.kind == "birth":
        yield from _birth(seen, sheet)
    elif field.kind == "code" and field.derive:
        yield from _digits(seen, field, kind, sheet, programme)
    elif field.name in (kind.start, kind.finish):
        yield from _year((read_start(*v, sheet.year) for v in seen.values), "day", seen, sheet)
    elif kind.start in field.fills:
        spans = (read_span(*v, sheet.year) for v in seen.values)
        yield from _year((s.start for s in spans if s), "span", seen, sheet)


def _of_her_sex(seen: Seen, sheet: Sheet) -> Iterator[Evidence]:
    """Whether the names are of women where the numbers are women's, and of men where they are men's."""
    if seen.share("name") < weights.MOSTLY:
        return
    sexes = [
        (sex_of(read_name(text)), "女男"[int(number[16]) % 2])
        for text, number in zip(seen.texts, sheet.own_numbers(), strict=False)
        if text and number
    ]
    many, agree = _agreement(iter(sexes))
    scale = many / (many + weights.FEW)
    if many >= _FEWEST and agree >= weights.MOSTLY:
        yield Evidence("多是号码所写性别的名字", weights.NAMES_OF_HER_SEX * scale)
    elif many >= _FEWEST and agree <= weights.HARDLY:
        yield Evidence("多是另一性别的名字", weights.NAMES_OF_OTHER_SEX * scale)


def _units(seen: Seen, programme: Programme) -> Iterator[Evidence]:
    """Whether nothing but names of counties stands there, whatever the column is called."""
    texts = {compact(text) for text, _ in seen.values}
    gazetteer = programme.gazetteer
    named = {
        unit for text in texts if len(text) <= _LONGEST_UNIT and (unit := gazetteer.find_one(text))
    }
    if texts and not named:
        yield Evidence("填的不是本省的县（市、区）", weights.UNFIT)
    if len(named) > 1 and len(named) >= weights.MOSTLY * len(texts):
        yield Evidence("填的是本省的县（市、区）", weights.UNITS)


def _agreement(pairs: Iterator[tuple[str, str]]) -> tuple[int, float]:
    known = [(one, other) for one, other in pairs if one and other]
    return len(known), (sum(one == other for one, other in known) / len(known) if known else 0.0)


def _repeats(seen: Seen, sheet: Sheet) -> Iterator[Evidence]:
    mine = sheet.numbers.get(seen.column)
    if not mine:
        return
    agreements = [
        _agreement(zip(mine, (c[:18] for c in found), strict=False))
        for column, found in sheet.certificates.items()
        if column != seen.column
    ]
    agreed = [agree for many, agree in agreements if many >= _FEWEST]
    if agreed and max(agreed) >= weights.MOSTLY:
        yield Evidence("与残疾人证号前 18 位逐行相同", weights.REPEATS_NUMBER)
    elif agreed and max(agreed) <= weights.HARDLY:
        yield Evidence("与残疾人证号前 18 位不同，是另一个人的号码", weights.OTHER_PERSONS_NUMBER)


def _repeated(seen: Seen, sheet: Sheet) -> Iterator[Evidence]:
    mine = sheet.certificates.get(seen.column)
    if not mine:
        return
    for found in sheet.numbers.values():
        many, agree = _agreement(zip((c[:18] for c in mine), found, strict=False))
        if many >= _FEWEST and agree >= weights.MOSTLY:
            yield Evidence("前 18 位就是另一列的身份证号", weights.REPEATS_NUMBER)
            return


def _birth(seen: Seen, sheet: Sheet) -> Iterator[Evidence]:
    numbers = sheet.own_numbers()
    if not numbers or seen.share("birth") < weights.MOSTLY:
        return
    known = [
        (f"{n[6:10]}-{n[10:12]}-{n[12:14]}", read_day(text, kind))
        for n, text, kind in zip(numbers, seen.texts, seen.types, strict=False)
        if n
    ]
    inside = [
        day.first.isoformat() <= born <= day.last.isoformat()
        for born, day in known
        if day is not None
    ]
    if inside and sum(inside) / len(inside) >= weights.MOSTLY:
        yield Evidence("与号码第 7 至 14 位逐行相符", weights.BIRTH_OF_NUMBER)
    elif inside and sum(inside) / len(inside) <= weights.HARDLY:
        yield Evidence("与号码第 7 至 14 位不符", weights.NOT_BIRTH_OF_NUMBER)


def _digits(
    seen: Seen, field: Field, kind: Kind, sheet: Sheet, programme: Programme
) -> Iterator[Evidence]:
    """A code that her number or certificate tells as well: category, grade, gender."""
    derivation, words = field.derive, programme.code_words[field.codes]
    if derivation is None:
        return
    sources: Iterable[list[str]] = ()
    if derivation.source == kind.role("certificate"):
        sources = sheet.certificates.values()
    elif derivation.source == kind.role("person"):
        sources = [sheet.own_numbers()]
    read = [words.get(fold(text), "") for text in seen.texts[:SAMPLE]]
    for found in sources:
        many, agree = _agreement(zip(read, map(derivation.apply, found), strict=False))
        if many >= _FEWEST and agree >= weights.MOSTLY:
            yield Evidence("与号码里写的逐行相符", weights.DIGITS_OF_NUMBER)
            return
        if many >= _FEWEST_UNLIKE and agree <= weights.HARDLY:
            yield Evidence("与号码里写的多不相符", weights.NOT_DIGITS_OF_NUMBER)
            return


def _year(days: Iterable[Day | None], of: str, seen: Seen, sheet: Sheet) -> Iterator[Evidence]:
    """A course or a job of a year-to-date return begins in its year; a date of issue long before."""
    if not sheet.period or seen.share(of) < weights.MOSTLY:
        return
    years = [day.first.year for day in days if day]
    near = sum(sheet.year - _YEARS_BACK <= y <= sheet.year for y in years) / max(len(years), 1)
    if near >= weights.MOSTLY:
        yield Evidence("日期多在报表年度", weights.IN_RETURN_YEAR)
    elif near <= weights.HARDLY:
        yield Evidence("日期多不在报表年度", weights.NOT_IN_RETURN_YEAR)


def order_of(first: Seen, last: Seen, year: int) -> Evidence | None:
    """Whether two columns of days can be start and finish, row by row; None where they do not say.

    `year` is the return's, 0 where nobody knows it.
    """
    pairs = [
        (one.first, other.last)
        for a, ka, b, kb in zip(
            first.texts[:SAMPLE], first.types, last.texts, last.types, strict=False
        )
        if (one := read_day(a, ka, year)) and (other := read_day(b, kb, year))
    ]
    if not pairs:
        return None
    right = sum(one <= other for one, other in pairs) / len(pairs)
    if right >= weights.MOSTLY:
        return Evidence("开始都不晚于结束", weights.START_BEFORE_FINISH)
    return Evidence("开始晚于结束", weights.START_AFTER_FINISH) if right <= weights.HARDLY else None


def apart_as_counted(first: Seen, last: Seen, sheet: Sheet) -> bool:
    """Whether some column counts the days from one to the other, both or one of them included, row by row."""
    lasting = [
        (one, other)
        for one, other in (
            (read_day(a, ka, sheet.year), read_day(b, kb, sheet.year))
            for a, ka, b, kb in zip(
                first.texts[:SAMPLE], first.types, last.texts, last.types, strict=False
            )
        )
    ]
    for seen in sheet.columns:
        if seen.column in (first.column, last.column) or seen.share("number") < weights.MOSTLY:
            continue
        lengths = [
            (int(match[0]), (other.first - one.first).days)
            for text, (one, other) in zip(seen.texts[:SAMPLE], lasting, strict=False)
            if one and other and (match := _LENGTH.match(compact(text)))
        ]
        right = sum(days in (length, length - 1) and days >= 0 for length, days in lengths)
        if len(lengths) >= _FEWEST_UNLIKE and right >= weights.MOSTLY * len(lengths):
            return True
    return False
