"""The month's report: an official paper in its looks and in its words, of the made-up province."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from delivered import csv_of
from docx.document import Document
from drawing import drop, text_of_word
from lxml import etree
from office import all_converted, converted, needs_office

from pipeline.home import Home, built_in, open_home
from pipeline.model import Severity
from pipeline.programme import Programme
from pipeline.programme.reports import report_of
from pipeline.run import run

ANNUAL, MONTHLY = "2018-11", "2018-10"
REPORT = "情况报告.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module")
def annual(delivered: Home) -> Document:
    return docx.Document(str(delivered.outbox / ANNUAL / REPORT))


@pytest.fixture(scope="module")
def texts(delivered: Home) -> dict[str, str]:
    return {
        period: text_of_word((delivered.outbox / period / REPORT).read_bytes())
        for period in (ANNUAL, MONTHLY)
    }


def test_its_page_is_that_of_the_standard(annual: Document) -> None:
    (section,) = annual.sections
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(m.mm) for m in margins if m is not None] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)  # type: ignore[union-attr]
    grid = section._sectPr.find(f"{W}docGrid")
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("linesAndChars", "579")
    text = 297 - 37 - 35
    assert int(text / (579 / 20 / 72 * 25.4)) == 22  # lines of a page


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Normal", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Footer", "宋体", 14),
    ],
)
def test_its_fonts_go_by_their_names(
    annual: Document, style: str, font: str, points: float
) -> None:
    root = annual.styles.element
    (found,) = (s for s in root.iter(f"{W}style") if s.find(f"{W}name").get(f"{W}val").lower() == style.lower())  # fmt: skip
    defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    own = found.find(f"{W}rPr")

    def of(tag: str, attribute: str) -> str:
        element = None if own is None else own.find(f"{W}{tag}")
        element = defaults.find(f"{W}{tag}") if element is None else element
        return str(element.get(f"{W}{attribute}"))

    assert (of("rFonts", "eastAsia"), int(of("sz", "val")) / 2) == (font, points)


def test_its_page_numbers_stand_outside(annual: Document) -> None:
    section = annual.sections[0]
    assert annual.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (paragraph,) = footer.paragraphs
        assert paragraph._p.find(f"{W}pPr/{W}jc").get(f"{W}val") == side
        assert re.fullmatch(r"— .* —", paragraph.text)


@needs_office
def test_it_has_three_to_five_pages(delivered: Home, tmp_path: Path) -> None:
    papers = [
        Path(shutil.copy(delivered.outbox / period / REPORT, tmp_path / f"{period}.docx"))
        for period in (ANNUAL, MONTHLY)
    ]
    for paper in all_converted(papers, tmp_path, "pdf"):
        result = subprocess.run(["pdfinfo", str(paper)], capture_output=True, text=True, check=True)
        (pages,) = re.findall(r"Pages:\s+(\d+)", result.stdout)
        assert 3 <= int(pages) <= 5
        (width, height) = re.findall(r"Page size:\s+([\d.]+) x ([\d.]+)", result.stdout)[0]
        assert (round(float(width)), round(float(height))) == (595, 842)


def test_its_table_is_wide_enough_and_offices_sign_side_by_side(annual: Document) -> None:
    table, *_, signed = annual.tables
    size = next(
        s for s in annual.styles.element.iter(f"{W}style") if s.get(f"{W}styleId") == "Cell"
    )
    points = int(size.find(f"{W}rPr/{W}sz").get(f"{W}val")) / 2
    widths = [int(g.get(f"{W}w")) / 20 - 2.8 for g in table._tbl.iter(f"{W}gridCol")]
    for row in table.rows[2:]:
        for cell, width in zip(row.cells, widths, strict=True):
            # digits of whatever font stands in for 仿宋 are up to two thirds of its size wide
            wide = sum(points * (1 if ord(c) > 0x2E80 else 2 / 3) for c in cell.text)
            assert wide <= width, cell.text
    lines = [row.cells[1].text for row in signed.rows]
    assert lines[:2] == ["吉林省残疾人联合会　　吉林省妇女联合会", "吉林省扶贫开发领导小组办公室"]
    assert re.fullmatch(r"2018年11月\d+日", lines[2])


def test_november_is_a_joint_report_and_october_a_bulletin(texts: dict[str, str]) -> None:
    annual, monthly = texts[ANNUAL], texts[MONTHLY]
    assert "就业脱贫行动落实情况的报告" in annual
    assert "中国残联、全国妇联、国务院扶贫办：" in annual
    assert "特此报告。" in annual
    for heading in (
        "一、任务目标完成情况",
        "二、完成名单",
        "三、典型经验举措",
        "四、存在突出问题",
        "五、下一步",
    ):
        assert heading in annual  # fmt: skip
    assert "培训就业完成情况的通报" in monthly
    assert "各市（州）残联，长白山开发区残联：" in monthly
    assert "特此报告" not in monthly
    assert "抄送：省妇联、省扶贫办。" in monthly
    for text in texts.values():
        assert "《关于印发〈发展手工制作促进贫困残疾妇女就业脱贫行动实施方案〉的通知》（吉残联发〔2018〕42号）" in text  # fmt: skip


def test_no_sentence_is_without_its_number(texts: dict[str, str]) -> None:
    """Of the parts that speak of figures: from the first heading to the last before what is attached."""
    for text in texts.values():
        body = text[text.index("\n一、") : text.index("\n附件：")]
        paragraphs = [p for p in body.split("\n") if len(p) > 40]
        assert len(paragraphs) >= 8
        assert [p for p in paragraphs if not re.search(r"\d", p)] == []


def test_what_it_says_of_the_month_before_is_what_the_table_says(
    delivered: Home, texts: dict[str, str]
) -> None:
    compared = csv_of(delivered, ANNUAL, "comparisons.csv")
    whole = compared[(compared.unit == "220000") & (compared.scope == "year") & (compared.basis == "listed")]  # fmt: skip
    more = dict(zip(whole.indicator, whole.over_month, strict=True))
    for sentence, indicator in (("完成培训", "training"), ("完成就业", "employment")):
        place = texts[ANNUAL].index(sentence)
        assert f"较上月增加{int(more[indicator])}人" in texts[ANNUAL][place : place + 80]
    assert "较上月增加" not in texts[MONTHLY]  # nothing was filed before: nothing is said


def charts_of(paper: Path) -> Iterator[tuple[list[list[str]], list[tuple[object, ...]]]]:
    """Of each chart what it remembers, series by series, and the rows of the workbook behind it."""
    with zipfile.ZipFile(paper) as package:
        for number in (1, 2):
            root = etree.fromstring(package.read(f"word/charts/chart{number}.xml"))
            series = [[v.text or "" for v in one.iter(f"{C}v")] for one in root.iter(f"{C}ser")]
            with package.open(f"word/embeddings/chart{number}.xlsx") as stream:
                sheet = openpyxl.load_workbook(stream).active
                assert sheet is not None
                yield series, list(sheet.iter_rows(values_only=True))


def test_its_charts_are_native_and_carry_the_figures_twice(delivered: Home) -> None:
    figures = csv_of(delivered, ANNUAL, "figures.csv")
    own = figures[(figures.level == "prefecture") & (figures.scope == "year")]
    bars, months = charts_of(delivered.outbox / ANNUAL / REPORT)
    rates = own[own.indicator == "training"]
    expected = [round(int(c) / int(t), 4) for c, t in zip(rates.counted, rates.target, strict=True)]
    series, rows = bars
    assert [one[0] for one in series] == ["培训", "就业", "序时进度"]
    assert [float(v) for v in series[0][1 + len(expected) :]] == expected
    assert [row[1] for row in rows[1:]] == expected
    series, rows = months
    whole = figures[(figures.unit == "220000") & (figures.scope == "year")]
    done = dict(zip(whole.indicator, whole.counted, strict=True))
    assert rows[-1] == ("11月", int(done["training"]), int(done["employment"]))
    assert series[0][-1] == str(int(done["training"]))


def test_every_account_is_told_once_with_all_its_counties(delivered: Home) -> None:
    annex = text_of_word((delivered.outbox / ANNUAL / "各地经验和问题.docx").read_bytes())
    rows = [line for line in annex.split("\n") if line.startswith("请手艺熟练的学员当小组长")]
    assert len(rows) == 1  # seven counties wrote the same
    assert "朝阳区、二道区、辉南县、宁江区、图们市、龙井市、汪清县" in annex
    report = text_of_word((delivered.outbox / ANNUAL / REPORT).read_bytes())
    assert "朝阳区、二道区、辉南县等7个县（市、区）“请手艺熟练" in report


def test_every_rule_of_weight_belongs_to_one_sort_of_fault(programme: Programme) -> None:
    gathered = [code for concern in programme.concerns for code in concern.rules]
    assert len(gathered) == len(set(gathered))
    meant = {r.code for r in programme.rules if r.severity in (Severity.ERROR, Severity.WARNING)}
    assert meant - set(gathered) == set()


def test_who_writes_to_whom_is_the_programmes_word(programme: Programme) -> None:
    kinds = {
        (level, month): getattr(report_of(programme.reports, level, month), "kind", "")
        for level in ("province", "prefecture")
        for month in (10, 11)
    }
    assert set(kinds.values()) == {"通报", "报告"}
    assert kinds["prefecture", 11] == kinds["province", 11] == "报告"
    report = report_of(programme.reports, "prefecture", 11)
    assert report is not None
    assert report.to == "省残联、省妇联、省扶贫办"
    assert len(report.signed) == 3


ROSTER = """
== 培训花名册
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-01 | 2018-09-10
"""


@needs_office
def test_a_report_edited_in_libreoffice_keeps_its_charts(home: Path) -> None:
    """It names what a chart draws in a way of its own; the workbook behind the chart stays a template."""
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER)
    templates = home / "templates" / "handcraft"
    shutil.copytree(built_in("templates") / "handcraft", templates)
    edited = converted(templates / REPORT, home / "edited", "docx")
    shutil.copy(edited, templates / REPORT)
    edited_home = open_home(home)
    run(edited_home, ANNUAL, edited_home.programme())
    _, months = charts_of(home / "outbox" / ANNUAL / REPORT)
    series, rows = months
    assert [one[0] for one in series] == ["培训", "就业"]
    assert rows[-1] == ("11月", 1, 0)
    assert series[0][-1] == "1"
