"""What every unit adds up to, by indicator: persons, rows or amounts, as the indicator's measure says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine, Valued
from pipeline.model import Claims, Month, Stored
from pipeline.model.words import FIELD
from pipeline.programme import Indicator, Programme

if TYPE_CHECKING:
    import pyarrow as pa

MEASURES = ("counted", "attendances", "rows_read", "returned", "merged")
Key = tuple[str, str]  # entity, indicator
Line = dict[str, int]  # measure -> count


@dataclass(frozen=True)
class Sums:
    """By unit (entity) and indicator: the measures of the year, and of all years together."""

    year: Mapping[Key, Line]
    cumulative: Mapping[Key, Line]


def sums_of(month: Month, claims: Claims, programme: Programme, engine: Engine) -> Sums:
    """Row counts are of standing returns only; over all years persons count once, attendances add up.

    Of a `sum` the amount is `counted`, in whole numbers; of a `share` the rows that say the code, and
    `attendances` those that say anything.
    """
    import pyarrow as pa

    year = month.period[:4]
    about = pa.table({"year": [year]})
    yearly, cumulative = _Lines(), _Lines()
    for line in engine.ask("row_counts", {"rows": claims.rows, "about": about}).to_pylist():
        yearly.add(line, "rows_read", line["lines"])
        yearly.add(line, line["fate"], line["lines"])
    for line in engine.ask("all_years", {"counted": claims.counted}).to_pylist():
        cumulative.add(line, "counted", line["lines"])
    entity = programme.gazetteer.entity
    for line in engine.ask("attendances", {"rows": claims.rows}).to_pylist():
        own = {**line, "entity": entity(line["unit"])}
        cumulative.add(own, "attendances", line["attendances"])
        if line["year"] == year:
            yearly.add(own, "attendances", line["attendances"])
    for indicator in programme.indicators:
        if indicator.measure.field:
            lines = list(_amounts(indicator, month, claims, engine))
            yearly.replace(indicator, [line for line in lines if line["year"] == year])
            cumulative.replace(indicator, lines)
    return Sums(yearly.found, cumulative.found)


class _Lines:
    """Counts added up by unit and indicator."""

    def __init__(self) -> None:
        self.found: dict[Key, Line] = {}

    def add(self, line: Mapping[str, Any], measure: str, count: int) -> None:
        own = self.found.setdefault((line["entity"], line["indicator"]), {})
        own[measure] = own.get(measure, 0) + count

    def replace(self, indicator: Indicator, lines: list[dict[str, Any]]) -> None:
        """Amounts in the place of the rows that bear them."""
        measures = ("counted", "attendances") if indicator.measure.kind == "share" else ("counted",)
        for (_, name), own in self.found.items():
            if name == indicator.name:
                own.update(dict.fromkeys(measures, 0))
        for line in lines:
            for measure in measures:
                self.add({**line, "indicator": indicator.name}, measure, line[measure])


def _amounts(
    indicator: Indicator, month: Month, claims: Claims, engine: Engine
) -> Iterator[dict[str, Any]]:
    import pyarrow as pa

    measure, rows = indicator.measure, month.tables["rows"]
    if not isinstance(rows, Stored):
        return
    asked: dict[str, pa.Table | Stored | Valued] = {
        "rows": claims.rows,
        "filled": Valued(rows, FIELD + measure.field),
        "about": pa.table({"indicator": [indicator.name], "code": [measure.code]}),
    }
    for line in engine.ask("amounts", asked).to_pylist():
        counted = line["of_code"] if measure.kind == "share" else round(line["amount"] or 0)
        yield {**line, "counted": int(counted), "attendances": line["answered"]}
