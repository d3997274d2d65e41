"""`pipeline check`: one verdict a file, without filing it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.opening import (
    as_period,
    home_command,
    opened,
)
from pipeline.cli.speaking import Place
from pipeline.model.stop import Exit

if TYPE_CHECKING:
    from pipeline.check import Verdict
    from pipeline.home import Home
    from pipeline.programme import Programme


@home_command
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=Place(exists=True),
    metavar="文件…",
)
@click.option("--period", callback=as_period, help="报告期，如 2018-11；不写就看文件里写的。")
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON。")
def check(folder: Path, files: tuple[Path, ...], period: str, as_json: bool) -> int:
    """只核对报表，不汇总：报送前先查一遍。

    \b
    例：pipeline check 农安县2018年11月培训人员花名册.xlsx
    """
    home, programme = opened(folder)
    from pipeline.check import check as check_files
    from pipeline.collect import kept_passwords

    refused = False
    passwords = kept_passwords(home.inbox)
    periods = {file: period or _folder_of(file, home) for file in files}
    for verdict in check_files(periods, programme, home.limits, home.waivers(programme), passwords):
        refused |= verdict.verdict in ("returned", "unreadable")
        if as_json:
            click.echo(json.dumps(_as_json(verdict), ensure_ascii=False))
        else:
            _tell(verdict, programme)
    return Exit.RETURNED if refused else Exit.FINE


def _folder_of(file: Path, home: Home) -> str:
    """The period of a file that already lies in inbox/<period>/."""
    from pipeline.periods import period_of_folder

    try:
        first = file.resolve().relative_to(home.inbox.resolve()).parts[0]
    except ValueError:
        return ""
    return period_of_folder(first)


def _as_json(verdict: Verdict) -> dict[str, Any]:
    names = ("file", "verdict", "unit", "kinds", "rows", "errors", "warnings", "reason")
    return {name: getattr(verdict, name) for name in names}


def _tell(verdict: Verdict, programme: Programme) -> None:
    from pipeline.model.words import SEVERITY_WORDS, STATUS_WORDS

    unit = programme.gazetteer.name(verdict.unit) if verdict.unit else ""
    facts = "，".join(
        filter(None, [unit, f"{verdict.rows} 行" if verdict.rows else "", verdict.reason])
    )
    click.echo(f"{verdict.file}：{STATUS_WORDS[verdict.verdict]}{f'（{facts}）' if facts else ''}")
    for issue in verdict.issues:
        place = " ".join(filter(None, [issue.sheet, issue.cell]))
        click.echo(
            f"  [{SEVERITY_WORDS[issue.severity]}] {place + '：' if place else ''}{issue.message}"
        )
