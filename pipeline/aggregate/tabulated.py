"""figures.csv: one row per unit, indicator and scope, at county, prefecture and province level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.aggregate.sums import MEASURES, Sums
from pipeline.programme import Programme
from pipeline.units import Gazetteer

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (
    "unit", "unit_name", "level", "indicator", "year", "scope", "target", "counted",
    "attendances", "rows_read", "returned", "merged",
)  # fmt: skip
Targets = Mapping[tuple[str, str, int], int]
_TEXTS = ("unit", "unit_name", "level", "indicator", "scope")


@dataclass(frozen=True)
class Boundaries:
    """The units as they stood on a day. `redrawn`: prefectures are made of their counties anew."""

    gazetteer: Gazetteer
    day: date
    redrawn: bool

    def moved_since(self, prefecture: str, year: int) -> bool:
        """Whether a county has joined or left it since the year's task was set (its first day)."""
        return self._below(prefecture, self.day) != self._below(prefecture, date(year, 1, 1))

    def _below(self, prefecture: str, day: date) -> set[str]:
        gazetteer = self.gazetteer
        below = [u.code for u in gazetteer.counties(day) if u.parent == prefecture]
        return {gazetteer.entity(code) for code in below}

    def lines(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """(code, level, the entities it is made of), the top first, then each prefecture."""
        gazetteer = self.gazetteer
        counties = gazetteer.counties(self.day)
        entity = gazetteer.entity
        above = "prefecture" if gazetteer.by_code[gazetteer.top].parent else "province"
        ours = (u.code for u in gazetteer.units if not gazetteer.has_left(u.code, self.day))
        whole = tuple(dict.fromkeys(map(entity, ours)))
        yield gazetteer.top, above, whole
        prefectures = gazetteer.prefectures(self.day)
        for prefecture in prefectures:
            below = [u.code for u in counties if gazetteer.prefecture_of(u.code) == prefecture.code]
            codes = dict.fromkeys([prefecture.code, *below])
            yield prefecture.code, "prefecture", tuple(map(entity, codes))
            for code in below:
                yield code, "county", (entity(code),)
        if not prefectures:
            for unit in counties:
                yield unit.code, "county", (entity(unit.code),)


def figures_table(
    sums: Sums, targets: Targets, boundaries: Boundaries, programme: Programme, period: str
) -> pa.Table:
    """The table on those boundaries. Counts are whole numbers; blank (null) where there is none."""
    import pyarrow as pa

    year = int(period[:4])
    lines: list[dict[str, Any]] = []
    for code, level, entities in boundaries.lines():
        for indicator in programme.indicators:
            own = [sums.year.get((e, indicator.name), {}) for e in entities]
            all_years = [sums.cumulative.get((e, indicator.name), {}) for e in entities]
            shared = {
                "unit": code,
                "unit_name": programme.gazetteer.name(code),
                "level": level,
                "indicator": indicator.name,
            }
            goal = _Goal(targets, boundaries, entities, indicator.name, code)
            lines.append(
                shared
                | {"year": year, "scope": "year", "target": goal.of([year])}
                | {m: sum(o.get(m, 0) for o in own) for m in MEASURES}
            )
            lines.append(
                shared
                | {"scope": "cumulative", "target": goal.of(programme.years)}
                | {m: sum(o.get(m, 0) for o in all_years) for m in MEASURES[:2]}
            )
    types = {name: pa.string() if name in _TEXTS else pa.int64() for name in COLUMNS}
    return pa.Table.from_pylist(lines, schema=pa.schema(list(types.items())))


@dataclass(frozen=True)
class _Goal:
    """The target of one line: as the table states it, else the sum of what it is made of."""

    targets: Targets
    boundaries: Boundaries
    entities: tuple[str, ...]
    indicator: str
    code: str

    def of(self, years: Iterable[int]) -> int | None:
        """The tasks of these years together, None where there is none."""
        stated = [task for year in years if (task := self._year(year)) is not None]
        return sum(stated) if stated else None

    def _year(self, year: int) -> int | None:
        gazetteer = self.boundaries.gazetteer
        stated = self.targets.get((gazetteer.entity(self.code), self.indicator, year))
        below = [
            t
            for e in self.entities
            if e != self.code and (t := self.targets.get((e, self.indicator, year))) is not None
        ]
        if stated is not None and not (below and self._redrawn(year)):
            return stated
        return sum(below) if below else stated

    def _redrawn(self, year: int) -> bool:
        """Whether the line is a prefecture of other counties than the stated task was set for."""
        boundaries = self.boundaries
        if not boundaries.gazetteer.is_prefecture(self.code):
            return False
        return boundaries.redrawn or boundaries.moved_since(self.code, year)
