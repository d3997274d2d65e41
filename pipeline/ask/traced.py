"""溯源: the rows behind a figure of a delivered month, and the rows that were left out of it, and why."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.aggregate import Boundaries, followed, in_words
from pipeline.ask.person_history import why_returned
from pipeline.ask.receipts import Delivered, newest
from pipeline.engine import Engine
from pipeline.model import Stored
from pipeline.model.stop import Exit, Stop
from pipeline.model.words import OUTCOME_WORDS
from pipeline.programme import Programme
from pipeline.values import fold, month_end
from pipeline.workers import scratch

Row = Mapping[str, Any]
# what begins a measure that rows of rosters make up; tasks, reported totals and what is told of papers do not
_OF_ROWS = frozenset(
    {"counted", "rate", "attendances", "rows_read", "returned", "merged", "bridge", "breakdown", "outcome", "amount", "month"}
)  # fmt: skip
_DIVIDED = frozenset({"breakdown", "outcome", "amount"})
_SCOPES = {"累计": "cumulative", "cumulative": "cumulative"}
_OWN = "own"


class NoSuchFigure(Stop):
    """What was asked for is no cell and no figure of the month; says what can be asked."""

    usual = Exit.USAGE


@dataclass(frozen=True)
class Source:
    """Which figure is meant, as cells.csv says it; `printed` where a cell says it."""

    unit: str
    level: str
    indicator: str
    scope: str
    measure: str
    detail: str = ""
    year: str = ""
    printed: str = ""
    place: str = ""


@dataclass(frozen=True)
class Lineage:
    """A figure with the rows that make it up and the rows of the same units that were left out."""

    period: str
    source: Source
    rows: tuple[Row, ...]
    left: tuple[Row, ...]

    @property
    def of_rows(self) -> bool:
        """Whether rows of rosters make it up; a task or a reported total comes from a paper."""
        return made_of_rows(self.source.measure)


def made_of_rows(measure: str) -> bool:
    """Whether rows of rosters make up what a measure says."""
    return measure.partition(":")[0] in _OF_ROWS


def lineage(outbox: Path, words: tuple[str, ...], period: str, programme: Programme) -> Lineage:
    """What stands behind a cell (`全省汇总表.xlsx!汇总表!C6`) or a figure in words (`某县 培训 2018`).

    Raises NoSuchFigure, and Stop where no such month was delivered.
    """
    return Tracer(newest(outbox, period), programme).lineage(words)


class Tracer:
    """A delivered month of which several figures are asked: each of its tables is read once."""

    def __init__(self, month: Delivered, programme: Programme) -> None:
        self.month, self.programme = month, programme
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._divided: dict[str, list[dict[str, Any]]] = {}

    @cached_property
    def cells(self) -> tuple[Source, ...]:
        """Every cell of the month's workbooks that says a figure."""
        return tuple(_cells(self.month))

    @cached_property
    def entities(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The units (entities) of each line of the figures, by unit and level."""
        lines = Boundaries(self.programme.gazetteer, month_end(self.month.period), redrawn=False)
        return {(code, level): frozenset(of) for code, level, of in lines.lines()}

    @cached_property
    def reasons(self) -> Mapping[tuple[str, str, str], str]:
        """What is wrong with each row that was returned; see why_returned."""
        return why_returned(self.month)

    def members(self, source: Source) -> frozenset[str]:
        """The units (entities) that a figure is made of."""
        if source.level == _OWN:
            return frozenset({self.programme.gazetteer.entity(source.unit)})
        return self.entities.get((source.unit, source.level), frozenset())

    def lineage(self, words: tuple[str, ...]) -> Lineage:
        """What stands behind a cell or a figure in words. Raises NoSuchFigure."""
        of_cell = len(words) == 1 and "!" in words[0]
        source = self._at(words[0]) if of_cell else _in_words(words, self)
        source = replace(source, year=source.year or self.month.period[:4])
        period = self.month.period
        if not made_of_rows(source.measure):
            return Lineage(period, source, (), ())
        entities, rows = self.members(source), self._listed(source.indicator)
        if source.measure.partition(":")[0] in _DIVIDED:
            places = self._places(source, entities)
            return Lineage(period, source, tuple(r for r in rows if r["place"] in places), ())
        member = _membership(source, entities, self.programme)
        left = _left_out(source, entities)
        return Lineage(
            period,
            source,
            tuple(r for r in rows if member(r)),
            tuple(r for r in rows if left(r)),
        )

    def _at(self, text: str) -> Source:
        """The figure that a cell says."""
        file, _, rest = text.partition("!")
        sheet, _, cell = rest.rpartition("!")
        cell = cell.upper().replace("$", "")
        name = Path(file).name
        known = [source for source in self.cells if source.place.partition("!")[0] == name]
        sheet = sheet or next((source.place.split("!")[1] for source in known), "")
        for source in known:
            if source.place == f"{name}!{sheet}!{cell}":
                return source
        sheets = "、".join(dict.fromkeys(source.place.split("!")[1] for source in known))
        books = "、".join(dict.fromkeys(source.place.split("!")[0] for source in self.cells))
        raise NoSuchFigure(
            f"{self.month.period} 的 {name} 里，“{sheet}”的 {cell} 不是能溯源的数"
            + (f"。能溯源的工作表：{sheets}" if sheets else f"。能溯源的是 {books}")
        )

    def _listed(self, indicator: str) -> list[dict[str, Any]]:
        """The rows of an indicator, '' of all, each with its step."""
        import pyarrow as pa

        if indicator not in self._rows:
            tables = _tables(self.month, "rows", "bridge_rows")
            with scratch() as folder, Engine(folder) as engine:
                asked = {**tables, "about": pa.table({"indicator": [indicator]})}
                self._rows[indicator] = engine.ask("lineage", asked).to_pylist()
        return self._rows[indicator]

    def _places(self, source: Source, entities: frozenset[str]) -> set[int]:
        """The places of the rows that one word of a dimension counts, or that say an amount."""
        dimension, _, word = source.detail.partition("=")
        amounts = source.measure.startswith("amount")
        column = "overall" if source.scope == "cumulative" else "entity"
        return {
            row["place"]
            for row in self._worded(dimension)
            if row["indicator"] == source.indicator
            and row[column] in entities
            and (source.scope != "new" or row["new"])
            and (row.get("n") is not None if amounts else row.get("word", "") == word)
        }

    def _worded(self, dimension: str) -> list[dict[str, Any]]:
        """The rows that count, each with its word of a dimension."""
        import pyarrow as pa

        if dimension not in self._divided:
            period = self.month.period
            with scratch() as folder, Engine(folder) as engine:
                about = pa.table({"period": [period], "year": [period[:4]]})
                tables = _tables(self.month, "rows", "bridge_rows")
                counting = engine.ask("counting", {**tables, "about": about})
                records = _tables(self.month, "people")["people"]
                for breakdown in self.programme.breakdowns:
                    if breakdown.name == dimension:
                        counting = in_words(breakdown, counting, records, period, engine)
                for outcome in self.programme.outcomes:
                    if dimension.removesuffix("_craft") == outcome.name:
                        counting = followed(outcome, counting, records, engine)[dimension]
            self._divided[dimension] = [
                {**row, "word": OUTCOME_WORDS.get(row.get("word", ""), row.get("word", ""))}
                for row in counting.to_pylist()
            ]
        return self._divided[dimension]


def _cells(month: Delivered) -> Iterator[Source]:
    with month.table("cells.csv").open(encoding="utf-8-sig", newline="") as stream:
        for line in csv.DictReader(stream):
            yield Source(
                line["unit"],
                line["level"],
                line["indicator"],
                line["scope"],
                line["measure"],
                line["detail"],
                printed=line["value"],
                place=f"{line['file']}!{line['sheet']}!{line['cell']}",
            )


def _in_words(words: tuple[str, ...], of: Tracer) -> Source:
    month, programme = of.month, of.programme
    gazetteer = programme.gazetteer
    unit = indicator = year = ""
    scope = "year"
    for word in words:
        folded = fold(word)
        units = [
            u.code for u in gazetteer.units if folded in (u.code, *map(fold, (u.name, *u.aliases)))
        ]
        named = [
            i.name for i in programme.indicators
            if folded in map(fold, (i.name, i.label, i.counted_label))
        ]  # fmt: skip
        if word in _SCOPES:
            scope = _SCOPES[word]
        elif folded.removesuffix("年").isdigit() and not units:
            year = folded.removesuffix("年")
        elif units:
            unit = gazetteer.on(units[0], month_end(month.period)) or units[0]
        elif named:
            indicator = named[0]
        else:
            raise NoSuchFigure(f"“{word}”不是单位、指标、年份，也不是“累计”。如：某县 培训 2018")
    if not (unit and indicator):
        labels = "、".join(i.label for i in programme.indicators)
        raise NoSuchFigure(f"要写单位和指标（{labels}），如：某县 培训 2018")
    levels = [level for code, level in of.entities if code == unit]
    if not levels:
        raise NoSuchFigure(f"{gazetteer.name(unit)}在 {month.period} 的汇总表里没有一行")
    return Source(unit, levels[0], indicator, scope, "counted", year=year)


def _tables(month: Delivered, *names: str) -> dict[str, Any]:
    import pyarrow.parquet as pq

    files = {name: month.table(f"{name}.parquet") for name in names}
    return {name: Stored(pq.read_schema(file), (file,)) for name, file in files.items()}


def _membership(
    source: Source, entities: frozenset[str], programme: Programme
) -> Callable[[Row], bool]:
    """Whether a row is one of those that the figure counts."""
    measure = source.measure
    whole = source.scope == "cumulative"
    entity = programme.gazetteer.entity

    def of_year(row: Row) -> bool:
        return whole or bool(row["year"] == source.year)

    if measure in ("counted", "rate"):
        if whole:
            return lambda r: r["overall"] in entities
        return lambda r: of_year(r) and r["entity"] in entities and r["step"] == "counted"
    if measure == "attendances":
        return lambda r: of_year(r) and entity(r["attended_for"]) in entities
    kind, _, step = measure.partition(":")

    def own(row: Row) -> bool:
        return of_year(row) and row["entity"] in entities

    if not step:
        steps = {"returned": ("returned",), "merged": ("merged", "elsewhere")}.get(measure)
        return lambda r: own(r) and (steps is None or r["step"] in steps)
    if kind == "month":  # detail: the month; those who began in it, or all up to its end

        def began(row: Row) -> bool:
            month: str = row["start"][:7]
            return month == source.detail or (step == "counted" and month < source.detail)

        return lambda r: own(r) and r["step"] == "counted" and began(r)
    if step == "carried":
        return lambda r: own(r) and r["carried"] == 1 and r["step"] == "counted"
    return lambda r: own(r) and not r["carried"] and step in ("filed", r["step"])


def _left_out(source: Source, entities: frozenset[str]) -> Callable[[Row], bool]:
    """Whether a row of the same units stands outside the figure, where the figure counts persons."""
    if source.measure not in ("counted", "rate"):
        return lambda r: False
    if source.scope == "cumulative":
        return lambda r: r["entity"] in entities and r["overall"] not in entities
    return lambda r: r["year"] == source.year and r["entity"] in entities and r["step"] != "counted"
