"""The sums of a task table: years against subtotal, counties against prefecture, all against the top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.ingest.papers.tasks.layout import SUM, Stated, Year
from pipeline.model import Issue
from pipeline.programme import Programme
from pipeline.values import column_letters


def check_sums(stated: Iterable[Stated], programme: Programme) -> Iterator[Issue]:
    """A warning at every stated sum that its parts do not make."""
    first: dict[tuple[str, str, Year], Stated] = {}
    for entry in stated:
        first.setdefault((entry.unit, entry.indicator, entry.year), entry)
    gazetteer = programme.gazetteer
    labels = {i.name: i.label for i in programme.indicators}
    for (unit, indicator, year), entry in first.items():
        name = gazetteer.name(unit)
        if year == SUM:
            years = [
                e.number
                for (u, i, y), e in first.items()
                if (u, i) == (unit, indicator) and y != SUM
            ]
            if years and sum(years) != entry.number:
                yield _unequal(f"{name}{labels[indicator]}各年之和", sum(years), entry, programme)
        below = [
            e.number
            for u in gazetteer.units
            if u.parent == unit and u.code != unit and (e := first.get((u.code, indicator, year)))
        ]
        if below and sum(below) != entry.number:
            span = "小计" if year == SUM else f"{year}年"
            what = f"{name}{labels[indicator]}{span}各地之和"
            yield _unequal(what, sum(below), entry, programme)


def _unequal(what: str, summed: int, entry: Stated, programme: Programme) -> Issue:
    issue = programme.issue("S08", what=what, summed=summed, stated=entry.number)
    return issue.at(sheet=entry.sheet, row=entry.row, column=column_letters(entry.column))
