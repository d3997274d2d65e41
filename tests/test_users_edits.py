"""Templates are the users': what one changes in an office program is so in the next month's workbook."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import edited, needs_office
from readable import Filling, disagreements
from remembered import Shown, remembered

from pipeline.office.fill import filled

SUMMARY = "全省汇总表.xlsx"
STEPS = """
  sheet = doc.Sheets.getByName("数据质量")
  sheet.getCellRangeByName("A1").String = "{{ region }}名单质量问题"
  Dim at As New com.sun.star.table.CellAddress
  sheet.Columns.insertByIndex(1, 1)
  at.Sheet = sheet.RangeAddress.Sheet : at.Column = 1 : at.Row = 2
  sheet.moveRange(at, sheet.getCellRangeByName("G3:G5").RangeAddress)
  sheet.Columns.removeByIndex(6, 1)
  table = doc.Sheets.getByName("汇总表")
  table.getCellRangeByName("R4").String = "缺口"
  For row = 6 To 11
    table.getCellRangeByName("R" & row).Formula = "=IFERROR(MAX(B" & row & "-C" & row & ";0);0)"
  Next
  table.getCellRangeByName("R1").Formula = "=COUNTIF(R6:R11;"">0"")"
  table.getCellRangeByName("R2").Formula = "=CONCATENATE(""最大缺口"";MAX(R6:R11);""人"")"
  data = doc.Sheets.getByName("图表数据")
  textB = data.getCellRangeByName("B8").String : textC = data.getCellRangeByName("C8").String
  data.getCellRangeByName("B8").Value = 1 : data.getCellRangeByName("C8").Value = 2
  Dim box As New com.sun.star.awt.Rectangle
  box.X = 20000 : box.Y = 1000 : box.Width = 9000 : box.Height = 6000
  Dim ranges(0) As New com.sun.star.table.CellRangeAddress
  ranges(0) = data.getCellRangeByName("A7:C8").RangeAddress
  data.Charts.addNewByName("新图", box, ranges(), True, True)
  chart = data.Charts.getByName("新图").EmbeddedObject
  chart.HasMainTitle = True
  chart.Title.String = "{{ year }}年各月"
  data.getCellRangeByName("B8").String = textB : data.getCellRangeByName("C8").String = textC
"""


@pytest.fixture(scope="module")
def changed(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return edited(templates / SUMMARY, tmp_path_factory.mktemp("lo"), STEPS)


@needs_office
def test_a_column_moved_a_title_and_a_chart_of_ones_own_are_in_the_next_workbook(
    changed: Path, filling: Filling
) -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(filled(changed, filling.view)))
    sheet = book["数据质量"]
    assert sheet["A1"].value == "吉林省名单质量问题"
    assert [c.value for c in sheet[3]][:4] == ["序号", "规则代码", "问题", "处理"]
    (chart,) = book["图表数据"]._charts
    assert chart.title.tx.rich.p[0].r[0].t == "2018年各月"
    months = [f"{n}月" for n in range(1, 12)]
    for series in chart.series:
        assert [p.v for p in series.cat.strRef.strCache.pt] == months
        assert len(series.val.numRef.numCache.pt) == len(months)
    titles = [c.title.tx.rich.p[0].r[0].t for c in book["图表"]._charts]
    assert "2018年培训完成数差异桥" in titles  # the program writes out what a title points at


@needs_office
def test_an_edited_template_still_says_what_the_figures_say(
    changed: Path, filling: Filling, tmp_path: Path
) -> None:
    assert disagreements(filling, changed.read_bytes(), tmp_path) == []


@needs_office
def test_formulas_of_ones_own_are_copied_with_their_rows_and_remember_what_they_come_to(
    changed: Path, filling: Filling
) -> None:
    made = filled(changed, filling.view)
    found = remembered(made)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(made))["汇总表"]
    rows = range(6, 6 + len(filling.view["lines"]))
    both = [(sheet[f"B{row}"].value, sheet[f"C{row}"].value) for row in rows]
    gaps = [max(task - done, 0) if isinstance(task, int) else 0 for task, done in both]
    assert [found["汇总表", f"R{row}"] for row in rows] == [Shown("n", str(gap)) for gap in gaps]
    assert len(gaps) > 3
    assert found["汇总表", "R1"] == Shown("n", str(sum(gap > 0 for gap in gaps)))
    assert found["汇总表", "R2"] == Shown("str", f"最大缺口{max(gaps)}人")
