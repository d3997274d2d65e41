"""Each figure of a delivered month counted anew from its persons, and every sum from its parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from delivered import MONTHS
from recounted import bridge_faults, figure_faults, sum_faults, table

from pipeline.home import Home
from pipeline.programme import Programme


@pytest.fixture(params=MONTHS)
def folder(request: pytest.FixtureRequest, delivered: Home) -> Path:
    return delivered.outbox / str(request.param)


def test_every_county_counts_its_persons(folder: Path, programme: Programme) -> None:
    assert figure_faults(folder, programme) == []


def test_counties_make_up_prefectures_and_these_the_province(
    folder: Path, programme: Programme
) -> None:
    assert sum_faults(folder, programme) == []


def test_the_bridge_leads_from_first_to_last(folder: Path) -> None:
    assert bridge_faults(folder) == []


def test_progress_is_that_of_the_figures(folder: Path) -> None:
    """Rate, points and rank by hand from figures.csv."""
    month = int(folder.name[5:])
    gone = {"year": month / 12, "cumulative": month / 36}
    key = ("unit", "level", "indicator", "scope")
    figures = [f for f in table(folder, "figures.csv") if f["target"] not in ("", "0")]
    rates = {tuple(f[k] for k in key): int(f["counted"]) / int(f["target"]) for f in figures}
    lines = table(folder, "progress.csv")
    assert len(lines) == len(rates) > 200
    for line in lines:
        own = tuple(line[k] for k in key)
        rate = rates[own]
        assert float(line["rate"]) == pytest.approx(rate, abs=1e-4)
        assert float(line["points"]) == pytest.approx((rate - gone[line["scope"]]) * 100, abs=1e-3)
        better = [r for of, r in rates.items() if of[1:] == own[1:] and r > rate]
        assert int(line["rank"]) == 1 + len(better)


def test_a_month_ago_is_what_the_months_say(folder: Path) -> None:
    """rank_before from monthly.csv: those whom returns up to the month before list."""
    if folder.name != MONTHS[-1]:
        assert {line["rank_before"] for line in table(folder, "progress.csv")} == {""}
        return
    key = ("unit", "level", "indicator")
    before: dict[tuple[str, ...], int] = {}
    for line in table(folder, "monthly.csv"):
        if (line["scope"], line["basis"], line["year"]) == ("year", "listed", folder.name[:4]) and (
            line["month"] < folder.name
        ):
            at = tuple(line[k] for k in key)
            before[at] = before.get(at, 0) + int(line["persons"])
    lines = [line for line in table(folder, "progress.csv") if line["scope"] == "year"]
    rates = {
        tuple(line[k] for k in key): before.get(tuple(line[k] for k in key), 0)
        / int(line["target"])
        for line in lines
    }
    moved = 0
    for line in lines:
        own = tuple(line[k] for k in key)
        better = [r for of, r in rates.items() if of[1:] == own[1:] and r > rates[own]]
        assert int(line["rank_before"]) == 1 + len(better), line
        assert int(line["rank_change"]) == int(line["rank_before"]) - int(line["rank"])
        moved += line["rank_change"] != "0"
    assert moved > 10
