"""Three years of returns, filed both ways, against figures worked out by hand: dicts and loops alone.

The second implementation (`Naive`) knows only what each return says; the first witness, in the
sample maker, knows the lives behind them. Neither calls a stage.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from months import Registered, Totals, Worked, laid, submissions, worked

from pipeline.home import built_in
from pipeline.month import StoredPart
from pipeline.programme import Programme, load_programme
from pipeline.read.part import part_of
from pipeline.sample.history import History, Returned, make_history

GONGZHULING, ITS_NEW_CODE = "220381", "220184"
CHANGCHUN, SIPING, CHANGBAISHAN = "220100", "220300", "229900"
# every county by the code it bore first, with its name and the prefecture it belongs to
COUNTIES = {
    "220102": ("南关区", CHANGCHUN),
    "220122": ("农安县", CHANGCHUN),
    GONGZHULING: ("公主岭市", SIPING),
    "220322": ("梨树县", SIPING),
    "220502": ("东昌区", "220500"),
    "222403": ("敦化市", "222400"),
    CHANGBAISHAN: ("长白山保护开发区", CHANGBAISHAN),
}
PERIODS = tuple(f"{year}-{month:02d}" for year in (2018, 2019, 2020) for month in (3, 6, 9, 12))
SEEDS = (20181201, 7)
LOOKED_AT = {
    SEEDS[0]: ("2018-12", "2019-12", "2020-06", "2020-12"),
    SEEDS[1]: ("2018-12", "2019-06", "2019-12", "2020-06", "2020-09", "2020-12"),
}
# another life of the province, looked at more often
EACH_SEED = pytest.mark.parametrize(
    "seed", [SEEDS[0], pytest.param(SEEDS[1], marks=pytest.mark.thorough)]
)
MEASURES = ("counted", "attendances", "rows_read", "returned", "merged")


def programme_of(scope: str) -> Programme:
    return replace(load_programme(built_in("schemas"), "handcraft"), scope=scope)


@dataclass(frozen=True, eq=False)
class Followed:
    """A history and the part of every file of it, read once; the parts lie in a folder of the module's."""

    programme: Programme
    history: History
    parts: Mapping[str, StoredPart]  # by path
    folder: tempfile.TemporaryDirectory[str]

    def figures(self, period: str) -> Totals:
        """The job's own figures of a period, from the returns dropped until then."""
        return self.worked(period).figures

    def parts_until(self, period: str) -> list[StoredPart]:
        """What had been dropped by the end of a period."""
        paths = {r.path for r in self.history.returns if r.dropped <= period}
        return [part for path, part in self.parts.items() if path in paths]

    @cache  # noqa: B019 - a handful of histories, kept for the module
    def worked(self, period: str) -> Worked:
        """The month as the job works it out."""
        return worked(self.parts_until(period), self.programme, period, with_tables=False)

    def register(self, period: str) -> Registered:
        """The register of a period."""
        return self.worked(period).claims.register


@cache
def history_of(scope: str, seed: int) -> Followed:
    programme = programme_of(scope)
    history = make_history(programme, list(COUNTIES), PERIODS, seed=seed, women=11)
    folder = tempfile.TemporaryDirectory()
    files = submissions({r.path: r.content for r in history.returns})
    parts = {
        file.path: laid(part_of(file, programme), Path(folder.name) / str(n))
        for n, file in enumerate(files)
    }
    return Followed(programme, history, parts, folder)


class Naive:
    """The same figures by hand."""

    def __init__(self, returns: Iterable[Returned], scope: str, period: str) -> None:
        self.year = period[:4]
        self.lines = []  # of standing returns: county, code filed under, entry
        newest: dict[tuple[str, str], Returned] = {}
        for returned in returns:
            if returned.dropped > period:
                continue
            county = GONGZHULING if returned.unit == ITS_NEW_CODE else returned.unit
            span = returned.period[:4] if scope == "year" else returned.period
            other = newest.get((county, span))
            if other is None or (other.period, other.filed_on) < (
                returned.period,
                returned.filed_on,
            ):
                newest[county, span] = returned
        for (county, _), returned in newest.items():
            for entry in returned.lines:
                self.lines.append((county, returned.unit, entry))
        self.sound = [line for line in self.lines if line[2].slip is None]

    def keepers(self, kind: str, years: set[str]) -> dict[str, str]:
        """Each person and the county she counts for: residence, earlier start, lower code."""
        claims = defaultdict(list)
        for county, code, entry in self.sound:
            if entry.kind == kind and str(entry.start.year) in years:
                claims[entry.person.number].append((county, code, entry))
        kept = {}
        for person, own in claims.items():
            homes = set()
            for _, _, entry in own:
                homes |= {c for c, (name, _) in COUNTIES.items() if name in entry.person.address}
            counties = {county for county, _, _ in own}
            if len(homes) == 1 and homes <= counties:
                kept[person] = homes.pop()
            else:
                kept[person] = min((e.start, code, county) for county, code, e in own)[2]
        return kept

    def table(self, today: bool, day: str) -> dict[tuple[str, str, str, str], dict[str, int]]:
        """(unit, level, indicator, scope) -> measures, on the boundaries of the day or of today."""
        cells: dict[tuple[str, str, str, str], dict[str, int]] = {}
        years = {str(e.start.year) for _, _, e in self.sound}
        moved = today or day >= "2020-07"
        for kind in ("training", "employment"):
            for scope, of in (("year", {self.year}), ("cumulative", years)):
                by_county = {c: dict.fromkeys(MEASURES, 0) for c in COUNTIES}
                for county in self.keepers(kind, of).values():
                    by_county[county]["counted"] += 1
                for county in self.attended(kind, of):
                    by_county[county]["attendances"] += 1
                if scope == "year":
                    self.count_rows(kind, by_county)
                for county, measures in by_county.items():
                    prefecture = COUNTIES[county][1]
                    if county == GONGZHULING and moved:
                        prefecture = CHANGCHUN
                    code = ITS_NEW_CODE if county == GONGZHULING and moved else county
                    for unit, level in (
                        (code, "county"), (prefecture, "prefecture"), ("220000", "province"),
                    ):  # fmt: skip
                        cell = cells.setdefault(
                            (unit, level, kind, scope), dict.fromkeys(MEASURES, 0)
                        )
                        for name in MEASURES:
                            cell[name] += measures[name]
        return cells

    def attended(self, kind: str, years: set[str]) -> list[str]:
        """The county of each attendance: the one she counts for, where it filed it, else the lower code."""
        filed = defaultdict(set)
        for county, code, entry in self.sound:
            year = str(entry.start.year)
            if entry.kind == kind and year in years:
                filed[year, entry.person.number, entry.start, entry.activity].add((code, county))
        found = []
        for (year, person, _, _), claimants in filed.items():
            keeper = self.keepers(kind, {year})[person]
            own = [county for _, county in claimants if county == keeper]
            found.append(own[0] if own else min(claimants)[1])
        return found

    def count_rows(self, kind: str, by_county: dict[str, dict[str, int]]) -> None:
        """Rows of standing returns of the year, and where they went."""
        for county, _, entry in self.lines:
            if entry.kind == kind and str(entry.start.year) == self.year:
                by_county[county]["rows_read"] += 1
                by_county[county]["returned"] += entry.slip is not None
        for measures in by_county.values():
            measures["merged"] = measures["rows_read"] - measures["returned"] - measures["counted"]


Cell = tuple[str, str, str, str]  # unit, level, indicator, scope


def cells(table: pd.DataFrame) -> dict[Cell, dict[str, int | None]]:
    found: dict[Cell, dict[str, int | None]] = {}
    for row in table.to_dict("records"):
        key = (row["unit"], row["level"], row["indicator"], row["scope"])
        found[key] = {name: None if pd.isna(row[name]) else int(row[name]) for name in MEASURES}
    return found


def differences(figures: Totals, naive: Naive, period: str) -> tuple[list[str], int]:
    """Every cell of both tables that differs, and how many were compared."""
    wrong, compared = [], 0
    for name, table, today in (("figures", figures.table, False), ("today", figures.today, True)):
        wanted = naive.table(today, period)
        for key, delivered in cells(table).items():
            for measure in MEASURES[: 5 if key[3] == "year" else 2]:
                compared += 1
                should = wanted.get(key, {}).get(measure, 0)
                if delivered[measure] != should:
                    wrong.append(
                        f"{period} {name} {key} {measure}: {should}, not {delivered[measure]}"
                    )
        missing = set(wanted) - set(cells(table))
        wrong += [f"{period} {name} {key} is not there" for key in sorted(missing)]
    return wrong, compared


@EACH_SEED
@pytest.mark.parametrize("scope", ["year", "period"])
def test_every_cell_is_what_a_naive_count_says(scope: str, seed: int) -> None:
    history = history_of(scope, seed)
    for period in LOOKED_AT[seed]:
        wrong, compared = differences(
            history.figures(period), Naive(history.history.returns, scope, period), period
        )
        assert wrong == []
        assert compared > 1000


@EACH_SEED
def test_the_sample_makers_own_witness_says_the_same(seed: int) -> None:
    history = history_of("year", seed)
    for period in LOOKED_AT[seed]:
        table = cells(history.figures(period).table)
        moved = period >= "2020-07"
        for indicator in ("training", "employment"):
            for county in COUNTIES:
                code = ITS_NEW_CODE if county == GONGZHULING and moved else county
                for scope, span in (("year", period[:4]), ("cumulative", "cumulative")):
                    planted = history.history.counted[period].get((indicator, county, span), 0)
                    assert table[code, "county", indicator, scope]["counted"] == planted


@EACH_SEED
def test_both_ways_of_filing_give_the_same_figures(seed: int) -> None:
    """One history as year-to-date rosters, and as returns that list only what is new."""
    year, each = history_of("year", seed), history_of("period", seed)
    assert len(each.history.returns) > len(year.history.returns)
    for period in LOOKED_AT[seed]:
        first, second = year.figures(period), each.figures(period)
        for one, other in ((first.table, second.table), (first.today, second.today)):
            pd.testing.assert_frame_equal(one, other)
        assert first.not_filed == second.not_filed


@EACH_SEED
def test_the_history_holds_what_it_is_made_for(seed: int) -> None:
    """Corrections, withdrawals, moves, second courses, silence, and the county that changed hands."""
    history = history_of("year", seed).history
    lines = [(r, e) for r in history.returns for e in r.lines]
    assert any(e.slip for _, e in lines)
    units = defaultdict(set)
    years = defaultdict(set)
    for returned, entry in lines:
        units[entry.person.number].add(returned.unit)
        years[entry.person.number].add(entry.year)
    assert sum(len(own) > 1 for own in units.values()) > 10
    assert sum(len(own) > 1 for own in years.values()) > 5
    assert {GONGZHULING, ITS_NEW_CODE} <= {r.unit for r in history.returns}
    assert len(history.returns) < len(COUNTIES) * len(PERIODS)
    assert min(sum(counts.values()) for counts in history.counted.values()) > 0


@pytest.mark.parametrize("scope", ["year", "period"])
def test_laws_of_three_years(scope: str) -> None:
    """Units add up to persons; cumulative is at least every year's and at most their sum."""
    history = history_of(scope, SEEDS[0])
    of_years = {y: cells(history.figures(f"{y}-12").table) for y in (2018, 2019, 2020)}
    for indicator in ("training", "employment"):
        yearly = [t["220000", "province", indicator, "year"]["counted"] for t in of_years.values()]
        whole = of_years[2020]["220000", "province", indicator, "cumulative"]["counted"]
        assert whole is not None
        assert max(y or 0 for y in yearly) <= whole <= sum(y or 0 for y in yearly)
        for table in of_years.values():
            for scope_name in ("year", "cumulative"):
                for level in ("county", "prefecture"):
                    own = [
                        c["counted"] or 0
                        for k, c in table.items()
                        if k[1:] == (level, indicator, scope_name)
                    ]
                    top = table["220000", "province", indicator, scope_name]["counted"]
                    assert sum(own) == top


@pytest.mark.parametrize("scope", ["year", "period"])
def test_every_row_is_accounted_for_in_every_period(scope: str) -> None:
    history = history_of(scope, SEEDS[0])
    for period in LOOKED_AT[SEEDS[0]]:
        assert all(entry.balances for entry in history.figures(period).inputs)


def last_code(rosters: list[tuple[str, str, set[str]]], person: str) -> str:
    """The code under which the last roster that listed her was filed."""
    return [unit for _, unit, persons in rosters if person in persons][-1]


def naive_register(returns: Iterable[Returned]) -> dict[str, tuple[str, str, str]]:
    """Each person's first and last period, and the counties that listed her earlier this span, not now."""
    seen = defaultdict(set)
    rosters = defaultdict(list)
    for returned in returns:
        county = GONGZHULING if returned.unit == ITS_NEW_CODE else returned.unit
        for kind in ("training", "employment"):
            persons = {e.person.number for e in returned.lines if e.kind == kind}
            rosters[county, kind, returned.period[:4]].append(
                (returned.period, returned.unit, persons)
            )
            for person in persons:
                seen[person].add(returned.period)
    left = defaultdict(set)
    for own in rosters.values():
        own.sort(key=lambda roster: roster[0])
        standing = own[-1][2]
        for _, _, persons in own:
            for person in persons - standing:
                left[person].add(last_code(own, person))
    return {
        person: (min(periods), max(periods), ";".join(sorted(left[person])))
        for person, periods in seen.items()
    }


def test_the_register_is_what_a_naive_reading_says() -> None:
    """First seen, last seen and who left, over three years with their superseded returns."""
    history = history_of("year", SEEDS[0])
    wanted = naive_register(history.history.returns)
    people = history.register("2020-12").people
    found = {
        row["id_no"]: (row["first_seen"], row["last_seen"], row["left"])
        for row in people.to_dict("records")
    }
    assert found == wanted
    assert sum(bool(units) for _, _, units in wanted.values()) > 10


def test_the_order_of_files_changes_no_history() -> None:
    history = history_of("year", SEEDS[0])
    parts = history.parts_until("2020-12")[::-1]
    turned = worked(parts, history.programme, "2020-12", with_tables=False).claims.register
    straight = history.register("2020-12")
    pd.testing.assert_frame_equal(turned.people, straight.people)
    pd.testing.assert_frame_equal(turned.events, straight.events)
