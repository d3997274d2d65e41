"""The made-up task breakdown: whole numbers that add up in every direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from pipeline.programme import Programme
from pipeline.sample.pages import Page
from pipeline.sample.workbooks import write

_FIRST_ROW = 5
_COUNTIES_OF_A_PROVINCE = 60


@dataclass(frozen=True)
class Tasks:
    """Targets by (county, kind, year)."""

    counts: Mapping[tuple[str, str, int], int]

    def of(self, units: Sequence[str], kind: str, years: Sequence[int]) -> int:
        """The sum over those counties and years."""
        return sum(self.counts.get((u, kind, year), 0) for u in units for year in years)


def allocate(total: int, weights: Sequence[float]) -> list[int]:
    """A whole number in shares: rounded down, the rest to the largest remainders.

    >>> allocate(10, [1, 1, 1])
    [4, 3, 3]
    """
    shares = [total * weight / sum(weights) for weight in weights]
    counts = [int(share) for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda n: (counts[n] - shares[n], n))
    for n in by_rest[: total - sum(counts)]:
        counts[n] += 1
    return counts


def make_tasks(programme: Programme, day: date, rng: Random) -> Tasks:
    """The programme's totals over its years and counties; an office below has its part of them."""
    gazetteer = programme.gazetteer
    counties = [unit.code for unit in gazetteer.counties(day)]
    whole = not gazetteer.by_code[gazetteer.top].parent
    sizes = [rng.uniform(0.75, 1.25) for _ in counties]
    counts = {}
    for indicator in programme.indicators:
        total = indicator.total
        if not whole:
            total = round(total * len(counties) / _COUNTIES_OF_A_PROVINCE)
        # the first year is a short one: the notice came in September
        by_year = allocate(total, [0.9, *[1.0] * (len(programme.years) - 1)])
        for year, of_year in zip(programme.years, by_year, strict=True):
            for code, count in zip(counties, allocate(of_year, sizes), strict=True):
                counts[code, indicator.kind, year] = count
    return Tasks(counts)


def task_table(programme: Programme, day: date, tasks: Tasks) -> bytes:
    """全省任务分解表: 地区 | 培训任务 (2018年 … 合计) | 就业任务 (2018年 … 合计)."""
    gazetteer, years = programme.gazetteer, programme.years
    counties = [unit.code for unit in gazetteer.counties(day)]
    page = Page("任务分解表", header=(3, 4))
    wide = 1 + len(programme.indicators) * (len(years) + 1)
    page.put(1, 1, f"{gazetteer.name(gazetteer.top)}{programme.short_title}任务分解表")
    page.merge(1, 1, 1, wide)
    page.put(2, wide, "单位：人")
    page.put(3, 1, "地区")
    page.merge(3, 1, 4, 1)
    for n, indicator in enumerate(programme.indicators):
        left = 2 + n * (len(years) + 1)
        page.put(3, left, indicator.target_headers[0])
        page.merge(3, left, 3, left + len(years))
        for column, year in enumerate(years, left):
            page.put(4, column, f"{year}年")
        page.put(4, left + len(years), "合计")
    lines = _lines(programme, day, counties)
    for row, (name, units) in enumerate(lines, _FIRST_ROW):
        page.put(row, 1, name)
        column = 2
        for indicator in programme.indicators:
            for span in (*([year] for year in years), list(years)):
                page.put(row, column, tasks.of(units, indicator.kind, span))
                column += 1
        page.bottom = row
    page.widths = {1: 26, **dict.fromkeys(range(2, wide + 1), 10)}
    return write([page], "xlsx")


def _lines(programme: Programme, day: date, counties: list[str]) -> list[tuple[str, list[str]]]:
    """The whole, each prefecture and each county: its label, and the counties it adds up."""
    gazetteer = programme.gazetteer
    whole = "合计" if gazetteer.by_code[gazetteer.top].parent else "全省合计"
    lines = [(whole, counties)]
    for prefecture in gazetteer.prefectures(day):
        below = [code for code in counties if gazetteer.prefecture_of(code) == prefecture.code]
        lines.append((prefecture.name, below))
        own = [code for code in below if code != prefecture.code]
        lines += [(f"　{gazetteer.name(code)}", [code]) for code in own]
    if len(lines) == 1:
        lines += [(gazetteer.name(code), [code]) for code in counties]
    return lines
