"""专项检查: a sample of the persons who count in a delivered month, that anybody can draw again."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
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
    `wanted`: a number, or a share such as 10%. It is allotted to units in proportion; within a unit every
    n-th person is drawn in the order of crafts, so that crafts are there in proportion and everybody has
    the same chance. Where it begins, and who stands where, is told by digests of the seed: the same seed
    and month draw the same persons, whoever draws. Raises Stop where nobody counts.
    """
    month = newest(outbox, period)
    units: dict[tuple[str, str], list[Drawn]] = defaultdict(list)
    for one in _counted(month, programme):
        units[one.row["indicator"], one.unit].append(one)
    if not units:
        raise Stop(f"{month.period} 没有计入的人，无从抽查", Exit.USAGE)
    drawn: list[Drawn] = []
    for indicator in programme.indicators:
        lot = _Lot(f"{seed}|{month.period}|{indicator.name}")
        own = {unit: people for (name, unit), people in units.items() if name == indicator.name}
        for unit, count in _allotted(own, lot, wanted, programme).items():
            drawn += _every_nth(own[unit], count, lot, unit)
    return Sample(month.period, seed, wanted, _strata(units, drawn, programme), tuple(drawn))


@dataclass(frozen=True)
class _Lot:
    """Chance that anybody can repeat: digests of what is drawn for, and of what is asked."""

    about: str

    def of(self, text: str) -> str:
        """The lot of a person or a unit; the lowest comes first."""
        return hashlib.sha256(f"{self.about}|{text}".encode()).hexdigest()

    def below_one(self, text: str) -> Fraction:
        """A number from 0 to below 1."""
        return Fraction(int(self.of(text)[:16], 16), 16**16)


def _allotted(
    units: Mapping[str, list[Drawn]], lot: _Lot, wanted: str, programme: Programme
) -> dict[str, int]:
    """How many of each unit, by code; equal remainders are decided by lot."""
    counts = {unit: len(units[unit]) for unit in sorted(units, key=lot.of)}
    size = size_of(sum(counts.values()), wanted, programme)
    return dict(sorted(allotted(size, counts, programme.inspection.least).items()))


def _every_nth(people: Sequence[Drawn], count: int, lot: _Lot, unit: str) -> list[Drawn]:
    """So many persons of one unit, at equal distances from a beginning told by lot."""
    ordered = sorted(people, key=lambda one: (one.craft, lot.of(_who(one.row))))
    begins = lot.below_one(unit)
    return [ordered[int((nth + begins) * len(ordered) / count)] for nth in range(count)]


def _strata(
    units: Mapping[tuple[str, str], list[Drawn]], drawn: Iterable[Drawn], programme: Programme
) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Of each indicator, unit and craft how many persons count, and how many were drawn."""
    order = [i.name for i in programme.indicators]
    everybody = Counter(map(_stratum, chain.from_iterable(units.values())))
    chosen = Counter(map(_stratum, drawn))
    ordered = sorted(everybody, key=lambda s: (order.index(s[0]), *s[1:]))
    return {stratum: (everybody[stratum], chosen[stratum]) for stratum in ordered}


def _stratum(one: Drawn) -> tuple[str, str, str]:
    return one.row["indicator"], one.unit, one.craft


def size_of(population: int, wanted: str, programme: Programme) -> int:
    """How many of one indicator's persons: as asked, or as the programme's [inspection] says."""
    if wanted.endswith("%"):
        return -(-population * int(wanted[:-1]) // 100)
    inspection = programme.inspection
    return (
        int(wanted) if wanted else sample_size(population, inspection.confidence, inspection.margin)
    )


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
    for row, texts in found:
        kind = programme.kind[row["kind"]]
        craft = texts.get(kind.role("craft") or kind.activity) or _UNSAID
        once[row["indicator"], _who(row)] += 1
        if once[row["indicator"], _who(row)] == 1:
            unit = programme.gazetteer.on(row["counted_for"], on)
            yield Drawn(unit, craft, row, {name: text or "" for name, text in texts.items()})
