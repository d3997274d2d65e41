"""How many there are of everything that papers count: units by how they stand, places, rows, pairs, gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from pipeline.model import Claims, Figures
from pipeline.programme import Programme

WITHOUT = "上月未报的"  # how many units a comparison with the month before leaves out
_HALF = 1e-9  # a rate on the edge between two tenths is printed as either side's arithmetic falls


def counts_of(
    figures: Figures, claims: Claims, programme: Programme
) -> dict[tuple[str, str], frozenset[int]]:
    """How many there are of everything that papers count."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    lines = [line for line in figures.table.to_pylist() if line["scope"] == "year"]
    top = lines[0]
    expected = figures.expected_rates["year"]
    for level, word in (("prefecture", "个市（州）"), ("county", "个县（市、区）")):
        for indicator in programme.indicators:
            rates = [
                line["counted"] / line["target"]
                for line in lines
                if line["level"] == level and line["indicator"] == indicator.name and line["target"]
                and line["unit"] != top["unit"]
            ]  # fmt: skip
            behind = [r for r in rates if r < expected]
            lagging = {
                sum((r - expected) * 100 <= -programme.lagging + edge for r in rates)
                for edge in (0, _HALF)
            }
            met = [r for r in rates if r >= 1]
            ahead = len(rates) - len(behind)
            found[word, indicator.name] |= {len(rates), len(behind), ahead, len(met), *lagging}
            found["个", indicator.name] |= {len(behind), ahead, len(met)}
    total, filed = filing_of(figures)
    concerned = {unit for c in figures.concerns for unit in c.units}
    returning = {unit for c in figures.concerns if c.returned for unit in c.units}
    found["个单位", ""] |= {total, filed, total - filed, len(concerned), len(returning)}
    found["个单位", ""] |= {len(c.units) for c in figures.concerns}
    silent = _silent_all_year(figures, claims, programme)
    found["个单位", ""] |= {silent, len(figures.not_filed) - silent}
    for line in figures.comparisons.to_pylist():
        if same_unit(line, top) and (line["scope"], line["basis"]) == ("year", "listed"):
            found[WITHOUT, line["indicator"]].add(line["month_without"])
    found["个县（市、区）", ""] |= {total, 0} | {len(t.units) for t in figures.themes}
    found["个县（市、区）", ""] |= {len(s.units) for t in figures.themes for s in t.sayings}
    found["个", ""].add(len({u for t in figures.themes if t.topic == "practice" for u in t.units}))
    found["处", ""] |= {n for c in figures.concerns for n in (c.returned, c.doubtful)}
    found["处", ""] |= {sum(c.returned for c in figures.concerns), 0}
    found["处", ""] |= {sum(c.doubtful for c in figures.concerns)}
    found["处", ""] |= {
        sum(c.places for c in figures.concerns[n:]) for n in range(len(figures.concerns))
    }
    found["处", ""] |= {c.places for c in figures.concerns if not c.name}
    for measure in ("rows_read", "returned", "merged"):
        found["行", ""].add(sum(x[measure] for x in lines if same_unit(x, top)))
    found["行", ""] |= _waived(figures)
    found["对", ""].add(claims.probable.num_rows)
    return {key: frozenset(numbers) for key, numbers in found.items()}


def _silent_all_year(figures: Figures, claims: Claims, programme: Programme) -> int:
    """Of the units that filed nothing this period, those for which nothing of the year stands."""
    year = figures.period[:4]
    stands = {e["entity"] for e in claims.editions.to_pylist() if e["span"] == year}
    return sum(programme.gazetteer.entity(unit) not in stands for unit in figures.not_filed)


def _waived(figures: Figures) -> set[int]:
    rows: dict[tuple[str, ...], set[tuple[object, ...]]] = defaultdict(set)
    for issue in figures.open.to_pylist():
        if issue["waiver"] and issue["listed"]:
            place = issue["file"], issue["sheet"], issue["row"]
            rows[issue["rule"], issue["unit"], issue["waiver"]].add(place)
    return {len(places) for places in rows.values()}


def gaps_of(figures: Figures, programme: Programme) -> dict[str, frozenset[int]]:
    """What all units of a level that are behind lack together, by indicator."""
    lines = [line for line in figures.table.to_pylist() if line["scope"] == "year"]
    top, expected = lines[0], figures.expected_rates["year"]
    return {
        indicator.name: frozenset(
            sum(
                line["target"] - line["counted"]
                for line in lines
                if line["indicator"] == indicator.name and line["level"] == level
                and not same_unit(line, top) and line["target"]
                and line["counted"] / line["target"] < expected
            )
            for level in ("prefecture", "county")
        )
        for indicator in programme.indicators
    }  # fmt: skip


def filing_of(figures: Figures) -> tuple[int, int]:
    """How many units are to file, and how many have."""
    lines = figures.table.to_pylist()
    counties = {
        x["unit"] for x in lines if x["level"] == "county" and x["unit"] != lines[0]["unit"]
    }
    return len(counties), len(counties) - len(figures.not_filed)


def same_unit(line: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two lines are of one unit at one level."""
    return (line["unit"], line["level"]) == (other["unit"], other["level"])
