"""绩效评价: every point follows from what is said beside it; where evidence is missing it is said, not scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest
from delivered import MONTHS, csv_of
from drawing import id_no, workbook
from months import frame
from openpyxl import load_workbook
from supervising import PATH, TRAINED, person, roster, supervised, trained

from pipeline.home import Home
from pipeline.programme import Programme

COUNTY, OTHER = "220122", "220182"
FIRST = PATH.format(unit="农安县", kind="培训")
MENDED = FIRST.replace(".xlsx", "（修改）.xlsx")
TASKS = """
== 任务分解表
全省贫困残疾妇女就业脱贫行动任务分解表
地区 | 培训任务（人） |  |  | 就业任务（人） |  |
 | 2018年 | 2019年 | 2020年 | 2018年 | 2019年 | 2020年
农安县 | #8 | #0 | #0 | #0 | #0 | #0
"""
LISTED = trained(person(n) for n in range(4))
FAULTY = [("丙某", id_no(person(9)[0])[:-1], *LISTED[0][2:])]


def parts_of(files: Mapping[str, bytes], programme: Programme, unit: str) -> pd.DataFrame:
    """The appraisal of one county, by part."""
    found = frame(supervised(files, programme).performance)
    return found[found["unit"] == unit].set_index("part")


def listed(rows: list[tuple[str, ...]], day: str = "2018-11-26") -> bytes:
    return roster("农安县", "培训", TRAINED, rows, day)


def test_each_part_is_measured_and_explained(programme: Programme) -> None:
    files = {FIRST: listed(LISTED), "全省任务分解表.xlsx": workbook(TASKS)}
    own = parts_of(files, programme, COUNTY)
    assert own["value"].drop(["", "inspected"]).to_dict() == {
        "completion": 50.0, "timeliness": 0.0, "first_pass": 100.0, "rounds": 1.0, "doubtful": 0.0,
    }  # fmt: skip
    assert own.loc["completion", "why"] == "培训 4/8"
    assert own.loc["completion", "points"] == 12.5
    assert own["points"].isna()["inspected"]
    assert own.loc["", "why"] == "专项检查未评：没有报回检查结论"
    assert (own.loc["", "points"], own.loc["", "of"]) == (72.5, 85)
    assert own.loc["", "value"] == round(72.5 * 100 / 85, 1)


def test_what_was_returned_costs_a_round_until_it_is_mended(programme: Programme) -> None:
    once = parts_of({FIRST: listed(LISTED + FAULTY)}, programme, COUNTY)
    assert (once.loc["first_pass", "value"], once.loc["rounds", "value"]) == (80.0, 2.0)
    assert "还有 1 行退回" in str(once.loc["rounds", "why"])
    both = {FIRST: listed(LISTED + FAULTY), MENDED: listed(LISTED)}
    mended = parts_of(both, programme, COUNTY)
    assert (mended.loc["first_pass", "value"], mended.loc["rounds", "value"]) == (80.0, 2.0)
    assert mended.loc["rounds", "why"] == "报 2 次，没有退回的行"


@pytest.mark.parametrize(
    ("day", "late", "points"), [("2018-12-01", 0.0, 15.0), ("2018-12-03", 2.0, 0.0)]
)
def test_who_files_after_the_deadline_is_late(
    programme: Programme, day: str, late: float, points: float
) -> None:
    own = parts_of({FIRST: listed(LISTED, day)}, programme, COUNTY).loc["timeliness"]
    assert (own["value"], own["points"]) == (late, points)
    assert day in own["why"]


def test_missing_evidence_is_said_and_not_scored(programme: Programme) -> None:
    own = parts_of({FIRST: listed(LISTED, "")}, programme, COUNTY)
    assert own["why"].drop("").to_dict() == {
        "completion": "没有任务数", "timeliness": "报表上没有填报日期",
        "first_pass": "第一次报 4 行，没有错误", "rounds": "报 1 次，没有退回的行",
        "doubtful": own.loc["doubtful", "why"], "inspected": "没有报回检查结论",
    }  # fmt: skip
    assert own.loc["", "of"] == 45
    silent = parts_of({FIRST: listed(LISTED)}, programme, OTHER)
    assert silent.loc["timeliness", "points"] == 0.0
    assert silent.loc["timeliness", "why"] == "截至本次汇总没有报，期限 2018-12-01"
    assert silent["points"].isna()["rounds"]


def test_a_month_without_a_deadline_is_not_timed_unless_a_day_is_set(programme: Programme) -> None:
    undated = replace(programme, deadline="6月1日")
    files = {FIRST: listed(LISTED, "2018-12-06")}
    assert parts_of(files, undated, COUNTY).loc["timeliness", "why"] == "本期没有规定报送期限"
    timed = [replace(a, due_day=5) if a.name == "timeliness" else a for a in programme.appraisals]
    own = parts_of(files, replace(undated, appraisals=tuple(timed)), COUNTY).loc["timeliness"]
    assert own["why"] == "填报日期 2018-12-06，期限 2018-12-05，迟 1 天"


def test_the_delivered_appraisal_follows_from_the_figures(
    delivered: Home, programme: Programme
) -> None:
    last = MONTHS[-1]
    found = csv_of(delivered, last, "performance.csv")
    figures = csv_of(delivered, last, "figures.csv")
    tasks = figures[(figures["scope"] == "year") & (figures["level"] == "county") & (figures["target"] > 0)]  # fmt: skip
    rates = (tasks["counted"] / tasks["target"]).clip(upper=1).groupby(tasks["unit"]).mean() * 100
    rated = found[(found["part"] == "completion") & (found["why"] != "没有任务数")]
    given = rated.set_index("unit")["value"].astype(float)
    assert len(given) > 50
    assert (given - rates.reindex(given.index)).abs().max() < 0.051
    parts = found[found["part"] != ""]
    whole = found[found["part"] == ""].set_index("unit")
    points = pd.to_numeric(parts["points"]).groupby(parts["unit"]).sum()
    assert (points - whole["points"].astype(float).reindex(points.index)).abs().max() < 0.051
    assert (parts["why"] != "").all()
    sheet = load_workbook(delivered.outbox / last / "绩效评价.xlsx")["绩效评价"]
    values = [row[3] for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]]
    assert len(values) == found["unit"].nunique()
    ranked = [value for value in values if isinstance(value, int | float)]
    assert ranked == sorted(ranked, reverse=True)
