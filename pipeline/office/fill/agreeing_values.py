"""Values of which all spreadsheet programs make the same: written out, compared, sought, taken for numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.office.fill.content import UNKNOWN

# the sorts: what becomes words; a number; a day that all calendars know; a whole number; nothing that some take
# for a number and others for a text; what is sought among cells, as words (and whether it is a number, where it
# must be the same thing). A sign of comparison is a sort too, of two
IN_WORDS, NUMBER, DAY, WHOLE, CLEAR = "in words", "number", "day", "whole", "clear"
CRITERION, KEY = "criterion", "key"
_FIRST, _LAST = 61, 2_958_466  # days from March 1900 to 9999, about which all calendars agree
_DECIMAL, _DIGIT, _TRUTHS = re.compile(r"-?\d+(\.\d+)?"), re.compile(r"\d"), ("TRUE", "FALSE")
_CRITERION = re.compile(
    r"(?:[<>]=?|<>|=)?(?:-?\d{1,15}(?:\.\d{1,6})?|(?!TRUE$|FALSE$)[^\d<>=~][^\d~]*)"
)
_NEAR = 1e-12
_DIGITS = 15  # so many does a spreadsheet program write of a number


def agree(sort: str, values: Sequence[Any]) -> bool:
    """Whether the values of parts of a formula are of a sort of which all programs make the same."""
    if check := _SORTS.get(sort):
        return check(*values)
    return _compared_alike(sort, *values)


def is_decimal(value: Any) -> bool:
    """Whether it is a number written as a text."""
    return isinstance(value, str) and bool(_DECIMAL.fullmatch(value))


def settled_number(value: float) -> Any:
    """A number as a cell remembers it; UNKNOWN for what a subtraction left over, which some make nought."""
    if 0 < abs(value) < _NEAR or (value == 0 and math.copysign(1, value) < 0):
        return UNKNOWN
    return int(value) if value.is_integer() and abs(value) < 10**_DIGITS else value


def _alike_in_words(value: Any) -> bool:
    """Whether every program writes a value with the same letters."""
    if isinstance(value, float):
        written = repr(value)
        return "e" not in written and len(re.sub(r"\D", "", written).lstrip("0")) <= _DIGITS
    return isinstance(value, str) or (type(value) is int and abs(value) < 10**_DIGITS)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_clear(value: Any) -> bool:
    """Whether no program takes it for a number where another takes it for a text (3月, 1/2, 12%)."""
    if not isinstance(value, str):
        return value is not UNKNOWN and not isinstance(value, bool)
    return bool(_DECIMAL.fullmatch(value)) or not (_DIGIT.search(value) or value.upper() in _TRUTHS)


def _is_criterion(words: Any) -> bool:
    """Whether what is sought is a number, compared or not, or a text that nobody takes for one."""
    return isinstance(words, str) and bool(_CRITERION.fullmatch(words))


def _is_key(words: Any, number: Any) -> bool:
    """The same of what is looked up: a text of digits alone is found by some among numbers."""
    return _is_criterion(words) and (number is True or not _DIGIT.search(str(words)))


_SORTS: Mapping[str, Callable[..., bool]] = {
    IN_WORDS: _alike_in_words,
    NUMBER: _is_number,
    DAY: lambda value: _is_number(value) and _FIRST <= value < _LAST,
    WHOLE: lambda value: isinstance(value, int) and not isinstance(value, bool),
    CLEAR: is_clear,
    CRITERION: _is_criterion,
    KEY: _is_key,
}


def _compared_alike(sign: str, one: Any, other: Any) -> bool:
    """Whether two values are equal, or in order, everywhere: not numbers so near each other that a program
    may take them for equal, nor two texts put in order."""
    if UNKNOWN in (one, other):
        return False
    if isinstance(one, str) and isinstance(other, str):
        return sign in ("=", "<>")
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or not math.isclose(one, other, rel_tol=_NEAR, abs_tol=_NEAR)
    return True
