"""`pipeline rules --try`: what a rule would have done in past periods, before it bites."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from drawing import drop

from pipeline.cli import cli

ROSTER = """
== 培训花名册
填报单位：{unit}残联 | | 填报日期：2018年{month}月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-01 | {finish}
李桂兰 | 女 | <22010219800101004> | <22010219800101004+43> | 是 | 2018-09-01 | 2018-09-10
"""


def test_each_period_says_which_rows_it_hits_and_who_would_be_lost(home: Path) -> None:
    october = ROSTER.format(unit="南关区", month=10, finish="2018-08-10")
    november = ROSTER.format(unit="南关区", month=11, finish="2018-09-10")
    drop(home / "inbox", "2018-10/南关区.xlsx", october)
    drop(home / "inbox", "2018-11/南关区.xlsx", november)
    shown = CliRunner().invoke(cli, ["rules", "--try", "--code", "R23", "--home", str(home)])
    assert shown.exit_code == 0, shown.output
    assert shown.output.splitlines()[1:] == [
        "  2018-10：本期报表 1 行不合，涉及 1 个单位",
        "    如改为退回，少计 1 人：南关区培训少 1 人",
        "  2018-11：本期报表没有不合的行",
    ]
    assert not (home / "outbox").exists()
    assert not (home / ".cache").exists(), "what is read on trial is kept nowhere"
