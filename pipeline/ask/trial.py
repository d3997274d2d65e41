"""What a rule would have done in each past period, before it bites (试行)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.collect import Found
from pipeline.engine import Engine
from pipeline.limits import LIMITS, Limits
from pipeline.model import Claims, Month, Severity
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.read import Job, Progress, read
from pipeline.workers import Store, StoredPart

if TYPE_CHECKING:
    import pyarrow as pa


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
    code: str,
    files: Sequence[Found],
    programme: Programme,
    engine: Engine,
    folder: Path,
    passwords: Iterable[str] = (),
    limits: Limits = LIMITS,
    waivers: Sequence[Waiver] = (),
    progress: Progress[Job] = iter,
) -> Iterator[Trial]:
    """The rule as an error, period by period, on everything filed up to each.

    What an error leaves blank is known to the reader alone: the files are read with the rule and
    without it, into `folder`.
    """
    from pipeline.month import roster_periods

    passwords = tuple(passwords)
    without = programme.with_severity(code, Severity.SHADOW)
    biting = programme.with_severity(code, Severity.ERROR)
    with Store(folder / "without") as first, Store(folder / "biting") as second:
        spared = read(files, without, first, passwords, limits, progress)
        bitten = read(files, biting, second, passwords, limits, progress)
        for period in roster_periods(spared):
            before, _, _ = _counted(spared, without, period, waivers, engine)
            after, month, claims = _counted(bitten, biting, period, waivers, engine)
            yield Trial(code, period, _hit(code, month, claims), before - after)


def _counted(
    parts: Iterable[StoredPart],
    programme: Programme,
    period: str,
    waivers: Sequence[Waiver],
    engine: Engine,
) -> tuple[Counter[tuple[str, str]], Month, Claims]:
    """Persons of the period's year, by the unit they count for and indicator."""
    import pyarrow as pa

    from pipeline.deduplicate import count
    from pipeline.month import tables

    month = tables(parts, programme, period, waivers, engine)
    claims = count(month, programme, engine)
    asked = pa.table({"year": [period[:4]]})
    found = engine.ask("counted_by_unit", {"rows": claims.rows, "asked": asked})
    return _as_counter(found), month, claims


def _as_counter(found: pa.Table) -> Counter[tuple[str, str]]:
    lines = found.to_pylist()
    return Counter({(line["counted_for"], line["indicator"]): line["persons"] for line in lines})


def _hit(code: str, month: Month, claims: Claims) -> Counter[str]:
    """The rows of the period's own returns that the rule hits, by unit."""
    import pyarrow.compute as pc

    own = sorted(path for path, period in month.periods.items() if period == month.period)
    meant = (pc.field("rule") == code) & (pc.field("row") > 0) & pc.field("file").isin(own)
    places = claims.issues.filter(meant).group_by(["unit", "file", "sheet", "row"]).aggregate([])
    return Counter(places["unit"].to_pylist())
