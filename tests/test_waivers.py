"""Waivers: dated decisions that count what a rule would return, printed where they touch a figure."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawing import drop, id_no, picture_of, text_of_word

from pipeline.home import open_home
from pipeline.model import Figures, issues_of
from pipeline.programme import ProgrammeFault
from pipeline.run import run

HER, OTHER = id_no("22010219780305002"), id_no("22010219800101004")
ROSTER = """
== 培训花名册
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780305002> | <22010219780305002+43> | 否 | 2018-09-01 | 2018-09-10
李桂兰 | 女 | <22010219800101004> | <22010219800101004+43> | 否 | 2018-09-01 | 2018-09-10
"""
WAIVER = """
[[waivers]]
rule = "R21"
person = "{her}"
reason = "低保边缘户，县扶贫办复核同意"
approver = "张主任"
until = 2018-12-31
"""


# has run out; nobody is of that unit
OTHERS = WAIVER.replace("2018-12-31", "2018-10-31").replace("{her}", "{other}") + WAIVER.replace(
    'person = "{her}"', 'unit = "220122"'
)


def month(home: Path, waivers: str) -> tuple[Figures, Path]:
    text = waivers.format(her=HER, other=OTHER)
    (home / "waivers.toml").write_text(text, encoding="utf-8")
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER)
    opened = open_home(home)
    programme = opened.programme()
    figures, receipt = run(opened, "2018-11", programme)
    return figures, receipt.folder


@pytest.fixture(scope="module")
def waived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Figures, Path]:
    """A month with a waiver that holds, and two that do not."""
    return month(tmp_path_factory.mktemp("waived"), WAIVER + OTHERS)


def test_a_waived_record_counts_and_is_a_footnote(waived: tuple[Figures, Path]) -> None:
    figures, folder = waived
    (entry,) = figures.inputs
    assert (entry.counted, entry.returned) == (1, 1)
    assert [(i.severity, i.row) for i in issues_of(figures.issues) if i.rule == "R21"] == [
        ("info", 3), ("error", 4),
    ]  # fmt: skip
    note = "豁免：南关区1 行“填明不是建档立卡贫困户”，仍计入。低保边缘户，县扶贫办复核同意（张主任批准，有效至2018年12月31日）"
    assert note in picture_of((folder / "全省汇总表.xlsx").read_bytes())
    assert note in text_of_word((folder / "情况报告.docx").read_bytes())
    assert note in (folder / "index.html").read_text(encoding="utf-8")
    assert HER not in (folder / "data" / "issues.csv").read_text(encoding="utf-8-sig")


def test_a_waiver_that_has_run_out_or_matches_nobody_is_said(waived: tuple[Figures, Path]) -> None:
    figures, _ = waived
    found = [i for i in issues_of(figures.issues) if not i.file]
    assert sorted((i.rule, i.severity) for i in found) == [("U08", "warning"), ("U09", "warning")]
    lines = {i.rule: i.message for i in found}
    assert "第 9 行" in lines["U09"]
    assert "第 16 行" in lines["U08"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('rule = "R21"', 'rule = "R99"', "第 2 行：没有规则“R99”"),
        ('rule = "R21"', 'rule = "R31"', "不是名单里的退回规则"),
        ('rule = "R21"', 'rule = "C35"', "缺了就无法计数"),
        ('rule = "R21"', 'rule = "C23"', "缺了就无法计数"),
        ('person = "{her}"', "", "至少一项"),
        ('person = "{her}"', 'person = "220102197803050020"', "person 不是有效的身份证号"),
        ('person = "{her}"', 'unit = "999999"', "不在 units.csv 中"),
        ('person = "{her}"', 'period = "2018"', "2018-11 的样式"),
        ("until = 2018-12-31", 'until = "年底"', "until 要写成日期"),
        ("until = 2018-12-31", "", "缺少 until"),
        ("reason", "because", "不认识的词“because”"),
    ],
)
def test_what_must_not_be_waived_is_refused_with_its_line(
    before: str, after: str, expected: str, home: Path
) -> None:
    with pytest.raises(ProgrammeFault) as fault:
        month(home, WAIVER.replace(before, after))
    assert expected in str(fault.value)
    assert "waivers.toml" in str(fault.value)
    assert "220102197803050020" not in str(fault.value)
