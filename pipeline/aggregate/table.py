"""figures.csv: one row per unit, indicator and scope, at county, prefecture and province level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pipeline.model import Claims
from pipeline.programme import Programme
from pipeline.units import Gazetteer

COLUMNS = (
    "unit", "unit_name", "level", "indicator", "year", "scope", "target", "counted",
    "attendances", "rows_read", "returned", "merged",
)  # fmt: skip
Targets = Mapping[tuple[str, str, int], int]
_MEASURES = ("counted", "attendances", "rows_read", "returned", "merged")


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
    claims: Claims,
    attended: pd.DataFrame,
    targets: Targets,
    boundaries: Boundaries,
    programme: Programme,
    period: str,
) -> pd.DataFrame:
    """The table on those boundaries. Counts are whole numbers; blank (NA) where there is none."""
    year = period[:4]
    yearly = _yearly(claims, attended, programme, year)
    cumulative = _cumulative(claims, attended, programme)
    lines = []
    for code, level, entities in boundaries.lines():
        for indicator in programme.indicators:
            own = [yearly.get((e, indicator.name), {}) for e in entities]
            all_years = [cumulative.get((e, indicator.name), {}) for e in entities]
            shared = {
                "unit": code,
                "unit_name": programme.gazetteer.name(code),
                "level": level,
                "indicator": indicator.name,
            }
            goal = _Goal(targets, boundaries, entities, indicator.name, code)
            lines.append(
                shared
                | {"year": int(year), "scope": "year", "target": goal.of([int(year)])}
                | {m: sum(o.get(m, 0) for o in own) for m in _MEASURES}
            )
            lines.append(
                shared
                | {"scope": "cumulative", "target": goal.of(programme.years)}
                | {m: sum(o.get(m, 0) for o in all_years) for m in _MEASURES[:2]}
            )
    table = pd.DataFrame(lines, columns=list(COLUMNS))
    return table.astype(dict.fromkeys(("year", "target", *_MEASURES), "Int64"))


@dataclass(frozen=True)
class _Goal:
    """The target of one line: as the table states it, else the sum of what it is made of."""

    targets: Targets
    boundaries: Boundaries
    entities: tuple[str, ...]
    indicator: str
    code: str

    def of(self, years: object) -> object:
        told = [t for y in years if (t := self._year(y)) is not None]  # type: ignore[attr-defined]
        return sum(told) if told else pd.NA

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


def _yearly(
    claims: Claims, attended: pd.DataFrame, programme: Programme, year: str
) -> dict[tuple[str, str], dict[str, int]]:
    """Measures of one year by (entity, indicator); row counts of standing returns only."""
    measures: dict[tuple[str, str], dict[str, int]] = {}
    entity = programme.gazetteer.entity

    def add(key: tuple[str, str], measure: str, count: int = 1) -> None:
        line = measures.setdefault(key, {})
        line[measure] = line.get(measure, 0) + count

    rows = claims.rows
    if len(rows):
        rows = rows[(rows["fate"] != "superseded") & (rows["begun"] == year) & (rows["unit"] != "")]
    for own, indicator, fate in rows[["entity", "indicator", "fate"]].itertuples(index=False):
        add((own, indicator), "rows_read")
        add((own, indicator), fate)
    for indicator, of, unit, times in attended.itertuples(index=False):
        if of == year:
            add((entity(unit), indicator), "attendances", int(times))
    return measures


def _cumulative(
    claims: Claims, attended: pd.DataFrame, programme: Programme
) -> dict[tuple[str, str], dict[str, int]]:
    """Measures over all years: persons once, attendances added up."""
    measures: dict[tuple[str, str], dict[str, int]] = {}
    kept = claims.cumulative
    kept = kept[kept["place"] == 1] if len(kept) else kept
    for indicator, keeper in zip(kept["indicator"], kept["keeper"], strict=True):
        line = measures.setdefault((keeper, indicator), {})
        line["counted"] = line.get("counted", 0) + 1
    for indicator, _, unit, times in attended.itertuples(index=False):
        line = measures.setdefault((programme.gazetteer.entity(unit), indicator), {})
        line["attendances"] = line.get("attendances", 0) + int(times)
    return measures
