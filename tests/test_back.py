"""The county's own file back: only the wrong cells marked, and what it corrects is seen as corrected."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from drawing import drop, id_no, sheets, text_of_word, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from office import converted, needs_office
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule as Highlight
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from pipeline.home import open_home
from pipeline.model import Issue, Severity
from pipeline.office.mark import Front, Line, mark
from pipeline.programme import Programme
from pipeline.render.grouped import grouped
from pipeline.run import run

ROSTER = """
== 培训花名册
南关区2018年培训人员花名册
填报单位：南关区残联 | | | 填报日期：2018年11月26日
姓名 | 性别 | 民族 | 身份证号 | 残疾人证号 | 残疾类别 | 残疾等级 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | 汉族 | <22010219780305002> | <22010219780305002+43> | 肢体 | 三级 | 是 | 2018-09-01 | 2018-09-10
李桂兰 | 女 | 汗族 | 22010219800101004 | <22010219800101004+43> | 肢体 | 三级 | 是 | 2018-09-01 | 2018-09-10
张淑芬 | 女 | 汉族 | <22010219810101006> | 22010219810101 | 视力 | 二级 | 是 | 2018-09-01 | 2018-13-01
赵玉梅 | 女 | 汉族 | <22010219820101008> | <22010219820101008+11> | 听力 | 一级 | 是 | 2018-09-01 | 2018-09-10
"""
WRONG = {"D5", "C5", "E6", "J6", "F7"}


def as_xlsx(path: Path) -> None:
    """With all that a careless program would lose: a chart, a rule, a comment, widths, a formula."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROSTER)))
    sheet: Any = book.worksheets[0]
    sheet.merge_cells("A1:J1")
    sheet["A1"].font, sheet["A1"].alignment = Font(name="黑体", size=18), Alignment("center")
    sheet.column_dimensions["D"].width, sheet.row_dimensions[3].height = 24.5, 31
    sheet["D5"].font = Font(name="楷体", bold=True)
    sheet["L4"] = "=LEN(D4)"
    sheet["A4"].comment = Comment("县里的批注", "县残联")
    sheet.conditional_formatting.add(
        "D4:D9",
        Highlight("duplicateValues"),
    )
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=12, min_row=4, max_row=5))
    sheet.add_chart(chart, "N2")
    book.create_sheet("说明")["B2"] = "本表由县残联填写"
    book.defined_names["区域"] = openpyxl.workbook.defined_name.DefinedName(
        "区域", attr_text="培训花名册!$A$1"
    )
    sheet.print_title_rows = "3:3"
    book.save(path)


def as_xls(path: Path) -> None:
    book = xlwt.Workbook()
    bold = xlwt.easyxf(
        "font: name 楷体, bold on, height 280; borders: left thin; align: horiz center"
    )
    for name, rows in sheets(ROSTER):
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value, *([bold] if r == 2 else []))
        sheet.col(3).width = 256 * 30
        sheet.merge(0, 0, 0, 9)
    book.save(str(path))


def as_csv(path: Path) -> None:
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(
            ["" if c is None else c for c in row] for row in sheets(ROSTER)[0][1]
        )


FORMATS: dict[str, Callable[[Path], None]] = {
    "南关区培训.xlsx": as_xlsx,
    "南关区培训.xls": as_xls,
    "南关区培训.csv": as_csv,
}


@pytest.fixture(params=sorted(FORMATS))
def filed(request: pytest.FixtureRequest, home: Path) -> Path:
    file: Path = home / "inbox" / "2018-11" / request.param
    file.parent.mkdir(parents=True)
    FORMATS[request.param](file)
    return file


def returned_file(home: Path, programme: Programme) -> Path:
    run(open_home(home), "2018-11", programme)
    found: list[Path] = list((home / "outbox/2018-11/退回/220102_南关区").glob("*.xlsx"))
    assert len(found) == 1
    return found[0]


def cells_of(content: bytes) -> dict[tuple[str, str], object]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        if not sheet.title.startswith("核对结果")
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def findings(front: Any) -> list[tuple[Any, ...]]:
    """The lines of a front sheet below its header."""
    rows: list[tuple[Any, ...]] = list(front.iter_rows())
    head = next(n for n, row in enumerate(rows) if row[2].value == "单元格")
    return rows[head + 1 :]


def test_the_round_trip_file_back_corrected_by_suggestion_everything_fixed(
    filed: Path, home: Path, programme: Programme
) -> None:
    back = returned_file(home, programme)
    book = openpyxl.load_workbook(back)
    front = book["核对结果"]
    lines = {str(row[2].value): str(row[5].value or "") for row in findings(front)}
    name = next(s.title for s in book.worksheets if s.title != "核对结果")
    assert {place.split()[-1] for place in lines} == WRONG
    assert lines[f"{name} D5"] == id_no("22010219800101004")
    assert lines[f"{name} E6"] == id_no("22010219810101006") + "12"
    assert lines[f"{name} J6"] == "2018-01-13"
    assert lines[f"{name} C5"] == "汉族"
    assert lines[f"{name} F7"] == "视力残疾"

    before = cells_of(back.read_bytes())
    for place, value in lines.items():
        if not place.endswith("J6"):
            book[name][place.split()[-1]] = value
    book[name]["J6"] = "2018-09-13"  # the clerk knows better than the suggestion
    book[name]["D2"] = "填报日期：2018年11月28日"
    corrected = home / "inbox" / "2018-11" / "补报" / back.name
    corrected.parent.mkdir()
    book.save(corrected)
    after = cells_of(corrected.read_bytes())
    assert {
        p for _, p in before.keys() | after.keys() if before.get((name, p)) != after.get((name, p))
    } == {*WRONG, "D2"}

    figures, receipt = run(open_home(home), "2018-11", programme)
    assert {i.path: (i.status, i.counted) for i in figures.inputs} == {
        f"2018-11/{filed.name}": ("superseded", 0),
        f"2018-11/补报/{back.name}": ("accepted", 4),
    }
    changes = figures.changes["220102"]
    assert (changes.rounds, changes.fixed, changes.still, changes.new, changes.gone) == (
        2,
        5,
        0,
        0,
        0,
    )
    page = (receipt.folder / "index.html").read_text(encoding="utf-8")
    assert "差错变化" in page
    changed_lines = (receipt.folder / "data" / "changes.csv").read_text(encoding="utf-8-sig")
    assert not re.search(r"\d{15}", changed_lines)


def test_nothing_else_in_the_file_has_changed(home: Path, programme: Programme) -> None:
    file = home / "inbox" / "2018-11" / "南关区培训.xlsx"
    file.parent.mkdir(parents=True)
    as_xlsx(file)
    back = returned_file(home, programme)
    with zipfile.ZipFile(file) as was, zipfile.ZipFile(back) as now:
        changed = {n for n in was.namelist() if was.read(n) != now.read(n)}
        assert set(was.namelist()) <= set(now.namelist())
        assert now.read("xl/charts/chart1.xml") == was.read("xl/charts/chart1.xml")
    assert {re.sub(r"\d+", "#", n) for n in changed} <= {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet#.xml", "xl/comments/comment#.xml", "xl/drawings/commentsDrawing#.vml",
        "xl/worksheets/_rels/sheet#.xml.rels",
    }  # fmt: skip
    old, new = openpyxl.load_workbook(file), openpyxl.load_workbook(back)
    opened: Any = new.active
    for sheet in old.worksheets:
        twin = new[sheet.title]
        assert {str(m) for m in twin.merged_cells.ranges} == {
            str(m) for m in sheet.merged_cells.ranges
        }
        assert {k: d.width for k, d in twin.column_dimensions.items()} == {
            k: d.width for k, d in sheet.column_dimensions.items()
        }
        assert twin.row_dimensions[3].height == sheet.row_dimensions[3].height
        assert twin.print_title_rows == sheet.print_title_rows
        for row in sheet.iter_rows():
            for cell in row:
                other = twin[cell.coordinate]
                assert other.value == cell.value
                assert repr(other.font) == repr(cell.font)
                assert other.number_format == cell.number_format
                assert repr(other.alignment) == repr(cell.alignment)
                marked = sheet.title == "培训花名册" and cell.coordinate in WRONG
                assert (repr(other.fill) == repr(cell.fill)) != marked, cell.coordinate
    assert new["培训花名册"]["A4"].comment.text == "县里的批注"
    assert "不是 18 位" in new["培训花名册"]["D5"].comment.text
    assert opened.title == "核对结果"


def test_an_old_workbook_keeps_its_looks_in_its_copy(home: Path, programme: Programme) -> None:
    file = home / "inbox" / "2018-11" / "南关区培训.xls"
    file.parent.mkdir(parents=True)
    as_xls(file)
    book = openpyxl.load_workbook(returned_file(home, programme))
    sheet: Any = book["培训花名册"]
    assert (sheet["A3"].font.name, sheet["A3"].font.b, sheet["A3"].font.sz) == ("楷体", True, 14)
    assert (sheet["A3"].border.left.style, sheet["A3"].alignment.horizontal) == ("thin", "center")
    assert sheet.column_dimensions["D"].width == 30
    assert [str(m) for m in sheet.merged_cells.ranges] == ["A1:J1"]
    assert "图片、图表、公式" in str(book["核对结果"]["A4"].value)


def test_front_sheet_links_lead_to_the_cells(home: Path, programme: Programme) -> None:
    file = home / "inbox" / "2018-11" / "南关区培训.xlsx"
    file.parent.mkdir(parents=True)
    as_xlsx(file)
    front = openpyxl.load_workbook(returned_file(home, programme))["核对结果"]
    rows = findings(front)
    links = {row[2].value: row[2].hyperlink.location for row in rows}
    assert {k: v.replace("'", "").replace("!", " ") for k, v in links.items()} == {
        k: k for k in links
    }
    assert len(links) == len(WRONG)
    assert [row[3].value for row in rows] == ["退回"] * 3 + ["核实"] * 2
    assert rows[0][1].value == "李桂兰"
    assert all(row[7].value for row in rows)


@needs_office
def test_an_office_program_opens_the_marked_file(
    filed: Path, home: Path, programme: Programme, tmp_path: Path
) -> None:
    back = returned_file(home, programme)
    opened = openpyxl.load_workbook(converted(back, tmp_path, "xlsx"))
    assert opened.sheetnames[0] == "核对结果"
    sheet = next(s for s in opened.worksheets if s["A4"].value == "王秀英")
    filled = {
        c.coordinate
        for row in sheet.iter_rows()
        for c in row
        if c.fill.fgColor.rgb in ("FFFFC7CE", "FFFFEB9C")
    }
    assert filled == WRONG
    assert {c.coordinate for row in sheet.iter_rows() for c in row if c.comment} - {"A4"} == WRONG


names = st.text(st.sampled_from("甲乙 丙=+'<&\u3000"), min_size=1, max_size=5)
values = st.one_of(names, st.integers(0, 10**9), st.dates(date(1990, 1, 1), date(2030, 1, 1)))


@settings(max_examples=25, derandomize=True, deadline=None)
@given(
    cells=st.dictionaries(
        st.tuples(st.integers(1, 12), st.integers(1, 8)), values, min_size=1, max_size=20
    ),
    marked=st.sets(st.tuples(st.integers(1, 14), st.integers(1, 10)), min_size=1, max_size=5),
)
def test_marks_touch_no_other_cell(
    cells: dict[tuple[int, int], object], marked: set[tuple[int, int]]
) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.worksheets[0]
    for (row, column), value in cells.items():
        cell = sheet.cell(row, column, value)
        if isinstance(value, str):
            cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    issues = [
        Issue(
            "C20",
            Severity.ERROR,
            "缺姓名",
            "a.xlsx",
            "Sheet",
            row,
            get_column_letter(column),
        )
        for row, column in sorted(marked)
    ]
    lines = [Line("", "Sheet", i.cell, i.severity, "退回", i.message) for i in issues]
    made = mark(out.getvalue(), issues, Front("核对", (), lines))
    assert cells_of(made) == cells_of(out.getvalue())
    again: Any = openpyxl.load_workbook(io.BytesIO(made))["Sheet"]
    red = {
        (c.row, c.column)
        for row in again.iter_rows()
        for c in row
        if c.fill.fgColor.rgb == "FFFFC7CE"
    }
    assert red == marked
    assert {(c.row, c.column) for row in again.iter_rows() for c in row if c.comment} == marked


def test_a_file_that_cannot_be_edited_in_place_is_rebuilt_and_says_so() -> None:
    made = mark("姓名,证号\n王秀英,1\n".encode("gb18030"), [], Front("核对", ("先看这里",), []))
    front = openpyxl.load_workbook(io.BytesIO(made))["核对结果"]
    assert "已按原样逐格抄成 xlsx" in str(front["A3"].value)


def _faulty(count: int) -> str:
    head = "\n".join(ROSTER.strip().split("\n")[:4])
    rows = [f"王秀英 | 女 | 汉族 | 2201{n:02d} | <2201021978{n % 12 + 1:02d}{n % 28 + 1:02d}002+43> | 肢体 | 三级 | 是 | 2018-09-01 | 2018-09-10"
            for n in range(count)]  # fmt: skip
    return "\n".join([head, *rows])


@needs_office
def test_the_notice_is_one_page_however_much_is_wrong(
    home: Path, programme: Programme, tmp_path: Path
) -> None:
    picture = re.sub("汉族", "汗族", _faulty(60)).replace("肢体", "腿部")
    drop(home / "inbox", "2018-11/南关区.xlsx", picture)
    run(open_home(home), "2018-11", programme)
    notice = home / "outbox/2018-11/退回/220102_南关区/退回通知.docx"
    pdf = converted(notice, tmp_path, "pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1


def test_what_repeats_down_a_column_is_one_line_with_its_range() -> None:
    def issue(row: int, column: str, severity: Severity = Severity.WARNING) -> Issue:
        return Issue("C52", severity, "民族无法识别", "a.xlsx", "表", row, column)

    changed_lines = grouped(
        [issue(9, "C"), issue(7, "C"), issue(8, "C"), issue(12, "C"), issue(3, "D", Severity.ERROR)]
    )
    assert [(g.cells, g.count) for g in changed_lines] == [("D3", 1), ("C7–C9、C12", 4)]


Edit = Callable[[str], str]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda t: t, {"still": 5}),
        (lambda t: t.replace("汗族", "汉族"), {"fixed": 1, "still": 4}),
        (
            lambda t: "\n".join(line for line in t.split("\n") if "李桂兰" not in line),
            {"gone": 2, "still": 3},
        ),
        (lambda t: t.replace("赵玉梅 | 女", "赵玉梅 | 男"), {"still": 5, "new": 1}),
        (lambda t: t.replace("22010219800101004 |", "220102198001010049 |"), {"still": 5}),
    ],
)
def test_each_earlier_finding_is_fixed_still_there_new_or_gone(
    edit: Edit, expected: dict[str, int], home: Path, programme: Programme
) -> None:
    drop(home / "inbox", "2018-11/a.xlsx", ROSTER)
    again = edit(ROSTER).replace("11月26日", "11月28日")
    moved = again.replace("王秀英 | 女", "王秀英 | 女", 1).split("\n")
    moved[5], moved[-2] = moved[-2], moved[5]  # rows move: persons are followed, not rows
    drop(home / "inbox", "2018-11/b.xlsx", "\n".join(moved))
    figures, _ = run(open_home(home), "2018-11", programme)
    changes = figures.changes["220102"]
    assert {
        s: changes.count(s) for s in ("fixed", "still", "new", "gone") if changes.count(s)
    } == expected
    assert changes.rounds == 2


def test_what_a_corrected_file_laid_over_the_old_one_mends_is_told(
    home: Path, programme: Programme
) -> None:
    """The old file is gone from the inbox: what was wrong in it the corrected one says itself."""
    file = drop(home / "inbox", "2018-11/南关区培训.xlsx", ROSTER)
    back = returned_file(home, programme)
    book = openpyxl.load_workbook(back)
    sheet = book["培训花名册"]
    for row in findings(book["核对结果"]):
        place = str(row[2].value).split()[-1]
        if row[5].value and not place.startswith("J"):
            sheet[place] = row[5].value
    book.save(file)
    figures, receipt = run(open_home(home), "2018-11", programme)
    changes = figures.changes["220102"]
    states = {s: changes.count(s) for s in ("fixed", "still", "new", "gone") if changes.count(s)}
    assert (changes.rounds, states) == (2, {"fixed": 4, "still": 1})
    letter = text_of_word((receipt.folder / "退回/220102_南关区/退回通知.docx").read_bytes())
    assert "改正已收到（本期第2次报送）：上次指出的问题，4处已改，1处还错。" in letter


TASKS = """
全省任务分解表
地区 | 培训任务 | 就业任务
 | 2018年 | 2018年
全省合计 | #{province} | #0
长春市 | #{province} | #0
南关区 | #3 | #0
宽城区 | #{other} | #0
"""


def test_which_cells_first_and_how_few_settle_the_province(
    home: Path, programme: Programme
) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER)
    drop(
        home / "inbox",
        "2018-11/宽城区.xlsx",
        ROSTER.replace("南关区", "宽城区").replace("2201021", "2201031"),
    )
    drop(home / "inbox", "全省任务分解表.xlsx", TASKS.format(province=6, other=3))
    figures, receipt = run(open_home(home), "2018-11", programme)
    # each county counts 2 of 3; two rows each are returned; 6 are wanted by the year's end
    assert [(p.unit, p.cells, p.gain, p.completes, p.needed) for p in figures.priorities] == [
        ("220102", ("D5",), 1, True, True),
        ("220103", ("D5",), 1, True, True),
        ("220102", ("E6", "J6"), 1, True, False),
        ("220103", ("E6", "J6"), 1, True, False),
    ]
    page = (receipt.folder / "index.html").read_text(encoding="utf-8")
    assert "培训：优先更正 2 行 2 格，全部更正后即可达到下一档进度" in page
    changed_lines = (receipt.folder / "data" / "priorities.csv").read_text(encoding="utf-8-sig")
    assert not re.search(r"\d{15}", changed_lines)


def test_a_figure_out_of_reach_needs_no_cell(home: Path, programme: Programme) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER)
    drop(home / "inbox", "全省任务分解表.xlsx", TASKS.format(province=600, other=597))
    figures, receipt = run(open_home(home), "2018-11", programme)
    assert [p.needed for p in figures.priorities] == [False, False]
    page = (receipt.folder / "index.html").read_text(encoding="utf-8")
    assert "填写有误而退回的行全部更正后最多增加 2 人，不影响进度档次" in page


def test_names_that_windows_would_refuse_or_confuse_are_told_apart(
    home: Path, programme: Programme
) -> None:
    for n, name in enumerate(("CON.xlsx", "A.xlsx", "a.xlsx"), 1):
        picture = ROSTER.replace("2201021", f"22010{n + 2}1")
        drop(home / "inbox", f"2018-11/{n}/{name}", picture)
    run(open_home(home), "2018-11", programme)
    names = sorted(p.name for p in (home / "outbox/2018-11/退回/220102_南关区").glob("*.xlsx"))
    assert names == ["A.xlsx", "_CON.xlsx", "a（2）.xlsx"]
