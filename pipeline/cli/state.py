"""`pipeline status`: what was received, what was delivered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import home_command, opened

if TYPE_CHECKING:
    from pipeline.programme import Programme


@home_command
def status(folder: Path) -> None:
    """看看 inbox 里收了什么、outbox 里出了什么。

    \b
    例：pipeline status
    """
    from pipeline.collect import is_empty, is_period

    home, programme = opened(folder)
    click.echo(f"{programme.office}　{programme.title}")
    if is_empty(home.inbox):
        click.echo(f"inbox 是空的。请把报表放进 {home.inbox / '年-月'} 文件夹")
    else:
        for month in sorted(p for p in home.inbox.iterdir() if p.is_dir() and is_period(p.name)):
            count = sum(
                f.is_file() and not f.name.startswith((".", "~$")) for f in month.rglob("*")
            )
            click.echo(f"inbox/{month.name}：{count} 个文件")
    delivered = sorted(p for p in home.outbox.glob("*/data/run.json") if is_period(p.parts[-3]))
    for file in delivered:
        _told_status(file, programme)
    if not delivered:
        click.echo("outbox 里还没有结果。运行 pipeline run 即可汇总")


def _told_status(file: Path, programme: Programme) -> None:
    period = file.parts[-3]
    try:
        receipt = json.loads(file.read_text(encoding="utf-8"))
        bad = sum(i["status"] in ("returned", "unreadable") for i in receipt["inputs"])
        missing = [programme.gazetteer.name(u) for u in receipt["not_filed"]]
    except (OSError, ValueError, KeyError, TypeError):
        click.echo(f"outbox/{period}：回执 {file} 读不懂，请重新运行 pipeline run {period}")
        return
    tail = f"，未报 {len(missing)} 个单位（{'、'.join(missing)}）" if missing else "，应报单位报齐"
    click.echo(
        f"outbox/{period}：读入 {len(receipt['inputs'])} 个文件，{bad} 个有退回或打不开{tail}"
    )
