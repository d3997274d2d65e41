"""A made-up province run through the whole job, both months: what its tests read is what was delivered."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from openpyxl import Workbook, load_workbook

from pipeline.home import Home, open_home
from pipeline.run import run
from pipeline.sample import make_province
from pipeline.send import write_sent_page

MONTHS = ("2018-10", "2018-11")
SUMMARY = "全省汇总表.xlsx"
_BLANK = ("value", "target", "month_before", "over_month", "over_month_rate", "year_before", "over_year",
          "over_year_rate", "rank_before", "rank_change", "median_before", "followed", "median_gain")  # fmt: skip


def deliver_province(folder: Path) -> Home:
    """Both months of a made-up province, delivered into folder/outbox."""
    home = open_home(folder)
    programme = home.programme()
    make_province(folder, programme)
    for period in MONTHS:
        run(home, period, programme)
    write_sent_page(home, programme)  # as the command does
    return home


def csv_of(home: Home, period: str, name: str) -> pd.DataFrame:
    """A CSV table of a delivered month, codes as text."""
    text = dict.fromkeys(
        ("unit", "detail", "year", "indicator", "scope", "value_of", "dimension"), str
    )
    file = home.outbox / period / "data" / name
    blank = {name: [""] for name in _BLANK}
    return pd.read_csv(file, dtype=text, keep_default_na=False, na_values=blank)


def parquet_of(home: Home, period: str, name: str) -> pd.DataFrame:
    """A Parquet table of a delivered month."""
    return pd.read_parquet(home.outbox / period / "data" / name)


def summary_of(home: Home, period: str) -> Workbook:
    """The summary workbook as it was delivered."""
    return load_workbook(home.outbox / period / SUMMARY)
