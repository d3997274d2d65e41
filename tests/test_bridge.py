"""差异桥: the steps add up for every unit of both months, and each is as many rows as it says."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from delivered import MONTHS, csv_of, parquet_of, summary_of

from pipeline.home import Home
from pipeline.model.words import STEP_WORDS
from pipeline.programme import Programme

LEFT = ("returned", "elsewhere", "merged")
OWN_COUNTY = "229900"  # 长白山: a prefecture that is its own only county


@pytest.fixture(params=MONTHS)
def period(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def steps_of(bridge: pd.DataFrame) -> pd.DataFrame:
    """A line a unit and indicator, a column a step."""
    found = bridge.assign(value=bridge["value"].astype(float))
    return (
        found.pivot_table(
            index=["unit", "level", "indicator"], columns="step", values="value", aggfunc="sum"
        )
        .reindex(columns=list(STEP_WORDS))
        .fillna(0)
    )


def test_the_bridge_adds_up_for_every_unit(delivered: Home, period: str) -> None:
    steps = steps_of(csv_of(delivered, period, "bridge.csv"))
    assert len(steps) > 100
    assert (steps["self_reported"] + steps["unlisted"] == steps["filed"]).all()
    passed = steps["filed"] + sum(steps[s] for s in LEFT) + steps["carried"]
    assert (passed == steps["counted"]).all()
    with_task = steps[steps["target"] > 0]
    assert len(with_task) > 100
    assert (with_task["counted"] + with_task["short"] == with_task["target"]).all()


def test_it_ends_in_the_figure_and_the_task(delivered: Home, period: str) -> None:
    steps = steps_of(csv_of(delivered, period, "bridge.csv"))
    figures = csv_of(delivered, period, "figures.csv")
    yearly = figures[figures["scope"] == "year"].set_index(["unit", "level", "indicator"])
    assert (steps["counted"] == yearly["counted"].reindex(steps.index)).all()
    assert (steps["target"] == yearly["target"].fillna(0).reindex(steps.index)).all()


def test_the_counties_add_up_to_the_province(delivered: Home, period: str) -> None:
    steps = steps_of(csv_of(delivered, period, "bridge.csv")).reset_index()
    prefectures = steps[steps["level"] == "prefecture"].groupby("indicator").sum(numeric_only=True)
    whole = steps[steps["level"] == "province"].set_index("indicator")
    counties = steps[steps["level"] == "county"]
    below = counties.groupby("indicator").sum(numeric_only=True)
    for step in ("filed", *LEFT, "carried", "counted"):
        assert (whole[step] == below[step].reindex(whole.index)).all(), step
        assert (whole[step] == prefectures[step].reindex(whole.index)).all(), step


def test_each_step_is_as_many_rows_as_it_says(delivered: Home, period: str) -> None:
    """Counted anew from every row's fate, without the bridge's own table."""
    rows = parquet_of(delivered, period, "rows.parquet")
    rows = rows[
        (rows["begun"] == period[:4]) & (rows["fate"] != "superseded") & (rows["unit"] != "")
    ]
    this, earlier = rows[rows["period"] == period], rows[rows["period"] != period]
    steps = steps_of(csv_of(delivered, period, "bridge.csv"))
    own = this[this["fate"] == "merged"]
    expected = {
        "filed": this,
        "returned": this[this["fate"] == "returned"],
        "elsewhere": own[own["keeper"] != own["entity"]],
        "merged": own[own["keeper"] == own["entity"]],
        "carried": earlier[earlier["fate"] == "counted"],
    }
    for step, found in expected.items():
        counts = found.groupby(["entity", "indicator"]).size().reset_index(name="rows")
        assert len(counts) or period == MONTHS[0], step
        for line in counts.to_dict("records"):
            at = (line["entity"], "county", line["indicator"])
            assert abs(steps[step][at]) == line["rows"], (step, at)


def test_every_returned_row_names_its_rule(
    delivered: Home, period: str, programme: Programme
) -> None:
    bridge = csv_of(delivered, period, "bridge.csv")
    rules = set(bridge[bridge["step"] == "returned"]["detail"])
    assert rules
    assert rules <= set(programme.rule)


def test_the_sheet_says_what_the_table_says(delivered: Home, period: str) -> None:
    sheet: Any = summary_of(delivered, period)["差异桥"]
    steps = steps_of(csv_of(delivered, period, "bridge.csv"))
    printed = [
        (line[0], line[9]) for line in sheet.iter_rows(min_row=5, values_only=True) if line[1]
    ]
    once = steps.drop(index=(OWN_COUNTY, "county"))  # stands at both levels, and is printed once
    assert len(printed) == len(once) == len(steps) - 2
    assert sum(float(counted) for _, counted in printed) == once["counted"].sum()
    assert sum(str(name).strip() == "长白山保护开发区" for name, _ in printed) == 2


def test_the_charts_span_every_step(delivered: Home, period: str) -> None:
    book: Any = summary_of(delivered, period)
    data, charts = book["图表数据"], book["图表"]._charts
    labels = [row[0].value for row in data.iter_rows() if row[0].value]
    drawn = [series.cat.strRef for c in charts for series in c.series]
    ranges = {ref.f: [p.v for p in ref.strCache.pt] for ref in drawn if ref}
    assert labels.count("完成数") == 2
    bridges = [held for held in ranges.values() if held[0] == "本期名单行数"]
    assert [held[-1] for held in bridges] == ["任务数", "任务数"]
    for reference, held in ranges.items():
        first, last = (int(p.rpartition("$")[2]) for p in reference.split("!")[1].split(":"))
        assert held == [data.cell(row, 1).value for row in range(first, last + 1)]
