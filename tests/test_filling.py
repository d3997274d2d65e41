"""Templates filled in their own package: what points at rows moves along, what nothing touches stays."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter
from drawing import picture_of
from office import converted, needs_office

from pipeline.office.fill import Lines, fill_workbook, filled
from pipeline.programme import ProgrammeFault

PEOPLE = [
    {"name": name, "id_no": f"2201021978030500{n:02d}", "days": n, "note": note}
    for n, (name, note) in enumerate(
        [("甲", ""), ("=1+1", "{{ 7*7 }}"), ("<script>", "a&b"), ("丙\x00\ufffe", " 空格 "), ("_x0041_", None)], 1
    )
]  # fmt: skip
SHOWN = ["甲", "=1+1", "<script>", "丙", "_x005F_x0041_"]  # as Excel writes what it would read as A


def table(people: list[dict[str, Any]] = PEOPLE) -> Lines:
    return Lines(pa.Table.from_pylist(people))


def drawn(file: Path, draw: Callable[[Any, Any], None]) -> Path:
    """A template made with XlsxWriter: a title, a header, a repeated row 4, a sum, and what `draw` adds."""
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("名单")
    for row, texts in enumerate(
        [["{{ title }}"], [], ["姓名", "证号", "天数", "备注"],
         ["{% row p in people %}{{ p.name }}", "{{ p.id_no }}", "{{ p.days }}", "{{ p.note or '' }}"]]
    ):  # fmt: skip
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text)
    sheet.write_formula("C5", "=SUM(C4:C4)")
    sheet.write_string("A6", "填表人：{{ filler }}")
    draw(book, sheet)
    book.close()
    return file


def nothing(book: Any, sheet: Any) -> None:
    """Adds nothing."""


# openpyxl says that it will drop what only it would drop
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
VIEW = {"title": "名单", "filler": "某某", "office": "某省残联"}


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode("utf-8")


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {n: package.read(n) for n in package.namelist()}


@pytest.fixture(params=["a list", "a table"])
def people(request: pytest.FixtureRequest) -> Any:
    return PEOPLE if request.param == "a list" else table()


def test_text_stays_text_and_numbers_stay_numbers(tmp_path: Path, people: Any) -> None:
    made = filled(drawn(tmp_path / "t.xlsx", nothing), {**VIEW, "people": people})
    sheet: Any = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=4, max_row=8))
    assert [r[0].value for r in rows] == SHOWN
    assert {r[0].data_type for r in rows} == {"s"}
    assert [r[1].value for r in rows] == [p["id_no"] for p in PEOPLE]
    assert [(r[2].value, r[2].data_type) for r in rows] == [(n, "n") for n in range(1, 6)]
    assert [r[3].value for r in rows] == [None, "{{ 7*7 }}", "a&b", " 空格 ", None]
    assert sheet["C9"].value == "=SUM(C4:C8)"
    assert sheet["A10"].value == "填表人：某某"


def test_a_table_and_a_list_give_the_same_workbook(tmp_path: Path) -> None:
    file = drawn(tmp_path / "t.xlsx", nothing)
    pictures = {picture_of(filled(file, {**VIEW, "people": p})) for p in (PEOPLE, table())}
    assert len(pictures) == 1


def test_the_same_table_gives_the_same_bytes_however_it_is_cut(tmp_path: Path) -> None:
    file = drawn(tmp_path / "t.xlsx", nothing)
    whole = pa.Table.from_pylist(PEOPLE)
    pieces = pa.concat_tables([whole.slice(0, 2), whole.slice(2, 0), whole.slice(2)])
    assert filled(file, {**VIEW, "people": whole}) == filled(file, {**VIEW, "people": pieces})


def test_a_table_may_come_in_batches(tmp_path: Path) -> None:
    file = drawn(tmp_path / "t.xlsx", nothing)
    whole = pa.Table.from_pylist(PEOPLE)
    lines = Lines(
        rows=5,
        names=whole.column_names,
        batches=lambda names: iter(whole.select(list(names)).to_batches(2)),
    )
    assert filled(file, {**VIEW, "people": lines}) == filled(file, {**VIEW, "people": whole})


def full(book: Any, sheet: Any) -> None:
    """All that openpyxl would drop, and all that points at rows."""
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": "=名单!$A$4:$A$4", "values": "=名单!$C$4:$C$4"})
    sheet.insert_chart("F8", chart)
    sheet.insert_textbox("F2", "印章处")
    sheet.insert_checkbox("E6", False)
    sheet.add_sparkline("E4", {"range": "名单!B4:D4"})
    sheet.conditional_format("C4:C4", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format(
        "B4:B4",
        {"type": "formula", "criteria": "=COUNTIF($B$4:$B$4,B4)>1", "format": book.add_format({"bold": True})},
    )  # fmt: skip
    sheet.data_validation("D4", {"validate": "list", "source": ["是", "否"]})
    sheet.data_validation("D6", {"validate": "list", "source": ["有", "无"]})
    sheet.autofilter("A3:D4")
    sheet.print_area("A1:D6")
    sheet.repeat_rows(0, 2)
    sheet.write_comment("A6", "谁填的")
    sheet.merge_range("B6:D6", "年　月　日")
    sheet.set_footer("&C第 &P 页")
    book.define_name("天数", "=名单!$C$4:$C$4")
    other = book.add_worksheet("说明")
    other.write_formula("A1", "=SUM(名单!C4:C4)")
    other.write_string("A2", "不变")


def test_what_points_at_a_repeated_row_is_stretched_over_all_its_copies(
    tmp_path: Path, people: Any
) -> None:
    made = filled(drawn(tmp_path / "t.xlsx", full), {**VIEW, "people": people})
    sheet, book = part(made, "xl/worksheets/sheet1.xml"), part(made, "xl/workbook.xml")
    chart = part(made, "xl/charts/chart1.xml")
    assert re.findall(r"<c:f>([^<]*)", chart) == ["名单!$A$4:$A$8", "名单!$C$4:$C$8"]
    days = re.search(r"<c:numCache>.*?</c:numCache>", chart)
    assert days
    assert re.findall(r"<c:v>([^<]*)", days[0]) == ["1", "2", "3", "4", "5"]
    assert re.findall(r"<c:strCache>.*?</c:strCache>", chart)[0].count("<c:pt ") == 5
    assert 'conditionalFormatting sqref="C4:C8"' in sheet
    assert "COUNTIF($B$4:$B$8,B4)&gt;1" in sheet
    assert re.search(r"<x14:conditionalFormatting.*?<xm:sqref>C4:C8</xm:sqref>", sheet, re.DOTALL)
    assert re.findall(r'dataValidation [^>]*sqref="([^"]+)"', sheet) == ["D4:D8", "D10"]
    assert re.findall(r"<xm:f>(名单![^<]*)</xm:f>", sheet) == [
        f"名单!B{n}:D{n}" for n in range(4, 9)
    ]
    assert '<autoFilter ref="A3:D8"' in sheet
    assert '<mergeCell ref="B10:D10"/>' in sheet
    assert "名单!$A$1:$D$10" in book
    assert "名单!$1:$3" in book
    assert '<definedName name="天数">名单!$C$4:$C$8<' in book
    assert "SUM(名单!C4:C8)" in part(made, "xl/worksheets/sheet2.xml")
    assert 'ref="A10"' in part(made, "xl/comments1.xml")
    assert "<x:Row>9</x:Row>" in part(made, "xl/drawings/vmlDrawing1.vml")
    assert "&amp;C第 &amp;P 页" in sheet


def test_charts_below_a_list_move_down_and_text_boxes_above_stay(
    tmp_path: Path, people: Any
) -> None:
    file = drawn(tmp_path / "t.xlsx", full)
    made = filled(file, {**VIEW, "people": people})

    def rows(content: bytes) -> list[int]:
        drawing = part(content, "xl/drawings/drawing1.xml")
        return [int(n) for n in re.findall(r"<xdr:from>.*?<xdr:row>(\d+)", drawing, re.DOTALL)]

    was, now = rows(file.read_bytes()), rows(made)
    assert [b - a for a, b in zip(was, now, strict=True)] == [4, 0]
    assert "印章处" in part(made, "xl/drawings/drawing1.xml")


def test_parts_that_nothing_touches_stay_byte_for_byte(tmp_path: Path) -> None:
    file = drawn(tmp_path / "t.xlsx", full)
    was, now = parts(file.read_bytes()), parts(filled(file, {**VIEW, "people": []}))
    kept = {"xl/styles.xml", "xl/theme/theme1.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"}
    assert kept <= {n for n in was if was[n] == now.get(n)}
    assert b"python" not in now["docProps/core.xml"]
    assert "某省残联" in now["docProps/core.xml"].decode()
    assert b"{{" not in b"".join(now.values())


def test_an_empty_list_leaves_no_row_and_what_stands_below_moves_up(tmp_path: Path) -> None:
    made = filled(drawn(tmp_path / "t.xlsx", full), {**VIEW, "people": []})
    sheet: Any = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert sheet["A5"].value == "填表人：某某"
    assert [str(v.sqref) for v in sheet.data_validations.dataValidation] == ["D5"]


@needs_office
def test_an_office_program_opens_a_filled_workbook(tmp_path: Path, people: Any) -> None:
    file = tmp_path / "filled.xlsx"
    file.write_bytes(filled(drawn(tmp_path / "t.xlsx", full), {**VIEW, "people": people}))
    opened = openpyxl.load_workbook(converted(file, tmp_path, "xlsx"), data_only=True)
    sheet: Any = opened["名单"]
    assert sheet["C9"].value == 15
    assert [sheet.cell(n, 1).value for n in range(4, 8)] == SHOWN[:4]
    assert sheet["A8"].value == "_x0041_"
    assert opened["说明"]["A1"].value == 15


def test_a_list_longer_than_a_sheet_goes_on_over_copies_of_it(tmp_path: Path, people: Any) -> None:
    out = io.BytesIO()
    fill_workbook(drawn(tmp_path / "t.xlsx", full), {**VIEW, "people": people}, out, limit=7)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["名单", "名单（2）", "说明"]
    sheets: list[Any] = book.worksheets
    assert [sheets[0].cell(n, 1).value for n in range(4, 9)] == [*SHOWN[:4], None]
    assert [sheets[1].cell(n, 1).value for n in (1, 3, 4)] == ["名单", "姓名", SHOWN[4]]
    assert [s.print_title_rows for s in sheets] == ["$1:$3", "$1:$3", None]
    assert sheets[1].oddFooter.center.text == "第 &P 页"
    assert sheets[1]["A6"].value == "填表人：某某"
    assert sheets[1]["C5"].value == "=SUM(C4:C4)"


def test_a_list_that_cannot_be_cut_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeFault, match="放不下"):
        fill_workbook(
            drawn(tmp_path / "t.xlsx", nothing), {**VIEW, "people": PEOPLE}, io.BytesIO(), limit=3
        )


def one_row(file: Path, *cells: str, width: float = 20) -> Path:
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet()
    wrap = book.add_format({"text_wrap": True, "font_size": 10})
    sheet.set_column(0, len(cells), width)
    for column, text in enumerate(cells):
        sheet.write_string(0, column, text, wrap)
    book.close()
    return file


def test_wrapped_text_makes_its_row_tall_enough(tmp_path: Path) -> None:
    file = one_row(tmp_path / "t.xlsx", "{% row p in people %}{{ p.a }}", "{{ p.b }}")
    lines = [{"a": "短", "b": "x" * 10}, {"a": "很长的一句话" * 10, "b": "一\n二\n三"}]
    heights = []
    for people in (lines, pa.Table.from_pylist(lines)):
        sheet: Any = openpyxl.load_workbook(io.BytesIO(filled(file, {"people": people}))).active
        heights.append([sheet.row_dimensions[n].height for n in (1, 2)])
    assert heights[0] == pytest.approx(heights[1])
    assert heights[0] == [17.0, 17.0 + 6 * 13]


def test_days_are_days_and_get_a_format_where_the_cell_has_none(tmp_path: Path) -> None:
    file = one_row(tmp_path / "t.xlsx", "{% row p in people %}{{ p.day }}")
    for people in ([{"day": date(2018, 9, 1)}], pa.table({"day": [date(2018, 9, 1)]})):
        cell = openpyxl.load_workbook(io.BytesIO(filled(file, {"people": people}))).active["A1"]  # type: ignore[index]
        assert cell.is_date
        assert str(cell.value)[:10] == "2018-09-01"


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("{% row p in people %}{{ p.nowhere }}", "单元格 A1的写法有误"),
        ("{% row p in people %}{{ p.a or p.nowhere }}", "单元格 A1的写法有误"),
        ("{% row p in people %}{{ p.", "单元格 A1的写法有误"),
        ("{% row p in nobody %}{{ p.a }}", "nobody 没有定义"),
        ("第{{ nowhere }}页", "nowhere"),
    ],
)
def test_a_fault_names_its_cell(cell: str, why: str, tmp_path: Path) -> None:
    for people in ([{"a": ""}], pa.table({"a": [""]})):
        with pytest.raises(ProgrammeFault, match=why):
            filled(one_row(tmp_path / "t.xlsx", cell), {"people": people})


def test_a_table_serves_conditions_and_other_expressions_line_by_line(tmp_path: Path) -> None:
    file = one_row(
        tmp_path / "t.xlsx",
        "{% row p in people if p.days > 3 %}{{ p.name ~ '！' }}",
        "第{{ p.days }}天",
    )
    assert (
        picture_of(filled(file, {"people": table()}))
        == f"== Sheet1\n{SHOWN[3]}！ | 第4天\n{SHOWN[4]}！ | 第5天"
    )
    file = one_row(tmp_path / "u.xlsx", "{% row p in people %}第{{ p.days }}天", "{{ p.name }}")
    assert picture_of(filled(file, {"people": table()})).split("\n")[1] == "第1天 | 甲"


def test_nought_and_no_are_blank_before_or_and_themselves_alone(tmp_path: Path) -> None:
    lines: list[Mapping[str, Any]] = [
        {"n": 0, "x": 1.5, "yes": False},
        {"n": 7, "x": None, "yes": True},
    ]
    file = one_row(
        tmp_path / "t.xlsx",
        "{% row p in people %}{{ p.n }}",
        "{{ p.n or '—' }}",
        "{{ p.x }}",
        "{{ p.yes }}",
    )
    pictures = {
        picture_of(filled(file, {"people": p})) for p in (lines, pa.Table.from_pylist(lines))
    }
    assert pictures == {"== Sheet1\n0 | — | 1.5 | False\n7 | 7 |  | True"}
