"""The county's own file back: only the wrong cells marked, and what it corrects is seen as corrected."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from drawing import drop, sheets, spelled, text_of_word, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from office import all_converted, converted, needs_office
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule as Highlight
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from side_by_side import counties

from pipeline.home import open_home
from pipeline.model import Figures, Issue, Severity
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


def as_xlsx(path: Path, picture: str) -> None:
    """With all that a careless program would lose: a chart, a rule, a comment, widths, a formula."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(picture)))
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


def as_xls(path: Path, picture: str) -> None:
    book = xlwt.Workbook()
    bold = xlwt.easyxf(
        "font: name 楷体, bold on, height 280; borders: left thin; align: horiz center"
    )
    for name, rows in sheets(picture):
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value, *([bold] if r == 2 else []))
        sheet.col(3).width = 256 * 30
        sheet.merge(0, 0, 0, 9)
    book.save(str(path))


def as_csv(path: Path, picture: str) -> None:
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(
            ["" if c is None else c for c in row] for row in sheets(picture)[0][1]
        )


FORMATS: dict[str, Callable[[Path, str], None]] = {"xlsx": as_xlsx, "xls": as_xls, "csv": as_csv}
OVERLAID = "a corrected file laid over the old one"
NOTICE = "a notice of much"
NAMED_ALIKE = "names alike"
PERIOD = "2018-11"


Edit = Callable[[str], str]
# what is filed again, and how many findings it leaves in which state
EDITS: dict[str, tuple[Edit, dict[str, int]]] = {
    "unchanged": (lambda t: t, {"still": 5}),
    "one mended": (lambda t: t.replace("汗族", "汉族"), {"fixed": 1, "still": 4}),
    "a row gone": (
        lambda t: "\n".join(line for line in t.split("\n") if "李桂兰" not in line),
        {"gone": 2, "still": 3},
    ),
    "a new fault": (lambda t: t.replace("赵玉梅 | 女", "赵玉梅 | 男"), {"still": 5, "new": 1}),
    "wrong otherwise": (
        lambda t: t.replace("22010219800101004 |", "220102198001010049 |"),
        {"still": 5},
    ),
}


class Rounds:
    """A month in which every case files in a county of its own, and what it had been sent back before it filed again."""

    def __init__(self, home: Path, programme: Programme) -> None:
        self.home, self.programme = home, programme
        cases = [*FORMATS, *EDITS, OVERLAID, NOTICE, NAMED_ALIKE]
        self.county = dict(zip(cases, counties(programme), strict=False))
        self.first_outbox = home / "outbox_of_the_first_run"
        self.corrected: dict[str, Path] = {}

    def lay(self, case: str, path: str, picture: str) -> Path:
        return drop(self.home / "inbox", f"{PERIOD}/{path}", self.of(case, picture))

    def of(self, case: str, picture: str) -> str:
        """A picture of 南关区 as the case's own county files it, of women born in years of their own."""
        code, name = self.county[case]
        nth = list(self.county).index(case)
        picture = picture.replace("南关区", name)
        return re.sub(r"22010219(\d\d)", lambda m: f"{code}19{int(m[1]) - nth}", picture)

    def filed(self, suffix: str) -> Path:
        return self.home / "inbox" / PERIOD / f"{self.county[suffix][1]}培训.{suffix}"

    def back(self, case: str) -> Path:
        """The marked file that the county was sent back at first."""
        (found,) = self.folder(case).glob("*.xlsx")
        return found

    def folder(self, case: str, outbox: str = "") -> Path:
        code, name = self.county[case]
        place = self.home / "outbox" / PERIOD if outbox else self.first_outbox
        return place / "退回" / f"{code}_{name}"

    def run(self) -> Figures:
        return run(open_home(self.home), PERIOD, self.programme)[0]


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> Rounds:
    return Rounds(tmp_path_factory.mktemp("rounds"), programme)


@pytest.fixture(scope="module")
def once(rounds: Rounds) -> Figures:
    """What the first run came to."""
    for suffix, write in FORMATS.items():
        rounds.filed(suffix).parent.mkdir(parents=True, exist_ok=True)
        write(rounds.filed(suffix), rounds.of(suffix, ROSTER))
    for name, (edit, _) in EDITS.items():
        rounds.lay(name, f"{name}/a.xlsx", ROSTER)
        again = edit(ROSTER).replace("11月26日", "11月28日")
        moved = again.replace("王秀英 | 女", "王秀英 | 女", 1).split("\n")
        moved[5], moved[-2] = moved[-2], moved[5]  # rows move: persons are followed, not rows
        rounds.lay(name, f"{name}/b.xlsx", "\n".join(moved))
    rounds.lay(OVERLAID, "改过.xlsx", ROSTER)
    rounds.lay(NOTICE, "很多.xlsx", re.sub("汉族", "汗族", _faulty(60)).replace("肢体", "腿部"))
    for n, name in enumerate(("CON.xlsx", "A.xlsx", "a.xlsx"), 1):
        picture = rounds.of(NAMED_ALIKE, ROSTER)
        code, _ = rounds.county[NAMED_ALIKE]
        picture = picture.replace(f"{code}19", f"{code[:4]}{n + 2}{code[5]}19")
        drop(rounds.home / "inbox", f"{PERIOD}/{n}/{name}", picture)
    figures = rounds.run()
    shutil.copytree(rounds.home / "outbox" / PERIOD, rounds.first_outbox)
    return figures


@pytest.fixture(scope="module")
def twice(rounds: Rounds, once: Figures) -> Figures:
    """What the second run came to, after some had typed in what the first suggested."""
    for suffix in FORMATS:
        book = openpyxl.load_workbook(rounds.back(suffix))
        sheet, lines = suggested(book)
        for place, value in lines.items():
            if place != "J6":
                sheet[place] = value
        sheet["J6"] = "2018-09-13"  # the clerk knows better than the suggestion
        sheet["D2"] = "填报日期：2018年11月28日"
        name = rounds.back(suffix).name
        rounds.corrected[suffix] = rounds.home / "inbox" / PERIOD / "补报" / suffix / name
        rounds.corrected[suffix].parent.mkdir(parents=True)
        book.save(rounds.corrected[suffix])
    book = openpyxl.load_workbook(rounds.back(OVERLAID))
    sheet, lines = suggested(book)
    for place, value in lines.items():
        if value and not place.startswith("J"):
            sheet[place] = value
    book.save(rounds.home / "inbox" / PERIOD / "改过.xlsx")
    return rounds.run()


def suggested(book: Any) -> tuple[Any, dict[str, str]]:
    """The county's own sheet, and by cell what the front sheet suggests."""
    sheet = next(s for s in book.worksheets if s.title != "核对结果")
    lines = {}
    for row in findings(book["核对结果"]):
        named, place = str(row[2].value).rsplit(" ", 1)
        assert named == sheet.title
        lines[place] = str(row[5].value or "")
    return sheet, lines


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


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_round_trip_file_back_corrected_by_suggestion_everything_fixed(
    suffix: str, rounds: Rounds, once: Figures, twice: Figures
) -> None:
    sheet, lines = suggested(openpyxl.load_workbook(rounds.back(suffix)))
    code, _ = rounds.county[suffix]
    number, other = (spelled(rounds.of(suffix, f"<{n}>")) for n in ("22010219800101004", "22010219810101006"))  # fmt: skip
    assert lines == {"D5": number, "E6": f"{other}12", "J6": "2018-01-13", "C5": "汉族", "F7": "视力残疾"}  # fmt: skip
    assert set(lines) == WRONG

    before = cells_of(rounds.back(suffix).read_bytes())
    after = cells_of(rounds.corrected[suffix].read_bytes())
    assert {
        p for _, p in before.keys() | after.keys()
        if before.get((sheet.title, p)) != after.get((sheet.title, p))
    } == {*WRONG, "D2"}  # fmt: skip

    assert {i.path: (i.status, i.counted) for i in twice.inputs if i.unit == code} == {
        f"{PERIOD}/{rounds.filed(suffix).name}": ("superseded", 0),
        f"{PERIOD}/补报/{suffix}/{rounds.back(suffix).name}": ("accepted", 4),
    }
    changes = twice.changes[code]
    assert (changes.rounds, changes.fixed, changes.still, changes.new, changes.gone) == (
        2,
        5,
        0,
        0,
        0,
    )


def test_what_has_changed_is_on_the_page_and_in_a_table_without_numbers(
    rounds: Rounds, twice: Figures
) -> None:
    outbox = rounds.home / "outbox" / PERIOD
    assert "差错变化" in (outbox / "index.html").read_text(encoding="utf-8")
    changed_lines = (outbox / "data" / "changes.csv").read_text(encoding="utf-8-sig")
    assert twice.changes
    assert not re.search(r"\d{15}", changed_lines)


def test_nothing_else_in_the_file_has_changed(rounds: Rounds, once: Figures) -> None:
    file, back = rounds.filed("xlsx"), rounds.back("xlsx")
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


def test_an_old_workbook_keeps_its_looks_in_its_copy(rounds: Rounds, once: Figures) -> None:
    book = openpyxl.load_workbook(rounds.back("xls"))
    sheet: Any = book["培训花名册"]
    assert (sheet["A3"].font.name, sheet["A3"].font.b, sheet["A3"].font.sz) == ("楷体", True, 14)
    assert (sheet["A3"].border.left.style, sheet["A3"].alignment.horizontal) == ("thin", "center")
    assert sheet.column_dimensions["D"].width == 30
    assert [str(m) for m in sheet.merged_cells.ranges] == ["A1:J1"]
    assert "图片、图表、公式" in str(book["核对结果"]["A4"].value)


def test_front_sheet_links_lead_to_the_cells(rounds: Rounds, once: Figures) -> None:
    front = openpyxl.load_workbook(rounds.back("xlsx"))["核对结果"]
    rows = findings(front)
    links = {row[2].value: row[2].hyperlink.location for row in rows}
    assert {k: v.replace("'", "").replace("!", " ") for k, v in links.items()} == {
        k: k for k in links
    }
    assert len(links) == len(WRONG)
    assert [row[3].value for row in rows] == ["退回"] * 3 + ["核实"] * 2
    assert rows[0][1].value == "李桂兰"
    assert all(row[7].value for row in rows)


@pytest.fixture(scope="module")
def saved_again(
    rounds: Rounds, once: Figures, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The marked files as an office program saves them."""
    folder = tmp_path_factory.mktemp("office")
    files = [Path(shutil.copy(rounds.back(s), folder / f"{s}.xlsx")) for s in FORMATS]
    return dict(zip(FORMATS, all_converted(files, folder, "xlsx"), strict=True))


@needs_office
@pytest.mark.parametrize("suffix", FORMATS)
def test_an_office_program_opens_the_marked_file(
    suffix: str, saved_again: Mapping[str, Path]
) -> None:
    opened = openpyxl.load_workbook(saved_again[suffix])
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
    rounds: Rounds, once: Figures, tmp_path: Path
) -> None:
    notice = rounds.folder(NOTICE) / "退回通知.docx"
    pdf = converted(notice, tmp_path, "pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1


def test_what_repeats_down_a_column_is_one_line_with_its_range() -> None:
    def issue(row: int, column: str, severity: Severity = Severity.WARNING) -> Issue:
        return Issue("C52", severity, "民族无法识别", "a.xlsx", "表", row, column)

    changed_lines = grouped(
        [issue(9, "C"), issue(7, "C"), issue(8, "C"), issue(12, "C"), issue(3, "D", Severity.ERROR)]
    )
    assert [(g.cells, g.count) for g in changed_lines] == [("D3", 1), ("C7–C9、C12", 4)]


@pytest.mark.parametrize("name", EDITS)
def test_each_earlier_finding_is_fixed_still_there_new_or_gone(
    name: str, rounds: Rounds, once: Figures
) -> None:
    changes = once.changes[rounds.county[name][0]]
    states = ("fixed", "still", "new", "gone")
    assert {s: changes.count(s) for s in states if changes.count(s)} == EDITS[name][1]
    assert changes.rounds == 2


def test_what_a_corrected_file_laid_over_the_old_one_mends_is_told(
    rounds: Rounds, twice: Figures
) -> None:
    """The old file is gone from the inbox: what was wrong in it the corrected one says itself."""
    changes = twice.changes[rounds.county[OVERLAID][0]]
    states = {s: changes.count(s) for s in ("fixed", "still", "new", "gone") if changes.count(s)}
    assert (changes.rounds, states) == (2, {"fixed": 4, "still": 1})
    letter = text_of_word((rounds.folder(OVERLAID, "now") / "退回通知.docx").read_bytes())
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
    rounds: Rounds, once: Figures
) -> None:
    names = sorted(p.name for p in rounds.folder(NAMED_ALIKE).glob("*.xlsx"))
    assert names == ["A.xlsx", "_CON.xlsx", "a（2）.xlsx"]
