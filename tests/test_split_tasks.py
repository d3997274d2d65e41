"""及时分解任务指标: a prefecture's task divided by figures that are there, edited, and dropped back into the inbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from drawing import drop, workbook
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ask.split_tasks import divided
from pipeline.cli import cli
from pipeline.ingest import as_filed
from pipeline.model import Status, Submission
from pipeline.programme import Programme

TASKS = """
全省任务分解表
地区 | 2018年培训任务 | 2019年培训任务 | 2019年就业任务
白城市 | #9 | #101 | #33
洮北区 | #4 | |
镇赉县 | #5 | |
通榆县 | #0
洮南市 | #0
大安市 | #0
松原市 | | #10 |
"""
COUNTIES = ("洮北区", "镇赉县", "通榆县", "洮南市", "大安市")
SURVEY = "县（市、区） | 摸底人数（人） | 备注\n" + "\n".join(
    f"{name} | #{count}" for name, count in zip(COUNTIES, (310, 200, 150, 200, 141), strict=True)
)
REGISTERED = "地区 | 持证残疾妇女数\n" + "\n".join(f"{name} | #100" for name in COUNTIES)
ROSTER = """
填报单位：洮北区残联 | | 填报日期：2018年11月26日
姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | <22080219780305002> | <22080219780305002+43> | 是 | 2018-09-03 | 2018-09-07
"""
PAPER = "任务分解建议.xlsx"


def targets(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), "targets", *words])


def parts_of(
    home: Path, programme: Programme, name: str = PAPER
) -> dict[tuple[str, int], dict[str, int]]:
    """The counties' tasks that the workbook says when it is read as it would be from the inbox."""
    content = (home / "outbox" / "任务分解" / name).read_bytes()
    filed = as_filed(Submission(name, "0", "", content), programme)
    assert filed.status == Status.TASK_TABLE
    assert [f"{i.cell} {i.message}" for i in filed.issues] == []
    found: dict[tuple[str, int], dict[str, int]] = {}
    for line in filed.lines["targets"]:
        key = str(line["indicator"]), int(str(line["year"]))
        unit = programme.gazetteer.name(str(line["unit"]))
        found.setdefault(key, {})[unit] = int(str(line["count"]))
    return found


@settings(max_examples=100)
@given(
    st.integers(0, 5000),
    st.lists(st.integers(0, 3000), min_size=1, max_size=12).filter(any),
)
def test_the_parts_make_the_whole_and_none_is_off_by_one(total: int, counts: list[int]) -> None:
    of = {f"{n:03}": count for n, count in enumerate(counts)}
    parts = divided(total, of)
    assert sum(parts.values()) == total
    for unit, count in of.items():
        assert abs(parts[unit] - total * count / sum(counts)) < 1
        assert not (count == 0 and parts[unit])


def test_nothing_is_made_up_where_there_is_no_basis(home: Path, programme: Programme) -> None:
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    result = targets(home, "--split")
    assert result.exit_code == 0, result.output
    assert (
        "白城市 2019年培训 101：未分解，没有摸底调查数；没有残疾人登记数；没有上年完成数"
        in result.output
    )
    handed_down = {"training": {"白城市": 101, "松原市": 10}, "employment": {"白城市": 33}}
    assert parts_of(home, programme) == {(name, 2019): of for name, of in handed_down.items()}


def test_a_survey_goes_before_the_register(home: Path, programme: Programme) -> None:
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    drop(home / "inbox", "摸底.xlsx", SURVEY)
    drop(home / "inbox", "登记.xlsx", REGISTERED)
    result = targets(home, "--split")
    assert "白城市 2019年培训 101：按摸底调查数（摸底.xlsx）分给 5 个县（市、区）" in result.output
    assert (
        "松原市 2019年培训 10：未分解，摸底调查数缺宁江区、前郭尔罗斯蒙古族自治县、长岭县等"
        in result.output
    )
    parts = parts_of(home, programme)
    assert parts["training", 2019] == {
        "白城市": 101, "洮北区": 32, "镇赉县": 20, "通榆县": 15, "洮南市": 20, "大安市": 14, "松原市": 10,
    }  # fmt: skip
    assert sum(parts["employment", 2019][c] for c in COUNTIES) == 33
    assert ("training", 2018) not in parts  # is divided already
    targets(home, "--split", "--by", "登记")
    even = parts_of(home, programme)["training", 2019]
    assert sorted(even[c] for c in COUNTIES) == [20, 20, 20, 20, 21]


def test_a_basis_that_lacks_a_county_is_not_used_and_the_county_named(home: Path) -> None:
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    drop(home / "inbox", "摸底.xlsx", SURVEY.replace("大安市", "火星区"))
    result = targets(home, "--by", "摸底")
    assert "白城市 2019年培训 101：未分解，摸底调查数缺大安市" in result.output


def test_what_counties_did_in_the_year_before_divides_the_next(
    home: Path, programme: Programme
) -> None:
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    for n, county in enumerate(COUNTIES, 1):
        head, row = ROSTER.replace("洮北区", county).strip().rsplit("\n", 1)
        rows = [row.replace("0305", f"{n:02d}{day:02d}") for day in range(1, n + 1)]
        drop(home / "inbox", f"2018-11/{county}.xlsx", "\n".join([head, *rows]))
    assert CliRunner().invoke(cli, ["--home", str(home), "run", "2018-11"]).exit_code in (0, 1)
    result = targets(home, "--split", "--by", "上年")
    assert (
        "白城市 2019年培训 101：按2018年完成数（outbox/2018-11）分给 5 个县（市、区）"
        in result.output
    )
    parts = parts_of(home, programme)["training", 2019]
    assert [parts[county] for county in COUNTIES] == [7, 13, 20, 27, 34]  # 1, 2, 3, 4 and 5 of 15


def test_reference_lists_of_each_county_are_a_register(home: Path) -> None:
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    for n, county in enumerate(COUNTIES):
        rows = "\n".join(
            f"王某 | <2208021978{m:02d}{n + 1:02d}002+43> | 正常" for m in range(1, 4 + n)
        )
        picture = f"{county}残疾人证状态名单\n姓名 | 残疾人证号 | 证件状态\n{rows}\n李某 | <22080219700101002+43> | 注销"
        drop(home / "inbox", f"{county}持证名单.xlsx", picture)
    result = targets(home, "--split", "--by", "登记")
    assert "白城市 2019年培训 101：按残疾人证状态名单女性人数" in result.output


HOMES = {
    "a county's column": ("市（州） | 县（市、区）", lambda county: f"白城市 | {county}"),
    "its short name": ("所属县（市、区）", lambda county: county.rstrip("市县区")),
    "an address": ("户籍地址", lambda county: f"吉林省白城市{county}幸福街12号"),
    "the column before the address": (
        "家庭住址 | 所属县（市、区）", lambda county: f"吉林省长春市南关区某街 | {county}",
    ),
}  # fmt: skip


def register_of(header: str, home_of: Callable[[str], str]) -> str:
    """A province's register: n + 1 women in the nth county, of whom one was cancelled, and a man in each."""
    rows = [f"残疾人登记名册\n姓名 | 残疾人证号 | 证件状态 | {header}"]
    for n, county in enumerate(COUNTIES):
        for m in range(n + 2):
            state = "注销" if m == n + 1 else "正常"
            rows.append(
                f"王某 | <2208021978{m + 1:02d}{n + 1:02d}002+43> | {state} | {home_of(county)}"
            )
        rows.append(f"张某 | <2208021978{n + 1:02d}28001+43> | 正常 | {home_of(county)}")
    return "\n".join(rows)


@pytest.mark.parametrize("where", HOMES)
def test_a_register_of_the_province_counts_the_women_of_each_county(
    where: str, home: Path, programme: Programme
) -> None:
    header, home_of = HOMES[where]
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    nowhere = " | " * header.count("|")
    left_out = f"\n李某 | <22080219650101002+43> | 正常 | {nowhere}"
    drop(home / "inbox", "名册.xlsx", register_of(header, home_of) + left_out)
    result = targets(home, "--split", "--by", "登记")
    assert (
        "白城市 2019年培训 101：按残疾人证状态名单女性人数（名册.xlsx，另有 1 人没有写明县（市、区），未计）分给 5 个县"
        in result.output
    )
    parts = parts_of(home, programme)["training", 2019]
    assert [parts[county] for county in COUNTIES] == [7, 13, 20, 27, 34]  # 1, 2, 3, 4 and 5 of 15


def test_a_register_that_says_nobodys_county_divides_nothing(home: Path) -> None:
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    drop(home / "inbox", "名册.xlsx", register_of("残疾类别", lambda county: "肢体"))
    result = targets(home, "--by", "登记")
    assert (
        "2019年培训 101：未分解，残疾人证状态名单女性人数没有分县（市、区）：名单里没有写明各人在哪个县"
        in result.output
    )


def test_the_newest_register_stands(home: Path, programme: Programme) -> None:
    header, home_of = HOMES["a county's column"]
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    new = register_of(header, home_of)
    old = new.replace("残疾人登记名册", "残疾人登记名册\n制表日期：2017年1月1日").replace(
        "洮北区", "大安市"
    )
    drop(home / "inbox", "旧.xlsx", old)
    drop(
        home / "inbox",
        "新.xlsx",
        new.replace("残疾人登记名册", "残疾人登记名册\n制表日期：2018年6月1日"),
    )
    assert (
        "按残疾人证状态名单女性人数（新.xlsx）" in targets(home, "--split", "--by", "登记").output
    )
    assert parts_of(home, programme)["training", 2019]["洮北区"] == 7


def test_the_edited_proposal_is_the_task_of_the_next_run(home: Path, programme: Programme) -> None:
    """Out, edited by hand, back into the inbox: the counties have their tasks, and sums are held against the table."""
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    drop(home / "inbox", "摸底.xlsx", SURVEY)
    drop(home / "inbox", "2019-11/a.xlsx", ROSTER.replace("2018", "2019"))
    targets(home, "2019-11", "--split")
    book = openpyxl.load_workbook(home / "outbox" / "任务分解" / PAPER)
    sheet = book["任务分解表"]
    place = {str(row[1].value): row for row in sheet.iter_rows(min_row=5)}
    before = int(str(place["洮北区"][2].value))
    place["洮北区"][2].value = before - 2
    place["镇赉县"][2].value = int(str(place["镇赉县"][2].value)) + 2
    book.save(home / "inbox" / PAPER)
    result = CliRunner().invoke(cli, ["--home", str(home), "run", "2019-11"])
    assert result.exit_code in (0, 1), result.output
    figures = (home / "outbox/2019-11/data/figures.csv").read_text("utf-8-sig")
    assert f"220802,洮北区,county,training,2019,year,{before - 2}," in figures
    assert "220800,白城市,prefecture,training,2019,year,101," in figures
    issues = (home / "outbox/2019-11/data/issues.csv").read_text("utf-8-sig")
    assert "S08" not in issues
    assert "任务分解的基数" not in issues
    assert targets(home, "2019-11").output.startswith("松原市")


def test_without_a_task_table_there_is_nothing_to_divide(home: Path) -> None:
    drop(home / "inbox", "2018-11/a.xlsx", ROSTER)
    assert "没有任务分解表" in targets(home).output


@pytest.mark.parametrize("picture", [SURVEY, REGISTERED])
def test_a_basis_is_no_return_and_is_said_to_be_what_it_is(
    picture: str, programme: Programme
) -> None:
    filed = as_filed(Submission("摸底.xlsx", "0", "", workbook(picture)), programme)
    assert (filed.status, filed.reason) == (Status.NOT_A_RETURN, "分解任务用的基数，不是报表")
    assert len(filed.lines["bases"]) == len(COUNTIES)
    assert filed.issues == ()
