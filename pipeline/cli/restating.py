"""`pipeline restate`: which figures of a delivered period changed since it was delivered before."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.opening import as_period, home_command, opened
from pipeline.cli.speaking import Place


@home_command
@click.argument("period", required=False, callback=as_period, metavar="[报告期]")
@click.option(
    "--to", "target", type=Place(folder=True), help="说明放在哪里，默认为 outbox/更正说明。"
)
def restate(folder: Path, period: str, target: Path | None) -> None:
    """已经出过的一期重新出过以后，哪些数变了、原来多少、现在多少、为什么；写成更正说明（Word 和 Excel）。

    \b
    例：pipeline restate 2018-11
    """
    from pipeline.ask import change_in_words, correction_papers, restatement

    home, programme = opened(folder)
    period, found = restatement(home.outbox, period, programme)
    if not found:
        click.echo(f"{period}：与前一次相比，没有数有变化")
        return
    for one in found:
        line = change_in_words(one, programme)
        click.echo(
            f"{line['name']} {line['indicator']} {line['scope']} {line['measure']}："
            f"{line['old']} → {line['new']}　{line['causes']}"
        )
    place = (target or home.outbox / "更正说明") / period
    place.mkdir(parents=True, exist_ok=True)
    for paper in correction_papers(period, found, programme, home.templates):
        (place / paper.path).write_bytes(paper.content)
    click.echo(f"更正说明在 {place}")
