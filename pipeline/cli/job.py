"""`pipeline run` and `pipeline demo`: the month's job, and what it came to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import (
    ALL_FINE,
    HOME,
    NOTHING_DELIVERED,
    PROGRAMME_WRONG,
    SOMETHING_RETURNED,
    USAGE,
    Progress,
    as_period,
    opened,
    reader_of,
    stop,
)

if TYPE_CHECKING:
    from pipeline.model import Figures, Receipt
    from pipeline.programme import Programme
    from pipeline.settings import Home

_MOST_NAMES, _MOST_FILES = 12, 12


@click.command()
@click.argument("period", required=False, callback=as_period, metavar="[报告期]")
@HOME
@click.pass_obj
def run(group_home: Path | None, period: str, home_folder: Path | None) -> None:
    """汇总一个月：读 inbox，核对、去重、汇总，结果放进 outbox。不写报告期就取最新的一期。

    \b
    例：pipeline run 2018-11
    """
    from pipeline.collect import is_empty

    home, programme = opened(home_folder or group_home)
    if is_empty(home.inbox):
        stop(
            f"inbox 是空的。请把各地报表放进 {home.inbox / (period or '年-月')} 文件夹后再运行",
            NOTHING_DELIVERED,
        )
    figures, receipt = _run(home, period, programme)
    _tell_summary(figures, receipt, programme)
    bad = {"returned", "unreadable"}
    sys.exit(SOMETHING_RETURNED if any(i.status in bad for i in figures.inputs) else ALL_FINE)


def _run(home: Home, period: str, programme: Programme) -> tuple[Figures, Receipt]:
    from pipeline.aggregate import UnbalancedBooks
    from pipeline.deliver import Undeliverable
    from pipeline.programme import ProgrammeFault
    from pipeline.run import NoReturns
    from pipeline.run import run as run_all

    try:
        with (
            Progress("读取报表", "核对、汇总、写文件") as progress,
            reader_of(home, programme) as read,
        ):
            return run_all(
                home.inbox, home.outbox, period, programme, home.templates,
                read, progress, home.limits, home.waivers(programme),
            )  # fmt: skip
    except ProgrammeFault as fault:
        stop(str(fault), PROGRAMME_WRONG)
    except (NoReturns, Undeliverable) as fault:
        stop(str(fault), NOTHING_DELIVERED)
    except UnbalancedBooks as fault:
        stop(f"{fault}。这是程序的错误，本次没有出结果，请联系维护人员", NOTHING_DELIVERED)


@click.command()
@click.argument(
    "folder", required=False, type=click.Path(file_okay=False, path_type=Path), metavar="[文件夹]"
)
@click.option(
    "--seed", default=20181201, show_default=True, help="编造数据用的种子；种子相同，数据相同。"
)
def demo(folder: Path | None, seed: int) -> None:
    """用编造的一个省试一遍：造报表、汇总，再把结果与造的时候记下的答案核对。

    \b
    例：pipeline demo demo
    """
    from pipeline.demonstration import NotADemo, demonstrate

    home, programme = opened(folder or Path("demo"))
    try:
        with (
            Progress("读取报表", "核对、汇总、写文件") as progress,
            reader_of(home, programme) as read,
        ):
            shown = demonstrate(home.root, programme, home.templates, seed, read, progress)
    except NotADemo as fault:
        stop(str(fault), USAGE)
    _tell_summary(shown.figures, shown.receipt, programme)
    for difference in shown.differences:
        click.echo(f"与预期不符：{difference}", err=True)
    if shown.differences:
        sys.exit(SOMETHING_RETURNED)
    click.echo(f"\n演示数据全部是编造的。{shown.checked} 项结果与造数据时记下的答案一致。")


def _tell_summary(figures: Figures, receipt: Receipt, programme: Programme) -> None:
    """What happened, where to look, and what to do next."""
    from pipeline.render.view import lines_of

    own = figures.filed
    unreadable = [i for i in own if i.status == "unreadable"]
    whole = [i for i in own if i.status == "returned" and not i.counted + i.merged]
    some = sum(i.status == "returned" for i in own) - len(whole)
    click.echo(f"{programme.office}　{figures.period}")
    click.echo(
        f"收到 {len(own)} 个文件：{some} 个部分退回，{len(whole)} 个整份未计入，{len(unreadable)} 个打不开"
    )
    refused = (*whole, *unreadable)
    for entry in refused[:_MOST_FILES]:
        click.echo(f"  {entry.path}：{entry.reason}")
    if len(refused) > _MOST_FILES:
        click.echo(f"  ……共 {len(refused)} 个，全部列在 index.html")
    missing = [programme.gazetteer.name(u) for u in figures.not_filed]
    shown = "、".join(missing[:_MOST_NAMES]) + ("等" if len(missing) > _MOST_NAMES else "")
    click.echo(f"未报 {len(missing)} 个单位：{shown}" if missing else "应报单位全部报齐")
    top = lines_of(figures, programme)[0]
    for indicator in programme.indicators:
        for scope, span in (("year", f"{figures.period[:4]}年"), ("cumulative", "累计")):
            told = top[indicator.name][scope]
            click.echo(
                f"{indicator.label}（{span}）：完成 {told['done']} 人，"
                f"任务 {told['target']}，完成率 {told['percent']}"
            )
    click.echo(f"\n结果在 {receipt.folder}，先打开 index.html。")
    steps = ["把“退回”里的文件夹发给各单位"] if any((receipt.folder / "退回").glob("*")) else []
    steps += [
        "核对全省汇总表、完成名单、情况报告",
        "打开“报送”里的 邮件.eml 发送（名单含个人信息）",
    ]
    click.echo("下一步：" + "；".join(steps) + "。")
