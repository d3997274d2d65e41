"""What a rule would have done in each past period, before it bites (试行)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.deduplicate import deduplicate
from pipeline.model import Reading, Severity
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.validate import validate


@dataclass(frozen=True)
class Trial:
    """One rule over one period: rows it hits in that period's returns, and who would be lost.

    `lost` counts persons of the period's year by (unit, indicator) who count today and no longer
    would, were the rule an error.
    """

    rule: str
    period: str
    rows: Mapping[str, int]  # by unit
    lost: Mapping[tuple[str, str], int]


def try_rule(
    code: str, readings: Iterable[Reading], programme: Programme, waivers: Iterable[Waiver] = ()
) -> Iterator[Trial]:
    """The rule as an error, period by period, on everything filed up to each."""
    readings, waivers = tuple(readings), tuple(waivers)
    without = programme.with_severity(code, Severity.SHADOW)
    biting = programme.with_severity(code, Severity.ERROR)
    for period in sorted({r.period for r in readings if r.period and r.sheets}):
        filed = tuple(r for r in readings if r.period <= period)
        before = _counted(filed, without, waivers, period)
        after = _counted(filed, biting, waivers, period)
        own = tuple(r for r in filed if r.period == period)
        hits = {
            (i.unit, i.file, i.sheet, i.row)
            for i in validate(own, biting, waivers).issues
            if i.rule == code and i.row
        }
        yield Trial(code, period, Counter(unit for unit, *_ in hits), before - after)


def _counted(
    readings: tuple[Reading, ...], programme: Programme, waivers: tuple[Waiver, ...], period: str
) -> Counter[tuple[str, str]]:
    """Persons of the period's year, by the unit they count for and indicator."""
    records = validate(readings, programme, waivers)
    rows = deduplicate(records, readings, programme, period).rows
    if rows.empty:
        return Counter()
    counted = rows[(rows["fate"] == "counted") & (rows["begun"] == period[:4])]
    return Counter(zip(counted["counted_for"], counted["indicator"], strict=True))
