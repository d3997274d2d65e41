"""构成: each figure divided anew from people.parquet, parts against wholes, counties against the province."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from delivered import MONTHS, csv_of, parquet_of, summary_of
from drawing import id_no, workbook
from months import filed, month, submissions

from pipeline.ask import Tracer, newest
from pipeline.home import Home
from pipeline.programme import Breakdown, Programme

LAST = MONTHS[-1]
WHOLE = ["unit", "level", "indicator", "scope"]


@pytest.fixture(scope="module")
def divided(delivered: Home) -> pd.DataFrame:
    file = delivered.outbox / LAST / "data" / "breakdowns.csv"
    return pd.read_csv(file, dtype={"unit": str}, keep_default_na=False)


def test_the_whole_is_the_figure(delivered: Home, divided: pd.DataFrame) -> None:
    figures = csv_of(delivered, LAST, "figures.csv").set_index(WHOLE)["counted"]
    whole = divided[(divided["dimension"] == "") & (divided["scope"] != "new")]
    found = whole.set_index(WHOLE)["persons"].reindex(figures.index).fillna(0)
    assert (found == figures).all()


def test_the_parts_add_up_to_the_whole(divided: pd.DataFrame, programme: Programme) -> None:
    whole = divided[divided["dimension"] == ""].set_index(WHOLE)["persons"]
    parts = divided[~divided["dimension"].isin(["", "trained_employed_craft"])]
    sums = parts.groupby([*WHOLE, "dimension"])["persons"].sum()
    assert {name for *_, name in sums.index} >= {b.name for b in programme.breakdowns}
    for line in sums.reset_index().to_dict("records"):
        assert line["persons"] == whole[tuple(line[word] for word in WHOLE)], line


def test_the_counties_add_up_to_the_province(divided: pd.DataFrame) -> None:
    of = ["indicator", "scope", "dimension", "value"]
    below, above = (
        divided[divided["level"] == level].groupby(of)["persons"].sum()
        for level in ("county", "province")
    )
    assert len(above) > 100
    assert below.equals(above)


@pytest.mark.parametrize("dimension", ["category", "education_level", "course", "contracts"])
def test_words_are_those_of_the_persons_counted(
    delivered: Home, divided: pd.DataFrame, programme: Programme, dimension: str
) -> None:
    (field,) = [b.field for b in programme.breakdowns if b.name == dimension]
    people = parquet_of(delivered, LAST, "people.parquet")
    own = people[(people["fate"] == "counted") & (people["year"] == LAST[:4])]
    expected = own.groupby(["counted_for", "indicator", field]).size()
    county = divided[
        (divided["level"] == "county")
        & (divided["scope"] == "year")
        & (divided["dimension"] == dimension)
    ]
    assert len(county)
    for line in county.to_dict("records"):
        of = (line["unit"], line["indicator"], line["value"])
        assert expected.loc[of] == line["persons"]


def test_ages_are_those_at_the_end_of_the_period(
    delivered: Home, divided: pd.DataFrame, programme: Programme
) -> None:
    people = parquet_of(delivered, LAST, "people.parquet")
    own = people[(people["fate"] == "counted") & (people["year"] == LAST[:4])]
    own = own[own["birth"] != ""]
    ages = [2018 - int(day[:4]) - (day[5:7] > "11") for day in own["birth"]]
    expected = pd.cut(ages, [0, 16, 30, 40, 50, 60, 200], right=False).value_counts()
    found = divided[
        (divided["level"] == "province")
        & (divided["scope"] == "year")
        & (divided["dimension"] == "age_band")
        & (divided["value"] != "")
    ]
    assert sorted(found.groupby("value")["persons"].sum()) == sorted(n for n in expected if n)


def test_incomes_have_their_median(delivered: Home) -> None:
    amounts = csv_of(delivered, LAST, "amounts.csv")
    people = parquet_of(delivered, LAST, "people.parquet")
    own = people[
        (people["fate"] == "counted")
        & (people["year"] == LAST[:4])
        & (people["indicator"] == "employment")
    ]
    incomes = pd.to_numeric(own["income_yuan"], errors="coerce").dropna()
    whole = amounts[(amounts["level"] == "province") & (amounts["scope"] == "year")]
    (line,) = whole[whole["dimension"] == "income"].itertuples()
    assert (line.persons, line.median) == (len(incomes), round(incomes.median(), 2))
    assert line.first_quartile == round(incomes.quantile(0.25), 2)


def test_the_trained_are_followed_into_employment(delivered: Home, divided: pd.DataFrame) -> None:
    people = parquet_of(delivered, LAST, "people.parquet")
    year = people["year"] == LAST[:4]
    trained = people[(people["indicator"] == "training") & (people["fate"] == "counted") & year]
    worked = people[people["indicator"] == "employment"].groupby("id_no")["start"].apply(list)
    after, before, days = 0, 0, []
    for person in trained.itertuples():
        starts = worked.get(person.id_no, [])
        if later := [start for start in starts if start >= person.start]:
            after += 1
            ended = date.fromisoformat(str(person.finished_on))
            passed = date.fromisoformat(min(later)) - ended
            days.append(max(passed.days, 0))
        elif starts:
            before += 1
    found = divided[(divided["level"] == "province") & (divided["scope"] == "year")]
    own = found[found["dimension"] == "trained_employed"].set_index("value")["persons"]
    assert own.get("此前已有", 0) == before
    assert own["尚未"] == len(trained) - after - before
    crafts = found[found["dimension"] == "trained_employed_craft"]["persons"].sum()
    assert crafts == after > 0
    amounts = csv_of(delivered, LAST, "amounts.csv")
    whole = amounts[(amounts["level"] == "province") & (amounts["scope"] == "year")]
    (line,) = whole[whole["dimension"] == "trained_employed"].itertuples()
    assert (line.persons, line.median) == (after, pd.Series(days).median())


def test_every_cell_of_the_sheet_lists_its_persons(delivered: Home, programme: Programme) -> None:
    cells = csv_of(delivered, LAST, "cells.csv")
    own = cells[(cells["measure"] == "breakdown") & (cells["value"] > 0)].iloc[::12]
    book = summary_of(delivered, LAST)
    assert len(own) > 10
    tracer = Tracer(newest(delivered.outbox, LAST), programme)
    for _, cell in own.iterrows():
        place = f"全省汇总表.xlsx!{cell['sheet']}!{cell['cell']}"
        found = tracer.lineage((place,))
        assert len(found.rows) == book[cell["sheet"]][cell["cell"]].value, place


def test_bands_say_where_they_begin_and_end() -> None:
    spans = Breakdown("age", "年龄", "birth", "years", (16, 60), "岁").spans
    assert [label for *_, label in spans] == ["16岁以下", "16—59岁", "60岁及以上"]
    assert Breakdown("town", "乡镇", "township").spans == ()


def test_a_certificate_is_one_whatever_is_typed_of_it(programme: Programme) -> None:
    """A number, a sort, a tick: there is one. What is private of it stands in no breakdown."""
    typed = ["是", "√", "ZS2018-0093", "初级", "没有", "未取得", "无", "", "/"]
    lines = [
        f"王{n}英 | {number} | {number}43 | 是 | 2018-09-0{n} | 2018-09-10 | {text}"
        for n, text in enumerate(typed, 1)
        for number in [id_no(f"2201021978{n:02d}05{n:02d}2")]
    ]
    header = "姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间 | 是否取得证书"
    picture = "\n".join(["填报单位：南关区残联", header, *lines])
    table = month({"2018-11/a.xlsx": workbook(picture)}, programme, "2018-11").more["breakdowns"]
    own = table[(table["unit"] == "220102") & (table["scope"] == "year")]
    found = own[own["dimension"] == "certificates"].set_index("value")["persons"].to_dict()
    assert found == {"是": 4, "否": 3, "": 2}


def test_what_she_gained_her_year_and_her_household_are_three_columns(programme: Programme) -> None:
    number = id_no("22010219780105012")
    picture = f"""
填报单位：南关区残联
姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 就业时间 | 年增收（元） | 年收入 | 家庭年收入
王秀英 | {number} | {number}43 | 是 | 2018-09-01 | 3000 | 9000 | 26000
"""
    with filed(submissions({"2018-11/a.xlsx": workbook(picture)}), programme) as (part,):
        line = pd.read_parquet(part.tables["rows"]).iloc[0]
    money = [f"f_{field}_yuan" for field in ("income_gain", "yearly_income", "household_income")]
    assert list(line[money]) == ["3000", "9000", "26000"]


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [
        ("月收入（万元）", "#0.3", "3000"),
        ("月收入（万元）", "3000元", "3000"),
        ("月收入", "3,000元/月", "3000"),
        ("月收入", "1万元", "10000"),
        ("月收入", "按件计酬", "按件计酬"),
    ],
)
def test_an_amount_counts_in_the_unit_beside_it_or_above_it(
    header: str, cell: str, value: str, programme: Programme
) -> None:
    number = id_no("22010219780105012")
    picture = f"""
填报单位：南关区残联
姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 就业时间 | {header}
王秀英 | {number} | {number}43 | 是 | 2018-09-01 | {cell}
"""
    with filed(submissions({"2018-11/a.xlsx": workbook(picture)}), programme) as (part,):
        (line,) = pd.read_parquet(part.tables["rows"])["f_income_yuan"]
    assert line == value
