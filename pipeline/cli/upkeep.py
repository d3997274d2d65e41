"""`pipeline schedule` and `pipeline purge`: when the job runs by itself, and what is not kept for ever."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.opening import as_period, home_command, opened

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def _as_clock(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, str]:
    match = _CLOCK.fullmatch(value)
    if match is None:
        raise click.BadParameter(f"“{value}”不是时刻，请写成 07:30 的样式", context, parameter)
    return match[1], match[2]


@home_command
@click.option("--at", "clock", default="07:30", callback=_as_clock, help="几点运行，默认 07:30。")
def schedule(folder: Path, clock: Any) -> None:
    """写出让电脑每个工作日自动汇总的一行（Linux 两种，Windows 一种），照抄即可。发送仍由人来做。

    \b
    例：pipeline schedule --at 07:30
    """
    hour, minute = clock
    words = [sys.executable, "-m", "pipeline", "run", "--home", str(folder)]
    command = shlex.join(words)
    in_cron = command.replace("%", r"\%")  # cron takes a bare one for the end of the line
    log = shlex.quote(str(folder / "pipeline.log")).replace("%", r"\%")
    click.echo("# cron：运行 crontab -e，加上这一行")
    click.echo(f"{int(minute)} {int(hour)} * * 1-5 umask 077; {in_cron} >> {log} 2>&1")
    in_systemd = " ".join(_for_systemd(word) for word in words)
    click.echo("\n# systemd：存为 ~/.config/systemd/user/pipeline.service")
    click.echo(
        f"[Unit]\nDescription=pipeline run\n[Service]\nType=oneshot\nUMask=0077\nExecStart={in_systemd}\nSuccessExitStatus=1"
    )
    click.echo(
        "# 存为 ~/.config/systemd/user/pipeline.timer，再运行 systemctl --user enable --now pipeline.timer"
    )
    click.echo(
        f"[Timer]\nOnCalendar=Mon..Fri {hour}:{minute}\nPersistent=true\n[Install]\nWantedBy=timers.target"
    )
    task = subprocess.list2cmdline(words).replace('"', r"\"")
    click.echo("\n# Windows：在命令提示符里运行")
    click.echo(
        f'schtasks /Create /TN pipeline /SC WEEKLY /D MON,TUE,WED,THU,FRI /ST {hour}:{minute} /TR "{task}"'
    )


def _for_systemd(word: str) -> str:
    quoted = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{quoted}"'


@home_command
@click.option("--before", required=True, callback=as_period, help="清除这一期以前的，如 2018-01。")
@click.option("--yes", is_flag=True, help="不再询问，直接清除。")
def purge(folder: Path, before: str, yes: bool) -> None:
    """清除以前各期的结果（含个人信息）、上一次的结果、寄件草稿和读过的缓存，先列出再问。inbox 不动。

    \b
    例：pipeline purge --before 2018-01
    """
    home, programme = opened(folder)
    from pipeline.deliver import only_run
    from pipeline.send import purge as purge_all
    from pipeline.send import purgeable, write_sent_page

    found = purgeable(home, before)
    if not found:
        click.echo(f"没有 {before} 以前的结果")
        return
    for one in found:
        click.echo(f"将清除 {one.relative_to(home.root)}")
    click.echo("inbox 里的报表和发送记录不动；报表也要销毁的，请自行移走")
    if not yes and not click.confirm("清除以后不能恢复，确定吗？", err=True):
        click.echo("没有清除")
        return
    with only_run(home.outbox):
        count = purge_all(home, found, datetime.now().astimezone().isoformat(timespec="seconds"))
        write_sent_page(home, programme)
    click.echo(f"已清除 {count} 个文件，记在 {home.outbox / '清除记录.jsonl'}")
