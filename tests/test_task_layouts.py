"""Task breakdown tables as two prefectures' offices draw them: every one says the same tasks, or says what it cannot."""

from __future__ import annotations

import io

import openpyxl
import pytest
from drawing import workbook

from pipeline.ingest import as_filed
from pipeline.model import Status, Submission
from pipeline.model.as_filed import Filed
from pipeline.programme import Programme

YEARS = (2018, 2019, 2020)
ROWS = {
    "220000": ((30, 50, 40), (15, 25, 20)),
    "220100": ((10, 20, 20), (5, 10, 10)),
    "220102": ((4, 8, 8), (2, 4, 4)),
    "220103": ((6, 12, 12), (3, 6, 6)),
    "220200": ((20, 30, 20), (10, 15, 10)),
    "220202": ((12, 14, 9), (6, 8, 4)),
    "220203": ((8, 16, 11), (4, 7, 6)),
}
ALL = {
    (unit, indicator, year): count
    for unit, row in ROWS.items()
    for indicator, counts in zip(("training", "employment"), row, strict=True)
    for year, count in zip(YEARS, counts, strict=True)
}
PREFECTURES = {key: n for key, n in ALL.items() if key[0] in ("220000", "220100", "220200")}

LAYOUTS = {
    "diagonal corner, units in headers, padded names, no 市": (
        """
吉林省手工制作培训就业实施方案任务分配表
项目   \\   地区 | 培训人数（人） | | | 就业人数（人）
 | 2018年 | 2019年 | 2020年 | 2018年 | 2019年 | 2020年
长 春 | #10 | #20 | #20 | #5 | #10 | #10
吉 林 | #20 | #30 | #20 | #10 | #15 | #10
合 计 | #30 | #50 | #40 | #15 | #25 | #20
""",
        PREFECTURES,
    ),
    "cumulative columns": (
        """
任务分解表
地区 | 累计培训人数（人） | | | 就业人数（人）
 | 2018年 | 2019年 | 2020年 | 2018年 | 2019年 | 2020年
长春 | #10 | #30 | #50 | #5 | #10 | #10
吉林 | #20 | #50 | #70 | #10 | #15 | #10
全省 | #30 | #80 | #120 | #15 | #25 | #20
""",
        PREFECTURES,
    ),
    "in ten thousands": (
        """
任务分解表
 | | | 单位：万人
地区 | 2018年培训任务 | 2019年培训任务 | 2020年培训任务 | 2018年就业任务 | 2019年就业任务 | 2020年就业任务
长春市 | #0.001 | #0.002 | #0.002 | #0.0005 | #0.001 | #0.001
吉林市 | 0.0020 | 0.003万 | #0.002 | #0.001 | #0.0015 | #0.001
合计 | #0.003 | #0.005 | #0.004 | #0.0015 | #0.0025 | #0.002
""",
        PREFECTURES,
    ),
    "prefecture rows, counties below with 其中, serial numbers": (
        """
任务分解表
序号 | 地区 | 培训任务 | | | | 就业任务
 | | 2018年 | 2019年 | 2020年 | 小计 | 2018年 | 2019年 | 2020年 | 小计
甲 | 乙 | #1 | #2 | #3 | #4 | #5 | #6 | #7 | #8
 | 总  计 | #30 | #50 | #40 | #120 | #15 | #25 | #20 | #60
一 | 一、长春市 | #10 | #20 | #20 | #50 | #5 | #10 | #10 | #25
#1 | 其中：南关区 | #4 | #8 | #8 | #20 | #2 | #4 | #4 | #10
#2 | 　　　宽城区 | #6 | #12 | #12 | #30 | #3 | #6 | #6 | #15
二 | 二、吉林市 | #20 | #30 | #20 | #70 | #10 | #15 | #10 | #35
#3 | 其中：昌邑区 | #12 | #14 | #9 | #35 | #6 | #8 | #4 | #18
#4 | 　　　龙潭区 | #8 | #16 | #11 | #35 | #4 | #7 | #6 | #17
注：各地可适当调整，#2018 年任务不得减少
填表人：某某 | | 审核人：某某 | | 填表日期：2018年9月14日
""",
        ALL,
    ),
    "小计 below its counties, years across": (
        """
培训就业任务指标分解表
市（州） | 县（市、区） | 2018年 | | 2019年 | | 2020年 | | 三年合计
 | | 培训 | 就业 | 培训 | 就业 | 培训 | 就业 | 培训 | 就业
长春市 | 南关区 | #4 | #2 | #8 | #4 | #8 | #4 | #20 | #10
 | 宽城区 | #6 | #3 | #12 | #6 | #12 | #6 | #30 | #15
 | 小 计 | #10 | #5 | #20 | #10 | #20 | #10 | #50 | #25
吉林市 | 昌邑区 | #12 | #6 | #14 | #8 | #9 | #4 | #35 | #18
 | 龙潭区 | #8 | #4 | #16 | #7 | #11 | #6 | #35 | #17
 | 小 计 | #20 | #10 | #30 | #15 | #20 | #10 | #70 | #35
合 计 | | #30 | #15 | #50 | #25 | #40 | #20 | #120 | #60
""",
        ALL,
    ),
    "one sheet a year": (
        """
== 2018年
残疾妇女任务计划表
地区 | 培训计划人数 | 就业计划人数
长春市 | #10 | #5
南关区 | #4 | #2
宽城区 | #6 | #3
吉林市 | #20 | #10
昌邑区 | #12 | #6
龙潭区 | #8 | #4
合计 | #30 | #15
== 2019年
残疾妇女任务计划表
地区 | 培训计划人数 | 就业计划人数
长春市 | #20 | #10
南关区 | #8 | #4
宽城区 | #12 | #6
吉林市 | #30 | #15
昌邑区 | #14 | #8
龙潭区 | #16 | #7
合计 | #50 | #25
== 2020年
残疾妇女任务计划表
地区 | 培训计划人数 | 就业计划人数
长春市 | #20 | #10
南关区 | #8 | #4
宽城区 | #12 | #6
吉林市 | #20 | #10
昌邑区 | #9 | #4
龙潭区 | #11 | #6
合计 | #40 | #20
""",
        ALL,
    ),
    "one sheet a prefecture": (
        """
== 长春市
长春市任务分解表
县（市、区） | 2018年培训 | 2019年培训 | 2020年培训 | 2018年就业 | 2019年就业 | 2020年就业
南关区 | #4 | #8 | #8 | #2 | #4 | #4
宽城区 | #6 | #12 | #12 | #3 | #6 | #6
长春市合计 | #10 | #20 | #20 | #5 | #10 | #10
== 吉林市
吉林市任务分解表
县（市、区） | 2018年培训 | 2019年培训 | 2020年培训 | 2018年就业 | 2019年就业 | 2020年就业
昌邑区 | #12 | #14 | #9 | #6 | #8 | #4
龙潭区 | #8 | #16 | #11 | #4 | #7 | #6
吉林市小计 | #20 | #30 | #20 | #10 | #15 | #10
""",
        {key: n for key, n in ALL.items() if key[0] != "220000"},
    ),
    "two blocks side by side": (
        """
2018年任务分配表
地区 | 培训任务 | 就业任务 | 地区 | 培训任务 | 就业任务
长春市 | #10 | #5 | 吉林市 | #20 | #10
南关区 | #4 | #2 | 昌邑区 | #12 | #6
宽城区 | #6 | #3 | 龙潭区 | #8 | #4
合计 | #30 | #15
""",
        {key: n for key, n in ALL.items() if key[2] == 2018},
    ),
    "a line for each indicator": (
        """
任务分解表
地区 | 任务类别 | 2018年 | 2019年 | 2020年 | 合计
全省 | 培训 | #30 | #50 | #40 | #120
 | 就业 | #15 | #25 | #20 | #60
长春市 | 培训任务 | #10 | #20 | #20 | #50
 | 就业任务 | #5 | #10 | #10 | #25
吉林市 | 培训任务 | #20 | #30 | #20 | #70
 | 就业任务 | #10 | #15 | #10 | #35
""",
        PREFECTURES,
    ),
    "a line for each year and indicator": (
        """
任务分解表
市州 | 年度 | 项目 | 任务数（人）
长春市 | 2018年 | 培训 | #10
 | 2018年 | 就业 | #5
 | 2019年 | 培训 | #20
 | 2019年 | 就业 | #10
 | 2020年 | 培训 | #20
 | 2020年 | 就业 | #10
""",
        {key: n for key, n in ALL.items() if key[0] == "220100"},
    ),
    "money and parts beside the task": (
        """
2018年手工技能培训就业任务分解表
地区 | 培训任务 | | | 就业任务
 | 任务数（人） | 其中：集中办班 | 补助资金（万元） | 任务数（人） | 带动户均增收（元）
合计 | #30 | #9 | #6.5 | #15 | #3000
长春市 | #10 | #4 | #2 | #5 | #3000
吉林市 | #20 | #5 | #4.5 | #10 | #3000
""",
        {key: n for key, n in PREFECTURES.items() if key[2] == 2018},
    ),
    "what was done is still to be filled in": (
        """
低收入残疾妇女任务汇总表（2018年）
填报单位（公章）：
地区 | 培训 | | 就业
 | 任务数 | 完成数 | 任务数 | 完成数
长春市 | #10 | | #5
吉林市 | #20 | | #10
""".replace("任务汇总表", "目标任务汇总表"),
        {key: n for key, n in PREFECTURES.items() if key[2] == 2018 and key[0] != "220000"},
    ),
    "numbers as people type them": (
        """
2018年任务指标分配表
单位 | 培训指标 | 就业指标
长春市 | 10人 | ５
南关区 | ４ 人 | 2.0
宽城区 | 6名 | #3
吉林地区 | 共20人 | —
""",
        {
            ("220100", "training", 2018): 10, ("220100", "employment", 2018): 5,
            ("220102", "training", 2018): 4, ("220102", "employment", 2018): 2,
            ("220103", "training", 2018): 6, ("220103", "employment", 2018): 3,
            ("220200", "training", 2018): 20,
        },
    ),
    "the header again on the second page": (
        """
任务分解表
地区 | 2018年培训 | 2018年就业
长春市 | #10 | #5
南关区 | #4 | #2
地区 | 2018年培训 | 2018年就业
宽城区 | #6 | #3
""",
        {
            key: n for key, n in ALL.items()
            if key[2] == 2018 and key[0] in ("220100", "220102", "220103")
        },
    ),
    "the office's own share": (
        """
2018年任务分解表
地区 | 培训任务 | 就业任务
长春市 | #10 | #5
长春市本级 | #1 | #0
南关区 | #4 | #2
宽城区 | #5 | #3
""",
        {
            ("220100", "training", 2018): 10, ("220100", "employment", 2018): 5,
            ("220102", "training", 2018): 4, ("220102", "employment", 2018): 2,
            ("220103", "training", 2018): 5, ("220103", "employment", 2018): 3,
        },
    ),
    "a county listed beside its prefecture, said": (
        """
2018年任务分解表
地区 | 培训任务 | 就业任务
四平市（不含公主岭市） | #70 | #30
公主岭市 | #30 | #15
长白山管委会 | #5 | #2
全省合计 | #105 | #47
""",
        {
            ("220300", "training", 2018): 100, ("220300", "employment", 2018): 45,
            ("220381", "training", 2018): 30, ("220381", "employment", 2018): 15,
            ("229900", "training", 2018): 5, ("229900", "employment", 2018): 2,
            ("220000", "training", 2018): 105, ("220000", "employment", 2018): 47,
        },
    ),
    "a county listed beside its prefecture, by the total": (
        """
2018年任务分解表
地区 | 培训任务 | 就业任务
四平市 | #70 | #30
公主岭 | #30 | #15
长白山 | #5 | #2
合计 | #105 | #47
""",
        {
            ("220300", "training", 2018): 100, ("220300", "employment", 2018): 45,
            ("220381", "training", 2018): 30, ("220381", "employment", 2018): 15,
            ("229900", "training", 2018): 5, ("229900", "employment", 2018): 2,
            ("220000", "training", 2018): 105, ("220000", "employment", 2018): 47,
        },
    ),
    "the paper's number and date above, three years in the title": (
        """
附件
吉残联发〔2018〕42号
2018—2020年任务分解表
2018年9月14日
地区 | 培训任务 | | | 就业任务
 | 2018年 | 2019年 | 2018—2020年 | 2018年 | 2019年 | 2018—2020年
长春市 | #10 | #20 | #30 | #5 | #10 | #15
""",
        {
            ("220100", "training", 2018): 10, ("220100", "training", 2019): 20,
            ("220100", "employment", 2018): 5, ("220100", "employment", 2019): 10,
        },
    ),
    "units across, year and task before them": (
        """
任务分解表
年度 | 任务 | 合计（人） | 长春市 | 吉林市
2018年 | 培训 | #30 | #10 | #20
 | 就业 | #15 | #5 | #10
2019年 | 培训 | #50 | #20 | #30
 | 就业 | #25 | #10 | #15
""",
        {key: n for key, n in PREFECTURES.items() if key[2] != 2020},
    ),
    "a heading of places in the office's own words": (
        """
附件1
2018年任务分解表
各市州情况 | 培训任务（人次） | 就业任务（人） | 备注
长春市 | #10 | #5 | 含双阳区
吉林市 | #20 | #10
合计（人） | #30 | #15
""",
        {key: n for key, n in PREFECTURES.items() if key[2] == 2018},
    ),
    "three rows of heading": (
        """
贫困残疾妇女手工制作培训就业任务分解表（2018—2020年）
地区 | 三年总任务 | | 分年度任务
 | 培训 | 就业 | 2018年 | | 2019年 | | 2020年
 | | | 培训 | 就业 | 培训 | 就业 | 培训 | 就业
全省 | #120 | #60 | #30 | #15 | #50 | #25 | #40 | #20
长春市 | #50 | #25 | #10 | #5 | #20 | #10 | #20 | #10
吉林市 | #70 | #35 | #20 | #10 | #30 | #15 | #20 | #10
""",
        PREFECTURES,
    ),
    "years in two digits, 合计 in the counties' column, the whole as 总数": (
        """
任务分解表
各市（州） | 县（市、区）名称 | 培训任务 | | | 就业任务
 | | 18年 | 19年 | 二〇二〇年 | 18年 | 19年 | 二〇二〇年
长春市 | 合计 | #10 | #20 | #20 | #5 | #10 | #10
 | 南关区 | #4 | #8 | #8 | #2 | #4 | #4
 | 宽城区 | #6 | #12 | #12 | #3 | #6 | #6
吉林市 | 昌邑区 | #12 | #14 | #9 | #6 | #8 | #4
 | 龙潭区 | #8 | #16 | #11 | #4 | #7 | #6
 | 合计 | #20 | #30 | #20 | #10 | #15 | #10
总数 | | #30 | #50 | #40 | #15 | #25 | #20
""",
        ALL,
    ),
    "units across, prefectures above their counties": (
        """
任务分解表
项目 \\ 地区 | 长春市 | | | 吉林市 | | | 合计
 | 小计 | 南关区 | 宽城区 | 小计 | 昌邑区 | 龙潭区
2018年培训任务 | #10 | #4 | #6 | #20 | #12 | #8 | #30
2019年培训任务 | #20 | #8 | #12 | #30 | #14 | #16 | #50
2020年培训任务 | #20 | #8 | #12 | #20 | #9 | #11 | #40
2018年就业任务 | #5 | #2 | #3 | #10 | #6 | #4 | #15
2019年就业任务 | #10 | #4 | #6 | #15 | #8 | #7 | #25
2020年就业任务 | #10 | #4 | #6 | #10 | #4 | #6 | #20
""",
        ALL,
    ),
}  # fmt: skip


def read(content: bytes, programme: Programme, name: str = "附件.xlsx") -> Filed:
    return as_filed(Submission(name, "0", "", content), programme)


def tasks(filed: Filed) -> dict[tuple[object, object, object], object]:
    return {(t["unit"], t["indicator"], t["year"]): t["count"] for t in filed.lines["targets"]}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_says_its_tasks(layout: str, programme: Programme) -> None:
    picture, expected = LAYOUTS[layout]
    filed = read(workbook(picture), programme)
    assert filed.status == Status.TASK_TABLE
    assert [f"{i.cell} {i.message}" for i in filed.issues] == []
    assert tasks(filed) == expected


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_task_is_at_its_cell(layout: str, programme: Programme) -> None:
    picture, _ = LAYOUTS[layout]
    content = workbook(picture)
    book = openpyxl.load_workbook(io.BytesIO(content))
    so_far = "cumulative" in layout or "beside its prefecture" in layout
    for line in read(content, programme).lines["targets"]:
        cell = book[str(line["sheet"])][f"{line['column']}{line['row']}"]
        written = str(cell.value).strip("共人名万 ").replace("４", "4").replace("５", "5")
        number = round(float(written) * (10_000 if "ten thousands" in layout else 1))
        assert number == line["count"] or so_far, line
        assert number >= 0


def test_a_merged_table_says_what_the_drawn_one_says(programme: Programme) -> None:
    """Group headings and prefectures over merged cells, as office programs write them."""
    picture, expected = LAYOUTS["小计 below its counties, years across"]
    book = openpyxl.load_workbook(io.BytesIO(workbook(picture)))
    sheet = book.active
    assert sheet is not None
    for merge in ("A1:J1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:H2", "I2:J2", "A4:A6", "A7:A9",
                  "A10:B10"):  # fmt: skip
        sheet.merge_cells(merge)
    assert tasks(read(bytes_of(book), programme)) == expected


def test_sums_that_nobody_has_calculated_are_those_of_their_parts(programme: Programme) -> None:
    """Formulas without a result: the sums need none, a county's task does and is said."""
    picture, expected = LAYOUTS["小计 below its counties, years across"]
    book = openpyxl.load_workbook(io.BytesIO(workbook(picture)))
    sheet = book.active
    assert sheet is not None
    for column in "CDEFGHIJ":
        sheet[f"{column}6"] = f"=SUM({column}4:{column}5)"
        sheet[f"{column}10"] = f"={column}6+{column}9"
    for row in range(4, 11):
        sheet[f"I{row}"] = f"=C{row}+E{row}+G{row}"
    sheet["C4"] = "=2+2"
    filed = read(bytes_of(book), programme)
    assert [(i.rule, i.cell) for i in filed.issues] == [("S36", "C4")]
    derived = {("220100", i, y) for i in ("training", "employment") for y in YEARS}
    derived |= {("220000", i, y) for i in ("training", "employment") for y in YEARS}
    gone = {*derived, ("220102", "training", 2018)}
    assert tasks(filed) == {key: n for key, n in expected.items() if key not in gone}


@pytest.mark.parametrize(
    ("row", "rule", "cell"),
    [
        ("长春市 | #11 | #5", "S08", "B3"),
        ("长春市 | 若干 | #5", "S36", "B3"),
        ("长春市 | #10 | #5\n长春 | #12 | #5", "S37", "B4"),
        ("火星区 | #1 | #1", "S09", "A3"),
    ],
)
def test_what_is_not_taken_as_written_is_said(
    row: str, rule: str, cell: str, programme: Programme
) -> None:
    picture = (
        f"2018年任务分解表\n地区 | 培训任务 | 就业任务\n{row}\n南关区 | #4 | #2\n宽城区 | #6 | #3"
    )
    found = {(i.rule, i.cell) for i in read(workbook(picture), programme).issues}
    assert (rule, cell) in found


def test_persons_in_ten_thousands_are_whole_persons(programme: Programme) -> None:
    picture = "2018年任务分解表（单位：万人）\n地区 | 培训任务\n长春市 | #0.00105\n吉林市 | #1.25"
    filed = read(workbook(picture), programme)
    assert [(i.rule, i.cell) for i in filed.issues] == [("S36", "B3")]
    assert tasks(filed) == {("220200", "training", 2018): 12500}


@pytest.mark.parametrize(
    "picture",
    [
        "2018年目标任务完成情况汇总表\n地区 | 培训任务 | 培训完成 | 就业任务 | 就业完成\n长春市 | #10 | #9 | #5 | #4",
        "2018年培训就业情况统计表\n地区 | 2018年培训人数 | 2018年就业人数\n长春市 | #9 | #4",
    ],
)
def test_what_was_done_is_no_task(picture: str, programme: Programme) -> None:
    assert read(workbook(picture), programme).status != Status.TASK_TABLE


def bytes_of(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_county_that_bears_its_citys_name_is_meant_among_its_counties(
    programme: Programme,
) -> None:
    picture = """
任务分解表
序号 | 地区 | 县（市、区） | 2018年培训任务
 | 合计 | | #50
1 | 通化市 | 小计 | #50
 | | 东昌 | #20
 | | 通化 | #30
"""
    content = workbook(picture)
    filed = as_filed(Submission("任务分解表.xlsx", "0" * 64, "", content), programme)
    tasks = {line["unit"]: line["count"] for line in filed.lines["targets"]}
    assert (tasks["220500"], tasks["220502"], tasks["220521"]) == (50, 20, 30)
