"""Text as filed -> typed rows: for every field a value, what reading found wrong, and its column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.identifiers import birth_of, compact_no, id_fault, read_certificate
from pipeline.model import Sheet
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


_BLANK = Read(fault="blank")


def type_rows(sheet: Sheet, file: str, period: str, programme: Programme) -> pd.DataFrame:
    """The typed frame of one roster: the columns that `checks` speaks of, and where each row stood."""
    kind = programme.kind[sheet.kind]
    columns: dict[str, Any] = {
        "file": file,
        "sheet": sheet.name,
        "row": list(sheet.text.index),
        "kind": kind.name,
        "unit": list(sheet.units),
        "period": period,
        "year": period[:4],
        "period_end": month_end(period).isoformat(),
        "filed_on": sheet.filed_on.isoformat() if sheet.filed_on else "",
    }
    fields = programme.fields_of(kind.name)
    for field in fields:
        columns |= _absent(field)
    for field in fields:
        if field.name in sheet.columns:
            columns |= _read_field(field, sheet, programme)
        if field.kind == "id":
            columns[f"{field.name}.filled_down"] = _filled_down(columns[f"{field.name}.text"])
    columns["start"] = columns[kind.start]
    return pd.DataFrame(columns, index=range(len(sheet.text)), dtype=object)


def _absent(field: Field) -> dict[str, list[str] | str]:
    name = field.name
    return {
        name: "", f"{name}.fault": "blank", f"{name}.at": "", f"{name}.text": "", f"{name}.last": ""
    }  # fmt: skip


def _read_field(field: Field, sheet: Sheet, programme: Programme) -> dict[str, list[str] | str]:
    """The columns a field gives: its own, or those it fills where they have no column."""
    kinds = list(sheet.types[field.name])
    # a formula's error says nothing of the person; ingest has said it at the cell
    texts = [
        "" if kind == "e" else text
        for text, kind in zip(sheet.text[field.name], kinds, strict=True)
    ]
    letters = sheet.columns[field.name]
    columns: dict[str, list[str] | str] = {}
    targets = [name for name in field.fills if name not in sheet.columns] or (
        [] if field.fills else [field.name]
    )
    for target in targets:
        read = _reader(field, target, programme)
        cells = [read(text, kind) for text, kind in zip(texts, kinds, strict=True)]
        columns |= {
            target: [c.value for c in cells],
            f"{target}.fault": [c.fault for c in cells],
            f"{target}.last": [c.last for c in cells],
            f"{target}.text": texts,
            f"{target}.at": letters,
        }
    return columns


Reader = Callable[[str, str], Read]


def _reader(field: Field, target: str, programme: Programme) -> Reader:
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


def _filled_down(texts: Sequence[str] | str) -> list[bool] | bool:
    """Marks three or more adjacent rows whose numbers rise by exactly 1."""
    if isinstance(texts, str):
        return False
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


def derive(frame: pd.DataFrame, kind: Kind, programme: Programme) -> pd.DataFrame:
    """What sound numbers tell: the ID where it has no column, birth, age, category and grade."""
    told = frame.copy()
    told["id_no"] = told["id_no"].where(~told["id_no.filled_down"].astype(bool), "")
    told["id_no"] = told["id_no"].where(told["id_no.at"] != "", told["cert_no"].str[:18])
    certificates = told["cert_no"].map(read_certificate)
    for part in ("category", "grade"):
        told[f"certificate.{part}"] = certificates.map(
            lambda c, part=part: getattr(c, part) if c else ""
        )
        told[part] = told[part].where(told[f"{part}.at"] != "", told[f"certificate.{part}"])
    births = told["id_no"].map(lambda n: birth_of(n) if n else None)
    told["id_no.birth"] = births.map(lambda d: d.isoformat() if d else "")
    woman = told["id_no"].str[16:17].isin(list("02468")) & (told["id_no"] != "")
    told["gender"] = told["gender"].where(told["gender"] != "", woman.map({True: "2", False: ""}))
    told["age_at_start"] = [
        _age(birth, start) for birth, start in zip(told["id_no.birth"], told["start"], strict=True)
    ]
    return told


def _age(birth: str, start: str) -> float:
    """Years completed on the day the activity began."""
    if not birth or not start:
        return float("nan")
    return int(start[:4]) - int(birth[:4]) - (start[5:] < birth[5:])


def person_key(row: Mapping[str, str]) -> str:
    """Who a filed row is, sound or not: her ID, else her certificate, else the row itself."""
    certificate = compact_no(row["cert_no.text"])[:18]
    return row["id_no"] or (certificate if not id_fault(certificate) else compact(certificate))
