"""Days, months and spans of days as typed; linear in what is typed, and nothing for what is absurd."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from pipeline.values.around import LONGEST, without_end, without_words

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
_DASH = "‐‒–—―−─━ー⸺⸻"
_RANGE_WORD = re.compile(rf"\s*(?:[{_DASH}]+|[~∼〜˜→]+|至|到|--+>?|->|(?<=[\d日])一(?=\d))\s*")
_DASHES = re.compile(f"[{_DASH}]")
_MANY_DASHES = re.compile("-{2,}")
_DASHED = re.compile(r"(?:(?:19|20)\d{2}-\d{1,2}(?:-\d{1,2})?|\d{2}-\d{1,2}-\d{1,2})", _ASCII)
# two days one after the other, the second with or without its year
_TWO_DAYS = re.compile(
    r"(?P<one>(?:19|20)\d{2}[年.\-/]\d{1,2}(?P<sign>[月.\-/])\d{1,2}[日号]?)(?P<between>[\s/,;.]*)"
    r"(?P<other>(?P<year>(?:19|20)\d{2}[年.\-/])?\d{1,2}[月.\-/]\d{1,2}[日号]?)",
    _ASCII,
)
_SHORT = re.compile(r"(?P<six>\d{6})|(?P<serial>[2-5]\d{4}(?:\.\d+)?)", _ASCII)
_AS_NUMBER = re.compile(r"(\d{5,8})\.0+", _ASCII)
_EARLIEST_YEAR = 1920  # of a month written with six digits
_MONTH_DAY = re.compile(r"(?P<month>\d{1,2})\s*[月.\-/]\s*(?P<day>\d{1,2})\s*[日号]?", _ASCII)
_MONTH_ONLY = re.compile(r"(?P<month>\d{1,2})月", _ASCII)
_FOUR_DIGITS = re.compile(r"(?P<month>\d{2})(?P<day>\d{2})", _ASCII)
_DAY_ONLY = re.compile(r"(?P<day>\d{1,2})\s*[日号]?", _ASCII)
_AROUND_SIGN = re.compile(r"\s*([年月日号.\-/~至到—–])\s*")
_YEAR_MONTH = re.compile(r"((?:19|20)\d{2})\.(\d{2})", _ASCII)
_SERIAL = re.compile(r"[2-5]\d{4}(\.\d+)?", _ASCII)
# a month and a day that leave the year to the return: 9月1日; 9.1 may be 9.10 typed as a number
_OF_THIS_YEAR = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?", _ASCII)
_SPAN_OF_THIS_YEAR = re.compile(r"\d{1,2}[月.]\d{1,2}[日号]?\D.*", _ASCII)
_RUN_TOGETHER = re.compile(r"((?:19|20)\d{2})[.\-/](\d{2})(\d{2})", _ASCII)  # 2018.0901
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
    if len(text) > LONGEST:
        return ""
    folded = without_words(text).strip("'\"‘’ ")
    if match := _AS_NUMBER.fullmatch(folded):
        return match[1]
    folded = _TIME_OF_DAY.sub("", folded)
    folded = _AROUND_SIGN.sub(r"\1", folded)
    if match := _RUN_TOGETHER.fullmatch(folded):
        return f"{match[1]}-{match[2]}-{match[3]}"
    return (
        folded.replace("。", ".")
        .replace("、", ".")
        .replace("\\", "/")
        .replace("..", ".")
        .rstrip(".")
    )


@lru_cache(maxsize=_REMEMBERED)
def read_day(text: str, kind: str = "s", year: int = 0) -> Day | None:
    """A date as typed -> the day or month meant, or None where it says no date.

    `year`, where known, is the return's: what is too short to tell its century is read by it, and a month
    and a day without a year with doubt.

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
    >>> read_day("190901", year=2019).first, read_day("190901"), read_day("200901", year=2019)
    (datetime.date(2019, 9, 1), None, None)
    >>> read_day("9月1日", year=2018), read_day("9月1日"), read_day("9.1", year=2018)
    (Day(first=datetime.date(2018, 9, 1), last=datetime.date(2018, 9, 1), doubtful=True), None, None)
    >>> read_day("2018—09—01").first, read_day("二〇一八年九月一日 星期六").first
    (datetime.date(2018, 9, 1), datetime.date(2018, 9, 1))
    """
    tidy = _tidy(text)
    if year and (match := _SHORT.fullmatch(tidy)):
        return _near(match, kind, year)
    if kind == "n":
        return _day_of_number(tidy)
    if match := _PLAIN_DAY.fullmatch(tidy) or _DAY.fullmatch(tidy):
        day, whole = match["day"], _full_year(match["year"])
        if tidy.isdigit() and not day and whole < _EARLIEST_YEAR:
            return None
        if year and not day and len(match["year"]) == 2 and not year - 1 <= whole <= year:
            return None  # 09-01 in a return of 2018 is no January of 2009
        return _day(whole, int(match["month"]), int(day) if day else None)
    if "-" in (plain := _DASHES.sub("-", tidy)):
        plain = _MANY_DASHES.sub("-", plain)
        if plain != tidy and _DASHED.fullmatch(plain):
            return read_day(plain, kind)
    if year and (match := _OF_THIS_YEAR.fullmatch(tidy)):
        return _day(year, int(match["month"]), int(match["day"]), doubtful=True)
    if match := _YEAR_LAST.fullmatch(tidy):
        return _day_of_year_last(int(match["year"]), int(match["one"]), int(match["other"]))
    if match := _YEAR.fullmatch(tidy):
        year = int(match["year"])
        return Day(date(year, 1, 1), date(year, 12, 31), doubtful=True)
    return None


def _near(match: re.Match[str], kind: str, year: int) -> Day | None:
    """190901, 201809 and 43344 read by the year of the return: the only reading, else the one near it."""
    text = match[0]
    if match["serial"]:
        day = _day_of_number(text)
        return day if day and (kind == "n" or year - 1 <= day.first.year <= year) else None
    month = _day(int(text[:4]), int(text[4:]), None) if text[:2] in ("19", "20") else None
    short = _day(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    readings = [d for d in (month, short) if d]
    near = [d for d in readings if year - 1 <= d.first.year <= year]
    found = near or readings
    return found[0] if len(found) == 1 else None


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


def read_span(text: str, kind: str = "s", year: int = 0) -> Span | None:
    """A course's time in one cell -> start and finish; one day alone is both, read with doubt.

    `year` as in read_day.

    >>> read_span("2018.9.1-9.15").finish.first
    datetime.date(2018, 9, 15)
    >>> read_span("2018年9月1日至15日").finish.first
    datetime.date(2018, 9, 15)
    >>> read_span("2018-02-02～2018-02-09").start.first
    datetime.date(2018, 2, 2)
    >>> read_span("2018.9.1/2018.9.15").finish.first, read_span("自2018年9月1日起至9月15日止").finish.first
    (datetime.date(2018, 9, 15), datetime.date(2018, 9, 15))
    >>> read_span("9.1-9.15", year=2018).finish.first, read_span("9月1日—15日", year=2018).start.doubtful
    (datetime.date(2018, 9, 15), True)
    >>> read_span("待定"), read_span("2018-13-01")
    (None, None)
    """
    tidy = _tidy(text)
    single = read_day(tidy, kind, year)
    if single is not None:
        return Span(single._replace(doubtful=True), single._replace(doubtful=True))
    if kind == "n":
        return None
    for first, last in _cuts(tidy):
        start = read_day(first, year=year)
        if start is not None and (start.last - start.first).days > 31:
            continue  # 2018-13-01 is no range that begins with the year 2018
        if start is None:
            continue
        own_year = not _OF_THIS_YEAR.fullmatch(last)
        finish = (read_day(last, year=year) if own_year else None) or _completed(start, last)
        if finish is not None:
            return Span(start, finish)
    return _two_days(tidy) or _of_this_year(tidy, year)


def _of_this_year(tidy: str, year: int) -> Span | None:
    """9.1-9.15 and 9月1日至15日 in a return of that year, read with doubt."""
    if not year or not _SPAN_OF_THIS_YEAR.fullmatch(tidy):
        return None
    sign = "年" if "月" in tidy else "."
    span = read_span(f"{year}{sign}{tidy}")
    if span is None or span.start is None or span.finish is None:
        return None
    return Span(span.start._replace(doubtful=True), span.finish._replace(doubtful=True))


def read_start(text: str, kind: str = "s", year: int = 0) -> Day | None:
    """The day on which something began: a day, the first of a span (with doubt), or what goes on since.

    `year` as in read_day.

    >>> read_start("2018年10月8日至今").first, read_start("2018.10.8-").first, read_start("2018.10.8-11.20").doubtful
    (datetime.date(2018, 10, 8), datetime.date(2018, 10, 8), True)
    >>> read_start("至今"), read_start("待定")
    (None, None)
    """
    day = read_day(text, kind, year)
    if day is None and (since := without_end(text)):
        day = read_day(since, kind, year)
    if day is None and (span := read_span(text, kind, year)) and span.start:
        return span.start._replace(doubtful=True)
    return day


def _two_days(tidy: str) -> Span | None:
    """Two days with nothing between them but a sign: 2018.9.1/9.15, or a line each."""
    match = _TWO_DAYS.fullmatch(tidy)
    if match is None:
        return None
    apart = match["one"][-1] in "日号" or match["between"].strip() not in ("", match["sign"])
    if not apart and not match["between"].isspace() and not (match["year"] and match["between"]):
        return None
    start = read_day(match["one"])
    finish = read_day(match["other"]) if match["year"] else None
    finish = finish or (_completed(start, match["other"]) if start else None)
    return Span(start, finish) if start and finish else None


def _cuts(text: str) -> list[tuple[str, str]]:
    """Every place a range may be cut: at a range word, else at each hyphen, the middle first."""
    words = list(_RANGE_WORD.finditer(text))
    if words:
        return [(text[: m.start()], text[m.end() :]) for m in words]
    hyphens = [i for i, c in enumerate(text) if c == "-"]
    hyphens.sort(key=lambda i: abs(i - len(text) / 2))
    return [(text[:i], text[i + 1 :]) for i in hyphens]


def _completed(start: Day, last: str) -> Day | None:
    """`9.15`, `0915`, `10月` or `15日` after a start that says the year."""
    if not start.exact and (match := _MONTH_ONLY.fullmatch(last)):
        return _day(start.first.year, int(match["month"]), None)
    four = _FOUR_DIGITS.fullmatch(last) if start.exact else None
    if match := _MONTH_DAY.fullmatch(last) or four:
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
