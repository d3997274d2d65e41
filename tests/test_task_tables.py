"""Task breakdown tables, laid out as offices lay them out: all say the same targets."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from drawing import drop, workbook
from months import month

from pipeline.cli import cli
from pipeline.ingest import as_filed
from pipeline.model import Status, Submission
from pipeline.model.as_filed import Filed
from pipeline.programme import Programme

LAYOUTS = {
    "two header rows, total first": """
全省任务分解表
地区 | 培训任务 | | | | 就业任务
 | 2018年 | 2019年 | 2020年 | 合计 | 2018年 | 2019年 | 2020年 | 合计
全省合计 | #10 | #20 | #20 | #50 | #5 | #10 | #10 | #25
长春市 | #10 | #20 | #20 | #50 | #5 | #10 | #10 | #25
南关区 | #4 | #8 | #8 | #20 | #2 | #4 | #4 | #10
宽城区 | #6 | #12 | #12 | #30 | #3 | #6 | #6 | #15
""",
    "prefecture column, subtotal rows, total last": """
任务分配表
单位：人
序号 | 市（州） | 县（市、区） | 培训任务 | | | | 就业任务 | | | | 备注
 | | | 2018年 | 2019年 | 2020年 | 小计 | 2018年 | 2019年 | 2020年 | 小计
1 | 长春市 | 小计 | #10 | #20 | #20 | #50 | #5 | #10 | #10 | #25
2 | | 南关区 | #4 | #8 | #8 | #20 | #2 | #4 | #4 | #10
3 | | 宽城区 | #6 | #12 | #12 | #30 | #3 | #6 | #6 | #15
 | 合计 | | #10 | #20 | #20 | #50 | #5 | #10 | #10 | #25
""",
    "one sheet an indicator": """
== 培训
培训任务分解表
地区 | 2018年 | 2019年 | 2020年 | 合计
长春 | #10 | #20 | #20 | #50
南关区 | #4 | #8 | #8 | #20
宽城区 | #6 | #12 | #12 | #30
合计 | #10 | #20 | #20 | #50
== 就业
就业任务分解表
地区 | 2018年 | 2019年 | 2020年 | 合计
长春 | #5 | #10 | #10 | #25
南关区 | #2 | #4 | #4 | #10
宽城区 | #3 | #6 | #6 | #15
合计 | #5 | #10 | #10 | #25
""",
    "long: a line for each year": """
任务分解表
地区 | 年度 | 培训任务 | 就业任务
长春市 | 2018年 | #10 | #5
长春市 | 2019年 | #20 | #10
长春市 | 2020年 | #20 | #10
南关区 | 2018 | #4 | #2
南关区 | 2019 | #8 | #4
南关区 | 2020 | #8 | #4
宽城区 | #2018 | #6 | #3
宽城区 | #2019 | #12 | #6
宽城区 | #2020 | #12 | #6
全省合计 | 2018年 | #10 | #5
全省合计 | 2019年 | #20 | #10
全省合计 | 2020年 | #20 | #10
""",
    "units across": """
任务分解表
项目\\地区 | 合计 | 长春市 | 南关区 | 宽城区
2018年培训任务 | #10 | #10 | #4 | #6
2019年培训任务 | #20 | #20 | #8 | #12
2020年培训任务 | #20 | #20 | #8 | #12
2018年就业任务 | #5 | #5 | #2 | #3
2019年就业任务 | #10 | #10 | #4 | #6
2020年就业任务 | #10 | #10 | #4 | #6
""",
    "one header row, padded names": """
任务分解表
地区 | 2018年培训任务（人） | 2019年培训任务（人） | 2020年培训任务（人） | 2018年就业任务（人） | 2019年就业任务（人） | 2020年就业任务（人）
长 春 | #10 | #20 | #20 | #5 | #10 | #10
南 关 | #4 | #8 | #8 | #2 | #4 | #4
宽 城 | #6 | #12 | #12 | #3 | #6 | #6
合  计 | #10 | #20 | #20 | #5 | #10 | #10
""",
    "years above indicators": """
任务指标分解表
地区 | 2018年 | | 2019年 | | 2020年
 | 培训人数 | 就业人数 | 培训人数 | 就业人数 | 培训人数 | 就业人数
长春市 | #10 | #5 | #20 | #10 | #20 | #10
南关区 | #4 | #2 | #8 | #4 | #8 | #4
宽城区 | #6 | #3 | #12 | #6 | #12 | #6
全省 | #10 | #5 | #20 | #10 | #20 | #10
""",
    "year only in the title": """
2018年任务分解表
单位 | 培训任务数（名） | 就业任务数（名）
长春市 | #10 | #5
南关区 | #4 | #2
宽城区 | #6 | #3
合计 | #10 | #5
""",
}
ROWS = {
    "220000": ((10, 20, 20), (5, 10, 10)),
    "220100": ((10, 20, 20), (5, 10, 10)),
    "220102": ((4, 8, 8), (2, 4, 4)),
    "220103": ((6, 12, 12), (3, 6, 6)),
}
TARGETS = {
    (unit, indicator, year): count
    for unit, row in ROWS.items()
    for indicator, counts in zip(("training", "employment"), row, strict=True)
    for year, count in zip((2018, 2019, 2020), counts, strict=True)
}


def read(picture: str, programme: Programme, name: str = "附件.xlsx") -> Filed:
    return as_filed(Submission(name, "0", "", workbook(picture)), programme)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_says_the_same(layout: str, programme: Programme) -> None:
    reading = read(LAYOUTS[layout], programme)
    assert reading.status == Status.TASK_TABLE
    assert reading.issues == ()
    read_tasks = {
        (t["unit"], t["indicator"], t["year"]): t["count"] for t in reading.lines["targets"]
    }
    years = {2018} if layout == "year only in the title" else {2018, 2019, 2020}
    assert read_tasks == {key: count for key, count in TARGETS.items() if key[2] in years}


@pytest.mark.parametrize(
    ("cell", "wrong", "place", "expected"),
    [
        (
            "宽城区 | #6 | #12",
            "宽城区 | #7 | #12",
            "E7",
            "宽城区培训各年之和：分项合计 31，表中写 30",
        ),
        (
            "长春市 | #10 | #20",
            "长春市 | #10 | #21",
            "C5",
            "长春市培训2019年各地之和：分项合计 20，表中写 21",
        ),
    ],
)
def test_sums_are_checked_at_their_cell(
    cell: str, wrong: str, place: str, expected: str, programme: Programme
) -> None:
    picture = LAYOUTS["two header rows, total first"]
    assert cell in picture
    found = {i.cell: i.message for i in read(picture.replace(cell, wrong, 1), programme).issues}
    assert place in found
    assert expected in found[place]


def test_a_place_nobody_knows_is_said(programme: Programme) -> None:
    picture = (
        LAYOUTS["two header rows, total first"] + "火星区 | #1 | #1 | #1 | #3 | #1 | #1 | #1 | #3"
    )
    assert [(i.rule, i.cell) for i in read(picture, programme).issues] == [("S09", "A8")]


def test_a_summary_of_what_was_done_is_no_task_table(programme: Programme) -> None:
    done = """
2018年任务完成情况汇总表
地区 | 培训完成 | 就业完成
南关区 | #3 | #2
"""
    assert read(done, programme).status != Status.TASK_TABLE


ROSTER = """
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-03 | 2018-09-07
"""
FIRST = """
2018年任务分解表
地区 | 培训任务
长春市 | #10
南关区 | #4
宽城区 | #6
"""


def test_a_later_table_replaces_an_earlier_one_and_what_changed_is_listed(home: Path) -> None:
    drop(home / "inbox", "2018-11/a.xlsx", ROSTER)
    drop(home / "inbox", "任务分解表.xlsx", FIRST)
    later = FIRST.replace("南关区 | #4", "南关区 | #7").replace("长春市 | #10", "长春市 | #13")
    drop(home / "inbox", "任务分解表（调整后终稿）.xlsx", later)
    result = CliRunner().invoke(cli, ["--home", str(home), "run", "2018-11"])
    assert "任务数有调整：南关区 2018年培训 4 → 7（任务分解表（调整后终稿）.xlsx）" in result.output
    assert "任务数有调整：长春市 2018年培训 10 → 13" in result.output
    assert "宽城区 2018" not in result.output
    page = (home / "outbox/2018-11/index.html").read_text("utf-8")
    assert "任务分解表有调整 2 项：" in page
    assert "南关区 2018年培训 4 → 7" in page
    table = (home / "outbox/2018-11/data/targets.csv").read_text("utf-8-sig").splitlines()
    assert table[2] == (
        "220102,南关区,training,2018,7,任务分解表（调整后终稿）.xlsx,Sheet1,B4,4,任务分解表.xlsx,Sheet1,B4"
    )


def test_counties_of_one_table_are_held_against_the_prefecture_of_another(
    programme: Programme,
) -> None:
    top, below = FIRST.splitlines()[:4], FIRST.splitlines()[:3] + FIRST.splitlines()[4:]
    files = {
        "a省下达任务分解表.xlsx": workbook("\n".join(top)),
        "b长春市任务分解表.xlsx": workbook("\n".join(below).replace("#6", "#5")),
        "2018-11/a.xlsx": workbook(ROSTER),
    }
    figures = month(files, programme, "2018-11")
    (issue,) = [i for i in figures.issues if i.rule == "S08"]
    assert (issue.file, issue.cell) == ("b长春市任务分解表.xlsx", "B4")
    assert issue.message.startswith("长春市培训2018年各地之和：分项合计 9，表中写 10")
    targets = figures.more["targets"]
    assert dict(zip(targets["unit"], targets["target"], strict=True)) == {
        "220100": 10, "220102": 4, "220103": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "later", "days"),
    [
        ("b.xlsx", "a.xlsx", ("填表日期：2018年3月1日", "填表日期：2018年9月1日")),
        ("b任务20180301.xlsx", "a20180901任务.xlsx", ("", "")),
    ],
)
def test_the_day_says_which_of_two_tables_is_the_later(
    earlier: str, later: str, days: tuple[str, str], programme: Programme
) -> None:
    files = {
        earlier: workbook(f"{FIRST}{days[0]}"),
        later: workbook(f"{FIRST.replace('#4', '#7')}{days[1]}"),
        "2018-11/a.xlsx": workbook(ROSTER),
    }
    figures = month(files, programme, "2018-11")
    (issue,) = [i for i in figures.issues if i.rule == "S28"]
    assert (issue.file, "本表较新" in issue.message) == (later, True)
