"""The value of a figure, found anew in the tables that are delivered, by what a cell says it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.model import Figures, Severity
from pipeline.office.fill import Source
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

_OF_TABLE = ("target", "counted", "attendances", "rows_read", "returned", "merged")
_OF_COVERAGE = ("least", "most")
STATES = ("已完成", "达进度", "欠进度")
Line = Mapping[str, Any]


class CitedFigures:
    """All figures of a period."""

    def __init__(self, figures: Figures, programme: Programme) -> None:
        self._figures, self._programme = figures, programme
        self._table = _keyed(figures.table, "unit", "level", "indicator", "scope")
        self._coverage = _keyed(figures.coverage, "unit", "level", "indicator", "scope")
        self._filings = _keyed(figures.filings, "unit", "level")
        self._amounts = _keyed(figures.amounts, "unit", "level", "indicator", "scope", "dimension")
        self._bridge = _summed(figures.bridge, "value", "unit", "level", "indicator", "step")
        self._persons = _summed(
            figures.breakdowns, "persons", "unit", "level", "indicator", "scope", "dimension", "value"
        )  # fmt: skip
        self._began: dict[tuple[Any, ...], dict[str, int]] = {}
        for (*of, month), persons in _summed(
            figures.monthly, "persons", "unit", "level", "indicator", "year", "basis", "month"
        ).items():
            self._began.setdefault(tuple(of), {})[month] = persons

    def value(self, source: Source) -> Any:
        """What the figure is; None where there is none, or where nobody can tell."""
        unit, level, indicator, scope, measure, detail = source
        kind, _, part = measure.partition(":")
        if measure in (*_OF_TABLE, "rate", "status"):
            return self._of_table(unit, level, indicator, scope, measure)
        if measure in _OF_COVERAGE:
            return self._coverage[unit, level, indicator, scope][measure]
        if measure == "expected":
            return self._figures.expected_rates[scope]
        if kind == "bridge" or measure in ("self_reported", "unlisted", "short"):
            return self._bridge.get((unit, level, indicator, part or measure), 0)
        if kind in ("breakdown", "outcome"):
            return self._divided((unit, level, indicator, scope), detail, share=part == "share")
        if kind == "amount":
            return self._amounts[unit, level, indicator, scope, detail][part]
        if kind == "month":
            return self._month(unit, level, indicator, detail, part)
        if kind == "filings":
            return self._filed(unit, level, part)
        if kind == "findings":
            return self._found(detail, part)
        return None

    def _of_table(self, unit: str, level: str, indicator: str, scope: str, measure: str) -> Any:
        if measure in ("rate", "status"):
            target = self._of_table(unit, level, indicator, scope, "target")
            rate = self._of_table(unit, level, indicator, scope, "counted") / target
            if measure == "rate":
                return rate
            ahead = rate >= self._figures.expected_rates[scope]
            return STATES[0] if rate >= 1 else STATES[1] if ahead else STATES[2]
        names = [indicator] if indicator else [i.name for i in self._programme.indicators]
        if level == "own":  # what a prefecture filed itself: what its counties leave over
            below = [c for c, at, *_ in self._table if at == "county" and self._within(c, unit)]
            of = {(c, name): self._table[c, "county", name, scope][measure] for c in below for name in names}  # fmt: skip
            whole = sum(self._table[unit, "prefecture", name, scope][measure] for name in names)
            return whole - sum(of.values())
        return sum(self._table[unit, level, name, scope][measure] for name in names)

    def _within(self, county: str, prefecture: str) -> bool:
        return self._programme.gazetteer.prefecture_of(county) == prefecture

    def _divided(self, whole: tuple[str, ...], detail: str, *, share: bool) -> Any:
        dimension, _, word = detail.partition("=")
        count = self._persons.get((*whole, dimension, word), 0)
        return count / self._persons[(*whole, "", "")] if share else count

    def _month(self, unit: str, level: str, indicator: str, month: str, part: str) -> int:
        by_month = self._began.get((unit, level, indicator, month[:4], "began"), {})
        return sum(
            persons
            for began, persons in by_month.items()
            if began == month or (part == "counted" and began < month)
        )

    def _filed(self, unit: str, level: str, part: str) -> Any:
        line = self._filings[unit, level]
        if part == "first_rate":
            return line["first_sound"] / line["first_rows"]
        return line.get(part)

    def _found(self, rule: str, part: str) -> int:
        import pyarrow.compute as pc

        own = self._figures.open.filter(pc.field("listed") & (pc.field("rule") == rule))
        own = own.filter(pc.field("severity") != Severity.INFO.value)
        if part == "units":
            return len(set(own.filter(pc.field("unit") != "")["unit"].to_pylist()))
        return len(set(zip(*(own[c].to_pylist() for c in ("file", "sheet", "row", "column")), strict=True)))  # fmt: skip


def _keyed(table: pa.Table, *words: str) -> dict[tuple[Any, ...], Line]:
    return {tuple(line[word] for word in words): line for line in table.to_pylist()}


def _summed(table: pa.Table, value: str, *words: str) -> Mapping[tuple[Any, ...], int]:
    found: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    keys = zip(*(table[word].to_pylist() for word in words), strict=True)
    for key, number in zip(keys, table[value].to_pylist(), strict=True):
        if number is not None:
            found[key] += number
    return dict(found)
