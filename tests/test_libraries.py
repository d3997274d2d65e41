"""A second programme, all of it data: libraries' monthly loans, without persons, numbers or gender."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner, Result
from drawing import drop, picture_of, workbook

from pipeline.cli import cli
from pipeline.home import built_in, open_home
from pipeline.programme import Programme

OWN = Path(__file__).parent / "programmes" / "libraries"
SUMMARY = """
== 汇总表
{{ region }}{{ short_title }}
{% row line in lines %}{{ line.name }} | {{ line.lending.year.target }} | {{ line.lending.year.done }}
"""
LISTS = """
== 馆名单
序号 | 县（市、区） | 馆名 | 借阅册次
{% row p in people.lending %}{{ p.seq }} | {{ p.unit_name or '' }} | {{ p.library or '' }} | {{ p.loans or '' }}
"""
OCTOBER = """
== 图书馆月报
填报单位：{unit} | | 填报日期：2018年10月31日
馆名 | 借阅册次 | 开放天数
{first} | #300 | #26
{second} | 1,200 | #26
"""
NOVEMBER = """
== 图书馆月报
填报单位：{unit} | | 填报日期：2018年11月30日
馆名 | 借阅册次 | 开放天数
{first} | #250 | #25
{second} | 很多 | #25
"""
TASKS = """
== 任务分解表
地区 | 借阅任务
 | 2018年
全省合计 | #4000
甲城市 | #4000
东山区 | #2500
西山区 | #1500
"""


@pytest.fixture
def libraries(home: Path) -> Path:
    """A home whose programme is the libraries': its schemas, its templates, nothing else."""
    shutil.copytree(OWN, home / "schemas" / "libraries")
    for shared in ("common.toml", "形近字.csv"):
        shutil.copy(built_in("schemas") / shared, home / "schemas" / shared)
    templates = home / "templates" / "libraries"
    shutil.copytree(built_in("templates") / "handcraft", templates)
    (templates / "全省汇总表.xlsx").write_bytes(workbook(SUMMARY))
    (templates / "完成名单.xlsx").write_bytes(workbook(LISTS))
    report = docx.Document()
    report.add_paragraph("{% for i in indicators %}{{ i.label }}{{ i.year.done }}册次{% endfor %}")
    report.add_paragraph(
        "完成名单：{% for i in told %}{{ i.label }}{{ i.listed }}{{ i.listed_in }}{{ i.times }}{% endfor %}。"
    )
    report.save(str(templates / "情况报告.docx"))
    (home / "pipeline.toml").write_text('programme = "libraries"\n', encoding="utf-8")
    return home


def call(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def figures(home: Path, period: str) -> dict[tuple[str, str], dict[str, str]]:
    with (home / "outbox" / period / "data" / "figures.csv").open(encoding="utf-8-sig") as stream:
        return {(line["unit"], line["scope"]): line for line in csv.DictReader(stream)}


def test_the_programme_of_the_libraries_is_taken(libraries: Path) -> None:
    programme: Programme = open_home(libraries).programme()
    (indicator,) = programme.indicators
    assert (indicator.measure.kind, indicator.measure.field) == ("sum", "loans")
    assert programme.kinds[0].role("person") == ""


def test_its_forms_add_up_what_is_lent(libraries: Path) -> None:
    result = call("forms", "2018-12", "--rows", "5", "--home", str(libraries))
    assert result.exit_code == 0, result.output
    (form,) = (libraries / "outbox" / "表样" / "2018-12").glob("990101_*.xlsx")
    book = openpyxl.load_workbook(form)
    assert [c.value for c in book["图书馆月报"][4]] == ["*馆名", "*借阅册次", "开放天数"]
    assert book["任务完成情况汇总表"]["B4"].value == "=SUM('图书馆月报'!B5:B9)"
    checks = picture_of(form.read_bytes())
    assert "缺借阅册次" in checks
    assert "身份证" not in checks


def test_its_rules_prove_themselves(libraries: Path) -> None:
    result = call("rules", "--home", str(libraries))
    assert result.exit_code == 0, result.output


def test_two_months_of_libraries_add_up(libraries: Path) -> None:
    inbox = libraries / "inbox"
    drop(inbox, "任务分解表.xlsx", TASKS)
    for month, picture in (("2018-10", OCTOBER), ("2018-11", NOVEMBER)):
        for unit in ("东山区", "西山区"):
            names = {"first": f"{unit}图书馆", "second": f"{unit}少儿图书馆"}
            drop(inbox, f"{month}/{unit}.xlsx", picture.format(unit=f"{unit}文化局", **names))
    first = call("run", "2018-10", "--home", str(libraries))
    assert first.exit_code == 0, first.output
    second = call("run", "2018-11", "--home", str(libraries))
    assert second.exit_code == 1, second.output
    october, november = figures(libraries, "2018-10"), figures(libraries, "2018-11")
    assert october["990101", "year"]["counted"] == "1500"
    assert november["990101", "year"]["counted"] == "1750"  # the row that says 很多 is returned
    assert november["990000", "year"]["counted"] == "3500"
    assert november["990000", "year"]["target"] == "4000"
    assert november["990101", "year"]["returned"] == "1"
    outbox = libraries / "outbox" / "2018-11"
    assert "甲省 | 4000 | 3500" in picture_of((outbox / "全省汇总表.xlsx").read_bytes())
    listed = picture_of((outbox / "完成名单.xlsx").read_bytes())
    assert "东山区少儿图书馆" in listed
    words = [p.text for p in docx.Document(str(outbox / "情况报告.docx")).paragraphs]
    assert words == ["借阅3500册次", "完成名单：借阅6条。"]
    issues = (outbox / "data" / "issues.csv").read_text(encoding="utf-8-sig")
    assert "图书馆月报,B4,4,loans,C22,error,借阅册次“很多”不是数" in issues
