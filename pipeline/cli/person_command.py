"""`pipeline person`: one person's history, an event a line, with the cells it is read from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.opening import as_period, home_command, opened

if TYPE_CHECKING:
    from pipeline.ask import History
    from pipeline.programme import Programme


@home_command
@click.argument("who", nargs=-1, required=True, metavar="证件号 | 姓名 末四位 | -")
@click.option("--period", callback=as_period, help="截至哪一期，如 2018-11；不写就到最新的一期。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def person(folder: Path, who: tuple[str, ...], period: str, as_json: bool) -> None:
    """查一个人：何时列入、在哪里培训就业、改过什么、退出没有、计入哪里、为什么。查的是 outbox 里已有的结果。

    证件号写 - 时从键盘读入，不显示，也不留在命令记录里。

    \b
    例：pipeline person 王某某 0028
    """
    home, programme = opened(folder)
    from pipeline.ask import history

    if who == ("-",):
        who = (click.prompt("证件号", hide_input=True, err=True),)
    found = history(home.outbox, who, period)
    if as_json:
        click.echo(json.dumps(_as_json(found, programme), ensure_ascii=False))
    else:
        _tell(found, programme)


def _tell(found: History, programme: Programme) -> None:
    from pipeline.ask import event_in_words, place_in_words
    from pipeline.values import mask_id

    her = found.person
    unit = programme.gazetteer.name(her["unit"])
    click.echo(f"{her['name']}　{mask_id(her['id_no'])}　{unit}　截至 {found.period}")
    seen = f"首次列入 {her['first_seen']}，最近列入 {her['last_seen']}"
    gone = zip(her["left"].split(";"), her["left_since"].split(";"), strict=True)
    left = [
        f"自 {since} 起不在{programme.gazetteer.name(unit)}名单" for unit, since in gone if unit
    ]
    click.echo("，".join([seen, *left]))
    for event in found.events:
        click.echo(f"{event['period'] or '—':<8}{event_in_words(event, programme)}")
        if place := place_in_words(event):
            click.echo(f"        {place}")


def _as_json(found: History, programme: Programme) -> dict[str, Any]:
    """The same, for programs: numbers masked, sensitive values left out."""
    from pipeline.ask import event_in_words
    from pipeline.values import mask_id

    names = (
        "period",
        "event",
        "unit",
        "indicator",
        "year",
        "field",
        "file",
        "sheet",
        "row",
        "cell",
    )
    her = {k: v for k, v in found.person.items() if k != "id_no"}
    return {
        "id_no": mask_id(found.person["id_no"]),
        **her,
        "as_of": found.period,
        "events": [
            {**{n: event[n] for n in names}, "text": event_in_words(event, programme)}
            for event in found.events
        ],
    }
