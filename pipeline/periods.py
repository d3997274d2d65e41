"""Reporting periods such as 2018-11: as commands take them, as folders are named, as texts speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pipeline.values import compact, in_digits, month_end

_PERIOD = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")
_OF_FOLDER = re.compile(r"(20\d{2})(?:[-._/]|年)?(1[0-2]|0[1-9])(?:月份?)?|(20\d{2})(?:[-._/]|年)([1-9])(?:月份?)?")  # fmt: skip
_IN_TEXT = re.compile(r"(20\d{2})\s*(?:年|[.\-/_])\s*(1[0-2]|0?[1-9])(?!\d)\s*月?", re.ASCII)
_MONTHS = re.compile(
    r"(?P<year>20\d{2})年(?P<month>\d{1,2})(?:月份?)?(?:[-—–~至到]+(?P<last>\d{1,2})(?!\d))?月?(?!\d)",
    re.ASCII,
)
_IN_NAME = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)", re.ASCII)


def is_period(text: str) -> bool:
    """Whether a text is a period such as 2018-11.

    >>> is_period("2018-11"), is_period("2018-13"), is_period("2018-1")
    (True, False, False)
    """
    return bool(_PERIOD.fullmatch(text))


def period_of_folder(name: str) -> str:
    """The period whose folder this is, however a clerk has named it; '' for another folder.

    >>> [period_of_folder(n) for n in ("2018-11", "2018年11月", "201811", "2018.11", "2018-1")]
    ['2018-11', '2018-11', '2018-11', '2018-11', '2018-01']
    >>> [period_of_folder(n) for n in ("20181", "2018-13", "2018", "2018-11-26")]
    ['', '', '', '']
    """
    match = _OF_FOLDER.fullmatch(compact(name))
    return f"{match[1] or match[3]}-{int(match[2] or match[4]):02d}" if match else ""


def period_in(texts: Iterable[str]) -> str:
    """The first period (2018-11) a title, a filing line or a file name speaks of."""
    for text in texts:
        folded = compact(text)
        match = _IN_TEXT.search(folded) or _IN_NAME.search(folded)
        if match:
            return f"{match[1]}-{int(match[2]):02d}"
    return ""


def months_in(text: str) -> list[str]:
    """Every month a title speaks of, spans counted by their last: 2018年1-11月, 截至2018年11月底.

    >>> months_in("2018年1—11月培训花名册"), months_in("2018年10月"), months_in("2018年度名单")
    (['2018-11'], ['2018-10'], [])
    >>> months_in("2018年1月至2018年11月"), months_in("2018年四季度")
    (['2018-01', '2018-11'], [])
    """
    found = []
    for match in _MONTHS.finditer(in_digits(compact(text))):
        month = int(match["last"] or match["month"])
        if 1 <= month <= 12:
            found.append(f"{match['year']}-{month:02d}")
    return found


def day_of(period: str) -> date | None:
    """The day on which a period's units are looked up."""
    return month_end(period) if period else None


def months_after(period: str, months: int) -> str:
    """The period so many months later; before, where there are fewer than none.

    >>> months_after("2018-11", 2), months_after("2019-01", -1), months_after("2018-11", -12)
    ('2019-01', '2018-12', '2017-11')
    """
    whole = int(period[:4]) * 12 + int(period[5:]) - 1 + months
    return f"{whole // 12:04d}-{whole % 12 + 1:02d}"
