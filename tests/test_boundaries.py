"""Units through time: one county under two codes and two prefectures, and one without a code."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from drawing import id_no, workbook
from months import Totals, month

from pipeline.programme import Programme

OLD, NEW, BEFORE, AFTER = "220381", "220184", "220300", "220100"
LAST_DAY, FIRST_DAY = date(2020, 6, 30), date(2020, 7, 1)
TASKS = """
== 任务分解表
吉林省培训任务分解表
地区 | 培训任务 | | |
 | 2018年 | 2019年 | 2020年 | 合计
全省合计 | #9 | #9 | #9 | #27
长春市 | #2 | #2 | #2 | #6
南关区 | #2 | #2 | #2 | #6
四平市 | #7 | #7 | #7 | #21
公主岭市 | #3 | #3 | #3 | #9
梨树县 | #4 | #4 | #4 | #12
"""


def roster(unit: str, filed: str, *women: tuple[int, str]) -> bytes:
    """Women by number, each with the day her course began."""
    lines = [
        f"{n} | 王秀英 | 女 | {id_no(f'220381197803{n:02d}002')} | {id_no(f'220381197803{n:02d}002')}43 | 是 | {day} | {day}"
        for n, day in women
    ]
    return workbook(
        f"== 培训\n填报单位：{unit} | | 填报日期：{filed}\n"
        "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间\n"
        + "\n".join(lines)
    )


def line(table: pd.DataFrame, unit: str, level: str, scope: str = "year") -> dict[str, object]:
    found = table[
        (table["unit"] == unit)
        & (table["level"] == level)
        & (table["indicator"] == "training")
        & (table["scope"] == scope)
    ]
    (row,) = found.to_dict("records")
    return {str(name): value for name, value in row.items()}


def counted(table: pd.DataFrame, unit: str, level: str, scope: str = "year") -> object:
    return line(table, unit, level, scope)["counted"]


HISTORY = {
    "2018-12/公主岭.xlsx": roster(
        "公主岭市残联", "2018年12月26日", (1, "2018-09-03"), (2, "2018-09-03")
    ),
    "2019-12/公主岭.xlsx": roster(
        "公主岭市残联", "2019年12月26日", (2, "2019-05-06"), (3, "2019-05-06")
    ),
    "2020-06/公主岭.xlsx": roster(
        "公主岭市残联", "2020年6月26日", (3, "2020-05-06"), (4, "2020-05-06")
    ),
    "2020-09/公主岭.xlsx": roster(
        "公主岭市残联", "2020年9月26日", (4, "2020-05-06"), (5, "2020-08-03")
    ),
    "2020-09/梨树.xlsx": roster("梨树县残联", "2020年9月26日", (6, "2020-05-06")),
    "全省任务分解表.xlsx": workbook(TASKS),
}


def until(period: str, programme: Programme) -> Totals:
    return month(
        {k: v for k, v in HISTORY.items() if k[:7] <= period or k[0] != "2"}, programme, period
    )


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("公主岭市残联", LAST_DAY, OLD),
        ("公主岭市残联", FIRST_DAY, NEW),
        ("四平市公主岭市残联", LAST_DAY, OLD),
        ("四平市公主岭市残联", FIRST_DAY, NEW),  # the old prefecture still on the letterhead
        ("长春市公主岭市残联", LAST_DAY, OLD),  # the new one before its time
        ("220381", FIRST_DAY, NEW),
        ("220184", LAST_DAY, OLD),
        ("220184 公主岭市", FIRST_DAY, NEW),
    ],
)
def test_a_county_is_found_under_the_code_of_the_day(
    text: str, day: date, code: str, programme: Programme
) -> None:
    assert programme.gazetteer.find_one(text, day) == code


def test_a_return_under_the_new_code_supersedes_the_one_under_the_old(programme: Programme) -> None:
    figures = until("2020-09", programme)
    status = {i.path: (i.status, i.unit) for i in figures.inputs}
    assert status["2020-06/公主岭.xlsx"] == ("superseded", OLD)
    assert status["2020-09/公主岭.xlsx"] == ("accepted", NEW)
    assert counted(figures.table, NEW, "county") == 2


def test_before_the_change_the_county_is_the_old_prefectures(programme: Programme) -> None:
    table = until("2020-06", programme).table
    assert counted(table, OLD, "county") == 2
    assert counted(table, BEFORE, "prefecture") == 2
    assert counted(table, AFTER, "prefecture") == 0
    assert NEW not in set(table["unit"])
    assert counted(table, OLD, "county", "cumulative") == 4


def test_on_todays_boundaries_it_was_the_new_prefectures_all_along(programme: Programme) -> None:
    today = until("2018-12", programme).today
    assert counted(today, NEW, "county") == 2
    assert counted(today, AFTER, "prefecture") == 2
    assert counted(today, BEFORE, "prefecture") == 0
    assert OLD not in set(today["unit"])


def test_a_person_of_both_codes_is_one_cumulatively(programme: Programme) -> None:
    """Women 2, 3 and 4 were filed again after a year or a change of code: five women in all."""
    figures = until("2020-09", programme)
    assert counted(figures.table, NEW, "county", "cumulative") == 5
    assert counted(figures.table, "220000", "province", "cumulative") == 6
    assert counted(figures.table, AFTER, "prefecture", "cumulative") == 5
    assert counted(figures.table, BEFORE, "prefecture", "cumulative") == 1


@pytest.mark.parametrize("period", ["2018-12", "2020-06", "2020-09"])
def test_counties_add_up_to_prefectures_and_they_to_the_province(
    period: str, programme: Programme
) -> None:
    figures = until(period, programme)
    for table in (figures.table, figures.today):
        for _, of_one in table.groupby(["indicator", "scope"]):
            sums = of_one.groupby("level")["counted"].sum()
            assert sums["county"] == sums["prefecture"] == sums["province"]


def test_a_prefectures_task_follows_its_counties(programme: Programme) -> None:
    """The table of 2018 gives 四平 7 a year, 3 of them for 公主岭."""
    before, after = until("2020-06", programme), until("2020-09", programme)
    assert line(before.table, BEFORE, "prefecture")["target"] == 7
    assert line(before.table, AFTER, "prefecture")["target"] == 2
    assert line(before.today, BEFORE, "prefecture")["target"] == 4
    assert line(before.today, AFTER, "prefecture")["target"] == 5
    assert line(after.table, BEFORE, "prefecture", "cumulative")["target"] == 12
    assert line(after.table, AFTER, "prefecture", "cumulative")["target"] == 15
    assert line(after.table, NEW, "county", "cumulative")["target"] == 9


def test_a_claim_of_the_old_code_and_one_of_the_new_are_one_units(programme: Programme) -> None:
    files = HISTORY | {
        "2020-09/南关.xlsx": roster("南关区残联", "2020年9月26日", (2, "2020-05-06")),
    }
    figures = month(files, programme, "2020-09")
    # residence unknown, so the earlier start: 公主岭 in 2019, under its old code
    assert counted(figures.table, NEW, "county", "cumulative") == 5
    assert counted(figures.table, "220102", "county", "cumulative") == 0
    assert counted(figures.table, "220102", "county") == 1


def test_a_bundle_under_the_old_prefecture_after_the_change(programme: Programme) -> None:
    bundle = (
        "== 培训\n填报单位：四平市残联 | | 填报日期：2020年9月26日\n"
        "序号 | 县（市、区） | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间\n"
        "1 | 公主岭市 | 王秀英 | 女 | <22038119780301002> | <22038119780301002+43> | 是 | 2020-08-03 | 2020-08-03\n"
        "2 | 220381 | 李桂兰 | 女 | <22038119780302002> | <22038119780302002+43> | 是 | 2020-08-03 | 2020-08-03\n"
        "3 | 梨树县 | 赵玉梅 | 女 | <22038119780303002> | <22038119780303002+43> | 是 | 2020-08-03 | 2020-08-03"
    )
    figures = month({"2020-09/四平.xlsx": workbook(bundle)}, programme, "2020-09")
    assert counted(figures.table, NEW, "county") == 2
    assert counted(figures.table, "220322", "county") == 1
    assert NEW not in figures.not_filed


@pytest.mark.parametrize(
    ("filer", "period", "theirs"),
    [(BEFORE, "2020-06", 2), (BEFORE, "2020-09", 1), (AFTER, "2020-09", 2)],
)
def test_each_prefecture_counts_the_county_while_it_is_its_own(
    filer: str, period: str, theirs: int, programme: Programme
) -> None:
    figures = month(
        {k: v for k, v in HISTORY.items() if k[:7] <= period or k[0] != "2"},
        programme.for_filer(filer),
        period,
    )
    sums = figures.table.groupby(["indicator", "scope", "level"])["counted"].sum()
    assert counted(figures.table, filer, "prefecture") == theirs
    assert sums["training", "year", "county"] == theirs
    assert sums["training", "cumulative", "county"] == counted(
        figures.table, filer, "prefecture", "cumulative"
    )


def test_a_unit_without_a_national_code_stands_at_both_levels(programme: Programme) -> None:
    for period in ("2018-12", "2020-12"):
        filed = f"{period[:4]}年12月26日"
        files = {f"{period}/a.xlsx": roster("长白山管委会残联", filed, (1, f"{period[:4]}-09-03"))}
        table = month(files, programme, period).table
        assert counted(table, "229900", "county") == counted(table, "229900", "prefecture") == 1
