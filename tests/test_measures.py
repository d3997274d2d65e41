"""What an indicator counts is data: persons, rows, a sum, a share."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawing import id_no, workbook
from months import month

from pipeline.programme import Programme
from pipeline.programme.measures import read_measure

WANG, LI, ZHAO = (id_no(f"220102197803{n:02d}002") for n in range(1, 4))
HEADER = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 就业单位 | 就业时间 | 月收入（元） | 就业形式"
ROSTER = f"""
== 就业
填报单位：南关区残联 | | 填报日期：2018年11月26日
{HEADER}
王秀英 | 女 | {WANG} | {WANG}43 | 是 | 编织社 | 2018-10-08 | 800 | 灵活就业
王秀英 | 女 | {WANG} | {WANG}43 | 是 | 手工坊 | 2018-10-09 | 450.5 | 灵活就业
李桂兰 | 女 | {LI} | {LI}43 | 是 | 编织社 | 2018-10-08 | 1200 | 集中就业
赵玉梅 | 女 | {ZHAO} | {ZHAO}43 | 否 | 编织社 | 2018-10-08 | 9999 | 集中就业
"""


def measured(programme: Programme, measure: str) -> Programme:
    """The programme whose employment is measured otherwise."""
    kinds = [
        replace(i, measure=read_measure(measure)) if i.name == "employment" else i
        for i in programme.indicators
    ]
    return replace(programme, indicators=tuple(kinds))


@pytest.mark.parametrize(
    ("measure", "counted", "attendances"),
    [
        ("persons", 2, 3),
        ("rows", 3, 3),
        ("sum:income_yuan", 2450, 3),
        ("share:job_form=flexible", 2, 3),
    ],
)
def test_a_measure_says_what_is_counted(
    measure: str, counted: int, attendances: int, programme: Programme
) -> None:
    """Of a share the rows that say the code, among those that say anything; no returned row counts."""
    codes = programme.code_words["job_form"]
    measure = measure.replace("flexible", codes.get("灵活就业", ""))
    files = {"2018-11/a.xlsx": workbook(ROSTER)}
    table = month(files, measured(programme, measure), "2018-11").table
    for scope in ("year", "cumulative"):
        own = table[(table["indicator"] == "employment") & (table["scope"] == scope)]
        for level in ("county", "province"):
            of_level = own[own["level"] == level]
            assert of_level["counted"].sum() == counted
            assert of_level["attendances"].sum() == attendances
