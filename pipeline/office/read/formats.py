"""Number formats: which show a day, which a time of day, and the day a serial number stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import Enum
from functools import lru_cache
from types import MappingProxyType


class Shows(Enum):
    """What a number format shows of a number."""

    NUMBER = ""
    DAY = "day"
    TIME = "time"
    ELAPSED = "elapsed"


# ids with a fixed meaning, those of Chinese Excel included; all others are plain numbers
_BUILT_IN: Mapping[int, Shows] = MappingProxyType(
    {
        **dict.fromkeys([14, 15, 16, 17, 22, 30, 31, 36, 50, 57, 58], Shows.DAY),
        **dict.fromkeys([27, 28, 29, 51, 52, 53, 54], Shows.DAY),
        **dict.fromkeys([18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56], Shows.TIME),
        46: Shows.ELAPSED,
    }
)
# what is shown as it stands: quoted, escaped, padding, conditions and colours in brackets
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]?')
CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)\s*(-?\d{1,15}(?:\.\d+)?)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
_NO_DAY = re.compile(r"general|g/通用格式|e[+-]|am/pm|a/p|上午/下午")
_OUR_TIME = 43_405  # 2018-11-01
_LONG_AGO, _MAC = date(1899, 12, 30), date(1904, 1, 1)


def shown_by(number: int, codes: Mapping[int, str]) -> Shows:
    """What the format of a number shows; `codes` are the ones the file itself defines."""
    return shown(codes[number]) if number in codes else _BUILT_IN.get(number, Shows.NUMBER)


@lru_cache(maxsize=1000)
def shown(code: str) -> Shows:
    """What a format code shows of a day of our time, or of a number as large.

    >>> shown('[=0]"";yyyy-m-d'), shown("[<1]h:mm;yyyy-m-d")
    (<Shows.DAY: 'day'>, <Shows.DAY: 'day'>)
    >>> shown('yyyy"年"m"月"'), shown("[h]:mm"), shown('0"d"'), shown("h:mm AM/PM"), shown("aaaa")
    (<Shows.DAY: 'day'>, <Shows.ELAPSED: 'elapsed'>, <Shows.NUMBER: ''>, <Shows.TIME: 'time'>, <Shows.DAY: 'day'>)
    """
    sections = _LITERAL.sub(_condition, code[:1000].lower()).split(";")
    plain = next((s for s in sections if _holds(s)), "")
    if _ELAPSED.search(plain):
        return Shows.ELAPSED
    plain = _NO_DAY.sub("", plain)
    if any(letter in plain for letter in "ydea"):
        return Shows.DAY
    if "h" in plain or "s" in plain:
        return Shows.TIME
    return Shows.DAY if "m" in plain else Shows.NUMBER


def _condition(literal: re.Match[str]) -> str:
    return literal[0] if CONDITION.fullmatch(literal[0]) else ""


def _holds(section: str) -> bool:
    """Whether a section of a format is for days of our time: the first is, unless it has a condition."""
    condition = CONDITION.search(section)
    if condition is None:
        return True
    sign, other = condition[1], float(condition[2])
    equal = "=" in sign and other == _OUR_TIME
    return equal or (">" in sign and other < _OUR_TIME) or ("<" in sign and other > _OUR_TIME)


def value_shown(serial: float, shows: Shows, *, from_1904: bool) -> float | date | time | timedelta:
    """A number as its format shows it; the number itself where it stands for no day."""
    if shows is Shows.NUMBER or not -1 < serial < 2_958_466:  # year 9999
        return serial
    seconds = round(serial * 86_400)
    if shows is Shows.ELAPSED:
        return timedelta(seconds=seconds)
    days, seconds = divmod(seconds, 86_400)
    if days < 0:
        return serial
    if days == 0 and (shows is Shows.TIME or seconds or not from_1904):
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    if from_1904:
        return _MAC + timedelta(days)
    # Excel takes 1900 for a leap year: before its 29 February all days are one later
    return _LONG_AGO + timedelta(days + (days < 60))
