"""The same job for a prefecture: its own counties, its own letterhead."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from drawing import drop, text_of_word

from pipeline.home import built_in, open_home
from pipeline.model import issues_of
from pipeline.programme import ProgrammeFault
from pipeline.run import run

ROSTER = """
== 培训花名册
填报单位：延吉市残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
金明玉 | 女 | <22240119780305002> | <22240119780305002+43> | 是 | 2018-09-01 | 2018-09-10
"""
TASKS = """
全省任务分解表
地区 | 培训任务 | 就业任务
 | 2018年 | 2018年
全省合计 | #500 | #300
长春市 | #60 | #30
延边州 | #40 | #20
延吉市 | #10 | #5
"""


def test_a_prefecture_runs_the_same_job(home: Path) -> None:
    (home / "pipeline.toml").write_text('filer = "222400"\n', encoding="utf-8")
    drop(home / "inbox", "2018-11/延吉市.xlsx", ROSTER)
    drop(home / "inbox", "全省任务分解表.xlsx", TASKS)
    programme = open_home(home).programme()
    figures, receipt = run(open_home(home), "2018-11", programme)
    with (receipt.folder / "data" / "figures.csv").open(encoding="utf-8-sig") as stream:
        rows = [
            r
            for r in csv.DictReader(stream)
            if r["indicator"] == "training" and r["scope"] == "year"
        ]
    assert (rows[0]["unit"], rows[0]["level"], rows[0]["target"], rows[0]["counted"]) == (
        "222400", "prefecture", "40", "1",
    )  # fmt: skip
    assert {r["level"] for r in rows[1:]} == {"county"}
    assert len(rows) == 9
    assert len(figures.not_filed) == 7
    assert not [
        i for i in issues_of(figures.issues) if i.rule == "S09"
    ]  # other prefectures are no fault
    report = text_of_word((receipt.folder / "情况报告.docx").read_bytes())
    assert report.startswith("延边州残联　妇联　扶贫办\n关于2018年")
    assert "省残联、省妇联、省扶贫办：" in report  # a prefecture reports to the province's agencies
    assert "延边州残联　　延边州妇联　　延边州扶贫办" in report
    assert [f.name for f in receipt.folder.glob("*汇总表.xlsx")] == ["全州汇总表.xlsx"]
    assert "全州汇总表.xlsx" in (receipt.folder / "index.html").read_text(encoding="utf-8")


def test_a_return_of_another_office_is_named_as_such(home: Path) -> None:
    (home / "pipeline.toml").write_text('filer = "222400"\n', encoding="utf-8")
    drop(home / "inbox", "2018-11/延吉市.xlsx", ROSTER)
    drop(home / "inbox", "2018-11/新建工作表.xlsx", ROSTER.replace("延吉市残联", "农安县残联"))
    programme = open_home(home).programme()
    figures, _ = run(open_home(home), "2018-11", programme)
    entry = next(i for i in figures.inputs if "新建" in i.path)
    assert (entry.status, entry.reason) == ("not_a_return", "农安县不归本单位汇总")
    assert [i.rule for i in issues_of(figures.issues) if i.file == entry.path and not i.row] == [
        "F11"
    ]


def test_a_filer_nobody_knows_is_a_clear_fault(home: Path) -> None:
    (home / "pipeline.toml").write_text('filer = "999999"\n', encoding="utf-8")
    with pytest.raises(ProgrammeFault, match="999999"):
        open_home(home).programme()


def test_a_setting_nobody_knows_is_a_clear_fault(home: Path) -> None:
    (home / "pipeline.toml").write_text('filr = "222400"\n', encoding="utf-8")
    with pytest.raises(ProgrammeFault, match="filr"):
        open_home(home)


def test_a_home_may_have_its_own_programme(home: Path) -> None:
    shutil.copytree(built_in("schemas"), home / "schemas")
    file = home / "schemas" / "handcraft" / "programme.toml"
    text = file.read_text(encoding="utf-8").replace("吉残联发〔2018〕42号", "延残联发〔2018〕1号")
    file.write_text(text, encoding="utf-8")
    assert open_home(home).programme().notice == "延残联发〔2018〕1号"
