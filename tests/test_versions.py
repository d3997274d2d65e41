"""Which of a unit's files stands, whose it is and when it was filed: small months, drawn.

A case yields its files and goes on with what the month says of them; many are put into one month.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import pytest
from as_if_alone import Case, Cases
from drawing import workbook
from months import Totals, month

from pipeline.ingest import as_filed
from pipeline.model import Changes, Status, Submission
from pipeline.programme import Programme

HEADER = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 户籍地址 | 开班时间 | 结业时间"
NUMBERS = [f"220102{1970 + n}0305002" for n in range(10)]


def row(n: int, *, number: str = "", home: str = "南关区", start: str = "2018-09-01") -> str:
    """The nth woman."""
    known = number or f"<{NUMBERS[n]}>"
    return f"王{'甲乙丙丁戊己庚辛壬癸'[n]}英 | 女 | {known} | <{NUMBERS[n]}+43> | 是 | {home}某街 | {start} | 2018-09-20"


def roster(
    *rows: str,
    title: str = "填报单位：南关区残联 | | 填报日期：2018年11月26日",
    foot: str = "",
    tab: str = "培训花名册",
) -> str:
    return "\n".join([f"== {tab}", title, HEADER, *rows, *filter(None, [foot])])


ALL = [row(n) for n in range(6)]
WRONG = row(0, number="220102197003050029")


cases = Cases()


def worked(files: Mapping[str, str], programme: Programme) -> Totals:
    drawn = {path: workbook(picture) for path, picture in files.items()}
    return month(drawn, programme, "2018-11")


def counted(figures: Totals, unit: str = "220102") -> int:
    table = figures.table
    own = table[(table.unit == unit) & (table.scope == "year") & (table.indicator == "training")]
    return int(own.counted.sum())


@cases(["0农安(1).xlsx", "0（修改后）.xlsx", "改好/南关区.xlsx", "11-29/南关区.xlsx", "0更正/南关区.xlsx",
     "1128/南关区.xlsx", "11月28日/南关区.xlsx", "南关区 v2.xlsx", "南关区-已改.xlsx", "0南关区二稿.xlsx",
     "0南关区（改）.xlsx", "0南关区（新）.xlsx", "0南关区1128改.xlsx", "00/南关区重填.xlsx"]
)  # fmt: skip
def a_file_marked_as_later_stands_over_the_one_beside_it(name: str) -> Case:
    files = {"2018-11/南关区.xlsx": roster(*ALL), f"2018-11/{name}": roster(*ALL, row(6))}
    figures = yield files
    assert figures.counted() == 7
    assert "U04" not in figures.rules


@cases(
    [
        ("南关区20181120", "20181129南关区"),
        ("1120南关区", "11.29南关区"),
        ("南关区最终版", "0南关区最终版2"),
        ("南关区v1.0", "0南关区V1.1"),
        ("南关区第二次", "0南关区第三次"),
        ("南关区修改", "0南关区再次修改"),
    ],
)
def of_two_marked_ones_the_number_or_the_day_in_the_name_tells(earlier: str, later: str) -> Case:
    title = "填报单位：南关区残联"
    files = {
        f"2018-11/{earlier}.xlsx": roster(*ALL, title=title),
        f"2018-11/{later}.xlsx": roster(*ALL[1:], title=title),
    }
    figures = yield files
    assert figures.counted() == 5
    assert "U04" not in figures.rules


@cases(["南关区20181128", "松原里", "新南关区改新村", "南关区2018年1-11月", "附件1-2南关区"])
def what_may_be_a_mark_or_a_day_and_is_none_is_asked(name: str) -> Case:
    files = {"2018-11/南关区.xlsx": roster(*ALL), f"2018-11/{name}.xlsx": roster(*ALL[1:])}
    assert "U04" in (yield files).rules


@cases(["作废/南关区.xlsx", "南关区（旧）.xlsx", "南关区原稿.xlsx", "南关区（原）.xlsx", "南关区修改前.xlsx"]
)  # fmt: skip
def a_file_marked_as_earlier_gives_way(name: str) -> Case:
    files = {"2018-11/南关区.xlsx": roster(*ALL, row(6)), f"2018-11/{name}": roster(*ALL)}
    assert (yield files).counted() == 7


@cases()
def a_choice_by_path_is_reported() -> Case:
    files = {"2018-11/a.xlsx": roster(*ALL), "2018-11/b.xlsx": roster(*ALL[:5])}
    assert "U04" in (yield files).rules


@cases()
def the_later_date_stands_whatever_the_names() -> Case:
    older = roster(*ALL, title="填报单位：南关区残联 | | 填报日期：2018年11月20日")
    files = {"2018-11/南关区（修改后）.xlsx": older, "2018-11/a.xlsx": roster(*ALL, row(6))}
    assert (yield files).counted() == 7


@cases()
def two_rows_put_right_mend_two_rows() -> Case:
    files = {
        "2018-11/南关区.xlsx": roster(WRONG, row(1, start="待定"), *ALL[2:]),
        "2018-11/南关区更正2人.xlsx": roster(*ALL[:2]),
    }
    figures = yield files
    assert figures.counted() == 6
    (first, second) = figures.inputs
    assert (first.returned, first.superseded, second.counted) == (0, 2, 2)
    assert not [i for i in figures.issues if i.severity == "error"]


@cases(["南关区（更正）.xlsx", "更正/南关区.xlsx"])
def a_version_of_nothing_but_rows_put_right_mends_those(name: str) -> Case:
    files = {
        "2018-11/南关区.xlsx": roster(WRONG, row(1, start="待定"), *ALL[2:]),
        f"2018-11/{name}": roster(*ALL[:2]),
    }
    assert (yield files).counted() == 6


@cases()
def a_correction_of_a_sound_row_s_days_takes_its_place() -> Case:
    files = {
        "2018-11/南关区.xlsx": roster(*ALL),
        "2018-11/更正1人.xlsx": roster(row(0, start="2018-09-10")),
    }
    figures = yield files
    assert (figures.counted(), [i.superseded for i in figures.inputs]) == (6, [1, 0])


@cases([("培训", "培训（改后）"), ("培训（作废）", "培训"), ("培训", "培训 (2)")])
def a_sheet_put_right_stands_over_the_one_beside_it(first: str, second: str) -> Case:
    sheets = [roster(*ALL, tab=first), roster(*ALL[1:], tab=second)]
    figures = yield {"2018-11/南关区.xlsx": "\n".join(sheets)}
    is_copy = second.endswith("(2)")
    assert figures.counted() == (6 if is_copy else 5)
    assert ("S45" if is_copy else "S44") in figures.rules


@cases()
def a_supplement_adds() -> Case:
    files = {
        "2018-11/南关区.xlsx": roster(*ALL),
        "2018-11/南关区补报.xlsx": roster(
            row(6), row(7), title="填报单位：南关区残联 | | 填报日期：2018年11月28日"
        ),
    }
    assert (yield files).counted() == 8


@cases()
def who_is_listed_again_stands_by_the_later_row() -> Case:
    files = {
        "2018-11/南关区.xlsx": roster(*ALL),
        "2018-11/南关区补报.xlsx": roster(
            row(5), row(6), title="填报单位：南关区残联 | | 填报日期：2018年11月28日"
        ),
    }
    figures = yield files
    assert figures.counted() == 7
    assert [i.superseded for i in figures.inputs] == [1, 0]


@cases()
def downloads_of_two_townships_add() -> Case:
    files = {"2018-11/名单.xlsx": roster(*ALL[:3]), "2018-11/名单(1).xlsx": roster(*ALL[3:])}
    assert (yield files).counted() == 6


@cases(
    [
        "本月无新增",
        "无新增人员",
        "同上月",
        "11月份无新增人员。",
        "与上月相同",
        "较上月无变化",
        "本月没有新增",
        "与上月名单一致",
        "11月份没有开展培训",
    ],
)
def nothing_new_files_and_leaves_what_stood(wording: str) -> Case:
    files = {"2018-10/a.xlsx": roster(*ALL), "2018-11/a.xlsx": roster(wording)}
    figures = yield files
    assert figures.counted() == 6
    assert "220102" not in figures.not_filed
    assert not [i for i in figures.issues if i.severity == "error"]
    assert [i.status for i in figures.inputs if i.path == "2018-10/a.xlsx"] == ["accepted"]


@cases(["零报告", "无", "本期无", "合计 | #0", "本单位无此项工作", "空表"])
def nobody_files_and_takes_the_place_of_what_stood(wording: str) -> Case:
    figures = yield {"2018-10/a.xlsx": roster(*ALL), "2018-11/a.xlsx": roster(wording)}
    assert figures.counted() == 0
    assert "220102" not in figures.not_filed


@cases(["", "/", " | | | 0"])
def a_form_without_a_word_files_nothing_and_is_reported(wording: str) -> Case:
    figures = yield {"2018-10/a.xlsx": roster(*ALL), "2018-11/a.xlsx": roster(wording)}
    assert figures.counted() == 6
    assert "220102" in figures.not_filed
    assert "F13" in figures.rules


@cases()
def a_form_whose_name_says_it_needs_no_other_word() -> Case:
    files = {
        "2018-10/a.xlsx": roster(*ALL),
        "2018-11/南关区11月无新增.xlsx": roster(""),
        "2018-11/宽城区培训零报告.xlsx": roster("", title="填报单位：宽城区残联"),
    }
    figures = yield files
    assert figures.counted() == 6
    assert not {"220102", "220103"} & figures.not_filed


@cases()
def equal_nil_forms_of_two_units_file_for_both() -> Case:
    form = roster("零报告", title="培训人员名单")
    figures = yield {"2018-11/南关区.xlsx": form, "2018-11/宽城区.xlsx": form}
    assert not {"220102", "220103"} & figures.not_filed


@cases(
    [
        ("填报单位：南关区残联 填报日期：2018年11月28日 审核人：李某 联系电话：0431", ""),
        ("填报单位：南关区残联 | 填报时间：二〇一八年十一月二十八日", ""),
        ("填报单位：南关区残联 | 填报日期：2018年11月20日（2018年11月28日修改）", ""),
        ("填报单位：南关区残联 | 填报日期 | @2018-11-28", ""),
        ("填报单位：南关区残联", "2018年11月28日"),
        ("填报单位：南关区残联", " | | 二○一八年十一月二十八日"),
        ("填报单位：南关区残联", "南关区残联（盖章） 2018年11月28日"),
        ("填报单位：南关区残联 | 统计截止2018年10月31日 填报日期：2018.11.28", ""),
        ("填报单位：南关区残联 | 填报日期：11月28日", ""),
        ("填报单位：南关区残联 | 填报日期：2018-11-28 16:30:00", ""),
        ("填报单位：南关区残联 | 2018年11月28日填报", ""),
        ("填报单位：南关区残联 | 填报人：李某  2018年11月28日", ""),
        ("填报单位：南关区残联 | 报表日期：2018年11月28日", ""),
    ],
)
def a_filing_date_is_read_wherever_it_stands(title: str, foot: str) -> Case:
    files = {
        "2018-11/a.xlsx": roster(*ALL, row(6), title=title, foot=foot),
        "2018-11/b.xlsx": roster(*ALL),
    }
    figures = yield files
    assert figures.counted() == 7
    assert not {"U04", "S23"} & figures.rules


@cases(["2018年11月31日", "2018-13-02", "二〇一八年十一月三十一日"])
def a_filing_date_that_is_none_is_reported(wording: str) -> Case:
    title = f"填报单位：南关区残联 | | 填报日期：{wording}"
    assert "S23" in (yield {"2018-11/a.xlsx": roster(*ALL, title=title)}).rules


@cases(["    年  月  日", "", "2018年11月"])
def a_filing_date_left_blank_is_not(wording: str) -> Case:
    title = f"填报单位：南关区残联 | | 填报日期：{wording}"
    assert "S23" not in (yield {"2018-11/a.xlsx": roster(*ALL, title=title)}).rules


TWO = [row(0, home="南关区"), row(1, home="南关区"), row(2, home="宽城区")]


@cases(
    [
        ("南关区培训.xlsx", "填报单位：宽城区残联", "培训花名册"),
        ("名单.xlsx", "南关区培训花名册 | 填报单位：宽城区残联", "培训花名册"),
        ("名单.xlsx", "填报单位：宽城区残联", "南关区"),
        ("南关区/名单.xlsx", "填报单位：宽城区残联", "培训花名册"),
        ("宽城区培训.xlsx", "填报单位：南关区残联", "培训花名册"),
    ],
)
def of_two_that_disagree_the_one_stands_where_most_people_live(
    path: str, title: str, tab: str
) -> Case:
    figures = yield {f"2018-11/{path}": roster(*TWO, title=title, tab=tab)}
    assert figures.counted() == 3
    assert "S24" in figures.rules


@cases()
def where_nobody_lives_in_either_the_file_goes_back() -> Case:
    rows = [row(n, home="农安县") for n in range(3)]
    files = {"2018-11/南关区培训.xlsx": roster(*rows, title="填报单位：宽城区残联")}
    figures = yield files
    assert figures.counted() == figures.counted("220103") == 0
    assert "S25" in figures.rules
    assert [i.returned for i in figures.inputs] == [3]


@cases(["长春市/南关区.xlsx", "长春市汇总.xlsx", "名单.xlsx"])
def an_office_above_that_forwards_a_roster_is_no_clash(path: str) -> Case:
    figures = yield {f"2018-11/{path}": roster(*ALL)}
    assert figures.counted() == 6
    assert "S24" not in figures.rules


def test_a_county_goes_by_its_short_name_behind_its_office(programme: Programme) -> None:
    bundle = [
        "填报单位：吉林市残联",
        HEADER + " | 县（市、区）",
        row(0) + " | 昌邑",
        row(1) + " | 舒兰市残联",
    ]
    sections = [
        roster("一、延吉", row(2), "图们（2人）", row(3), row(4), title="填报单位：延边州残联")
    ]
    own = roster(row(5), title="填报单位：长春市朝阳残联")
    short = roster(row(6), title="培训人员花名册")
    files = {"a": "\n".join(bundle), "b": sections[0], "c": own, "松原市/宁江": short}
    figures = worked({f"2018-11/{name}.xlsx": text for name, text in files.items()}, programme)
    wanted = {"220202": 1, "220283": 1, "222401": 1, "222402": 2, "220104": 1, "220702": 1}
    assert {unit: counted(figures, unit) for unit in wanted} == wanted


@cases(["一、{}", "{}", "（二）{}", "{}（3人）", "1.{}：", "长春市{}"])
def section_lines_name_the_unit_of_the_rows_below(line: str) -> Case:
    first, second = line.format("南关区"), line.format("宽城区")
    title = "填报单位：长春市残联"
    figures = yield {"2018-11/a.xlsx": roster(first, *ALL[:3], second, *ALL[3:5], title=title)}
    assert (figures.counted(), figures.counted("220103")) == (3, 2)


@cases()
def a_section_of_another_office_goes_back_at_its_line() -> Case:
    rows = ["一、南关区", *ALL[:3], "二、舒兰市", *ALL[3:5]]
    figures = yield {"2018-11/a.xlsx": roster(*rows, title="填报单位：长春市残联")}
    assert (figures.counted(), figures.counted("220283")) == (3, 0)
    assert "S26" in figures.rules
    assert figures.inputs[0].returned == 2


@cases()
def a_bundle_s_row_of_another_office_touches_no_return() -> Case:
    bundle = "\n".join(
        [
            "填报单位：长春市残联",
            HEADER + " | 县（市、区）",
            row(0) + " | 南关区",
            row(7) + " | 舒兰市",
        ]
    )
    own = roster(row(8), row(9), title="填报单位：舒兰市残联")
    figures = yield {"2018-11/a.xlsx": bundle, "2018-11/b.xlsx": own}
    assert (figures.counted(), figures.counted("220283")) == (1, 2)


@cases()
def a_stray_row_in_a_bundle_adds_to_the_county_s_own() -> Case:
    bundle = "\n".join(
        ["填报单位：长春市残联 | 填报日期：2018年11月30日", HEADER + " | 县（市、区）", row(5) + " | 南关区",
         row(7) + " | 宽城区"]
    )  # fmt: skip
    figures = yield {"2018-11/a.xlsx": roster(*ALL), "2018-11/b.xlsx": bundle}
    assert (figures.counted(), figures.counted("220103")) == (6, 1)


@pytest.mark.parametrize("name", ["⻄安区", "西安区", "西安區"])
def test_a_radical_is_read_as_its_character(name: str, programme: Programme) -> None:
    title = f"辽源市{name}培训花名册 | 填报单位：{name}残联"
    content = workbook(roster(*ALL, title=title))
    filed = as_filed(Submission("2018-11/a.xlsx", "0", "2018-11", content), programme)
    assert (filed.status, filed.units) == (Status.ACCEPTED, ("220403",))
    assert [len(table.rows) for table in filed.tables] == [6]


@cases()
def a_tab_without_a_row_files_for_its_own_county() -> Case:
    title = "填报单位：长春市残联"
    tabs = [roster(*ALL, title=title, tab="南关区"), roster("零报告", title=title, tab="宽城区")]
    figures = yield {
        "2018-11/a.xlsx": "\n".join([*tabs, roster("本月无新增", title=title, tab="农安县")])
    }
    assert not {"220102", "220103", "220122"} & figures.not_filed
    assert figures.counted() == 6


@cases([("a", "b"), ("b", "a")])
def of_two_that_nothing_tells_apart_the_one_with_fewer_faults_stands(one: str, other: str) -> Case:
    files = {
        f"2018-11/{one}.xlsx": roster(WRONG, row(1, start="待定"), *ALL[2:]),
        f"2018-11/{other}.xlsx": roster(*ALL[:2], row(2, start="待定"), *ALL[3:]),
    }
    figures = yield files
    assert figures.counted() == 5
    assert "U04" in figures.rules


@cases([("a", "b"), ("b", "a"), ("b(1)", "a"), ("11-29/b", "b")])
def a_list_with_faults_mended_and_nothing_else_changed_is_the_later_one(
    one: str, other: str
) -> Case:
    """As a csv is, which cannot carry our mark: what it says is the evidence."""
    files = {
        f"2018-11/{one}.xlsx": roster(WRONG, row(1, start="待定"), *ALL[2:]),
        f"2018-11/{other}.xlsx": roster(ALL[0], row(1, start="待定"), *ALL[2:], row(6)),
    }
    figures = yield files
    assert figures.counted() == 6
    assert "U04" not in figures.rules


@cases([("11月28日", "11月20日"), ("", "")])
def a_mended_list_gives_way_to_a_later_date_and_where_it_is_marked_as_given_up(
    day: str, other_day: str
) -> Case:
    titles = [
        f"填报单位：南关区残联 | | 填报日期：2018年{d}" if d else "填报单位：南关区残联"
        for d in (day, other_day)
    ]
    files = {
        "2018-11/a.xlsx": roster(WRONG, *ALL[1:], title=titles[0]),
        f"2018-11/{'' if day else '作废/'}b.xlsx": roster(*ALL, title=titles[1]),
    }
    assert (yield files).counted() == 5


@cases(["0两人", "王甲英等", "z"])
def two_rows_put_right_are_no_question_whatever_they_are_called(name: str) -> Case:
    files = {
        "2018-11/南关区.xlsx": roster(
            WRONG, row(1, start="待定"), *ALL[2:], title="填报单位：南关区残联"
        ),
        f"2018-11/{name}.xlsx": roster(*ALL[:2], title="填报单位：南关区残联"),
    }
    figures = yield files
    assert figures.counted() == 6
    assert "U04" not in figures.rules
    assert not [i for i in figures.issues if i.severity == "error"]


@cases()
def two_lists_that_say_the_same_are_no_question() -> Case:
    files = {"2018-11/a.xlsx": roster(*ALL), "2018-11/b.xlsx": roster(*ALL, foot="填表人：李某")}
    assert "U04" not in (yield files).rules


def states(changes: Mapping[str, Changes]) -> list[tuple[str, str]]:
    return sorted((c.rule, c.state) for c in changes["220102"].found)


@cases()
def what_two_rows_mend_is_fixed_and_the_rest_is_still_wrong() -> Case:
    wrong = [WRONG, row(1, start="待定"), row(2, start="待定"), *ALL[3:]]
    files = {
        "2018-11/南关区.xlsx": roster(*wrong),
        "2018-11/南关区更正2人.xlsx": roster(*ALL[:2]),
    }
    found = states((yield files).changes)
    assert [state for _, state in found] == ["fixed", "fixed", "still"]


def test_two_who_mend_the_same_workbook_apart_are_each_held_against_it(
    programme: Programme,
) -> None:
    late = row(1, start="待定")
    original = workbook(roster(WRONG, late, *ALL[2:]))
    origin = f"== _pipeline_origin\npipeline_made_from | {sha256(original).hexdigest()}"
    mended = [(ALL[0], late, *ALL[2:]), (WRONG, *ALL[1:])]
    one, two = (workbook(f"{roster(*rows)}\n{origin}") for rows in mended)
    files = {"南关区": original, "南关区(1)": one, "南关区(2)": two}
    figures = month({f"2018-11/{n}.xlsx": c for n, c in files.items()}, programme, "2018-11")
    assert sorted(state for _, state in states(figures.changes)) == ["fixed", "still"]


@cases()
def a_township_that_adds_mends_nothing() -> Case:
    later = "填报单位：南关区残联 | | 填报日期：2018年11月28日"
    files = {
        "2018-11/a.xlsx": roster(WRONG, *ALL[1:]),
        "2018-11/b.xlsx": roster(row(6), row(7), title=later),
    }
    figures = yield files
    assert figures.counted() == 7
    assert not [c for c in figures.changes.values() if c.found]
    assert not {"T20", "T21"} & figures.rules


@cases()
def a_line_without_a_person_files_for_its_county_in_a_bundle() -> Case:
    lines = [
        row(0) + " | 南关区",
        "零报告" + " |" * 8 + " 宽城区",
        "本月无新增" + " |" * 8 + " 农安县",
    ]
    bundle = "\n".join(["填报单位：长春市残联", HEADER + " | 县（市、区）", *lines])
    own = roster(row(5), row(6), title="填报单位：农安县残联")
    figures = yield {"2018-11/a.xlsx": bundle, "2018-10/b.xlsx": own}
    assert (figures.counted(), figures.counted("220122")) == (1, 2)
    assert not {"220102", "220103", "220122"} & figures.not_filed
    assert not [i for i in figures.issues if i.severity == "error"]


@pytest.fixture(scope="module")
def faults(programme: Programme) -> dict[str, Exception | None]:
    return cases.faults(programme, "2018-11")


@pytest.mark.parametrize("name", cases)
def test_the_case(name: str, faults: dict[str, Exception | None]) -> None:
    if fault := faults[name]:
        raise fault
