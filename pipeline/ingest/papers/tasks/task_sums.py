"""The sums of a task table: years against subtotal, counties against prefecture, all against the top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.ingest.papers.tasks.headings import SUM, Year
from pipeline.ingest.papers.tasks.layout import Stated
from pipeline.model import Issue
from pipeline.programme import Programme
from pipeline.values import column_letters

Key = tuple[str, str, Year]  # unit, indicator, year


def made_whole(
    stated: Iterable[Stated], without: Mapping[str, set[str]], programme: Programme
) -> tuple[list[Stated], tuple[Issue, ...], frozenset[str]]:
    """The numbers as tasks of a year and of whole units, what cannot be made one, and the prefectures of
    which only counties set apart are listed.

    Columns that run on (累计至2019年) lose the years before. A prefecture that leaves out a county listed
    beside it (四平市（不含公主岭市）; or by the total, which is right only if it does) gets it back.
    Formulas without a result that are sums of what stands beside them need none; others are said.
    """
    yearly = list(_by_year(stated))
    first = _first(yearly)
    apart = {unit: set(others) for unit, others in without.items()}
    for prefecture, county in _left_out_by_total(first, programme):
        apart.setdefault(prefecture, set()).add(county)
    found = [_with(entry, apart.get(entry.unit, set()), first) for entry in yearly]
    issues = [
        programme.issue("S36", text="公式没有算出结果").at(
            sheet=e.sheet, row=e.row, column=column_letters(e.column)
        )
        for e in found
        if e.number is None and e.year != SUM and not _has_parts(e, first, programme)
    ]
    return found, tuple(issues), frozenset(apart)


def check_sums(
    stated: Iterable[Stated], partly: frozenset[str], programme: Programme
) -> Iterator[Issue]:
    """A warning at every stated sum that its parts do not make, and at a number stated twice otherwise.

    partly: the prefectures of which not all counties are listed, so that they are no sum of them.
    """
    entries = [e for e in stated if e.number is not None]
    first = _first(entries)
    labels = {i.name: i.label for i in programme.indicators}
    own = {(e.unit, e.indicator, e.year): e.number or 0 for e in entries if e.own}
    for key, entry in first.items():
        unit, indicator, year = key
        name, number = programme.gazetteer.name(unit), entry.number or 0
        if year == SUM:
            years = _years(key, first)
            if years and sum(years) != number:
                yield _unequal(f"{name}{labels[indicator]}各年之和", sum(years), entry, programme)
        below = [e.number or 0 for e in _below(key, first, programme)]
        summed = sum(below) + own.get(key, 0)
        if below and summed != number and unit not in partly:
            span = "小计" if year == SUM else f"{year}年"
            what = f"{name}{labels[indicator]}{span}各地之和"
            yield _unequal(what, summed, entry, programme)
    for entry in entries:
        before = first.get((entry.unit, entry.indicator, entry.year))
        if before and not entry.own and before.number != entry.number:
            span = "小计" if entry.year == SUM else f"{entry.year}年"
            what = f"{programme.gazetteer.name(entry.unit)}{labels[entry.indicator]}{span}"
            issue = programme.issue("S37", what=what, first=before.number, second=entry.number)
            yield _at(issue, entry)


def _first(stated: Iterable[Stated]) -> dict[Key, Stated]:
    """Of numbers stated twice the first."""
    first: dict[Key, Stated] = {}
    for entry in stated:
        if not entry.own:
            first.setdefault((entry.unit, entry.indicator, entry.year), entry)
    return first


def _by_year(stated: Iterable[Stated]) -> Iterator[Stated]:
    """Columns that run on from year to year as tasks of a year each."""
    before: dict[tuple[str, str, str, int], int] = {}
    for entry in stated:
        if not entry.so_far or entry.number is None:
            yield entry
            continue
        row = entry.unit, entry.indicator, entry.sheet, entry.row
        yield entry._replace(number=entry.number - before.get(row, 0), so_far=False)
        before[row] = entry.number


def _with(entry: Stated, others: set[str], first: Mapping[Key, Stated]) -> Stated:
    """The number of a prefecture with those of the counties that it leaves out."""
    if entry.own or entry.number is None or not others:
        return entry
    found = [first.get((other, entry.indicator, entry.year)) for other in sorted(others)]
    return entry._replace(number=entry.number + sum(e.number or 0 for e in found if e))


def _left_out_by_total(
    first: Mapping[Key, Stated], programme: Programme
) -> Iterator[tuple[str, str]]:
    """Counties listed beside their prefecture, where the total is right only if it leaves them out.

    Only where a prefecture lists some of its counties and not the others: a full list is its parts.
    """
    gazetteer = programme.gazetteer
    units = {unit for unit, _, _ in first}
    beside = []
    for prefecture in sorted(u for u in units if gazetteer.is_prefecture(u)):
        below = {u.code for u in gazetteer.units if u.parent == prefecture}
        if (listed := below & units) and 2 * len(listed) < len(below):
            beside += [(prefecture, county) for county in sorted(listed)]
    totals = {key[1:]: e.number for key, e in first.items() if key[0] == gazetteer.top}
    if not beside or not totals:
        return
    for of, total in totals.items():
        whole = [first.get((u, *of)) for u in units if gazetteer.is_prefecture(u)]
        apart = [first.get((county, *of)) for _, county in beside]
        summed = sum(e.number or 0 for e in whole if e)
        more = sum(e.number or 0 for e in apart if e)
        if summed == total or summed + more != total:
            return
    yield from beside


def _has_parts(entry: Stated, first: Mapping[Key, Stated], programme: Programme) -> bool:
    """Whether a sum is known from what lies below it, itself known from its parts."""
    key = entry.unit, entry.indicator, entry.year
    return any(
        e.number is not None or _has_parts(e, first, programme)
        for e in _listed_below(key, first, programme)
    )


def _years(key: Key, first: Mapping[Key, Stated]) -> list[int]:
    unit, indicator, _ = key
    return [
        e.number
        for (u, i, y), e in first.items()
        if (u, i) == (unit, indicator) and y != SUM and e.number is not None
    ]


def _below(key: Key, first: Mapping[Key, Stated], programme: Programme) -> list[Stated]:
    return [e for e in _listed_below(key, first, programme) if e.number is not None]


def _listed_below(key: Key, first: Mapping[Key, Stated], programme: Programme) -> list[Stated]:
    unit, indicator, year = key
    found = (
        first.get((u.code, indicator, year))
        for u in programme.gazetteer.units
        if u.parent == unit and u.code != unit
    )
    return [e for e in found if e]


def _unequal(what: str, summed: int, entry: Stated, programme: Programme) -> Issue:
    return _at(programme.issue("S08", what=what, summed=summed, stated=entry.number), entry)


def _at(issue: Issue, entry: Stated) -> Issue:
    return issue.at(sheet=entry.sheet, row=entry.row, column=column_letters(entry.column))
