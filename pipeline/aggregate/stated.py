"""Self-reported totals (自报数) held against the distinct persons filed, after all files are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pipeline.model import Claims, Issue, Reading, StatedTotal
from pipeline.programme import Programme

Key = tuple[str, str, str]  # entity, indicator, year


class _Told(NamedTuple):
    """What one total is about: whose, which indicator, and the period of its return."""

    entity: str
    indicator: str
    period: str


def compare_stated(
    readings: Iterable[Reading], claims: Claims, programme: Programme
) -> Iterator[Issue]:
    """A warning at the stated cell wherever the newest total of a unit differs from its rosters."""
    filed = _persons_by_period(claims)
    labels = {i.name: i.counted_label for i in programme.indicators}
    for told, total in _newest(readings, claims, programme):
        there = _filed_for(total, told, filed, programme)
        if total.count not in there:
            yield programme.issue(
                "S06", label=labels[total.indicator], stated=total.count, filed=there[0],
                difference=abs(total.count - there[0]),
            ).at(file=total.file, sheet=total.sheet, row=total.row,
                 column=total.column, unit=total.unit)  # fmt: skip


def persons_filed(claims: Claims) -> dict[Key, int]:
    """Distinct persons of standing returns by year, returned rows included."""
    by_year: dict[Key, set[str]] = {}
    for (entity, indicator, period), persons in _persons_by_period(claims).items():
        by_year.setdefault((entity, indicator, period[:4]), set()).update(persons)
    return {key: len(persons) for key, persons in by_year.items()}


def _persons_by_period(claims: Claims) -> dict[_Told, set[str]]:
    """Who stands in the returns of a period; a row without any number is one person."""
    rows = claims.rows
    rows = rows[rows["fate"] != "superseded"] if len(rows) else rows
    if rows.empty:
        return {}
    own = rows["file"] + "\0" + rows["sheet"] + "\0" + rows["row"].astype(str)
    person = rows["person"].where(rows["person"] != "", own)
    found: Iterable[Any] = person.groupby([rows["entity"], rows["indicator"], rows["period"]])
    return {_Told(*map(str, key)): set(persons) for key, persons in found}


def _filed_for(
    total: StatedTotal, told: _Told, filed: dict[_Told, set[str]], programme: Programme
) -> tuple[int, ...]:
    """What a total may truly say: the year so far, the period alone, or either if it is unsaid."""
    whole = programme.scope == "year"
    so_far = {
        person
        for (entity, indicator, period), persons in filed.items()
        if (entity, indicator) == told[:2] and period[:4] == told.period[:4]
        if whole or period <= told.period
        for person in persons
    }
    alone = len(filed.get(told, ()))
    if total.covers == "period":
        return (alone,)
    return (len(so_far),) if whole or total.covers == "year" else (len(so_far), alone)


def _newest(
    readings: Iterable[Reading], claims: Claims, programme: Programme
) -> Iterator[tuple[_Told, StatedTotal]]:
    """The totals beside the standing returns: of each span the newest period, then filing date.

    A span is a year, or a period where each return lists only what is new.
    """
    gone = {file for file, _, _ in claims.superseded_by} - {file for file, _, _ in claims.stands}
    dated: dict[Key, dict[tuple[str, str], list[tuple[_Told, StatedTotal]]]] = {}
    for reading in readings:
        if reading.submission.path in gone:
            continue
        span = reading.period[:4] if programme.scope == "year" else reading.period
        for total in reading.totals:
            told = _Told(programme.gazetteer.entity(total.unit), total.indicator, reading.period)
            when = (reading.period, total.filed_on.isoformat() if total.filed_on else "")
            of_span = dated.setdefault((told.entity, told.indicator, span), {})
            of_span.setdefault(when, []).append((told, total))
    for by_date in dated.values():
        yield from by_date[max(by_date)]
