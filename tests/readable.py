"""One small month, once: what its summary is filled with, and what that is held against."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from drawing import drop

import pipeline.render
from pipeline.home import open_home
from pipeline.model import Figures
from pipeline.office.fill import fill_workbook
from pipeline.office.read import read_grids
from pipeline.programme import Programme
from pipeline.readback.holding import Holding
from pipeline.render.citations import Citations
from pipeline.run import run

ROSTER = """
== 培训花名册
填报单位：{unit}残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <{code}19780305002> | <{code}19780305002+43> | 是 | 2018-09-01 | 2018-09-10
李桂兰 | 女 | <{code}19800101004> | <{code}19800101004+43> | 是 | 2018-09-01 | 2018-09-10
"""
TASKS = """
全省任务分解表
地区 | 培训任务 | | 就业任务
 | 2018年 | 2019年 | 2018年 | 2019年
全省合计 | #20 | #30 | #10 | #5
长春市 | #20 | #30 | #10 | #5
南关区 | #4 | #8 | #4 | #5
宽城区 | #16 | #22 | #6 | #0
"""
SUMMARY = "全省汇总表.xlsx"


def filed(home: Path) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER.format(unit="南关区", code="220102"))
    drop(home / "inbox", "2018-11/宽城区.xlsx", ROSTER.format(unit="宽城区", code="220103"))
    drop(home / "inbox", "全省任务分解表.xlsx", TASKS)


class Filling(NamedTuple):
    """What the summary of a month is filled with, and what it is held against."""

    view: Mapping[str, Any]
    figures: Figures
    programme: Programme


def filling_of(home: Path, programme: Programme) -> Filling:
    """A month of two counties run in an empty home."""
    views: list[Mapping[str, Any]] = []
    filed(home)
    fill = fill_workbook

    def seen(template: Path, view: Mapping[str, Any], *words: Any, **more: Any) -> None:
        if template.name == SUMMARY:
            views.append(view)
        fill(template, view, *words, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.render, "fill_workbook", seen)
        figures, _ = run(open_home(home), "2018-11", programme)
    return Filling(views[0], figures, programme)


def disagreements(filling: Filling, template: bytes, folder: Path) -> list[str]:
    """What is wrong with the summary made from a template."""
    file, out, noted = folder / SUMMARY, io.BytesIO(), Citations()
    file.write_bytes(template)
    fill_workbook(file, filling.view, out, cite=noted.of(SUMMARY))
    holding = Holding(filling.figures, filling.programme)
    return list(holding.disagreements(SUMMARY, read_grids(out.getvalue()), noted.noted))
