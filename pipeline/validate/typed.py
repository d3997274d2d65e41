"""Text as filed -> typed rows: for every field a value, what reading found wrong, and its column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from pipeline.model import Sheet
from pipeline.numbers import compact_no, id_fault, read_certificate
from pipeline.programme import Field, Kind, Programme
from pipeline.values import (
    Day,
    compact,
    fold,
    is_nothing,
    is_phone,
    month_end,
    read_day,
    read_name,
    read_phones,
    read_span,
)


class Read(NamedTuple):
    """One cell read: its value as text (dates in ISO), the last day meant, and what is wrong."""

    value: str = ""
    fault: str = ""
    last: str = ""


Reader = Callable[[str, str], Read]
_BLANK = Read(fault="blank")
_MOSTLY_UNIQUE = frozenset({"id", "certificate"})
_REMEMBERED = 4096


def type_sheets(
    sheets: Iterable[tuple[Sheet, str, str]], kind: Kind, programme: Programme
) -> pd.DataFrame:
    """Rosters of one kind, each with its file and period, as one typed frame: the columns that
    `checks` speaks of, and where each row stood. Empty where no roster has a row."""
    fields = programme.fields_of(kind.name)
    read = {
        (field.name, target): _reader(field, target, programme)
        for field in fields
        for target in field.fills or (field.name,)
    }
    columns: dict[str, list[Any]] = {}
    for sheet, file, period in sheets:
        of_sheet = _placed(sheet, file, period) | _typed(sheet, fields, read)
        for name, values in of_sheet.items():
            columns.setdefault(name, []).extend(values)
    frame = pd.DataFrame(columns, dtype=object)
    if columns:
        frame["start"] = frame[kind.start]
    return frame


def _placed(sheet: Sheet, file: str, period: str) -> dict[str, list[Any]]:
    """Whose rows they are, of when, and where they stood."""
    said = {
        "file": file,
        "sheet": sheet.name,
        "kind": sheet.kind,
        "period": period,
        "year": period[:4],
        "period_end": month_end(period).isoformat(),
        "filed_on": sheet.filed_on.isoformat() if sheet.filed_on else "",
    }
    columns = {name: [value] * len(sheet.text) for name, value in said.items()}
    return {"row": list(sheet.text.index), "unit": list(sheet.units), **columns}


def _typed(
    sheet: Sheet, fields: Iterable[Field], read: Mapping[tuple[str, str], Reader]
) -> dict[str, list[Any]]:
    """Five columns a field: what it says, what is wrong, where, as filed, and its last day."""
    size = len(sheet.text)
    columns: dict[str, list[Any]] = {}
    for field in fields:
        columns |= _columns(field.name, [_BLANK] * size, [""] * size, "")
    for field in fields:
        if field.name not in sheet.columns:
            continue
        kinds = list(sheet.types[field.name])
        # a formula's error says nothing of the person; ingest has said it at the cell
        texts = [
            "" if kind == "e" else text
            for text, kind in zip(sheet.text[field.name], kinds, strict=True)
        ]
        for target in _targets(field, sheet):
            cells = list(map(read[field.name, target], texts, kinds))
            columns |= _columns(target, cells, texts, sheet.columns[field.name])
    if "id_no" not in sheet.columns:
        columns |= _columns("id_no", [_number_in(c) for c in columns["cert_no"]], [""] * size, "")
    for field in fields:
        if field.kind == "id":
            columns[f"{field.name}.filled_down"] = _filled_down(columns[f"{field.name}.text"])
    return columns


def _targets(field: Field, sheet: Sheet) -> list[str]:
    """The field itself, or of those it fills the ones that have no column of their own."""
    return [name for name in field.fills if name not in sheet.columns] or (
        [] if field.fills else [field.name]
    )


def _columns(name: str, cells: list[Read], texts: list[str], letters: str) -> dict[str, list[Any]]:
    return {
        name: [c.value for c in cells],
        f"{name}.fault": [c.fault for c in cells],
        f"{name}.last": [c.last for c in cells],
        f"{name}.text": texts,
        f"{name}.at": [letters] * len(cells),
    }


def _reader(field: Field, target: str, programme: Programme) -> Reader:
    """How the cells of a field are read; what many rows have in common is read once."""
    read = _reader_of(field, target, programme)
    return read if field.kind in _MOSTLY_UNIQUE else lru_cache(maxsize=_REMEMBERED)(read)


def _reader_of(field: Field, target: str, programme: Programme) -> Reader:
    if field.kind == "code":
        words = programme.code_words[field.codes]
        return lambda text, kind: _read_code(text, words)
    if field.kind == "category_grade":
        words = programme.code_words[programme.field[target].codes]
        return lambda text, kind: _read_part(text, words, first=target == field.fills[0])
    if field.kind == "span":
        finish = target == field.fills[-1]
        return lambda text, kind: _read_span_end(text, kind, finish=finish)
    return _READERS[field.kind]


def _read_text(text: str, kind: str) -> Read:
    return _BLANK if is_nothing(text) else Read(text.strip())


def _read_name(text: str, kind: str) -> Read:
    return _BLANK if is_nothing(text) else Read(read_name(text))


def _read_number(text: str, kind: str) -> Read:
    """An ID number: blank, then typed as a number, then the number's own faults."""
    if is_nothing(text):
        return _BLANK
    number = compact_no(text)
    if _rounded(number, kind):
        return Read(fault="rounded")
    fault = id_fault(number)
    return Read("" if fault else number, fault)


def _rounded(number: str, kind: str) -> bool:
    """A number of 16 digits or more typed as a number, or its text after Excel has cut it."""
    return (kind == "n" and len(number.split("E")[0]) >= 16) or (
        "E+" in number and number[0].isdigit()
    )


def _read_certificate_no(text: str, kind: str) -> Read:
    if is_nothing(text):
        return _BLANK
    number = compact_no(text)
    if _rounded(number, kind):
        return Read(fault="rounded")
    return Read(number) if read_certificate(number) else Read(fault="unreadable")


def _number_in(certificate: str) -> Read:
    """The ID number a certificate begins with, for rosters without a column of ID numbers."""
    if not certificate:
        return _BLANK
    fault = id_fault(certificate[:18])
    return Read("" if fault else certificate[:18], fault)


def _read_code(text: str, words: Mapping[str, str]) -> Read:
    code = words.get(fold(text))
    if code:
        return Read(code)
    return _BLANK if is_nothing(text) else Read(fault="unknown")


def _read_part(text: str, words: Mapping[str, str], *, first: bool) -> Read:
    """Category or grade out of one cell: 听力二级, 肢体残疾3级, 肢三, 4级肢体, 肢体/3."""
    if is_nothing(text):
        return _BLANK
    folded = fold(text).replace("/", "").replace("、", "").replace("残疾", "")
    for word in sorted(words, key=len, reverse=True):
        if word and (folded.startswith(word) or folded.endswith(word)):
            return Read(words[word])
    return Read(fault="unknown")


def _of_day(day: Day | None) -> Read:
    if day is None:
        return Read(fault="unreadable")
    fault = "doubtful" if day.doubtful else ""
    return Read(day.first.isoformat(), fault, day.last.isoformat())


def _read_date(text: str, kind: str) -> Read:
    if is_nothing(text):
        return _BLANK
    day = read_day(text, kind)
    if day is None and (span := read_span(text, kind)) and span.start:
        return _of_day(span.start._replace(doubtful=True))
    return _of_day(day)


def _read_birth(text: str, kind: str) -> Read:
    if is_nothing(text):
        return _BLANK
    read = _of_day(read_day(text, kind))
    return read if read.fault == "unreadable" else read._replace(fault="")


def _read_span_end(text: str, kind: str, *, finish: bool) -> Read:
    if is_nothing(text):
        return _BLANK
    span = read_span(text, kind)
    return _of_day((span.finish if finish else span.start) if span else None)


def _read_phone(text: str, kind: str) -> Read:
    if is_nothing(text):
        return _BLANK
    numbers = read_phones(text)
    sound = bool(numbers) and all(is_phone(n) for n in numbers)
    return Read(numbers[0] if sound else "", "" if sound else "undialable")


_READERS: dict[str, Reader] = {
    "text": _read_text,
    "name": _read_name,
    "id": _read_number,
    "certificate": _read_certificate_no,
    "day": _read_date,
    "birth": _read_birth,
    "phone": _read_phone,
}


def _filled_down(texts: Sequence[str]) -> list[bool]:
    """Marks three or more adjacent rows whose numbers rise by exactly 1."""
    numbers = [
        int(n) if len(n) == 18 and n.isascii() and n.isdigit() else None
        for n in map(compact_no, texts)
    ]
    marks = [False] * len(numbers)
    for i in range(len(numbers) - 2):
        a, b, c = numbers[i : i + 3]
        if a is not None and b is not None and b == a + 1 and c == b + 1:
            marks[i : i + 3] = [True] * 3
    return marks


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """What sound numbers tell: birth, age, and category, grade and gender where no column does."""
    told = frame.copy()
    number = told["id_no"].where(~told["id_no.filled_down"].astype(bool), "")
    told["id_no"] = number
    for part, digit in (("category", 18), ("grade", 19)):
        written = told["cert_no"].str[digit : digit + 1]
        told[f"cert_no.{part}"] = written
        told[part] = told[part].where(told[f"{part}.at"] != "", written)
    birth = number.str[6:10] + "-" + number.str[10:12] + "-" + number.str[12:14]
    told["id_no.birth"] = birth.where(number != "", "")
    by_number = number.str[16:17].isin(list("02468")).map({True: "2", False: ""})
    told["gender"] = told["gender"].where(told["gender"] != "", by_number)
    told["age_at_start"] = _ages(told["id_no.birth"], told["start"])
    return told


def _ages(birth: pd.Series, start: pd.Series) -> pd.Series:
    """Years completed on the day the activity began; none where either day is not known."""
    years = pd.to_numeric(start.str[:4], errors="coerce") - pd.to_numeric(
        birth.str[:4], errors="coerce"
    )
    return years - (start.str[5:] < birth.str[5:])


def person_keys(frame: pd.DataFrame) -> list[str]:
    """Who each filed row is, sound or not: her ID, else her certificate, else nothing."""
    return [
        number or _person_of(certificate)
        for number, certificate in zip(frame["id_no"], frame["cert_no.text"], strict=True)
    ]


def _person_of(certificate: str) -> str:
    first18 = compact_no(certificate)[:18]
    return compact(first18) if id_fault(first18) else first18
