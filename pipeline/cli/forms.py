"""`pipeline forms`: blank returns that check themselves, one a unit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import Progress, as_period, home_command, opened
from pipeline.cli.speaking import Place, Whole
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
    "--to", "target", type=Place(folder=True),
    help="表样放在哪里，默认为 outbox/表样/<报告期>。",
)  # fmt: skip
def forms(
    folder: Path, period: str, codes: tuple[str, ...], rows: int, target: Path | None
) -> None:
    """做空白表样，发给各单位填：有下拉、会自检，收回来能自己说明是谁的、哪一期的。

    \b
    例：
      pipeline forms 2018-12
      pipeline forms 2018-12 --unit 220122 --rows 500
    """
    from pipeline.forms import forms as made
    from pipeline.forms import units_for

    home, programme = opened(folder)
    if unknown := [c for c in codes if c not in programme.gazetteer.by_code]:
        raise Stop(
            f"没有单位代码“{'、'.join(unknown)}”，单位代码见 schemas 里的 units.csv", Exit.USAGE
        )
    units = units_for(programme, period, codes)
    place = target or home.outbox / "表样" / period
    place.mkdir(parents=True, exist_ok=True)
    with Progress("做表样") as progress:
        count = sum(_put(place, form) for form in progress(made(programme, period, units, rows)))
    click.echo(f"{count} 份表样在 {place}。每个单位发它自己的一份；填好后不用改名，放进 inbox 即可")


def _put(place: Path, form: Document) -> int:
    (place / form.path).write_bytes(form.content)
    return 1
