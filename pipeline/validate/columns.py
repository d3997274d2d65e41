"""A column of a roster as filed -> a column of values, each different text read once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.programme import Field, Programme
from pipeline.validate.numbers import Numbers, read_certificates, read_numbers
from pipeline.validate.readers import Read, reader_of
from pipeline.values import TITLES

Texts = npt.NDArray[Any]
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LONGEST_SIGN = 4  # letters of the longest word for nothing


@dataclass(frozen=True)
class Column:
    """One field over all rows of a roster: what the cells say, what reading found wrong, the last
    day meant, and the cells as filed; `letters` is '' where the sheet has no such column."""

    values: Texts
    faults: Texts
    lasts: Texts
    texts: Sequence[str]
    letters: str = ""


def blank_column(size: int) -> Column:
    """A field that the sheet has no column for."""
    nothing = np.zeros(size, "U1")
    return Column(nothing, np.full(size, "blank", "U10"), nothing, [""] * size)


def read_column(
    field: Field,
    target: str,
    texts: Sequence[str],
    kinds: Sequence[str],
    letters: str,
    programme: Programme,
    period: str = "",
) -> Column:
    """The column of a field, read for itself or for a field that it fills."""
    if "e" in kinds:  # a formula's error says nothing of the person; it is said at its cell
        texts = ["" if kind == "e" else text for text, kind in zip(texts, kinds, strict=True)]
    if field.kind in _NUMBERS:
        return numbers_column(_NUMBERS[field.kind](texts, kinds), texts, letters)
    read = reader_of(field, target, programme, period)
    if field.kind in _PLAINLY and field.name not in programme.amounts:
        return _mostly_plain(texts, _PLAINLY[field.kind], read, letters)
    return _by_distinct(texts, kinds, read, letters)


def numbers_column(numbers: Numbers, texts: Sequence[str], letters: str = "") -> Column:
    """A column of numbers with what is wrong with them."""
    return Column(*numbers, np.zeros(len(texts), "U1"), texts, letters)


def _by_distinct(
    texts: Sequence[str], kinds: Sequence[str], read: Callable[[str, str], Read], letters: str
) -> Column:
    known = set(kinds) - {""}
    if len(known) <= 1:  # nothing is read in another way for its type
        kind = next(iter(known), "")
        cells: list[Any] = list(texts)
        places = {text: at for at, text in enumerate(dict.fromkeys(cells))}
        reads = [read(text, kind) for text in places]
    else:
        cells = list(zip(texts, kinds, strict=True))
        places = {cell: at for at, cell in enumerate(dict.fromkeys(cells))}
        reads = [read(*cell) for cell in places]
    codes = np.fromiter(map(places.__getitem__, cells), np.intp, len(cells))
    values, faults, lasts = (np.array(part or [""])[codes] for part in _parts(reads))
    return Column(values, faults, lasts, texts, letters)


def _parts(reads: list[Read]) -> tuple[list[str], list[str], list[str]]:
    return [r.value for r in reads], [r.fault for r in reads], [r.last for r in reads]


def _mostly_plain(
    texts: Sequence[str],
    plain: Callable[[Sequence[str]], list[bool]],
    read: Callable[[str, str], Read],
    letters: str,
) -> Column:
    """A column most of whose cells are their own value; the others are read one by one."""
    values, faults = list(texts), np.zeros(len(texts), "U10")
    others: dict[str, Read] = {}
    for at, is_plain in enumerate(plain(texts)):
        if not is_plain:
            text = texts[at]
            if text not in others:
                others[text] = read(text, "s")
            values[at], faults[at], _ = others[text]
    return Column(_objects(values), faults, np.zeros(len(texts), "U1"), texts, letters)


def _objects(values: list[str]) -> Texts:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _plain_texts(texts: Sequence[str]) -> list[bool]:
    return [
        text.isalnum() and (len(text) > _LONGEST_SIGN or text.isascii()) and text not in _SIGNS
        for text in texts
    ]


def _plain_names(texts: Sequence[str]) -> list[bool]:
    """What holds nothing but ordinary letters; one look over the whole column tells that of most."""
    ordinary = unicodedata.is_normalized("NFKC", "".join(texts))
    return [
        text.isalpha()
        and text not in _SIGNS
        and not text.endswith(TITLES)
        and (ordinary or unicodedata.is_normalized("NFKC", text))
        for text in texts
    ]


def _plain_phones(texts: Sequence[str]) -> list[bool]:
    return [_MOBILE.fullmatch(text) is not None for text in texts]


_SIGNS = frozenset({"无", "空", "暂无", "未填", "NULL", "null"})
_NUMBERS: dict[str, Callable[[Sequence[str], Sequence[str]], Numbers]] = {
    "id": read_numbers,
    "certificate": read_certificates,
}
_PLAINLY: dict[str, Callable[[Sequence[str]], list[bool]]] = {
    "text": _plain_texts,
    "name": _plain_names,
    "phone": _plain_phones,
}
