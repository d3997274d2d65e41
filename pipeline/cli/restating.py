"""`pipeline restate`: which figures of a delivered period changed since it was sent, or delivered before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import as_period, home_command, opened
from pipeline.cli.speaking import Place

if TYPE_CHECKING:
    from pipeline.ask import Delivered
    from pipeline.home import Home
    from pipeline.programme import Programme


@home_command
@click.argument("period", required=False, callback=as_period, metavar="[报告期]")
@click.option(
    "--to", "target", type=Place(folder=True), help="说明放在哪里，默认为 outbox/更正说明。"
)
def restate(folder: Path, period: str, target: Path | None) -> None:
    """一期重新出过以后，与上次报送各部门的（没有报送过的，与前一次出的）相比，哪些数变了、为什么；写成更正说明。

    \b
    例：pipeline restate 2018-11
    """
    from pipeline.ask import change_in_words, correction_papers, newest, restatement

    home, programme = opened(folder)
    now = newest(home.outbox, period)
    before, against = _before(home, now.period, programme)
    found = restatement(now, before, programme)
    if not found:
        click.echo(f"{now.period}：与{against}的相比，没有数有变化")
        return
    click.echo(f"{now.period}：与{against}的相比")
    for one in found:
        line = change_in_words(one, programme)
        click.echo(
            f"{line['name']} {line['indicator']} {line['scope']} {line['measure']}："
            f"{line['old']} → {line['new']}　{line['causes']}"
        )
    place = (target or home.outbox / "更正说明") / now.period
    place.mkdir(parents=True, exist_ok=True)
    for paper in correction_papers(now, before, against, found, programme, home.templates):
        (place / paper.path).write_bytes(paper.content)
    click.echo(f"更正说明在 {place}")


def _before(home: Home, period: str, programme: Programme) -> tuple[Delivered, str]:
    """What agencies have, by the ledger; else the delivery before this one; and what it is in words."""
    from pipeline.ask import delivered_before
    from pipeline.send import last_sent

    sent = last_sent(home.outbox, period, programme)
    if sent is None:
        return delivered_before(home.outbox, period), "前一次汇总"
    day = f"{sent.day[:4]}年{int(sent.day[5:7])}月{int(sent.day[8:10])}日"
    if sent.month is None:
        click.echo(f"{day}报送的那一版没有留底，只能与前一次汇总的相比", err=True)
        return delivered_before(home.outbox, period), "前一次汇总"
    return sent.month, f"{day}报送{'、'.join(sent.recipients)}"
