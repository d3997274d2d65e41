"""Days, months and spans of days as typed; linear in what is typed, and nothing for what is absurd."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

_LONGEST = 64  # characters; what is longer is no date
_REMEMBERED = 65536  # days come again in every file
_ASCII = re.ASCII  # digits of other scripts are no dates: int() takes some of them, and not all
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d{2}|\d{2})\s*[年.\-/]\s*(?P<month>\d{1,2})"
    r"(?:\s*[月.\-/]\s*(?P<day>\d{1,2})\s*[日号]?|\s*月?)",
    _ASCII,
)
_PLAIN_DAY = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})?", _ASCII)
_YEAR = re.compile(r"(?P<year>(?:19|20)\d{2})年?", _ASCII)
_YEAR_LAST = re.compile(
    r"(?P<one>\d{1,2})[/.\-](?P<other>\d{1,2})[/.\-](?P<year>(?:19|20)\d{2})", _ASCII
)
_TIME_OF_DAY = re.compile(r"\s+\d{1,2}:\d{2}(:\d{2})?(\.0+)?$", _ASCII)
_RANGE_WORD = re.compile(r"\s*(?:—+|–|~|～|至|到|--)\s*")
_MONTH_DAY = re.compile(r"(?P<month>\d{1,2})\s*[月.\-/]\s*(?P<day>\d{1,2})\s*[日号]?", _ASCII)
_DAY_ONLY = re.compile(r"(?P<day>\d{1,2})\s*[日号]?", _ASCII)
_AROUND_SIGN = re.compile(r"\s*([年月日号.\-/~至到—–])\s*")
_YEAR_MONTH = re.compile(r"((?:19|20)\d{2})\.(\d{2})", _ASCII)
_SERIAL = re.compile(r"[2-5]\d{4}(\.\d+)?", _ASCII)
_ONE_OR_TEN = re.compile(r"((?:19|20)\d{2})\.1", _ASCII)


class Day(NamedTuple):
    """A date as typed: its first and last possible day, and whether it was read with doubt."""

    first: date
    last: date
    doubtful: bool = False

    @property
    def exact(self) -> bool:
        """Whether the very day was typed."""
        return self.first == self.last


class Span(NamedTuple):
    """A course's start and finish, as far as the cell says them."""

    start: Day | None
    finish: Day | None


def _day(year: int, month: int, day: int | None, *, doubtful: bool = False) -> Day | None:
    try:
        if day is None:
            last = calendar.monthrange(year, month)[1]
            return Day(date(year, month, 1), date(year, month, last), doubtful=True)
        return Day(date(year, month, day), date(year, month, day), doubtful)
    except (ValueError, IndexError):
        return None


def _full_year(text: str) -> int:
    """Two digits mean what Excel takes them for: 00 to 29 this century, 30 to 99 the last."""
    if len(text) == 4:
        return int(text)
    return int(text) + (2000 if int(text) < 30 else 1900)


def _day_of_year_last(year: int, one: int, other: int) -> Day | None:
    """9/14/2018 and 14/9/2018, where only one reading is a day; 3/4/2018 is not guessed."""
    readings = {_day(year, one, other), _day(year, other, one)} - {None}
    return readings.pop() if len(readings) == 1 else None


def _tidy(text: str) -> str:
    """The text without what says nothing of the day; nothing at all where it is too long for one."""
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    folded = unicodedata.normalize("NFKC", text).strip().strip("'\"‘’ ")
    folded = _TIME_OF_DAY.sub("", folded)
    folded = _AROUND_SIGN.sub(r"\1", folded)
    return folded.replace("。", ".").replace("、", ".").replace("\\", "/").rstrip(".")


@lru_cache(maxsize=_REMEMBERED)
def read_day(text: str, kind: str = "s") -> Day | None:
    """A date as typed -> the day or month meant, or None where it says no date.

    `kind` is the cell's type: a number may be an Excel serial (43357) or 20180914; 2018.1 as a
    number may be January or October, and is not guessed (DOMAIN.md 5 no. 8).

    >>> read_day("2018年9月14日").first, read_day("18.9.14").first
    (datetime.date(2018, 9, 14), datetime.date(2018, 9, 14))
    >>> read_day("201809").last, read_day("2018.2.30"), read_day("九月份")
    (datetime.date(2018, 9, 30), None, None)
    >>> read_day("43357", "n").first, read_day("2018.1", "n")
    (datetime.date(2018, 9, 14), None)
    >>> read_day("9/14/2018").first, read_day("3/4/2018"), read_day("78.3.5").first
    (datetime.date(2018, 9, 14), None, datetime.date(1978, 3, 5))
    """
    tidy = _tidy(text)
    if kind == "n":
        return _day_of_number(tidy)
    if match := _PLAIN_DAY.fullmatch(tidy) or _DAY.fullmatch(tidy):
        day = match["day"]
        return _day(_full_year(match["year"]), int(match["month"]), int(day) if day else None)
    if match := _YEAR_LAST.fullmatch(tidy):
        return _day_of_year_last(int(match["year"]), int(match["one"]), int(match["other"]))
    if match := _YEAR.fullmatch(tidy):
        year = int(match["year"])
        return Day(date(year, 1, 1), date(year, 12, 31), doubtful=True)
    return None


def _day_of_number(text: str) -> Day | None:
    if match := _PLAIN_DAY.fullmatch(text):
        day = match["day"]
        return _day(int(match["year"]), int(match["month"]), int(day) if day else None)
    if match := _YEAR_MONTH.fullmatch(text):
        return _day(int(match[1]), int(match[2]), None)
    if _SERIAL.fullmatch(text):
        day_of = date(1899, 12, 30) + timedelta(days=int(float(text)))
        return Day(day_of, day_of)
    return None


def possible_days(text: str) -> list[str]:
    """What an unreadable date may have meant, in ISO: month and day exchanged, or a month that
    Excel took for a number.

    >>> possible_days("2018-13-01"), possible_days("3/4/2018"), possible_days("2018.1")
    (['2018-01-13'], ['2018-03-04', '2018-04-03'], ['2018-01', '2018-10'])
    >>> possible_days("待定"), possible_days("2018.2.30")
    ([], [])
    """
    tidy = _tidy(text)
    if match := _ONE_OR_TEN.fullmatch(tidy):
        return [f"{match[1]}-01", f"{match[1]}-10"]
    match = _YEAR_LAST.fullmatch(tidy) or _DAY.fullmatch(tidy) or _PLAIN_DAY.fullmatch(tidy)
    if match is None:
        return []
    parts = match.groupdict()
    one, other = (parts.get("one") or parts["month"]), (parts.get("other") or parts.get("day"))
    if not other:
        return []
    year = _full_year(parts["year"])
    days = (_day(year, int(one), int(other)), _day(year, int(other), int(one)))
    return sorted({d.first.isoformat() for d in days if d is not None})


def read_span(text: str, kind: str = "s") -> Span | None:
    """A course's time in one cell -> start and finish; one day alone is both, read with doubt.

    >>> read_span("2018.9.1-9.15").finish.first
    datetime.date(2018, 9, 15)
    >>> read_span("2018年9月1日至15日").finish.first
    datetime.date(2018, 9, 15)
    >>> read_span("2018-02-02～2018-02-09").start.first
    datetime.date(2018, 2, 2)
    >>> read_span("待定"), read_span("2018-13-01")
    (None, None)
    """
    tidy = _tidy(text)
    single = read_day(tidy, kind)
    if single is not None:
        return Span(single._replace(doubtful=True), single._replace(doubtful=True))
    if kind == "n":
        return None
    for first, last in _cuts(tidy):
        start = read_day(first)
        if start is not None and (start.last - start.first).days > 31:
            continue  # 2018-13-01 is no range that begins with the year 2018
        finish = (read_day(last) or _completed(start, last)) if start is not None else None
        if start is not None and finish is not None:
            return Span(start, finish)
    return None


def _cuts(text: str) -> list[tuple[str, str]]:
    """Every place a range may be cut: at a range word, else at each hyphen, the middle first."""
    words = list(_RANGE_WORD.finditer(text))
    if words:
        return [(text[: m.start()], text[m.end() :]) for m in words]
    hyphens = [i for i, c in enumerate(text) if c == "-"]
    hyphens.sort(key=lambda i: abs(i - len(text) / 2))
    return [(text[:i], text[i + 1 :]) for i in hyphens]


def _completed(start: Day, last: str) -> Day | None:
    """`9.15` or `15日` after a start that says the year."""
    if match := _MONTH_DAY.fullmatch(last):
        return _day(start.first.year, int(match["month"]), int(match["day"]))
    if start.exact and (match := _DAY_ONLY.fullmatch(last)):
        return _day(start.first.year, start.first.month, int(match["day"]))
    return None


def month_end(period: str) -> date:
    """The last day of a period such as 2018-11.

    >>> month_end("2018-02")
    datetime.date(2018, 2, 28)
    """
    year, month = map(int, period.split("-"))
    return date(year, month, calendar.monthrange(year, month)[1])
