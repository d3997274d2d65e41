"""The commands; the only package that prints or exits. Heavy libraries load only when needed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli.as_read import cells
from pipeline.cli.checking import check
from pipeline.cli.explaining import explain
from pipeline.cli.form_commands import forms
from pipeline.cli.inspecting import inspect
from pipeline.cli.job import demo, run
from pipeline.cli.opening import HOME
from pipeline.cli.person_command import person
from pipeline.cli.restating import restate
from pipeline.cli.rule_commands import rules
from pipeline.cli.sending import send
from pipeline.cli.speaking import Commands
from pipeline.cli.state import status
from pipeline.cli.task_commands import targets
from pipeline.cli.template_command import templates
from pipeline.cli.upkeep import purge, schedule
from pipeline.garbage import look_seldom

__all__ = ["cli", "main"]


@click.group(cls=Commands)
@click.version_option(
    __version__, prog_name="pipeline", message="%(prog)s %(version)s", help="显示版本号。"
)
@HOME
@click.pass_context
def cli(context: click.Context, home_folder: Path | None) -> None:
    """每月汇总：把各县（市、区）的报表放进 inbox，运行一次，到 outbox 取结果。

    \b
    例：
      pipeline run 2018-11        汇总 2018 年 11 月
      pipeline check 报表.xlsx     只核对，不汇总
      pipeline send 2018-11       报送各部门（--counties 发给各县）
      pipeline status             看看收了什么、出了什么
      pipeline schedule           写出定时自动汇总的一行
      pipeline purge --before 2018-01  清除以前各期的结果
      pipeline forms 2018-12      做空白表样，发给各单位填
      pipeline person 王某某 0028  查一个人的来龙去脉
      pipeline rules              写出规则手册
      pipeline templates          写出模板供修改，列出可用的名字
      pipeline explain R23        说明一条规则；也说明汇总表的一个数由谁组成
      pipeline restate 2018-11    重新出过的一期哪些数变了，写更正说明
      pipeline targets --split    把市（州）的任务分解到县，提出建议
      pipeline inspect 2018-11 --seed 7  抽人做专项检查，写检查表
      pipeline cells 报表.xlsx     列出从文件里读到的单元格
      pipeline demo               用编造的一个省试一遍
    """
    context.obj = home_folder


for command in (
    run,
    check,
    cells,
    send,
    status,
    person,
    forms,
    rules,
    templates,
    explain,
    restate,
    targets,
    inspect,
    schedule,
    purge,
    demo,
):
    cli.add_command(command)


def main() -> None:
    """The entry point."""
    look_seldom()
    # numpy comes with Arrow, and nothing in this process multiplies matrices
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    cli(prog_name="pipeline")
