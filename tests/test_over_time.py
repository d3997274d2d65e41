"""环比、同比: when the persons of every figure came, and each figure against the month and the year before."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
import pytest
from delivered import MONTHS, csv_of, parquet_of
from drawing import id_no, workbook
from months import Totals, month

from pipeline.home import Home
from pipeline.programme import Programme

LAST = MONTHS[-1]
WHOLE = ["unit", "level", "indicator", "scope"]
BEFORE = ("month_before", "over_month", "year_before", "over_year")


def roster(unit: str, period: str, *begun: str) -> bytes:
    """A return that lists a woman for each day on which one began; in every year the same women."""
    lines = [
        f"填报单位：{unit}残联 | | 填报日期：{period[:4]}年{int(period[5:])}月26日",
        "姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 就业时间 | 就业单位 | 月收入（元）",
    ]
    for n, day in enumerate(begun, 1):
        number = id_no(f"{'220102' if unit == '南关区' else '220103'}197803{n:02d}002")
        income = 1000 + 100 * n + 500 * (day[:4] == "2019")
        lines.append(f"王秀英 | {number} | {number}43 | 是 | {day} | 编织社 | {income}")
    return workbook("== 就业\n" + "\n".join(lines))


@pytest.fixture(scope="module")
def two_years(programme: Programme) -> Totals:
    """南关区 in both years from September on; 宽城区 in the November of the second alone."""
    of_2018 = ("2018-03-01", "2018-10-08", "2018-11-05")
    of_2019 = ("2019-02-01", "2019-10-08", "2019-11-05", "2019-11-06")
    files = {
        "2018-09/a.xlsx": roster("南关区", "2018-09", *of_2018[:1]),
        "2018-10/a.xlsx": roster("南关区", "2018-10", *of_2018[:2]),
        "2018-11/a.xlsx": roster("南关区", "2018-11", *of_2018),
        "2019-09/a.xlsx": roster("南关区", "2019-09", *of_2019[:1]),
        "2019-10/a.xlsx": roster("南关区", "2019-10", *of_2019[:2]),
        "2019-11/a.xlsx": roster("南关区", "2019-11", *of_2019),
        "2019-11/b.xlsx": roster("宽城区", "2019-11", "2019-03-01", "2019-11-08"),
    }
    return month(files, programme, "2019-11")


def compared(totals: Totals, unit: str, scope: str, basis: str) -> dict[Hashable, Any]:
    found = totals.more["comparisons"]
    own = found[
        (found["unit"] == unit)
        & (found["indicator"] == "employment")
        & (found["scope"] == scope)
        & (found["basis"] == basis)
    ]
    (line,) = own.astype(object).where(own.notna(), None).to_dict("records")
    return line


@pytest.mark.parametrize(
    ("scope", "basis", "now", "expected"),
    [
        ("month", "listed", 2, (1, 1, 1, 1)),
        ("month", "began", 2, (1, 1, 1, 1)),
        ("year", "listed", 4, (2, 2, 3, 1)),
        ("year", "began", 4, (2, 2, 3, 1)),
        ("cumulative", "listed", 4, (3, 1, 3, 1)),
    ],
)
def test_a_county_is_held_against_itself(
    two_years: Totals, scope: str, basis: str, now: int, expected: tuple[int, ...]
) -> None:
    line = compared(two_years, "220102", scope, basis)
    assert (line["now"], tuple(line[word] for word in BEFORE)) == (now, expected)


def test_who_never_filed_before_is_no_zero(two_years: Totals) -> None:
    own = compared(two_years, "220103", "year", "listed")
    assert own["now"] == 2
    assert [own[word] for word in BEFORE] == [None] * 4


def test_a_first_return_is_not_all_new(two_years: Totals) -> None:
    """What a county lists in the first return of a year did not all come in that month."""
    assert compared(two_years, "220103", "month", "listed")["month_before"] is None


def test_a_sum_compares_those_that_can_be_and_says_who_is_left_out(two_years: Totals) -> None:
    line = compared(two_years, "220000", "year", "listed")
    assert line["now"] == 6
    assert [line[word] for word in BEFORE] == [2, 2, 3, 1]
    assert line["over_year_rate"] == round(1 / 3, 4)
    others = sum(two_years.table["level"].eq("county") & two_years.table["scope"].eq("year")) // 2
    assert line["year_without"] == others - 1


def test_income_is_held_against_the_year_before(two_years: Totals) -> None:
    amounts = two_years.more["amounts"]
    own = amounts[(amounts["unit"] == "220102") & (amounts["scope"] == "year")]
    (line,) = own[own["dimension"] == "income"].to_dict("records")
    assert line["median"] == 1750
    assert line["median_before"] == 1200
    assert (line["followed"], line["median_gain"]) == (3, 500)


@pytest.mark.parametrize("basis", ["listed", "began"])
def test_the_months_add_up_to_the_figure(delivered: Home, basis: str) -> None:
    figures = csv_of(delivered, LAST, "figures.csv").set_index(WHOLE)["counted"]
    monthly = csv_of(delivered, LAST, "monthly.csv")
    own = monthly[(monthly["basis"] == basis) & monthly["year"].isin(["", LAST[:4]])]
    sums = own.groupby(WHOLE)["persons"].sum().reindex(figures.index).fillna(0)
    assert (sums == figures).all()
    assert figures.sum() > 0


def test_each_month_is_counted_anew_from_the_persons(delivered: Home) -> None:
    people = parquet_of(delivered, LAST, "people.parquet")
    own = people[(people["fate"] == "counted") & (people["year"] == LAST[:4])]
    began = own["start"].str[:7].rename("month")
    expected = own.groupby(["counted_for", "indicator", began]).size()
    monthly = csv_of(delivered, LAST, "monthly.csv")
    county = monthly[
        (monthly["level"] == "county")
        & (monthly["scope"] == "year")
        & (monthly["basis"] == "began")
        & (monthly["year"] == LAST[:4])
    ]
    found = county.set_index(["unit", "indicator", "month"])["persons"]
    assert found.sort_index().to_dict() == expected.sort_index().to_dict()
    assert len(found) > 100


def test_the_month_before_is_what_the_october_returns_list(delivered: Home) -> None:
    """By the rows of every return, whatever became of them since, without the comparison's own question."""
    rows = parquet_of(delivered, LAST, "rows.parquet")
    counted = rows[(rows["fate"] == "counted") & (rows["begun"] == LAST[:4])]
    listed = rows[(rows["period"] == MONTHS[0]) & (rows["unit"] != "")]
    known = set(zip(listed["indicator"], listed["person"], strict=True))
    before = [key in known for key in zip(counted["indicator"], counted["person"], strict=True)]
    expected = counted[before].groupby(["entity", "indicator"]).size()
    found = csv_of(delivered, LAST, "comparisons.csv")
    county = found[
        (found["level"] == "county") & (found["scope"] == "year") & (found["basis"] == "listed")
    ]
    with_before = county[county["month_before"].notna()]
    assert len(with_before) > 80
    for line in with_before.to_dict("records"):
        assert line["month_before"] == expected.get((line["unit"], line["indicator"]), 0), line
        assert line["over_month"] == line["now"] - line["month_before"]


def test_counties_and_prefectures_add_up(delivered: Home) -> None:
    monthly = csv_of(delivered, LAST, "monthly.csv")
    of = ["indicator", "scope", "year", "basis", "month"]
    sums: list[pd.Series[int]] = [
        monthly[monthly["level"] == level].groupby(of)["persons"].sum()
        for level in ("county", "prefecture", "province")
    ]
    assert sums[0].equals(sums[2])
    assert sums[1].equals(sums[2])
