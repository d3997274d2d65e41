"""`pipeline status`: what was received, what was delivered."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import home_command, opened

if TYPE_CHECKING:
    from pipeline.ask import Delivered
    from pipeline.collect import Found
    from pipeline.home import Home
    from pipeline.programme import Programme


@home_command
def status(folder: Path) -> None:
    """看看 inbox 里收了什么、outbox 里出了什么，上次汇总以后有没有变动。

    \b
    例：pipeline status
    """
    from pipeline.ask import delivered
    from pipeline.collect import collect, is_empty

    home, programme = opened(folder)
    click.echo(f"{programme.office}　{programme.title}")
    files = () if is_empty(home.inbox) else collect(home.inbox, limits=home.limits)
    if not files:
        click.echo(f"inbox 是空的。请把报表放进 {home.inbox / '年-月'} 文件夹")
    for period, count in sorted(Counter(f.folder_period for f in files if f.folder_period).items()):
        click.echo(f"inbox/{period}：{count} 个文件")
    months = dict(delivered(home.outbox))
    for period, month in months.items():
        if month is None:
            where = home.outbox / period / "data" / "run.json"
            click.echo(f"outbox/{period}：回执 {where} 读不懂，请重新运行 pipeline run {period}")
            continue
        own = [f for f in files if f.folder_period <= period]
        click.echo(
            f"outbox/{period}：{_in_words(month, programme)}{_since(month, own, home, programme)}"
        )
    if not months:
        click.echo("outbox 里还没有结果。运行 pipeline run 即可汇总")


def _in_words(month: Delivered, programme: Programme) -> str:
    missing = [programme.gazetteer.name(u) for u in month.receipt["not_filed"]]
    tail = f"未报 {len(missing)} 个单位（{'、'.join(missing)}）" if missing else "应报单位报齐"
    return f"读入 {len(month.receipt['inputs'])} 个文件，{month.refused} 个有退回或打不开，{tail}"


def _since(month: Delivered, files: list[Found], home: Home, programme: Programme) -> str:
    """What has changed since the month was delivered."""
    from pipeline.basis import basis_of, changed_files
    from pipeline.collect import kept_passwords

    basis = basis_of(files, home, programme, kept_passwords(home.inbox), home.waivers(programme))
    changed = changed_files(basis, month.folder)
    if changed is None:
        return "；此后程序、设置或规则有变动，可再运行一次"
    return f"；此后 inbox 有 {len(changed)} 个文件新增、改动或移走，请再运行一次" if changed else ""
