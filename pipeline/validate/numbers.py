"""Whole columns of ID and certificate numbers read at once; what is not plainly written, one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.numbers import compact_no
from pipeline.validate.readers import Read, read_certificate_no, read_number

_ID, _CERTIFICATE, _LONGEST = 18, 20, 24  # characters
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK_DIGITS = np.frombuffer(b"10X98765432", np.uint8)
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_UPPER = np.frombuffer(
    bytes(ord(chr(b).upper()) if b < 128 and chr(b).isalnum() else 0 for b in range(256)), np.uint8
)  # 0: neither letter nor digit

Bytes = npt.NDArray[np.uint8]
Numbers = tuple[npt.NDArray[Any], npt.NDArray[Any]]  # values and faults


def read_numbers(texts: Sequence[str], kinds: Sequence[str]) -> Numbers:
    """ID numbers of one column: value and fault of each, as `read_number` says of a cell."""
    return _read_all(texts, kinds, _ID, _judge_numbers, read_number)


def read_certificates(texts: Sequence[str], kinds: Sequence[str]) -> Numbers:
    """Certificate numbers of one column, as `read_certificate_no` says of a cell."""
    return _read_all(texts, kinds, _CERTIFICATE, _judge_certificates, read_certificate_no)


def _read_all(
    texts: Sequence[str],
    kinds: Sequence[str],
    length: int,
    judge: Callable[[Bytes], npt.NDArray[Any]],
    read: Callable[[str, str], Read],
) -> Numbers:
    values, faults = np.zeros(len(texts), f"U{_LONGEST}"), np.zeros(len(texts), "U10")
    places, characters = _plain(texts, kinds, length)
    if len(places):
        found = judge(characters)
        sound = found == ""
        whole = characters.view(f"S{length}").reshape(-1).astype(f"U{length}")
        values[places[sound]], faults[places] = whole[sound], found
    for at in np.setdiff1d(np.arange(len(texts)), places).tolist():
        values[at], faults[at], _ = read(texts[at], kinds[at])
    return values, faults


def _plain(
    texts: Sequence[str], kinds: Sequence[str], length: int
) -> tuple[npt.NDArray[np.intp], Bytes]:
    """Where nothing but letters and digits of the usual number stand, typed as text, and these."""
    places = [
        at
        for at, (text, kind) in enumerate(zip(texts, kinds, strict=True))
        if len(text) == length and kind != "n" and text.isascii()
    ]
    whole = "".join([texts[at] for at in places]).encode("ascii")
    characters = _UPPER[np.frombuffer(whole, np.uint8).reshape(len(places), length)]
    plain = characters.all(axis=1)
    return np.array(places, np.intp)[plain], np.ascontiguousarray(characters[plain])


def _judge_numbers(characters: Bytes) -> npt.NDArray[Any]:
    """What is wrong with each number of eighteen characters: characters, date, checksum or nothing."""
    digits = characters.astype(np.int64) - ord("0")
    first17, last = digits[:, :17], characters[:, 17]
    shaped = (first17 <= 9).all(axis=1) & ((digits[:, 17] <= 9) | (last == ord("X")))
    dated = _is_day(digits)
    expected = _CHECK_DIGITS[(np.where(first17 <= 9, first17, 0) @ _WEIGHTS) % 11]
    return np.select(
        [~shaped, ~dated, last != expected], ["characters", "date", "checksum"], ""
    ).astype("U10")


def _is_day(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether the seventh to fourteenth digit are a day of the calendar."""
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1])
    month = digits[:, 10:12] @ np.array([10, 1])
    day = digits[:, 12:14] @ np.array([10, 1])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    most = _MONTH_DAYS[np.clip(month, 0, 12)] + ((month == 2) & leap)
    found: npt.NDArray[np.bool_] = (year >= 1) & (month <= 12) & (day >= 1) & (day <= most)
    return found


def _judge_certificates(characters: Bytes) -> npt.NDArray[Any]:
    """What is wrong with each certificate of twenty characters: unreadable or nothing."""
    digits = characters.astype(np.int64) - ord("0")
    shaped = (digits[:, :17] <= 9).all(axis=1)
    shaped &= (digits[:, 17] <= 9) | (characters[:, 17] == ord("X"))
    category, grade = digits[:, 18], digits[:, 19]
    shaped &= (category >= 1) & (category <= 7) & (grade >= 1) & (grade <= 4)
    return np.where(shaped, "", "unreadable").astype("U10")


def filled_down(texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Marks three or more adjacent rows whose numbers rise by exactly 1."""
    numbers = np.fromiter(map(_as_integer, texts), np.int64, len(texts))
    marks = np.zeros(len(texts), bool)
    rises = (np.diff(numbers) == 1) & (numbers[:-1] > 0)
    begins = np.flatnonzero(rises[:-1] & rises[1:])
    for step in range(3):
        marks[begins + step] = True
    return marks


def _as_integer(text: str) -> int:
    """An ID number of digits alone; 0 for any other text."""
    number = text if len(text) == _ID else compact_no(text) if len(text) > _ID else ""
    return int(number) if len(number) == _ID and number.isascii() and number.isdigit() else 0
