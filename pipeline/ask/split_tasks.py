"""及时分解任务指标: how a prefecture's task could be divided among its counties, by figures that are there."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.aggregate import targets_of
from pipeline.ask.receipts import Delivered, delivered
from pipeline.engine import Engine
from pipeline.model import Month, Stored, Unit
from pipeline.model.words import SPLIT_WORDS
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

SURVEY, REGISTERED, LAST_YEAR = SPLIT_WORDS
Counts = Mapping[str, int]  # by unit (entity)


@dataclass(frozen=True)
class Basis:
    """What a task may be divided by: how it is called, where it stands, and the counts of units."""

    way: str
    label: str
    source: str
    counts: Counts


@dataclass(frozen=True)
class Proposal:
    """One prefecture's task of one indicator and year, divided.

    total: as handed down; given: what task tables already say of its counties; shares: what is proposed
    for the others, empty where `missing` says what is not there.
    """

    prefecture: str
    indicator: str
    year: int
    total: int
    counties: tuple[str, ...]
    given: Counts
    shares: Counts
    basis: Basis | None = None
    missing: str = ""


def bases_of(
    month: Month, completed: Mapping[tuple[int, str], Basis], programme: Programme, engine: Engine
) -> dict[tuple[int, str], list[Basis]]:
    """By year and indicator every basis there is: counts filed in the inbox, and `completed`, what was done in
    the year before."""
    filed = [*_counted(month, programme), *_listed(month, programme, engine)]
    ordered = sorted(filed, key=lambda basis: (SURVEY, REGISTERED).index(basis.way))
    return {
        (year, indicator.name): [
            *ordered,
            *(b for of, b in completed.items() if of == (year - 1, indicator.name)),
        ]
        for year in programme.years
        for indicator in programme.indicators
    }


def propose(
    month: Month,
    bases: Mapping[tuple[int, str], Iterable[Basis]],
    programme: Programme,
    way: str = "",
) -> list[Proposal]:
    """Every task that stands for a prefecture and not for all of its counties, in the order of codes.

    A basis serves where it has a count of every county that is to be given a task; no count is made up.
    way: this basis alone, else the first that serves.
    """
    numbers = targets_of(month, programme).numbers
    entity = programme.gazetteer.entity
    found = []
    for year in programme.years:
        day = date(year, 1, 1)
        for prefecture in programme.gazetteer.prefectures(day):
            counties = tuple(entity(u.code) for u in _below(prefecture, day, programme))
            for indicator in programme.indicators:
                total = numbers.get((entity(prefecture.code), indicator.name, year))
                given = {
                    c: n
                    for c in counties
                    if (n := numbers.get((c, indicator.name, year))) is not None
                }
                if total is not None and counties and len(given) < len(counties):
                    whole = Proposal(
                        prefecture.code, indicator.name, year, total, counties, given, {}
                    )
                    of = [b for b in bases[year, indicator.name] if way in ("", b.way)]
                    found.append(_divided(whole, of, way, programme))
    return sorted(found, key=lambda p: (p.prefecture, p.year))


def divided(total: int, counts: Counts) -> dict[str, int]:
    """A number in parts after these counts: whole parts, what is left over to the largest remainders.

    >>> divided(10, {"a": 1, "b": 1, "c": 1})
    {'a': 4, 'b': 3, 'c': 3}
    >>> divided(7, {"a": 50, "b": 30, "c": 20})
    {'a': 4, 'b': 2, 'c': 1}
    """
    whole = sum(counts.values())
    parts = {unit: total * count // whole for unit, count in counts.items()}
    behind = sorted(counts, key=lambda unit: (-(total * counts[unit] % whole), unit))
    for unit in behind[: total - sum(parts.values())]:
        parts[unit] += 1
    return parts


def _below(prefecture: Unit, day: date, programme: Programme) -> list[Unit]:
    counties = programme.gazetteer.counties(day)
    return [u for u in counties if u.parent == prefecture.code]


def _divided(whole: Proposal, bases: list[Basis], way: str, programme: Programme) -> Proposal:
    """With its shares, or with what is missing."""
    rest = whole.total - sum(whole.given.values())
    open_ones = [c for c in whole.counties if c not in whole.given]
    if rest < 0:
        return replace(whole, missing=f"已分给各县的比下达的多 {-rest}，请先核对")
    lacking: list[str] = []
    for basis in bases:
        absent = [programme.gazetteer.name(c) for c in open_ones if c not in basis.counts]
        own = {c: basis.counts[c] for c in open_ones if c in basis.counts}
        if not absent and any(own.values()):
            return replace(whole, shares=divided(rest, own), basis=basis)
        if not basis.counts:
            lacking.append(f"{basis.label}没有分县（市、区）：名单里没有写明各人在哪个县")
            continue
        few = "、".join(absent[:3]) + ("等" if len(absent) > 3 else "")
        lacking.append(f"{basis.label}缺{few}" if absent else f"{basis.label}都是 0")
    named = {basis.way for basis in bases}
    lacking += [f"没有{SPLIT_WORDS[w]}" for w in ((way,) if way else SPLIT_WORDS) if w not in named]
    return replace(whole, missing="；".join(lacking))


def completed_in(outbox: Path, programme: Programme) -> dict[tuple[int, str], Basis]:
    """What counties had done by the last delivered month of each year, by year and indicator.

    A county that has filed nothing in the year has no count, not 0.
    """
    last: dict[str, Delivered] = {}
    for period, month in delivered(outbox):
        if month:
            last[period[:4]] = month
    found: dict[tuple[int, str], Basis] = {}
    for year, month in last.items():
        filed = {entry["unit"] for entry in month.receipt["inputs"] if entry["period"][:4] == year}
        counts: dict[str, dict[str, int]] = {}
        with month.table("figures.csv").open(encoding="utf-8-sig", newline="") as stream:
            for line in csv.DictReader(stream):
                done = int(line["counted"])
                if (line["level"], line["scope"]) == ("county", "year") and (
                    done or line["unit"] in filed
                ):
                    entity = programme.gazetteer.entity(line["unit"])
                    counts.setdefault(line["indicator"], {})[entity] = done
        for indicator, own in counts.items():
            label, source = f"{year}年完成数", f"outbox/{month.period}"
            found[int(year), indicator] = Basis(LAST_YEAR, label, source, own)
    return found


def _counted(month: Month, programme: Programme) -> Iterator[Basis]:
    """Counts of places that lie in the inbox; of several of one sort the later path stands."""
    counts: dict[str, dict[str, int]] = {}
    files: dict[str, dict[str, None]] = {}
    for line in sorted(month.table("bases").to_pylist(), key=lambda b: str(b["file"])):
        counts.setdefault(line["basis"], {})[programme.gazetteer.entity(line["unit"])] = line[
            "count"
        ]
        files.setdefault(line["basis"], {})[line["file"]] = None
    for name, way in (("survey", SURVEY), ("registered", REGISTERED)):
        if name in counts:
            yield Basis(way, SPLIT_WORDS[way], "、".join(files[name]), counts[name])


def _listed(month: Month, programme: Programme, engine: Engine) -> Iterator[Basis]:
    """Reference lists, by the persons they name in each county: a county's own, or one of several whose lines
    say where each person lives. Nobody's county is guessed from her number."""
    import pyarrow as pa

    from pipeline.register import standing_lists  # what says that nothing is new loads no tables

    lists = standing_lists(month, programme, engine)
    lines = month.tables["reference_lines"]
    if not lists or not isinstance(lines, Stored):
        return
    sheets = [
        (one.path, one.sheet, one.reference.name, one.units[0] if len(one.units) == 1 else "")
        for one in lists
    ]
    digits, whom = ("02468", "女性") if _women_alone(programme) else ("0123456789", "")
    asked: dict[str, Any] = {
        "reference_lines": lines,
        "sheets": pa.table(dict(zip(("file", "sheet", "name", "unit"), zip(*sheets, strict=True), strict=True))),
        "sound": _sound(programme),
        "digits": pa.table({"digit": list(digits)}),
    }  # fmt: skip
    counts: dict[str, dict[str, int]] = {}
    for line in engine.ask("listed_persons", asked).to_pylist():
        unit = programme.gazetteer.entity(line["unit"]) if line["unit"] else ""
        of_list = counts.setdefault(line["name"], {})
        of_list[unit] = of_list.get(unit, 0) + line["persons"]
    for reference in programme.references:
        if own := counts.get(reference.name, {}):
            files = dict.fromkeys(one.path for one in lists if one.reference.name == reference.name)
            nowhere = own.pop("", 0)
            besides = f"，另有 {nowhere} 人没有写明县（市、区），未计" if nowhere else ""
            source = f"{'、'.join(files)}{besides}"
            yield Basis(REGISTERED, f"{reference.label}{whom}人数", source, own)


def _women_alone(programme: Programme) -> bool:
    """Whether only women belong to the programme: of whom else a list names it is no measure."""
    return any(rule.eligibility and rule.check == "woman" for rule in programme.rules)


def _sound(programme: Programme) -> pa.Table:
    """The meanings under which a reference list names somebody as sound."""
    import pyarrow as pa

    sound = [
        (reference.name, place)
        for reference in programme.references
        for place in (
            [n for n, meaning in enumerate(reference.meanings) if not meaning.rule]
            if reference.meanings
            else [-1]
        )
    ]
    names, places = zip(*sound, strict=True) if sound else ((), ())
    return pa.table({"name": pa.array(names, pa.string()), "meaning": pa.array(places, pa.int32())})
