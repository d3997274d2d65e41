"""暂计: a figure that lacks a county or waits for an answer says so, with the range it could move in."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from delivered import MONTHS, csv_of, parquet_of, summary_of
from drawing import id_no, workbook
from months import month

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
    own_county = (covered["unit"] == "229900") & (covered["level"] == "county")
    assert len(lines) == covered[~own_county]["provisional"].sum()
    page = (delivered.outbox / LAST / "index.html").read_text("utf-8")
    assert "暂计，可能在" in page


HER = [id_no(f"220102197803{n:02d}002") for n in range(1, 9)]


def roster(kind: str, *women: str, filed: str = "填报日期：2018年11月26日") -> bytes:
    """南关区's roster; a woman's number as filed."""
    begun = {"培训": "开班时间 | 结业时间", "就业": "就业时间"}[kind]
    days = {"培训": "2018-09-03 | 2018-09-07", "就业": "2018-10-08"}[kind]
    lines = [
        f"填报单位：南关区残联 | | {filed}",
        f"姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | {begun}",
    ]
    names = dict(
        zip(HER, ("王英", "李兰", "赵梅", "孙丽", "周琴", "吴凤", "郑洁", "冯玉"), strict=True)
    )
    lines += [f"{names[w]} | {w} | {w}43 | 是 | {days}" for w in women]
    return workbook(f"== {kind}\n" + "\n".join(lines))


def covered_by(files: dict[str, bytes], programme: Programme, indicator: str) -> dict[str, Any]:
    """The line of 南关区's year."""
    table = month(files, programme, "2018-11").more["coverage"]
    own = table[(table["unit"] == "220102") & (table["scope"] == "year")]
    (line,) = own[own["indicator"] == indicator].to_dict("records")
    return {str(name): value for name, value in line.items()}


def test_two_files_of_which_only_the_path_chose_are_in_the_range(programme: Programme) -> None:
    files = {
        "2018-11/a.xlsx": roster("培训", *HER[:4], filed=""),
        "2018-11/b.xlsx": roster("培训", *HER[1:4], *HER[4:6], filed=""),
    }
    line = covered_by(files, programme, "training")
    assert (line["counted"], line["least"], line["most"]) == (5, 3, 6)
    assert line["why"] == "南关区两份名单哪一份有效待裁定"
    dated = dict(files, **{"2018-11/b.xlsx": roster("培训", *HER[1:6])})
    dated["2018-11/a.xlsx"] = roster("培训", *HER[:4], filed="填报日期：2018年11月20日")
    assert covered_by(dated, programme, "training")["provisional"] == 0


def test_who_filed_one_roster_and_not_the_other_is_no_silent_zero(programme: Programme) -> None:
    files = {"2018-11/a.xlsx": roster("培训", *HER[:2])}
    line = covered_by(files, programme, "employment")
    assert (line["counted"], line["why"]) == (0, "南关区本期未报就业名单（本年尚未报送）")
    files["2018-10/a.xlsx"] = roster("就业", HER[0], filed="填报日期：2018年10月26日")
    line = covered_by(files, programme, "employment")
    assert (line["counted"], line["why"]) == (1, "南关区本期未报就业名单（沿用 2018-10 的名单）")


def test_a_sheet_returned_in_whole_could_still_count(programme: Programme) -> None:
    picture = (
        "填报单位：南关区残联\n姓名 | 残疾类别 | 是否建档立卡 | 就业时间 | 就业单位\n"
        + "\n".join(f"王秀{n} | 肢体 | 是 | 2018-10-08 | 编织社" for n in "英芬芳")
    )
    files = {"2018-11/就业花名册.xlsx": workbook("== 就业\n" + picture)}
    line = covered_by(files, programme, "employment")
    assert (line["counted"], line["most"]) == (0, 3)
    assert "就业花名册.xlsx 有 3 行随整张表退回，未计" in line["why"]


def test_a_file_of_a_known_unit_that_cannot_be_opened_is_named(programme: Programme) -> None:
    files = {
        "2018-11/a.xlsx": roster("培训", *HER[:2]),
        "2018-11/南关区就业花名册.xlsx": b"PK\x03\x04 broken",
    }
    line = covered_by(files, programme, "employment")
    assert "南关区就业花名册.xlsx 打不开" in line["why"]
