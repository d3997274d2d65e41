"""读回: a number broken on purpose in a template stops delivery, and its place is named."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from drawing import drop

import pipeline.render
import pipeline.run
from pipeline.home import built_in, open_home
from pipeline.model import Figures
from pipeline.office.fill import fill_workbook
from pipeline.office.fill.citing import BESIDE, cited
from pipeline.office.read import read_grids
from pipeline.programme import Programme
from pipeline.readback import Disagreement
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


def broken(template: Path, *changes: tuple[str, str]) -> bytes:
    """The template with texts of its cells changed, all else as it lies there."""
    out = io.BytesIO()
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(out, "w") as made:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/sharedStrings.xml":
                text = content.decode()
                for before, after in changes:
                    assert before in text
                    text = text.replace(before, after)
                content = text.encode()
            made.writestr(info, content)
    return out.getvalue()


class Filling(NamedTuple):
    """What the summary of a month is filled with, and what it is held against."""

    view: Mapping[str, Any]
    figures: Figures
    programme: Programme


@pytest.fixture(scope="module")
def filling(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> Filling:
    home, views = tmp_path_factory.mktemp("home"), []
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


def said(filling: Filling, template: bytes, folder: Path) -> list[str]:
    """What is wrong with the summary made from a template."""
    file, out, noted = folder / SUMMARY, io.BytesIO(), Citations()
    file.write_bytes(template)
    fill_workbook(file, filling.view, out, cite=noted.of(SUMMARY))
    holding = Holding(filling.figures, filling.programme)
    return list(holding.disagreements(SUMMARY, read_grids(out.getvalue()), noted.noted))


DONE, RATE = "{{ line.training.year.done }}", "{{ line.training.year.rate }}"
WRONG = {
    "one more": ((DONE, "{{ line.training.year.done + 1 }}"), "汇总表", "C6", "写的是 5，不是由数字表来的数"),
    "another indicator": ((DONE, "{{ line.employment.year.done }}"), "汇总表", "C6", "表头是“培训（2018年）”，写的却是吉林省 就业"),
    "another span": ((DONE, "{{ line.training.cumulative.done }}"), "汇总表", "C6", "表头是“培训（2018年）”"),
    "another measure": ((DONE, "{{ line.training.year.target }}"), "汇总表", "C6", "表头是“完成人数”，写的却是吉林省 培训 本年 年度任务"),
    "another unit": ((DONE, "{{ lines[0].training.year.done }}"), "汇总表", "C7", "这一行是“长春市”，写的却是吉林省"),
    "a judgement of one's own": (("{{ line.training.year.status }}", "已完成"), "汇总表", "E6", "写的是“已完成”，不是由数字表来的判断"),
    "another row of the bridge": (("{{ line.counted }}", "{{ bridge[1].counted }}"), "差异桥", "J5", "这一行是“培训”，写的却是吉林省 就业"),
}  # fmt: skip


def test_the_summary_as_it_is_says_what_the_figures_say(
    filling: Filling, templates: Path, tmp_path: Path
) -> None:
    assert said(filling, (templates / SUMMARY).read_bytes(), tmp_path) == []


@pytest.mark.parametrize("what", WRONG)
def test_a_broken_number_is_found_at_its_cell(
    what: str, filling: Filling, templates: Path, tmp_path: Path
) -> None:
    change, sheet, cell, why = WRONG[what]
    found = said(filling, broken(templates / SUMMARY, change), tmp_path)
    (first, *_) = [f for f in found if f"“{sheet}”{cell}：" in f]
    assert why in first


def test_what_is_worked_out_of_figures_alone_stands(
    filling: Filling, templates: Path, tmp_path: Path
) -> None:
    change = ("{{ line.training.year.attendances }}", "{{ (line.training.year.short + line.training.year.attendances) * 100 }}")  # fmt: skip
    assert said(filling, broken(templates / SUMMARY, change), tmp_path) == []
    three, four = cited(3, ("x",)), cited(4.0, ("y",))
    assert [getattr(n, "source", None) for n in (three + four, sum([three, three]), three / four, three + 1)] == [BESIDE] * 3 + [None]  # fmt: skip


def test_a_broken_number_stops_delivery(home: Path) -> None:
    shutil.copytree(built_in("templates"), home / "templates")
    template = home / "templates" / "handcraft" / SUMMARY
    template.write_bytes(broken(template, (RATE, "{{ line.training.year.rate and 0.22 }}")))
    filed(home)
    opened = open_home(home)
    with pytest.raises(
        Disagreement, match=r"全省汇总表\.xlsx 工作表“汇总表”D6：写的是 0\.22"
    ) as ended:
        run(opened, "2018-11", opened.programme())
    assert ended.value.exit_code == 4
    assert not (home / "outbox" / "2018-11").exists()
