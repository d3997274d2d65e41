"""专项检查: a sample of the persons who count in a delivered month, that anybody can draw again."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.ask.receipts import Delivered, newest
from pipeline.ask.sample_size import allotted, sample_size
from pipeline.model.stop import Exit, Stop
from pipeline.programme import Programme
from pipeline.values import month_end

_UNSAID = "（未填）"
_READ = (
    "place",
    "indicator",
    "kind",
    "counted_for",
    "person",
    "number",
    "name",
    "phone",
    "start",
    "finish",
)


@dataclass(frozen=True)
class Drawn:
    """A person who was drawn: her row as the books have it, and the fields of her row in words."""

    unit: str
    craft: str
    row: Mapping[str, Any]
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Sample:
    """A sample: the period, the seed, how many were wanted (as asked, '' as the programme says), the
    persons of each stratum (indicator, unit, craft) with how many were drawn, and who was."""

    period: str
    seed: int
    wanted: str
    strata: Mapping[tuple[str, str, str], tuple[int, int]]
    persons: tuple[Drawn, ...]


def draw(outbox: Path, period: str, seed: int, wanted: str, programme: Programme) -> Sample:
    """Who is to be inspected, of those who count in the year of a delivered month, or of the newest.

    Each indicator is a population of its own, of the size that the programme's [inspection] asks for, or
    `wanted`: a number, or a share such as 10%. It is allotted to units, then within a unit to crafts, in
    proportion; within a stratum those go first whose number gives, with the seed, the lowest digest: the
    same seed and month draw the same persons, whoever draws. Raises Stop where nobody counts.
    """
    month = newest(outbox, period)
    strata: dict[tuple[str, str, str], list[Drawn]] = defaultdict(list)
    for one in _counted(month, programme):
        strata[one.row["indicator"], one.unit, one.craft].append(one)
    if not strata:
        raise Stop(f"{month.period} 没有计入的人，无从抽查", Exit.USAGE)
    order = [i.name for i in programme.indicators]
    ordered = sorted(strata.items(), key=lambda s: (order.index(s[0][0]), *s[0][1:]))
    drawn = _allotted(dict(ordered), wanted, programme)
    persons = [
        one
        for stratum, own in ordered
        for one in sorted(own, key=lambda d: _lot(seed, month.period, d))[: drawn[stratum]]
    ]
    counts = {stratum: (len(own), drawn[stratum]) for stratum, own in ordered}
    return Sample(month.period, seed, wanted, counts, tuple(persons))


def _lot(seed: int, period: str, one: Drawn) -> str:
    said = f"{seed}|{period}|{one.row['indicator']}|{_who(one.row)}"
    return hashlib.sha256(said.encode()).hexdigest()


def _allotted(
    strata: Mapping[tuple[str, str, str], list[Drawn]], wanted: str, programme: Programme
) -> dict[tuple[str, str, str], int]:
    """How many of each stratum: an indicator's sample to its units, a unit's to its crafts."""
    found: dict[tuple[str, str, str], int] = {}
    for name in (i.name for i in programme.indicators):
        crafts: dict[str, dict[tuple[str, str, str], int]] = defaultdict(dict)
        for stratum, own in strata.items():
            if stratum[0] == name:
                crafts[stratum[1]][stratum] = len(own)
        units = {unit: sum(counts.values()) for unit, counts in crafts.items()}
        least = programme.inspection.least
        for unit, count in allotted(
            size_of(sum(units.values()), wanted, programme), units, least
        ).items():
            found |= allotted(count, crafts[unit])
    return found


def size_of(population: int, wanted: str, programme: Programme) -> int:
    """How many of one indicator's persons: as asked, or as the programme's [inspection] says."""
    if wanted.endswith("%"):
        return -(-population * int(wanted[:-1]) // 100)
    said = programme.inspection
    return int(wanted) if wanted else sample_size(population, said.confidence, said.margin)


def _who(row: Mapping[str, Any]) -> str:
    """By what a row's person is told from others; the row itself where nothing says who she is."""
    return row["person"] or str(row["place"])


def _counted(month: Delivered, programme: Programme) -> Iterator[Drawn]:
    """Everybody who counts in the month's year, by the row by which she does."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    rows = pq.read_table(
        month.table("rows.parquet"),
        columns=["fate", "begun", *_READ],
        filters=[("fate", "in", ["counted", "merged"])],
    )
    people = pq.read_table(month.table("people.parquet"))  # the same rows, in the same order
    if len(people) != len(rows):
        raise Stop(f"{month.period} 的数据不完整，请重新运行 pipeline run {month.period}")
    counts = pc.and_(pc.equal(rows["fate"], "counted"), pc.equal(rows["begun"], month.period[:4]))
    fields = [name for name in programme.value_fields if name in people.column_names]
    found = zip(
        rows.filter(counts).to_pylist(),
        people.filter(counts).select(fields).to_pylist(),
        strict=True,
    )
    on = month_end(month.period)
    once: Counter[tuple[str, str]] = Counter()
    for row, said in found:
        kind = programme.kind[row["kind"]]
        craft = said.get(kind.role("craft") or kind.activity) or _UNSAID
        once[row["indicator"], _who(row)] += 1
        if once[row["indicator"], _who(row)] == 1:
            unit = programme.gazetteer.on(row["counted_for"], on)
            yield Drawn(unit, craft, row, {name: text or "" for name, text in said.items()})
