"""`pipeline targets`: the tasks that stand, and how a prefecture's could be divided among its counties."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import Progress, as_period, home_command, opened, with_returns
from pipeline.cli.speaking import OneOf, Place
from pipeline.model.stop import Exit, Stop
from pipeline.model.words import SPLIT_WORDS

if TYPE_CHECKING:
    from pipeline.ask import Proposal
    from pipeline.home import Home
    from pipeline.programme import Programme


@home_command
@click.argument("period", required=False, callback=as_period, metavar="[报告期]")
@click.option("--split", is_flag=True, help="写出分解建议，供修改后放进 inbox。")
@click.option(
    "--by", "way", type=OneOf(tuple(SPLIT_WORDS)),
    help="只按这一种基数分：摸底调查数、残疾人登记数、上年完成数；不写就依次取第一种齐全的。",
)  # fmt: skip
@click.option(
    "--to", "target", type=Place(folder=True), help="建议放在哪里，默认为 outbox/任务分解。"
)
def targets(folder: Path, period: str, split: bool, way: str | None, target: Path | None) -> None:
    """看哪些市（州）的任务还没有分解到县；--split 按基数提出分解建议（最大余数法，合计不差一人）。

    没有基数的不猜，写明缺什么。基数表（地区、摸底人数或登记数）放进 inbox 即可。

    \b
    例：
      pipeline targets
      pipeline targets --split --by 登记
    """
    home, programme = opened(folder)
    proposals = _proposals(home, period, way or "", programme)
    if not proposals:
        click.echo("下达到市（州）的任务都已分解到县（市、区）")
        return
    for one in proposals:
        click.echo(_in_words(one, programme))
    if not split:
        click.echo("提出分解建议：pipeline targets --split")
        return
    from pipeline.forms import SPLIT, split_workbook

    place = target or home.outbox / "任务分解"
    place.mkdir(parents=True, exist_ok=True)
    (place / SPLIT).write_bytes(split_workbook(proposals, programme))
    click.echo(f"建议在 {place / SPLIT}，核对修改后放进 inbox，下次运行即按它计算")


def _proposals(home: Home, period: str, way: str, programme: Programme) -> list[Proposal]:
    from pipeline.ask import bases_of, completed_in, propose
    from pipeline.collect import collect, kept_passwords
    from pipeline.engine import Engine
    from pipeline.month import newest_period, tables
    from pipeline.read import read
    from pipeline.workers import Store, scratch

    with_returns(home)
    files, passwords = collect(home.inbox, period, home.limits), kept_passwords(home.inbox)
    with (
        scratch() as place,
        Store(home.cache) as store,
        Engine(place) as engine,
        Progress("读取报表") as progress,
    ):
        parts = read(files, programme, store, passwords, home.limits, progress)
        until = period or newest_period(parts) or f"{programme.years[-1]}-12"
        month = tables(parts, programme, until, (), engine)
        if not len(month.table("targets")):
            raise Stop("inbox 里没有任务分解表，没有可以分解的任务", Exit.USAGE)
        bases = bases_of(month, completed_in(home.outbox, programme), programme, engine)
        return propose(month, bases, programme, way)


def _in_words(one: Proposal, programme: Programme) -> str:
    """One line a task: what of it is still open, and by what it could be divided."""
    name, label = programme.gazetteer.name, programme.indicator[one.indicator].label
    what = f"{name(one.prefecture)} {one.year}年{label} {one.total}"
    if not one.shares:
        return f"{what}：未分解，{one.missing}"
    basis = f"按{one.basis.label}（{one.basis.source}）" if one.basis else ""
    return f"{what}：{basis}分给 {_counted(one.shares)}"


def _counted(shares: Iterable[str]) -> str:
    return f"{len(tuple(shares))} 个县（市、区）"
