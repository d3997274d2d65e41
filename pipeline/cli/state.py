"""`pipeline status`: what was received, what was delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import home_command, opened
from pipeline.model.stop import Stop

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
        _tell_sent(home, period, programme)
    _tell_next(months, files)
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


def _tell_sent(home: Home, period: str, programme: Programme) -> None:
    """What the ledger says of a month: to whom, which version, when, and what came of it."""
    from pipeline.send import STATES, last_of_each, read_ledger

    try:
        lines = [ln for ln in last_of_each(read_ledger(home.outbox)) if ln.period == period]
    except Stop as stop:
        click.echo(f"  {stop.message}")
        return
    for line in lines:
        who = line.recipient
        if who in programme.gazetteer.by_code:
            who = programme.gazetteer.name(who)
        state = STATES[line.event]
        answer = f"（{line.answer}）" if line.event in ("deferred", "refused") else ""
        click.echo(
            f"  {who}　{line.address}　第 {line.version} 版　{line.at[:16]}　{state}{answer}"
        )
        if line.event == "sending":
            click.echo(
                f"    请电话核实后运行 pipeline send {period} --settle {line.recipient}=已收到（或 未收到）"
            )


def _tell_next(months: Mapping[str, Delivered | None], files: Collection[Found]) -> None:
    """The command to run today."""
    newest = max((f.folder_period for f in files if f.folder_period), default="")
    if newest and newest not in months:
        click.echo(f"下一步：pipeline run {newest}")
    elif months:
        last = max(months)
        click.echo(f"下一步：核对 outbox/{last}/index.html，再运行 pipeline send {last}")
