"""溯源: the rows behind a figure of a delivered month, and the rows that were left out of it, and why."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.aggregate import Boundaries, in_words
from pipeline.ask.receipts import Delivered, newest
from pipeline.engine import Engine
from pipeline.model import Stored
from pipeline.model.stop import Exit, Stop
from pipeline.programme import Programme
from pipeline.values import fold, month_end
from pipeline.workers import scratch

Row = Mapping[str, Any]
# what begins a measure that rows of rosters make up; tasks, reported totals and what is told of papers do not
_OF_ROWS = frozenset(
    {"counted", "rate", "attendances", "rows_read", "returned", "merged", "bridge", "breakdown", "month"}
)  # fmt: skip
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
    month = newest(outbox, period)
    source = (
        _cell(words[0], month)
        if len(words) == 1 and "!" in words[0]
        else _in_words(words, month, programme)
    )
    source = replace(source, year=source.year or month.period[:4])
    if not made_of_rows(source.measure):
        return Lineage(month.period, source, (), ())
    entities = _entities(source, month, programme)
    rows = _rows(month, source.indicator)
    if source.measure.startswith("breakdown"):
        places = _divided(source, entities, month, programme)
        return Lineage(month.period, source, tuple(r for r in rows if r["place"] in places), ())
    member = _membership(source, entities, programme)
    left = _left_out(source, entities)
    return Lineage(
        month.period,
        source,
        tuple(r for r in rows if member(r)),
        tuple(r for r in rows if left(r)),
    )


def cells_of(month: Delivered) -> Iterator[tuple[str, str, str, Source]]:
    """Every cell of the month's workbooks that says a figure: file, sheet, cell, what it says."""
    with month.table("cells.csv").open(encoding="utf-8-sig", newline="") as stream:
        for line in csv.DictReader(stream):
            source = Source(
                line["unit"],
                line["level"],
                line["indicator"],
                line["scope"],
                line["measure"],
                line["detail"],
                printed=line["value"],
                place=f"{line['file']}!{line['sheet']}!{line['cell']}",
            )
            yield line["file"], line["sheet"], line["cell"], source


def _cell(text: str, month: Delivered) -> Source:
    file, _, rest = text.partition("!")
    sheet, _, cell = rest.rpartition("!")
    cell = cell.upper().replace("$", "")
    name = Path(file).name
    known = [(s, c, source) for f, s, c, source in cells_of(month) if f == name]
    sheet = sheet or next((s for s, _, _ in known), "")
    for s, c, source in known:
        if (s, c) == (sheet, cell):
            return source
    sheets = "、".join(dict.fromkeys(s for s, _, _ in known))
    raise NoSuchFigure(
        f"{month.period} 的 {name} 里，“{sheet}”的 {cell} 不是能溯源的数"
        + (f"。能溯源的工作表：{sheets}" if sheets else "。能溯源的是 全省汇总表.xlsx")
    )


def _in_words(words: tuple[str, ...], month: Delivered, programme: Programme) -> Source:
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
    levels = [level for code, level, _ in _boundaries(month, programme).lines() if code == unit]
    if not levels:
        raise NoSuchFigure(f"{gazetteer.name(unit)}在 {month.period} 的汇总表里没有一行")
    return Source(unit, levels[0], indicator, scope, "counted", year=year)


def _boundaries(month: Delivered, programme: Programme) -> Boundaries:
    return Boundaries(programme.gazetteer, month_end(month.period), redrawn=False)


def _entities(source: Source, month: Delivered, programme: Programme) -> frozenset[str]:
    if source.level == _OWN:
        return frozenset({programme.gazetteer.entity(source.unit)})
    for code, level, entities in _boundaries(month, programme).lines():
        if (code, level) == (source.unit, source.level):
            return frozenset(entities)
    return frozenset()


def _divided(
    source: Source, entities: frozenset[str], month: Delivered, programme: Programme
) -> set[int]:
    """The places of the rows that one word of a dimension counts."""
    import pyarrow as pa

    dimension, _, word = source.detail.partition("=")
    with scratch() as folder, Engine(folder) as engine:
        about = pa.table({"period": [month.period], "year": [month.period[:4]]})
        counting = engine.ask("counting", {**_tables(month, "rows", "bridge_rows"), "about": about})
        for breakdown in programme.breakdowns:
            if breakdown.name == dimension:
                records = _tables(month, "people")["people"]
                counting = in_words(breakdown, counting, records, month.period, engine)
    column = "overall" if source.scope == "cumulative" else "entity"
    return {
        row["place"]
        for row in counting.to_pylist()
        if row["indicator"] == source.indicator
        and row[column] in entities
        and (source.scope != "new" or row["new"])
        and row.get("word", "") == word
    }


def _tables(month: Delivered, *names: str) -> dict[str, Any]:
    import pyarrow.parquet as pq

    files = {name: month.table(f"{name}.parquet") for name in names}
    return {name: Stored(pq.read_schema(file), (file,)) for name, file in files.items()}


def _rows(month: Delivered, indicator: str) -> list[dict[str, Any]]:
    import pyarrow as pa

    tables = _tables(month, "rows", "bridge_rows")
    with scratch() as folder, Engine(folder) as engine:
        about = pa.table({"indicator": [indicator]})
        lines: list[dict[str, Any]] = engine.ask("lineage", {**tables, "about": about}).to_pylist()
    return lines


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
