"""The next deadline that the programme sets, as of a period's end."""

from __future__ import annotations

import re
from datetime import date

from pipeline.programme import Programme

_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")


def next_deadline(programme: Programme, day: date) -> str:
    """The first yearly deadline (12月1日) after a day, with its year; '' where none is to come."""
    return _next(programme.deadline, programme.years[-1], day)


def _next(deadline: str, last_year: int, day: date) -> str:
    """
    >>> _next("12月1日", 2020, date(2018, 11, 30)), _next("12月1日", 2020, date(2019, 12, 31))
    ('2018年12月1日', '2020年12月1日')
    >>> _next("12月1日", 2020, date(2020, 12, 31))
    ''
    """
    found = _DAY.fullmatch(deadline)
    if found is None:
        return ""
    passed = (int(found[1]), int(found[2])) <= (day.month, day.day)
    year = day.year + passed
    return f"{year}年{deadline}" if year <= last_year else ""
