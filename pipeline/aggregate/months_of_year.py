"""各月进展: those counted in the year by the month in which their activity began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.aggregate.tabulated import Boundaries
from pipeline.engine import Engine
from pipeline.model import Claims, Stored
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

_TEXTS = ("unit", "level", "indicator", "month")
COLUMNS = (*_TEXTS, "persons", "counted")


def by_month(
    claims: Claims,
    bridge_rows: Stored,
    boundaries: Boundaries,
    period: str,
    programme: Programme,
    engine: Engine,
) -> pa.Table:
    """monthly.csv: unit, level, indicator, month (2018-09), persons (began in it), counted (up to its end).

    From the year's first month to that of the period; the last `counted` is the figure itself. All on
    one basis, what is counted today: no figure of an earlier report. Indicators that add amounts up
    have no such line.
    """
    import pyarrow as pa

    year, last = period[:4], int(period[5:])
    about = pa.table({"year": [year]})
    asked = {"rows": claims.rows, "bridge_rows": bridge_rows, "about": about}
    began = {
        (line["entity"], line["indicator"], line["month"]): line["persons"]
        for line in engine.ask("monthly", asked).to_pylist()
    }
    lines = []
    for code, level, entities in boundaries.lines():
        for name in (i.name for i in programme.indicators if not i.measure.field):
            counted = 0
            for month in (f"{n:02d}" for n in range(1, last + 1)):
                persons = sum(began.get((entity, name, month), 0) for entity in entities)
                counted += persons
                lines.append((code, level, name, f"{year}-{month}", persons, counted))
    columns = list(zip(*lines, strict=True)) or [()] * len(COLUMNS)
    types = [pa.string() if name in _TEXTS else pa.int64() for name in COLUMNS]
    return pa.table({n: pa.array(c, t) for n, c, t in zip(COLUMNS, columns, types, strict=True)})
