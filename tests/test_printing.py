"""PDFs of the report and the summary: asked for, made beside the papers, proof of nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from drawing import drop
from office import needs_office

from pipeline.cli import cli

ROSTER = """
== 培训花名册
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-01 | 2018-09-10
"""
PAPERS = {"情况报告", "全省汇总表"}


def run(home: Path, *words: str) -> str:
    result = CliRunner().invoke(cli, ["run", "2018-11", *words, "--home", str(home)])
    assert result.exit_code == 0, result.output
    return result.output


@needs_office
def test_they_lie_beside_the_papers_and_out_of_the_receipt(home: Path) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER)
    run(home, "--pdf")
    outbox = home / "outbox" / "2018-11"
    assert {p.stem for p in outbox.glob("*.pdf")} == PAPERS
    assert all(p.read_bytes().startswith(b"%PDF") for p in outbox.glob("*.pdf"))
    receipt = json.loads((outbox / "data" / "run.json").read_text(encoding="utf-8-sig"))
    assert [o["path"] for o in receipt["outputs"] if o["path"].endswith(".pdf")] == []
    assert "没有新报表" in run(home, "--pdf")


def test_without_the_office_program_it_is_said_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER)
    (home / "pipeline.toml").write_text("pdf = true\n", encoding="utf-8")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    result = run(home)
    assert result.count("没有找到 LibreOffice") == 1
    assert not list((home / "outbox" / "2018-11").glob("*.pdf"))
    assert "LibreOffice" not in run(home, "--no-pdf")
