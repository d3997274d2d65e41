"""暂计: a figure that lacks a county or waits for an answer says so, with the range it could move in."""

from __future__ import annotations

import pandas as pd
import pytest
from delivered import MONTHS, csv_of, parquet_of, summary_of

from pipeline.home import Home
from pipeline.programme import Programme

LAST = MONTHS[-1]


@pytest.fixture(scope="module")
def covered(delivered: Home) -> pd.DataFrame:
    return csv_of(delivered, LAST, "coverage.csv")


def test_every_figure_lies_in_its_range(delivered: Home, covered: pd.DataFrame) -> None:
    figures = csv_of(delivered, LAST, "figures.csv")
    assert len(covered) == len(figures)
    assert (covered["counted"].to_numpy() == figures["counted"].to_numpy()).all()
    assert (covered["least"] <= covered["counted"]).all()
    assert (covered["counted"] <= covered["most"]).all()
    assert (covered["least"] >= 0).all()


def test_a_figure_without_a_county_names_it(
    delivered: Home, covered: pd.DataFrame, programme: Programme
) -> None:
    import json

    receipt = json.loads((delivered.outbox / LAST / "data" / "run.json").read_text("utf-8"))
    assert receipt["not_filed"]
    for code in receipt["not_filed"]:
        own = covered[(covered["unit"] == code) | (covered["level"] == "province")]
        assert own["provisional"].all()
        assert own["why"].str.contains(f"{programme.gazetteer.name(code)}本期未报").all()


def test_returned_rows_that_could_still_count_are_in_the_range(
    delivered: Home, covered: pd.DataFrame
) -> None:
    rows = parquet_of(delivered, LAST, "rows.parquet")
    own = rows[(rows["begun"] == LAST[:4]) & (rows["unit"] != "") & (rows["fate"] != "superseded")]
    county = covered[(covered["level"] == "county") & (covered["scope"] == "year")]
    county = county[county["provisional"] == 0]
    seen = 0
    for line in county.to_dict("records"):
        unit, indicator = line["unit"], line["indicator"]
        of_unit = own[(own["entity"] == unit) & (own["indicator"] == indicator)]
        counted = set(of_unit[of_unit["fate"] == "counted"]["person"])
        returned = of_unit[of_unit["fate"] == "returned"]
        named = set(returned[returned["person"] != ""]["person"]) - counted
        could = len(named) + (returned["person"] == "").sum()
        assert line["most"] == line["counted"] + could, unit
        seen += could
    assert seen > 0


def test_open_pairs_could_be_one_person(delivered: Home, covered: pd.DataFrame) -> None:
    pairs = csv_of(delivered, LAST, "probable.csv")
    province = covered[(covered["level"] == "province") & (covered["scope"] == "year")]
    lost = (province["counted"] - province["least"]).sum()
    assert 0 < lost <= 2 * len(pairs)


def test_the_summary_and_the_page_say_provisional(delivered: Home, covered: pd.DataFrame) -> None:
    book = summary_of(delivered, LAST)
    lines = [r for r in book["暂计说明"].iter_rows(min_row=5, values_only=True) if r[1]]
    assert len(lines) == covered["provisional"].sum()
    page = (delivered.outbox / LAST / "index.html").read_text("utf-8")
    assert "暂计，可能在" in page
