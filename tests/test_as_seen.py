"""Rows that are no persons, persons that are not one row, and cells as a person sees them, drawn as text."""

from __future__ import annotations

import io

import openpyxl
import pytest
import xlsxwriter
from drawing import id_no, sheets, workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from pipeline.ingest import as_filed
from pipeline.model import Submission
from pipeline.model.as_filed import Filed
from pipeline.programme import Programme
from pipeline.read.part import tables_of

A, B, C, D = (id_no(f"22010219780{n}05002") for n in (1, 2, 3, 4))
TITLE = "填报单位：南关区残联 | | 填报日期：2018年11月26日"
HEADER = "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间 | 备注"
NAMES = ("王秀英", "李桂兰", "张玉兰", "陈雪莲")


def line(
    nth: int, number: str, poor: str = "是", start: str = "2018-09-01", finish: str = "2018-09-15"
) -> str:
    return f"{nth} | {NAMES[nth - 1]} | 女 | {number} | {number}43 | {poor} | {start} | {finish}"


def roster(*lines: str) -> str:
    return "\n".join([TITLE, HEADER, line(1, A), line(2, B), *lines])


def read(
    content: bytes, programme: Programme, name: str = "a.xlsx", period: str = "2018-11"
) -> Filed:
    return as_filed(Submission(f"{period}/{name}", "0" * 64, period, content), programme)


def rows(filed: Filed) -> list[int]:
    return [row for table in filed.tables for row in table.rows]


def issues(filed: Filed, programme: Programme) -> list[tuple[str, str, int, str]]:
    """What is said of it: severity, rule, row, column."""
    return sorted(
        (i["severity"], i["rule"], i["row"], i["column"])
        for i in tables_of(filed, programme)["issues"].to_pylist()
        if i["listed"] and i["severity"] in ("error", "warning")
    )


ZERO = " | ".join(["3", *["#0"] * 7])
NO_PERSONS = {
    "zeros": ZERO,
    "zeros as text": " | ".join(["3", *["0"] * 7]),
    "zeros and a prefilled course": "3 | #0 | #0 | #0 | #0 | 是 | 2018-09-01 | 2018-09-15",
    "a number alone": "3",
    "a number in the name's column": " | 3",
    "以下空白": " | 以下空白",
    "以下空白 with strokes": " | ——以下空白——",
    "以下空白 in the number's column": "3 | | | 以下空白",
    "以下无正文": " | （以下无正文）",
    "完": " | 完",
    "此表以下无人员": " | 此表以下无人员",
    "本页以下无内容": "本页以下无内容",
    "a stamp": " | 南关区残联（盖章）",
    "a stamp with a day": " | 南关区残疾人联合会（公章） | | | | | | 2018年11月26日",
    "an office": " | 南关区残疾人联合会",
    "copies": " | 此表一式两份，报省残联一份",
    "以上": " | 以上人员均已结业",
    "a total": "合计 | 2人",
    "pages": " | 第1页 共2页",
    "a note": " | 注：以上数据以残疾人证为准",
    "who filled it in": "填表人：张三 | | 审核人：李四",
    "who signed, a cell each": "填报人 | 张某 | 审核人 | 李某 | 负责人 | 王某",
    "blank in words": " | （空）",
    "dots": "3 | ……",
    "a page carried on": " | 承前页",
    "the title again": " | 南关区培训花名册（续）",
    "N/A in every cell": " | ".join(["3", *["N/A"] * 7]),
    "letters of columns": "A | B | C | D | E | F | G | H",
    "signs of columns": "甲 | 乙 | 丙 | 丁 | 戊 | 己 | 庚 | 辛",
    "numbers in brackets": "（1） | （2） | （3） | （4） | （5） | （6） | （7） | （8）",
    "an agency": " | 南关区残疾人就业服务所",
    "a total in words": "合计：贰人",
    "a total in a note": " | 以上共2人",
    "a day in the name's column": " | 二〇一八年十一月二十六日",
    "an office and a day in a number's column": " | | | | 南关区残联 2018年11月26日",
    "a rate in a number's column": " | | | 结业率100%",
    "who gets a copy": " | | | 抄送：省妇联",
    "a note behind a sign": " | | | | ※以上数据真实有效",
    "a township": " | 永安乡",
    "who sent it": " | | | | 上报人：李某 13900001111",
    "here below": " | 此处以下空白",
    "a township that could be a name": " | 高家店镇",
    "a workshop": " | 巧手合作社",
    "of which": " | 听力 | #2",
}


@pytest.mark.parametrize("kind", NO_PERSONS)
def test_a_row_that_is_no_person_is_no_row_and_no_error(kind: str, programme: Programme) -> None:
    filed = read(workbook(roster(NO_PERSONS[kind])), programme)
    assert rows(filed) == [3, 4]
    assert issues(filed, programme) == []


@pytest.mark.parametrize("phrase", ["合计：伍人", " | 共计5人", " | 总人数：5人", " | 以上共5人"])
def test_a_total_in_whatever_words_is_held_against_the_rows(
    phrase: str, programme: Programme
) -> None:
    found = issues(read(workbook(roster(phrase)), programme), programme)
    assert [(rule, row) for _, rule, row, _ in found] == [("S05", 5)]


NOBODY = [
    "本月无培训人员",
    "没有",
    "无此项工作",
    "本月未开展培训",
    "暂未开展",
    "尚未开展培训",
    "0人",
    "零上报",
    "我区2018年无此项任务",
    "没有新学员",
    "未有新增",
    "和上个月一样",
    "新增人数为零",
]


@pytest.mark.parametrize("phrase", NOBODY)
def test_nobody_in_whatever_words_is_nobody(phrase: str, programme: Programme) -> None:
    filed = read(workbook(f"{TITLE}\n{HEADER}\n | {phrase}"), programme)
    assert rows(filed) == []
    assert issues(filed, programme) == []


def failed_formulas(picture: str, *errors: tuple[int, int]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook(picture)))
    for row, column in errors:
        cell = book.worksheets[0].cell(row, column)
        cell.value, cell.data_type = "#N/A", "e"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_rows_whose_formulas_all_fail_are_padding(programme: Programme) -> None:
    content = failed_formulas(roster("3", "4"), *((row, c) for row in (5, 6) for c in range(2, 9)))
    filed = read(content, programme)
    assert rows(filed) == [3, 4]
    assert issues(filed, programme) == []


def test_somebody_whose_number_failed_is_told_of_it(programme: Programme) -> None:
    filed = read(failed_formulas(roster(line(3, C)), (5, 4)), programme)
    assert rows(filed) == [3, 4, 5]
    assert issues(filed, programme) == [("error", "C01", 5, "D")]


PERSONS = {
    "a name alone": " | 完颜秀英",
    "a surname like a stamp": " | 章秀英",
    "a Mongolian name": " | 乌云其其格",
    "a number alone": f" | | | {C}",
}


@pytest.mark.parametrize("kind", PERSONS)
def test_who_is_hardly_filled_in_is_a_person_all_the_same(kind: str, programme: Programme) -> None:
    filed = read(workbook(roster(PERSONS[kind])), programme)
    assert rows(filed) == [3, 4, 5]
    assert {rule for _, rule, row, _ in issues(filed, programme) if row == 5}


def test_two_women_in_one_row_are_not_one(programme: Programme) -> None:
    two = f"3 | 张玉兰、陈雪莲 | 女 | {C}、{D} | {C}43、{D}43 | 是 | 2018-09-01 | 2018-09-15"
    assert issues(read(workbook(roster(two)), programme), programme) == [
        ("error", "C03", 5, "D"),
        ("error", "C03", 5, "E"),
    ]


def test_two_names_over_one_number_are_said(programme: Programme) -> None:
    two = line(3, C).replace("张玉兰", "张玉兰/陈雪莲")
    assert issues(read(workbook(roster(two)), programme), programme) == [("warning", "S33", 5, "B")]


def test_one_name_in_two_lines_is_one(programme: Programme) -> None:
    broken = workbook(roster(line(3, C).replace("张玉兰", "张 玉 兰")))
    assert issues(read(broken, programme), programme) == []


BOTH = "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间 | 就业形式 | 就业单位 | 就业时间"


def both(title: str, *jobs: str) -> str:
    lines = [
        f"{line(n, i)} | {job}" for n, (i, job) in enumerate(zip((A, B, C), jobs, strict=False), 1)
    ]
    return "\n".join([title, TITLE, BOTH, *lines])


def test_a_table_of_both_kinds_is_a_row_of_each(programme: Programme) -> None:
    job = "居家就业 | 巧手编织社 | 2018-10-08"
    filed = read(workbook(both("南关区培训就业花名册", job, " | | ", job)), programme)
    assert [(t.kind, t.rows) for t in filed.tables] == [
        ("training", [4, 5, 6]),
        ("employment", [4, 6]),
    ]
    assert issues(filed, programme) == []


def test_a_fault_both_rows_share_is_said_once(programme: Programme) -> None:
    job = "居家就业 | 巧手编织社 | 2018-10-08"
    wrong = both("南关区培训就业花名册", job).replace(A, A[:17] + ("1" if A[17] != "1" else "2"), 1)
    phrase = issues(read(workbook(wrong), programme), programme)
    assert [s for s in phrase if s[1] == "C35"] == [("error", "C35", 4, "D")]


def test_a_roster_of_one_kind_by_its_title_stays_one(programme: Programme) -> None:
    job = "居家就业 | 巧手编织社 | 2018-10-08"
    filed = read(workbook(both("南关区培训人员花名册", job)), programme)
    assert [t.kind for t in filed.tables] == ["training"]
    assert {rule for _, rule, _, _ in issues(filed, programme)} == {"S03", "S47"}


LEFT_OUT = {
    "above the header": "\n".join([TITLE, f"张玉兰 | {C}", "", HEADER, line(1, A), line(2, B)]),
    "in a note below": roster("", f"备注：另有一人 | {C}"),
    "on a second sheet": roster(f"\n== 附表\n说明\n{C} | {D}"),
    "beside": "\n".join(
        [TITLE, HEADER, f"{line(1, A)} | | | {C}", line(2, B), line(3, C), line(4, D)]
    ),
}


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_numbers_in_no_row_read_are_said_at_their_place(kind: str, programme: Programme) -> None:
    filed = read(workbook(LEFT_OUT[kind]), programme)
    assert "S30" in {rule for _, rule, _, _ in issues(filed, programme)}
    assert not any(C in i.message or D in i.message for i in filed.issues)


def test_a_column_of_the_countys_own_is_not_left_out(programme: Programme) -> None:
    guardian = (
        roster()
        .replace(HEADER, HEADER + " | 监护人身份证号")
        .replace(line(1, A), f"{line(1, A)} | | {C}")
    )
    assert "S30" not in {r for _, r, _, _ in issues(read(workbook(guardian), programme), programme)}


def styled(picture: str, places: dict[tuple[int, int], dict[str, object]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook(picture)))
    for (row, column), looks in places.items():
        cell = book.worksheets[0].cell(row, column)
        for name, value in looks.items():
            setattr(cell, name, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMATS = [
    ('[=1]"是";[=2]"否"', 2, "否"),
    ('[=1]"是";"否"', 2, "否"),
    ('"是";;"否"', 0, "否"),
    ('"是";"负";"否"', 1, "是"),
]


@pytest.mark.parametrize(("code", "value", "shown"), FORMATS)
def test_a_word_that_only_the_format_shows(
    code: str, value: int, shown: str, programme: Programme
) -> None:
    content = styled(roster(), {(3, 6): {"value": value, "number_format": code}})
    assert read(content, programme).tables[0].texts["poor"][0] == shown


@pytest.mark.parametrize(
    "code", ['"220102"@', '"220102"0', "\\2\\2\\0\\1\\0\\2@", '"220102"General']
)
def test_digits_that_only_the_format_shows(code: str, programme: Programme) -> None:
    value: object = A[6:] if "@" in code else int(A[6:])
    content = styled(roster(), {(3, 4): {"value": value, "number_format": code}})
    filed = read(content, programme)
    assert filed.tables[0].texts["id_no"][0] == A
    assert issues(filed, programme) == []


def test_struck_text_is_said_and_counts(programme: Programme) -> None:
    struck: dict[tuple[int, int], dict[str, object]] = {
        (4, c): {"font": Font(strike=True)} for c in range(1, 9)
    }
    struck[3, 9] = {"value": "旧", "font": Font(strike=True)}
    filed = read(styled(roster(), struck), programme)
    assert rows(filed) == [3, 4]
    assert issues(filed, programme) == [("warning", "S32", 3, "I"), ("warning", "S32", 4, "A")]
    part, whole = (i.message for i in filed.issues if i.rule == "S32")
    assert "I 列" in part
    assert "整行" in whole


def test_letters_struck_within_a_cell_are_said(programme: Programme) -> None:
    rich = CellRichText(TextBlock(InlineFont(strike=True), "旧"), "新")
    filed = read(styled(roster(), {(3, 9): {"value": rich}}), programme)
    assert issues(filed, programme) == [("warning", "S32", 3, "I")]


TICKS = [
    ("☑是 □否", True), ("□是 ☑否", False), ("是☑ 否□", True), ("是□否☑", False), ("√是 □否", True),
    ("是（√） 否（ ）", True), ("[√]是 [ ]否", True), ("■是 □否", True), ("●是 ○否", True), ("○是 ●否", False),
    ("☒是 ☐否", True), ("√", True), ("×", False), ("☑", True), ("√是 ×否", True), ("是√否□", True),
    ("✔", True), ("✘", False), ("V", True), ("是，2016年脱贫", True), ("“是”。", True), ("FALSE", False),
    ("□是 □否", None), ("☑是 ☑否", None), ("否（已脱贫）", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "poor"), TICKS)
def test_the_box_that_is_ticked_is_the_answer(
    text: str, poor: bool | None, programme: Programme
) -> None:
    picture = "\n".join([TITLE, HEADER, line(1, A, poor=text), line(2, B), line(3, C)])
    phrase = {
        rule
        for _, rule, row, _ in issues(read(workbook(picture), programme), programme)
        if row == 3
    }
    assert phrase == {True: set(), False: {"R21"}, None: {"C56"}}[poor]


def test_boxes_drawn_by_a_font_of_signs(programme: Programme) -> None:
    wingdings = InlineFont(rFont="Wingdings")
    ticked = CellRichText(TextBlock(wingdings, "þ"), "是 ", TextBlock(wingdings, "o"), "否")
    filed = read(styled(roster(), {(3, 6): {"value": ticked}}), programme)
    assert filed.tables[0].texts["poor"][0] == "☑是 □否"
    whole = styled(roster(), {(3, 6): {"value": "þ", "font": Font(name="Wingdings")}})
    assert read(whole, programme).tables[0].texts["poor"][0] == "☑"


DAYS = ["2018年9月1日 星期六", "2018-09-01T00:00:00", "二〇一八年九月一日", "自2018年9月1日", "2018年9月1日起",
        "2018/9/1（周六）", "2018–09–01", "180901", "43344", "20180901.0", "43344.0", "二〇一八.九.一", "2018·9·1",
        "2018 9 1", "2018-09-01 00:00:00.000", "公元2018年9月1日", "开班2018年9月1日", "(2018年9月1日)", "1-Sep-18",
        "2018年9月1日（农历七月廿二）"]  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_start_as_people_write_it(day: str, name: str, programme: Programme) -> None:
    picture = "\n".join([TITLE, HEADER, line(1, A, start=day), line(2, B), line(3, C)])
    content = workbook(picture)
    if name.endswith(".csv"):
        content = "\r\n".join(
            ",".join(c.strip() for c in text.split(" |")) for text in picture.split("\n")
        ).encode("gb18030")
    filed = read(content, programme, name)
    part = tables_of(filed, programme)
    assert part["rows"].column("f_started_on").to_pylist()[0] == "2018-09-01"
    assert issues(filed, programme) == []


@pytest.mark.parametrize(
    ("day", "year", "read_as"),
    [
        ("190901", 2019, "2019-09-01"),
        ("190901", 2018, ""),
        ("200901", 2019, ""),
        ("200901", 2020, "2020-09-01"),
    ],
)
def test_six_digits_are_read_by_the_period(
    day: str, year: int, read_as: str, programme: Programme
) -> None:
    lines = [line(n, i, start=day, finish=f"{year}-11-02") for n, i in ((1, A), (2, B), (3, C))]
    picture = "\n".join([TITLE.replace("2018", str(year)), HEADER, *lines])
    filed = read(workbook(picture), programme, period=f"{year}-11")
    found = tables_of(filed, programme)
    assert found["rows"].column("f_started_on").to_pylist()[0] == read_as
    assert ("C38" in {rule for _, rule, _, _ in issues(filed, programme)}) == (read_as == "")


@pytest.mark.parametrize("day", ["1900-01-09", "1909-09-01", "1986-05-01"])
def test_a_start_that_can_be_none_is_an_error(day: str, programme: Programme) -> None:
    picture = "\n".join([TITLE, HEADER, line(1, A, start=f"@{day}"), line(2, B), line(3, C)])
    assert ("error", "C38", 3, "G") in issues(read(workbook(picture), programme), programme)


@pytest.mark.parametrize("sign", ["同上", "〃", "（同上）", "同上。", "上同", "↑", "〃 〃"])
def test_a_ditto_in_whatever_sign_is_filled_in_and_said(sign: str, programme: Programme) -> None:
    filed = read(workbook(roster(line(3, C, start=sign))), programme)
    assert filed.tables[0].texts["started_on"] == ["2018-09-01"] * 3
    assert issues(filed, programme) == [("warning", "S17", 5, "G")]


SECTIONS = ["一、{}", "{}残联", "【{}】", "★{}", "{}:2人", "{}（2人）", " | | | {}"]


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_rows_below_a_units_heading_are_its_own(heading: str, programme: Programme) -> None:
    above, below = heading.format("蛟河市"), heading.format("桦甸市")
    picture = "\n".join(
        ["填报单位：吉林市残联", HEADER, above, line(1, A), line(2, B), below, line(3, C)]
    )
    filed = read(workbook(picture), programme, "吉林市培训.xlsx")
    assert filed.tables[0].units == ["220281", "220281", "220282"]
    assert issues(filed, programme) == []


def test_a_list_that_goes_on_without_a_header_is_read_and_said(programme: Programme) -> None:
    content = workbook(f"== 名单\n{roster()}\n== 续表\n{line(3, C)}\n{line(4, D)}")
    filed = read(content, programme)
    assert sum(len(table.rows) for table in filed.tables) == 4
    assert "S35" in {rule for _, rule, _, _ in issues(filed, programme)}


_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "606060600000000500012e2d0d3c0000000049454e44ae426082"
)


def test_a_picture_where_the_list_should_be_is_said(programme: Programme) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    _, lines = sheets(f"== 培训\n{roster()}")[0]
    listed, pictured = book.add_worksheet("培训"), book.add_worksheet("就业")
    for at, cells in enumerate(lines):
        listed.write_row(at, 0, cells)
    pictured.write("A1", "南关区就业人员花名册")
    pictured.insert_image("A3", "名单.png", {"image_data": io.BytesIO(_PIXEL)})
    book.close()
    phrase = tables_of(read(out.getvalue(), programme), programme)["issues"].to_pylist()
    assert "S31" in {i["rule"] for i in phrase}


def test_a_cell_far_off_is_left_out_and_said(programme: Programme) -> None:
    content = styled(roster(), {(1_048_576, 16_384): {"value": "x"}})
    filed = read(content, programme)
    assert rows(filed) == [3, 4]
    assert "S34" in {rule for _, rule, _, _ in issues(filed, programme)}
