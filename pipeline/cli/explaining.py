"""`pipeline explain`: a rule in plain words, how a file's columns were read, or where a figure comes from."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import as_period, home_command, opened
from pipeline.cli.tracing import tell_fates, tell_lineage
from pipeline.model.stop import Exit, Stop

if TYPE_CHECKING:
    from pipeline.home import Home
    from pipeline.ingest.explained import Explained
    from pipeline.limits import Limits
    from pipeline.programme import Programme

_CELL = re.compile(r"!\$?[A-Za-z]{1,3}\$?[1-9][0-9]*$")
_NEVER = -1000.0  # points of what can never be
_STATES = {
    "taken": "认作",
    "doubtful": "认作（待核实）",
    "asked": "要认列，像",
    "refuted": "内容不符，不是",
    "own": "未读取",
    "like": "未读取，不是",
}


@home_command
@click.argument("what", nargs=-1, metavar="规则代码 | 文件 | 汇总表!单元格 | 单位 指标 年")
@click.option("--row", metavar="文件!表!行号", help="说明名单里的一行怎么处理了、进了哪些数。")
@click.option("--period", callback=as_period, help="哪一期的结果，如 2018-11；不写就用最新的一期。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON（溯源时）。")
def explain(folder: Path, what: tuple[str, ...], row: str, period: str, as_json: bool) -> None:
    """用白话说明：一条规则查什么、怎么改；一个文件的每一列认成了什么、凭什么、还像什么；
    汇总表里的一个数由哪些行组成、谁没有计入、为什么；名单里的一行去了哪里。

    \b
    例：pipeline explain R23
      pipeline explain 农安县2018年11月培训人员花名册.xlsx
      pipeline explain "农安县2018年11月报表.xlsx!培训花名册"
      pipeline explain "全省汇总表.xlsx!汇总表!C6"
      pipeline explain 延吉市 培训 2018
      pipeline explain --row "2018-11/农安县.xlsx!培训花名册!7"
    """
    home, programme = opened(folder)
    if row:
        tell_fates(home.outbox, row, period, programme)
    elif not what:
        raise Stop("要说明什么？写规则代码、文件、汇总表的单元格，或单位、指标和年份", Exit.USAGE)
    elif len(what) > 1 or _CELL.search(what[0]):
        tell_lineage(home.outbox, what, period, programme, as_json=as_json)
    else:
        path, _, sheet = what[0].partition("!")
        if Path(path).is_file():
            _tell_columns(home, programme, Path(path), sheet)
        else:
            _tell_rule(what[0], programme)


def _tell_rule(code: str, programme: Programme) -> None:
    from pipeline.ask import rule_in_words

    rule = programme.rule.get(code.strip().upper())
    if rule is None:
        raise Stop(
            f"没有规则“{code}”，也没有这个文件。全部规则见 pipeline rules 写出的规则手册",
            Exit.USAGE,
        )
    words = rule_in_words(rule, programme)
    click.echo(f"{words['code']} {words['title']}〔{words['tier']}，{words['severity']}〕")
    for label, word in (
        ("查什么", "meaning"), ("哪一列", "field"), ("告诉填报单位", "message"),
        ("依据", "source"), ("起止", "span"), ("通过的例子", "ok"), ("不通过的例子", "bad"),
    ):  # fmt: skip
        if words[word]:
            click.echo(f"  {label}：" + words[word].replace("\n", "\n    "))


def _tell_columns(home: Home, programme: Programme, file: Path, sheet: str) -> None:
    from pipeline.collect import kept_passwords
    from pipeline.workers import Apart

    task = partial(
        _columns, programme=programme, passwords=kept_passwords(home.inbox), limits=home.limits
    )
    with Apart(task, home.limits, preload=("pipeline.ingest.explained",), workers=1) as read:
        ((_, outcome),) = read([file])
    if not isinstance(outcome, tuple):  # a reason, or a worker that died and why
        raise Stop(f"{file.name}：{getattr(outcome, 'reason', outcome)}", Exit.RETURNED)
    lines = [line for line in outcome if sheet in ("", line.sheet)]
    if not lines:
        raise Stop(f"{file.name}：没有{f'工作表“{sheet}”的' if sheet else ''}表头可以说明")
    shown = ("", "")
    for line in lines:
        if (line.sheet, line.kind) != shown:
            shown = (line.sheet, line.kind)
            click.echo(f"== {line.sheet or '（未命名）'}：按{line.kind}认列")
        _tell_column(line)


def _tell_column(line: Explained) -> None:
    score = "" if line.points <= _NEVER / 2 else f"，{line.points:g} 分"
    taken = f"“{line.label}”{score}" if line.label else ""
    state = "like" if line.state == "own" and line.label else line.state
    click.echo(f"  {line.letters:>3} {line.header or '（无表头）'}：{_STATES[state]}{taken}")
    for what, points in line.evidence:
        worth = "不可能" if points <= _NEVER else f"{points:+.1f}"
        click.echo(f"        {worth:>6}  {what}")
    if line.second:
        click.echo(f"        其次像“{line.second}”，{line.second_points:g} 分")


def _period_of(file: Path) -> str:
    """The period of the nearest folder that is one, as a run would take it."""
    from pipeline.periods import period_of_folder

    found = (period_of_folder(folder.name) for folder in file.resolve().parents)
    return next(filter(None, found), "")


def _columns(
    file: Path, programme: Programme, passwords: tuple[str, ...], limits: Limits
) -> tuple[Explained, ...] | str:
    """In a worker: the file's columns, or why it cannot be read."""
    from pipeline.collect import single
    from pipeline.ingest.explained import explained
    from pipeline.office.read import Unreadable

    one = single(file, _period_of(file), passwords, limits)
    try:
        return one.fault or explained(one, programme, passwords, limits)
    except Unreadable as fault:
        return fault.reason
