"""`pipeline rules` and `pipeline explain`: the rules in words, and what one would have done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import Progress, home_command, opened, with_returns
from pipeline.cli.speaking import Place
from pipeline.model.stop import Exit, Stop

if TYPE_CHECKING:
    from pipeline.ask import Trial
    from pipeline.home import Home
    from pipeline.programme import Programme

_MOST_UNITS = 10


@home_command
@click.option("--try", "trial", is_flag=True, help="看试行规则在以往各期会有什么结果。")
@click.option("--code", "codes", multiple=True, help="只试这一条规则（可写多次），如 R60。")
@click.option(
    "--to", "target", type=Place(folder=True),
    help="规则手册放在哪里，默认为 outbox/规则手册。",
)  # fmt: skip
def rules(folder: Path, trial: bool, codes: tuple[str, ...], target: Path | None) -> None:
    """写出规则手册（xlsx 和 md），供审阅签字；规则文件有错会指出文件和行号。

    \b
    例：
      pipeline rules
      pipeline rules --try --code R60
    """
    home, programme = opened(folder)
    if trial or codes:
        _try(home, programme, codes)
    else:
        _write(home, programme, target or home.outbox / "规则手册")


def _write(home: Home, programme: Programme, folder: Path) -> None:
    from pipeline.ask import rulebook

    papers = rulebook(programme, home.templates)
    folder.mkdir(parents=True, exist_ok=True)
    for paper in papers:
        (folder / paper.path).write_bytes(paper.content)
    click.echo(f"{len(programme.rules)} 条规则，例子全部核对通过。规则手册在 {folder}")


def _try(home: Home, programme: Programme, codes: tuple[str, ...]) -> None:
    from pipeline.ask import try_rule
    from pipeline.collect import collect, kept_passwords
    from pipeline.engine import Engine
    from pipeline.workers import scratch

    chosen = codes or tuple(r.code for r in programme.rules if r.severity == "shadow")
    for code in chosen:
        if code not in programme.rule or not programme.rule[code].check:
            raise Stop(
                f"没有可以试行的规则“{code}”。规则代码见 pipeline rules 写出的规则手册", Exit.USAGE
            )
    if not chosen:
        raise Stop(
            "没有试行规则。把一条规则的 severity 写成 shadow，或用 --code 指定一条", Exit.FINE
        )
    with_returns(home)
    files, passwords = collect(home.inbox, limits=home.limits), kept_passwords(home.inbox)
    waivers = home.waivers(programme)
    for code in chosen:
        click.echo(f"{code} {programme.rule[code].title}（{programme.rule[code].source}）")
        with scratch() as place, Engine(place) as engine, Progress("读取报表") as progress:
            for found in try_rule(
                code, files, programme, engine, place, passwords, home.limits, waivers, progress
            ):
                _tell(found, programme)


def _tell(trial: Trial, programme: Programme) -> None:
    rows, lost = sum(trial.rows.values()), sum(trial.lost.values())
    if not rows:
        click.echo(f"  {trial.period}：本期报表没有不合的行")
        return
    click.echo(f"  {trial.period}：本期报表 {rows} 行不合，涉及 {len(trial.rows)} 个单位")
    if not lost:
        click.echo("    如改为退回，计入人数不变")
        return
    labels = {i.name: i.label for i in programme.indicators}
    units: dict[str, list[str]] = {}
    for (unit, indicator), count in sorted(trial.lost.items()):
        units.setdefault(unit, []).append(f"{labels[indicator]}少 {count} 人")
    shown = [f"{programme.gazetteer.name(u)}{'、'.join(w)}" for u, w in list(units.items())]
    more = f"；等 {len(shown)} 个单位" if len(shown) > _MOST_UNITS else ""
    click.echo(f"    如改为退回，少计 {lost} 人：{'；'.join(shown[:_MOST_UNITS])}{more}")
