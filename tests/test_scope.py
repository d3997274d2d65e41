"""Returns that list only what is new (scope = "period"): what they state, who has filed, what stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from as_if_alone import Case, Cases
from drawing import drop, id_no, workbook
from months import frame, month

from pipeline.home import open_home
from pipeline.model import Issue
from pipeline.programme import Programme
from pipeline.run import run

WANG, LI, ZHAO = (id_no(f"220102197803{n:02d}002") for n in range(1, 4))
DAYS = {"2018-10": "2018年10月26日", "2018-11": "2018年11月26日"}


def roster(
    period: str, *women: str, stated: str = "", unit: str = "南关区", filed: str = ""
) -> str:
    """A roster of women by number; `stated` is what the totals sheet says: 本期完成=2."""
    lines = [
        f"== 培训\n填报单位：{unit}残联 | | 填报日期：{filed or DAYS[period]}",
        "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间",
    ]
    lines += [f"王秀英 | 女 | {w} | {w}43 | 是 | {period}-03 | {period}-07" for w in women]
    lines += [] if women else ["零报告"]
    if stated:
        header, _, count = stated.partition("=")
        lines += [
            f"== 任务完成情况汇总表\n填报单位：{unit}残联",
            f"指标 | 年度任务 | {header}",
            f"培训人数 | #10 | #{count}",
        ]
    return "\n".join(lines)


def counted(table: pd.DataFrame) -> int:
    top = table[(table["level"] == "province") & (table["indicator"] == "training")]
    return int(top[top["scope"] == "year"]["counted"].iloc[0])


def stated_wrongly(issues: Iterable[Issue]) -> list[str]:
    return [f"{i.file} {i.cell}" for i in issues if i.rule == "S06"]


BESIDE = {
    "2018-10/a.xlsx": roster("2018-10", WANG, LI),
    "2018-11/a.xlsx": roster("2018-11", ZHAO),
}


def test_where_a_return_lists_the_year_the_newest_stands(programme: Programme) -> None:
    files = {path: workbook(picture) for path, picture in BESIDE.items()}
    assert counted(month(files, programme, "2018-11").table) == 1


cases = Cases()


@cases()
def a_period_filed_again_replaces_that_period_alone() -> Case:
    figures = yield {
        "2018-10/a.xlsx": roster("2018-10", WANG, LI),
        "2018-10/b.xlsx": roster("2018-10", WANG, LI, filed="2018年11月28日"),
        "2018-11/a.xlsx": roster("2018-11", ZHAO),
    }
    assert figures.counted() == 3
    assert {i.path: i.status for i in figures.inputs}["2018-10/a.xlsx"] == "superseded"


@cases()
def who_is_listed_again_is_one_person() -> Case:
    figures = yield {
        "2018-10/a.xlsx": roster("2018-10", WANG, LI),
        "2018-11/a.xlsx": roster("2018-11", WANG),
    }
    assert figures.counted() == 2
    assert sum(i.merged for i in figures.inputs) == 1
    assert all(i.balances for i in figures.inputs)


@cases()
def nothing_new_is_a_return_that_leaves_the_others_standing() -> Case:
    figures = yield {"2018-10/a.xlsx": roster("2018-10", WANG), "2018-11/a.xlsx": roster("2018-11")}
    assert figures.counted() == 1
    assert "220102" not in figures.not_filed


@cases()
def who_files_nothing_has_not_filed_whoever_else_does() -> Case:
    figures = yield {
        "2018-10/a.xlsx": roster("2018-10", WANG),
        "2018-11/b.xlsx": roster("2018-11", unit="宽城区"),
    }
    assert figures.not_filed == {"220102"}


@cases(
    [
        ("本期完成=1", []),
        ("本期完成=3", ["2018-11/a.xlsx C3"]),
        ("累计完成=3", []),
        ("累计完成=1", ["2018-11/a.xlsx C3"]),
        ("本年完成=3", []),
        ("完成数=1", []),  # says neither: the period's or the year's will do
        ("完成数=3", []),
        ("完成数=2", ["2018-11/a.xlsx C3"]),
    ],
)
def a_total_is_held_against_what_it_covers(stated: str, wrong: list[str]) -> Case:
    figures = yield {
        "2018-10/a.xlsx": roster("2018-10", WANG, LI),
        "2018-11/a.xlsx": roster("2018-11", ZHAO, stated=stated),
    }
    assert [figures.drawn(place) for place in stated_wrongly(figures.issues)] == wrong


@cases()
def an_older_total_is_not_held_against_what_came_later() -> Case:
    figures = yield {
        "2018-10/a.xlsx": roster("2018-10", WANG, LI, stated="累计完成=2"),
        "2018-11/a.xlsx": roster("2018-11", ZHAO),
    }
    assert stated_wrongly(figures.issues) == []


@pytest.fixture(scope="module")
def faults(programme: Programme) -> dict[str, Exception | None]:
    return cases.faults(replace(programme, scope="period"), "2018-11")


@pytest.mark.parametrize("name", cases)
def test_the_case(name: str, faults: dict[str, Exception | None]) -> None:
    if fault := faults[name]:
        raise fault


def test_a_years_roster_reads_no_total_of_the_period(programme: Programme) -> None:
    files = {"2018-11/a.xlsx": workbook(roster("2018-11", WANG, LI, stated="本期完成=1"))}
    assert stated_wrongly(month(files, programme, "2018-11").issues) == []


def test_where_each_lists_what_is_new_every_return_stands_beside_the_others(
    home: Path, programme: Programme
) -> None:
    each = replace(programme, scope="period")
    for path, picture in BESIDE.items():
        drop(home / "inbox", path, picture)
    figures, receipt = run(open_home(home), "2018-11", each)
    assert counted(frame(figures.table)) == 3
    assert not list(receipt.folder.glob("退回/*/减少名单.xlsx"))
    assert ">3 <small>" in (receipt.folder / "index.html").read_text(encoding="utf-8")
