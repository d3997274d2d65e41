"""`pipeline forms`: blank returns that check themselves, one a unit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.laying import lay
from pipeline.cli.opening import Progress, as_period, home_command, opened
from pipeline.cli.speaking import Place, Whole
from pipeline.model.papers import private_folder
from pipeline.model.stop import Exit, Stop

if TYPE_CHECKING:
    from pipeline.model import Document


@home_command
@click.argument("period", callback=as_period, metavar="报告期")
@click.option("--unit", "codes", multiple=True, help="只做这个单位的（单位代码，可写多次）。")
@click.option(
    "--rows", type=Whole(1, 5000), default=300, help="每张名单预备多少行，1 到 5000，默认 300。"
)
@click.option(
    "--filled",
    is_flag=True,
    help="填好各单位现行有效的名单（按 outbox 里本年最近一期的结果），标出待处理的问题。",
)
@click.option(
    "--to", "target", type=Place(folder=True),
    help="表样放在哪里，默认为 outbox/表样/<报告期>。",
)  # fmt: skip
def forms(
    folder: Path,
    period: str,
    codes: tuple[str, ...],
    rows: int,
    filled: bool,
    target: Path | None,
) -> None:
    """做表样，发给各单位填：有下拉、会自检，收回来能自己说明是谁的、哪一期的。

    \b
    例：
      pipeline forms 2018-12
      pipeline forms 2018-12 --filled
      pipeline forms 2018-12 --unit 220122 --rows 500
    """
    from pipeline.ask import standing
    from pipeline.forms import filled_forms, units_for
    from pipeline.forms import forms as made

    home, programme = opened(folder)
    if unknown := [c for c in codes if c not in programme.gazetteer.by_code]:
        raise Stop(
            f"没有单位代码“{'、'.join(unknown)}”，单位代码见 schemas 里的 units.csv", Exit.USAGE
        )
    units = units_for(programme, period, codes)
    place = target or home.outbox / "表样" / period
    documents: Iterable[Document] = made(programme, period, units, rows)
    also = ""
    if filled:
        month, listed = standing(home.outbox, period, programme)
        label = f"{month[:4]}年{int(month[5:])}月"
        documents = filled_forms(programme, period, units, listed, label, rows)
        also = f"已填好 {label}汇总时有效的名单（含个人信息，注意保密）。"
    private_folder(place)
    with Progress("做表样") as progress:
        count = 0
        for form in progress(documents):
            lay(place, form)
            count += 1
    click.echo(
        f"{count} 份表样在 {place}。{also}每个单位发它自己的一份；填好后不用改名，放进 inbox 即可"
    )
