"""When a return was filed, wherever the form says it: behind its word, beside it, or alone at the foot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.ingest.whose import after_word
from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import Day, column_letters, compact, days_in, fold, in_digits, read_day

_LONGEST_FOOT = 60  # characters of a line that a date ends
_NO_FILING = re.compile(
    r"截至|截止|注[::]|说明|起|至|期间|(?:培训|开班|结业|开课|上课|举办|办班|就业|上岗)(?:时间|日期)|印发|下发|施行"
)
_CLOCK = re.compile(r"(?<=[\d日号])[\sT]+\d{1,2}[:：]\d{2}(?:[:：]\d{2})?", re.ASCII)
_FILED = re.compile(r"[日号\d](?:填报|填表|填制|填写|上报|报送|报出|制表|报|填)[)）]?$")
_NO_YEAR = re.compile(r"(\d{1,2})(?:月(\d{1,2})[日号]?|[.\-/](\d{1,2}))(?![\d年月.\-/])", re.ASCII)
Place = tuple[int, int, str, str]  # row, column, text, type


def filed_on(
    grid: Grid, top: int, bottom: int, programme: Programme, period: date | None = None
) -> tuple[date | None, list[Issue]]:
    """The filing date, and what is to be said where one is written that is no date.

    Looked for behind the programme's words for it, above the header and below the rows; else in a line
    of its own above the header or at the foot. A day without a year is the one next to the end of the
    period; one without a word above the header is a filing date if it is none before the period.
    """
    above, below = list(_cells(grid, 1, top - 1)), list(_cells(grid, bottom + 1, grid.last_row))
    unread: list[Issue] = []
    for row, column, text, _ in (*above, *below):
        after = after_word(text, programme.words["filed_on"])
        if after is None:
            continue
        (beside,), (kind,) = grid.column(column + 1, row, row)
        for words, kind_of in ((_spaced(text, programme) or after, "s"), (beside, kind)):
            if day := _day(words, kind_of, programme) or _without_year(words, period):
                return day, []
            if wrong := _unreadable(words, period):
                issue = programme.issue("S23", text=wrong)
                unread.append(issue.at(row=row, column=column_letters(column)))
                break
    return (None, unread) if unread else (_alone(above, below, period), [])


def _cells(grid: Grid, top: int, bottom: int) -> Iterator[Place]:
    for row, column, cell in grid.lines(top, min(bottom, grid.last_row)):
        yield row, column, cell.text, cell.type


def _day(text: str, kind: str, programme: Programme) -> date | None:
    """The day a text says; of several the first, or the last where it speaks of a correction."""
    if not text:
        return None
    whole = read_day(text, kind)
    if whole and whole.exact:
        return whole.first
    days = [day.first for _, day in days_in(text) if day and day.exact]
    if not days:
        return None
    again = any(fold(word) in fold(text) for word in programme.words["later_version"])
    return max(days) if again else days[0]


def _spaced(text: str, programme: Programme) -> str:
    """What stands behind the word for it as filed, with the blank between a day and an hour."""
    return max((text.partition(w)[2].lstrip(":： ") for w in programme.words["filed_on"]), key=len)


def _without_year(text: str, period: date | None) -> date | None:
    """11月28日, 11.28: the day of that name next to the end of the period."""
    match = _NO_YEAR.match(in_digits(compact(text)))
    if match is None or period is None:
        return None
    found = []
    for year in (period.year - 1, period.year, period.year + 1):
        day = read_day(f"{year}-{match[1]}-{match[2] or match[3]}")
        found += [day.first] if day else []
    return min(found, key=lambda day: abs((day - period).days), default=None)


def _unreadable(text: str, period: date | None) -> str:
    """A date that is written and is none; a month alone is a month."""
    days = days_in(text, period.year if period else 0)
    return next((written for written, day in days if day is None), "")


def _alone(above: Iterable[Place], below: Iterable[Place], period: date | None) -> date | None:
    """A date in a cell of its own, or that ends a line at the foot (…残联 2018年11月28日), or one above
    the header, if it is none before the period begins."""
    found = [day.first for cell in (*above, *below) if (day := _lone(cell))]
    if not found:
        found = [day.first for cell in below if (day := _ends_with(cell))]
    if not found and period:
        days = [day.first for cell in above if (day := _ends_with(cell))]
        found = [day for day in days if day >= period.replace(day=1)]
    return found[-1] if found else None


def _lone(cell: Place) -> Day | None:
    _, _, text, kind = cell
    if kind == "n":
        return None
    day = read_day(in_digits(compact(text)) if kind == "s" else text, kind)
    return day if day and day.exact else None


def _ends_with(cell: Place) -> Day | None:
    _, _, text, kind = cell
    if kind != "s" or len(text) > _LONGEST_FOOT or _NO_FILING.search(text):
        return None
    plain = in_digits(compact(_CLOCK.sub("", text)))
    days = days_in(text)
    if len(days) != 1:
        return None
    if not (plain.rstrip(")").endswith(compact(days[0][0])) or _FILED.search(plain)):
        return None
    day = days[0][1]
    return day if day and day.exact else None
