"""One cell as filed -> its value, and what is wrong with it: one reader a kind of field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks import YEARS_BEFORE
from pipeline.numbers import compact_no, id_fault, read_certificate
from pipeline.programme import Field, Programme
from pipeline.values import (
    Day,
    compact,
    fold,
    is_nothing,
    is_phone,
    read_day,
    read_name,
    read_phones,
    read_span,
    read_start,
    ticked,
    yes_or_no,
)

_TEN_THOUSAND = 4  # digits
# sane amounts, with their unit or without
_AMOUNT = re.compile(
    r"(-?)[¥￥]?(\d[\d,]{0,14})(?:\.(\d{1,6})\d{0,14})?(万)?(?:元整?|天|课时|学时|小时|人|个|岁)?(?:/月|每月)?",
    re.ASCII,
)
_AS_NUMBER = re.compile(r"(?<=^[0-9]{15})\.0+$|(?<=^[0-9]{18})\.0+$|(?<=^[0-9]{20})\.0+$")
_BETWEEN_WORDS = re.compile(
    r"[\s,;:。.、/()\[\]【】\"“”‘’—-]+"
)  # what parts a word of a list from a note on it
_SIGNS = re.compile(r"[/、()\[\]【】,;-]")
_YEAR = re.compile(r"^于?(?:19|20)\d{2}年?度?", re.ASCII)
_WHOLE = re.compile(r"(?<=^\d)\.0+$", re.ASCII)
_REMEMBERED = 65536  # days and words come again in every file


class Read(NamedTuple):
    """One cell read: its value as text (dates in ISO), the last day meant, and what is wrong."""

    value: str = ""
    fault: str = ""
    last: str = ""


Reader = Callable[[str, str], Read]
BLANK = Read(fault="blank")
UNREADABLE = Read(fault="unreadable")


def reader_of(field: Field, target: str, programme: Programme, period: str = "") -> Reader:
    """How the cells of a field are read for itself, or for one of the fields it fills.

    `period` is the return's: by it days are read that are too short to tell their century.
    """
    if field.kind == "code":
        words = programme.code_words[field.codes]
        return lambda text, kind: _read_code(text, words)
    if field.kind == "category_grade":
        words = programme.code_words[programme.field[target].codes]
        return lambda text, kind: _read_part(text, words, first=target == field.fills[0])
    if field.kind in ("span", "day"):
        finishes = {kind.finish for kind in programme.kinds}
        read = _read_finish if target in finishes else _read_start
        if field.kind == "span":
            read = _read_span_finish if target == field.fills[-1] else _read_span_start
        if target in finishes | {kind.start for kind in programme.kinds}:
            earliest = f"{programme.years[0] - YEARS_BEFORE}-01-01"
            year = int(period[:4] or 0)
            return lambda text, kind: _not_before(earliest, read(text, kind, year))
        return lambda text, kind: read(text, kind, 0)
    if field.kind == "text" and field.name in programme.answered:
        return _read_answer
    if field.kind == "text" and field.name in programme.amounts:
        return _read_amount_or_words
    return _READERS[field.kind]


def _not_before(earliest: str, read: Read) -> Read:
    return UNREADABLE if "" < read.value < earliest else read


def _read_text(text: str, kind: str) -> Read:
    return BLANK if is_nothing(text) else Read(text.strip())


def _read_answer(text: str, kind: str) -> Read:
    """As typed where it says yes or no: 无 says no."""
    return Read(text.strip()) if yes_or_no(text) else BLANK


def _read_name(text: str, kind: str) -> Read:
    return BLANK if is_nothing(text) else Read(read_name(text))


def read_number(text: str, kind: str) -> Read:
    """An ID number: blank, then typed as a number, then the number's own faults."""
    if is_nothing(text):
        return BLANK
    number = compact_no(_AS_NUMBER.sub("", text))
    if _rounded(number, kind):
        return Read(fault="rounded")
    fault = id_fault(number)
    return Read("" if fault else number, fault)


def _rounded(number: str, kind: str) -> bool:
    """A number of 16 digits or more typed as a number, or its text after Excel has cut it."""
    return (kind == "n" and len(number.split("E")[0]) >= 16) or (
        "E+" in number and number[0].isdigit()
    )


def read_certificate_no(text: str, kind: str) -> Read:
    """A certificate number: blank, then typed as a number, then not of the form of one."""
    if is_nothing(text):
        return BLANK
    number = compact_no(_AS_NUMBER.sub("", text))
    if _rounded(number, kind):
        return Read(fault="rounded")
    return Read(number) if read_certificate(number) else UNREADABLE


def _read_code(text: str, words: Mapping[str, str]) -> Read:
    code = words.get(fold(text)) or words.get(fold(_whole(ticked(text))))
    code = code or _first_word(fold(text), words)
    code = code or words.get(_YEAR.sub("", fold(text)), "")  # 2016年建档
    if code:
        return Read(code)
    return BLANK if is_nothing(text) else Read(fault="unknown")


def _first_word(text: str, words: Mapping[str, str]) -> str:
    """是，2016年脱贫 and “是”。 are 是; '' where what stands behind it says another word of the list."""
    parts = [part for part in _BETWEEN_WORDS.split(text) if part]
    codes = [words.get(part, "") for part in parts]
    alike = {code for code in codes if code} == {codes[0]} if codes else False
    return codes[0] if alike else ""


def _whole(text: str) -> str:
    """1.0 -> 1, as some programs write whole numbers."""
    return _WHOLE.sub("", text)


def _read_part(text: str, words: Mapping[str, str], *, first: bool) -> Read:
    """Category or grade out of one cell: 听力二级, 肢体残疾3级, 肢三, 4级肢体, 肢体/3."""
    if is_nothing(text):
        return BLANK
    folded = _SIGNS.sub("", fold(ticked(text))).replace("残疾", "")
    for word in sorted(words, key=len, reverse=True):
        if word and (folded.startswith(word) or folded.endswith(word)):
            return Read(words[word])
    return Read(fault="unknown")


def _of_day(day: Day | None) -> Read:
    if day is None:
        return UNREADABLE
    fault = "doubtful" if day.doubtful else ""
    return Read(day.first.isoformat(), fault, day.last.isoformat())


@lru_cache(maxsize=_REMEMBERED)
def _read_start(text: str, kind: str, year: int) -> Read:
    return _read_date(text, kind, year, finish=False)


@lru_cache(maxsize=_REMEMBERED)
def _read_finish(text: str, kind: str, year: int) -> Read:
    return _read_date(text, kind, year, finish=True)


def _read_date(text: str, kind: str, year: int, *, finish: bool) -> Read:
    """One day; of a whole course in one cell the day that the column asks for, read with doubt."""
    if is_nothing(text):
        return BLANK
    if not finish:
        return _of_day(read_start(text, kind, year))
    day = read_day(text, kind, year)
    if day is None and (span := read_span(text, kind, year)):
        day = span.finish._replace(doubtful=True) if span.finish else None
    return _of_day(day)


@lru_cache(maxsize=_REMEMBERED)
def _read_birth(text: str, kind: str) -> Read:
    if is_nothing(text):
        return BLANK
    read = _of_day(read_day(text, kind))
    return read if read.fault == "unreadable" else read._replace(fault="")


@lru_cache(maxsize=_REMEMBERED)
def _read_span_start(text: str, kind: str, year: int) -> Read:
    if is_nothing(text):
        return BLANK
    span = read_span(text, kind, year)
    return _of_day(span.start if span else read_start(text, kind, year))


@lru_cache(maxsize=_REMEMBERED)
def _read_span_finish(text: str, kind: str, year: int) -> Read:
    if is_nothing(text):
        return BLANK
    span = read_span(text, kind, year)
    return _of_day(span.finish if span else None)


def _read_phone(text: str, kind: str) -> Read:
    if is_nothing(text):
        return BLANK
    numbers = read_phones(text)
    sound = bool(numbers) and all(is_phone(n) for n in numbers)
    return Read(numbers[0] if sound else "", "" if sound else "undialable")


def _read_amount(text: str, kind: str) -> Read:
    """A number as it is added up: 1,200 and 1200.0元 are 1200, 0.12万元 too."""
    if is_nothing(text):
        return BLANK
    match = _AMOUNT.fullmatch(compact(text))
    if match is None:
        return UNREADABLE
    whole, part = match[2].replace(",", ""), match[3] or ""
    if match[4]:
        part = part.ljust(_TEN_THOUSAND, "0")
        whole, part = whole + part[:_TEN_THOUSAND], part[_TEN_THOUSAND:]
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    return Read(f"{match[1]}{whole}{'.' if part else ''}{part}")


def _read_amount_or_words(text: str, kind: str) -> Read:
    """A number where it is one; 按件计酬 stays as it was written."""
    read = _read_amount(text, kind)
    return _read_text(text, kind) if read.fault else read


_READERS: dict[str, Reader] = {
    "text": _read_text,
    "number": _read_amount,
    "name": _read_name,
    "id": read_number,
    "certificate": read_certificate_no,
    "birth": _read_birth,
    "phone": _read_phone,
}
