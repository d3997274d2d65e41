"""环比、同比: when the persons of every figure came, and each figure against the month and the year before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.aggregate.tabulated import Boundaries
from pipeline.engine import Engine
from pipeline.model import Claims, Month, Status
from pipeline.periods import months_after
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

MONTHLY = ("unit", "level", "indicator", "scope", "year", "basis", "month", "persons")
COMPARED = ("unit", "level", "indicator", "scope", "basis", "now", "month_before", "over_month",
            "over_month_rate", "month_without", "year_before", "over_year", "over_year_rate",
            "year_without")  # fmt: skip
BASES = ("listed", "began")
SCOPES = ("month", "year", "cumulative")
Unit = tuple[str, str]  # entity, indicator
Line = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class OverTime:
    """monthly.csv and comparisons.csv, and what each unit's figures were a month ago.

    Every number is of the persons who count now: what was returned, merged or moved since is so in all
    of them, which is what makes them of one basis. Basis `listed`: a person is of the period whose
    return listed her first (本期新增); `began`: of the month in which what she counts for began.
    """

    monthly: pa.Table
    comparisons: pa.Table
    before: Mapping[tuple[str, str, str, str], int]  # unit, level, indicator, scope


@dataclass(frozen=True)
class _Known:
    """Persons by unit, year ('' of all years), basis and month; and for which periods a unit has filed."""

    period: str
    year_to_date: bool  # whether a return lists the year so far, or only what is new
    persons: Mapping[tuple[Unit, str, str], Counter[str]]
    filed: Mapping[Unit, frozenset[str]]

    def of(self, unit: Unit, scope: str, basis: str, month: str) -> int:
        """The persons of that month, or up to it."""
        year = "" if scope == "cumulative" else month[:4]
        by_month = self.persons.get((unit, year, basis), Counter())
        if scope == "month":
            return by_month[month]
        return sum(count for m, count in by_month.items() if m <= month)

    def comparable(self, unit: Unit, scope: str, basis: str, month: str) -> bool:
        """Whether the unit has filed what says how it stood in that month, and how it stands."""
        filed = self.filed.get(unit, frozenset())
        own = {p for p in filed if p[:4] == month[:4]}
        if scope == "month" and self.period not in filed:
            return False
        if not any(p[:4] == self.period[:4] for p in filed):
            return False
        if basis == "began" and self.year_to_date:  # a later return says it too
            return any(p >= month for p in own)
        if scope == "month":  # the first return of a year lists all that came before it
            first = month.endswith("-01") or not self.year_to_date
            return month in own and (first or any(p < month for p in own))
        return any(p <= month for p in (filed if scope == "cumulative" else own))


def over_time(
    month: Month, claims: Claims, boundaries: Boundaries, programme: Programme, engine: Engine
) -> OverTime:
    """When the persons of every figure of persons came, and how it compares."""
    known = _known(month, claims, programme, engine)
    names = [i.name for i in programme.indicators if not i.measure.field]
    lines = tuple(boundaries.lines())
    last_month, last_year = months_after(month.period, -1), months_after(month.period, -12)
    before = {
        (code, level, name, scope): sum(
            known.of((e, name), scope, "listed", last_month) for e in entities
        )
        for code, level, entities in lines
        for name in names
        for scope in ("year", "cumulative")
        if any(known.comparable((e, name), scope, "listed", last_month) for e in entities)
        and (scope == "cumulative" or last_month[:4] == month.period[:4])
    }
    monthly = [of for line in lines for of in _monthly(line, names, known)]
    compared = [
        _compared(line, name, scope, basis, known, last_month, last_year, boundaries)
        for line in lines
        for name in names
        for scope in SCOPES
        for basis in BASES
    ]
    return OverTime(_table(monthly, MONTHLY), _table(compared, COMPARED), before)


def _known(month: Month, claims: Claims, programme: Programme, engine: Engine) -> _Known:
    persons: defaultdict[tuple[Unit, str, str], Counter[str]] = defaultdict(Counter)
    for line in engine.ask("monthly", {"rows": claims.rows, "counted": claims.counted}).to_pylist():
        unit = line["entity"], line["indicator"]
        for basis in BASES:
            persons[unit, line["year"], basis][line[basis]] += line["persons"]
    accepted = {
        line["path"]: line["period"]
        for line in month.table("inputs").to_pylist()
        if line["status"] == Status.ACCEPTED
    }
    filed: defaultdict[Unit, set[str]] = defaultdict(set)
    for line in month.table("filings").to_pylist():
        if line["file"] in accepted and line["kind"] in programme.indicator_of:
            unit = line["entity"], programme.indicator_of[line["kind"]].name
            filed[unit].add(accepted[line["file"]])
    periods = {unit: frozenset(of) for unit, of in filed.items()}
    return _Known(month.period, programme.scope == "year", persons, periods)


def _monthly(line: Line, names: Iterable[str], known: _Known) -> Iterator[dict[str, Any]]:
    code, level, entities = line
    years = sorted({year for _, year, _ in known.persons})
    for name in names:
        for year in years:
            for basis in BASES:
                total: Counter[str] = Counter()
                for entity in entities:
                    total.update(known.persons.get(((entity, name), year, basis), {}))
                for month, count in sorted(total.items()):
                    yield {
                        "unit": code, "level": level, "indicator": name,
                        "scope": "year" if year else "cumulative", "year": year, "basis": basis,
                        "month": month, "persons": count,
                    }  # fmt: skip


def _compared(
    line: Line,
    name: str,
    scope: str,
    basis: str,
    known: _Known,
    last_month: str,
    last_year: str,
    boundaries: Boundaries,
) -> dict[str, Any]:
    code, level, entities = line
    units = [(e, name) for e in entities if _files((e, name), known, boundaries)]
    found: dict[str, Any] = {
        "unit": code, "level": level, "indicator": name, "scope": scope, "basis": basis,
        "now": sum(known.of((e, name), scope, basis, known.period) for e in entities),
    }  # fmt: skip
    for word, month in (("month", last_month), ("year", last_year)):
        within = scope != "year" or word == "year" or month[:4] == known.period[:4]
        both = [u for u in units if within and known.comparable(u, scope, basis, month)]
        was = sum(known.of(u, scope, basis, month) for u in both)
        more = sum(known.of(u, scope, basis, known.period) for u in both) - was
        found |= {
            f"{word}_before": was if both else None,
            f"over_{word}": more if both else None,
            f"over_{word}_rate": round(more / was, 4) if was else None,
            f"{word}_without": len(units) - len(both),
        }
    return found


def _files(unit: Unit, known: _Known, boundaries: Boundaries) -> bool:
    """Whether the unit is one that files: a county, or an office that has filed a roster of its own."""
    return unit in known.filed or boundaries.gazetteer.is_county(unit[0])


def _table(lines: list[dict[str, Any]], columns: Iterable[str]) -> pa.Table:
    import pyarrow as pa

    texts = {"unit", "level", "indicator", "scope", "year", "basis", "month"}

    def kind(name: str) -> pa.DataType:
        if name in texts:
            return pa.string()
        return pa.float64() if name.endswith("_rate") else pa.int64()

    return pa.Table.from_pylist(lines, schema=pa.schema([(c, kind(c)) for c in columns]))
