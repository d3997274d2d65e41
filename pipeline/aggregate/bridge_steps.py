"""差异桥: from what a unit says it has done to what counts for it, each step a list of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.aggregate.self_reported import newest_totals
from pipeline.aggregate.tabulated import Boundaries
from pipeline.engine import Engine
from pipeline.model import Claims, Month, Stored
from pipeline.model.words import UNSTATED
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("unit", "level", "indicator", "step", "detail", "value")

_LEFT = ("returned", "elsewhere", "merged")
Steps = Mapping[tuple[str, str], Counter[tuple[bool, str, str]]]  # entity, indicator
Line = tuple[str, str, str, str, str, int | None]


def bridge_rows(
    month: Month, claims: Claims, issues: pa.Table, programme: Programme, engine: Engine
) -> Stored:
    """Every row of a standing return with its step (see engine/bridge_rows.sql), in order of place."""
    import pyarrow as pa

    about = pa.table({"period": [month.period]})
    asked = {"rows": claims.rows, "counted": claims.counted, "issues": issues, "about": about}
    return engine.ask_to("bridge_rows", asked)


def bridge(
    rows: Stored,
    figures: pa.Table,
    boundaries: Boundaries,
    month: Month,
    claims: Claims,
    programme: Programme,
    engine: Engine,
) -> pa.Table:
    """bridge.csv: unit, level, indicator, step, detail, value, for the year of the period, in the order of steps.

    self_reported + unlisted = filed; filed + returned + elsewhere + merged + carried = counted;
    counted + short = target. What a sum lacks is blank (null): a unit that reported no total, a task
    that nobody set. `unlisted` with the detail `unstated` are rows of units that reported no total.
    Indicators that add amounts up have no bridge: it is rows that go over it.
    """
    import pyarrow as pa

    steps = _steps(rows, month.period, engine)
    stated = _stated(month, claims, programme)
    yearly = {
        (line["unit"], line["level"], line["indicator"]): line
        for line in figures.to_pylist()
        if line["scope"] == "year"
    }
    names = [i.name for i in programme.indicators if not i.measure.field]
    lines = [
        line
        for code, level, entities in boundaries.lines()
        for name in names
        for line in _lines((code, level, name), entities, steps, stated, yearly[code, level, name])
    ]
    types = [(c, pa.int64() if c == "value" else pa.string()) for c in COLUMNS]
    found = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    return pa.Table.from_pylist(found, schema=pa.schema(types))


def _steps(rows: Stored, period: str, engine: Engine) -> Steps:
    import pyarrow as pa

    about = pa.table({"year": [period[:4]]})
    found: dict[tuple[str, str], Counter[tuple[bool, str, str]]] = {}
    for line in engine.ask("bridge", {"bridge_rows": rows, "about": about}).to_pylist():
        own = found.setdefault((line["entity"], line["indicator"]), Counter())
        own[bool(line["carried"]), line["step"], line["detail"]] += line["lines"]
    return found


def _stated(month: Month, claims: Claims, programme: Programme) -> dict[tuple[str, str], int]:
    """The totals that units reported in this period, for the year so far."""
    found: dict[tuple[str, str], int] = {}
    for total in newest_totals(month, claims, programme):
        if total["period"] == month.period:
            found.setdefault((total["entity"], total["indicator"]), total["count"])
    return found


def _lines(
    of: tuple[str, str, str],
    entities: Iterable[str],
    steps: Steps,
    stated: Mapping[tuple[str, str], int],
    figure: Mapping[str, Any],
) -> Iterator[Line]:
    def line(step: str, value: int | None, detail: str = "") -> Line:
        return *of, step, detail, value

    keys = [(entity, of[2]) for entity in entities]
    own: Counter[tuple[bool, str, str]] = Counter()
    for key in keys:
        own.update(steps.get(key, Counter()))
    filed = {key: _filed(steps.get(key, Counter())) for key in keys}
    given = [key for key in keys if key in stated]
    reported = sum(stated[key] for key in given)
    yield line("self_reported", reported if given else None)
    yield line("unlisted", sum(filed[key] for key in given) - reported if given else None)
    if silent := sum(filed[key] for key in keys if key not in stated):
        yield line("unlisted", silent, UNSTATED)
    yield line("filed", sum(filed.values()))
    for step in _LEFT:
        for (carried, at, detail), count in sorted(own.items()):
            if at == step and not carried:
                yield line(step, -count, detail)
    yield line("carried", own[True, "counted", ""])
    yield line("counted", figure["counted"])
    target = figure["target"]
    yield line("short", None if target is None else target - figure["counted"])
    yield line("target", target)


def _filed(steps: Mapping[tuple[bool, str, str], int]) -> int:
    return sum(count for (carried, _, _), count in steps.items() if not carried)
