"""`pipeline status`: what was received, what was delivered, what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.opening import home_command, opened
from pipeline.model.stop import Stop

if TYPE_CHECKING:
    from pipeline.ask import Delivered
    from pipeline.collect import Found
    from pipeline.home import Home
    from pipeline.programme import Programme
    from pipeline.send import Correspondent

_BESIDE = ("task_table", "judgements")
_SILENT = ("superseded", "same_content")


@home_command
def status(folder: Path) -> None:
    """看看 inbox 里收了什么、outbox 里出了什么，上次汇总以后有没有变动，下一步做什么。

    \b
    例：pipeline status
    """
    from pipeline.ask import delivered
    from pipeline.collect import collect, is_empty

    home, programme = opened(folder)
    click.echo(f"{programme.office}　{programme.title}")
    files = () if is_empty(home.inbox) else collect(home.inbox, limits=home.limits)
    if not files:
        click.echo(f"inbox 是空的。请把报表放进 {home.inbox / '年-月'} 文件夹")
    for period, count in sorted(Counter(f.folder_period for f in files if f.folder_period).items()):
        click.echo(f"inbox/{period}：{count} 个文件")
    months = dict(delivered(home.outbox))
    due = {f.folder_period for f in files if f.folder_period} - set(months)
    for period, month in months.items():
        if month is None:
            where = home.outbox / period / "data" / "run.json"
            click.echo(f"outbox/{period}：回执 {where} 读不懂，请重新运行 {_command(home, period)}")
            continue
        own = [f for f in files if f.folder_period <= period]
        since = _since(month, own, home, programme)
        if since:
            due.add(period)
        click.echo(f"outbox/{period}：{_in_words(month, programme)}{since}")
        _tell_sent(home, month, programme)
    if not months:
        click.echo(f"outbox 里还没有结果。运行 {_command(home)} 即可汇总")
    last = max([*months, *due], default="")
    month = months.get(last)
    if files and last:
        _tell_units(month, [f for f in files if f.folder_period == last], last, programme)
    _tell_next(home, month, due)


def _command(home: Home, period: str = "", verb: str = "run") -> str:
    """The exact command, for where she stands."""
    elsewhere = f' --home "{home.root}"' if home.root != Path().absolute() else ""
    return f"pipeline {verb} {period}".rstrip() + elsewhere


def _in_words(month: Delivered, programme: Programme) -> str:
    missing = [programme.gazetteer.name(u) for u in month.receipt["not_filed"]]
    tail = f"未报 {len(missing)} 个单位（{'、'.join(missing)}）" if missing else "应报单位报齐"
    entries = month.receipt["inputs"]
    earlier = any((entry.get("period") or month.period) < month.period for entry in entries)
    beside = "（含以前各期）" if earlier else ""
    return f"读入 {len(entries)} 个文件{beside}，{month.refused} 个有退回或打不开，{tail}"


def _since(month: Delivered, files: list[Found], home: Home, programme: Programme) -> str:
    """What has changed since the month was delivered."""
    from pipeline.basis import basis_of, changed_files
    from pipeline.collect import kept_passwords

    basis = basis_of(files, home, programme, kept_passwords(home.inbox), home.waivers(programme))
    changed = changed_files(basis, month.folder)
    if changed is None:
        return "；此后程序、设置或规则有变动，可再运行一次"
    return f"；此后 inbox 有 {len(changed)} 个文件新增、改动或移走，请再运行一次" if changed else ""


def _tell_units(
    month: Delivered | None, files: Sequence[Found], period: str, programme: Programme
) -> None:
    """The newest period's files by unit: what became of each, and what took the place of what."""
    from pipeline.model import Status
    from pipeline.model.words import STATUS_WORDS

    entries: list[Mapping[str, Any]] = [
        entry
        for entry in (month.receipt["inputs"] if month else ())
        if entry.get("period") == period and entry["status"] not in _BESIDE
    ]
    known = {entry["path"].split("!")[0] for entry in entries}
    by_unit: dict[str, Counter[str]] = {}
    for entry in entries:
        words = STATUS_WORDS[Status(entry["status"])]
        by_unit.setdefault(entry.get("unit", ""), Counter())[words] += 1
    for file in files:
        if file.path not in known:
            name = file.path.rsplit("/", 1)[-1]
            by_unit.setdefault(programme.gazetteer.find_one(name), Counter())["还没有汇总"] += 1
    click.echo(f"\n{period} 收到的文件，按单位：")
    for unit, counts in sorted(by_unit.items(), key=lambda found: (not found[0], found[0])):
        name = programme.gazetteer.name(unit) if unit else "（从文件名看不出单位）"
        click.echo(f"  {name}：" + "；".join(f"{words} {n} 个" for words, n in counts.items()))
    for entry in entries:
        if entry["status"] in _SILENT:
            click.echo(f"  {entry['path']}：{entry.get('reason', '')}")


def _tell_next(home: Home, month: Delivered | None, due: set[str]) -> None:
    """What to do next, with the exact command."""
    steps = [f"运行 {_command(home, period)}" for period in sorted(due)]
    if not due and month is not None:
        steps = [f"打开 {month.folder / 'index.html'}"]
        letters = [name for name in ("催报", "退回") if (month.folder / name).is_dir()]
        if letters:
            send = _command(home, month.period, "send")
            steps.append(f"{'、'.join(letters)}发给各单位：{send} --counties")
        steps.append(f"报送各部门：{_command(home, month.period, 'send')}")
        steps.append(
            f"报回的文件放进 {home.inbox / month.period}，再运行 {_command(home, month.period)}"
        )
    if len(steps) == 1:
        click.echo(f"下一步：{steps[0]}")
    elif steps:
        click.echo("\n下一步：")
        for step in steps:
            click.echo(f"  {step}")


def _tell_sent(home: Home, month: Delivered, programme: Programme) -> None:
    """What the ledger says of a month: to whom, which version, when, and what came of it; who waits."""
    from pipeline.send import correspondence, read_ledger

    try:
        recipients = correspondence(month, read_ledger(home.outbox), programme, home.outbox)
    except Stop as stop:
        click.echo(f"  {stop.message}")
        return
    for one in recipients:
        name = one.shown if one.is_unit else one.recipient
        for mailing in one.mailings:
            answer = f"（{mailing.answer}）" if mailing.event in ("deferred", "refused") else ""
            click.echo(
                f"  {name}　{mailing.address}　第 {mailing.version} 版　{mailing.at}　{mailing.word}{answer}"
            )
        if one.unknown:
            click.echo(
                f"    请电话核实后运行 {_command(home, month.period, 'send')} --settle "
                f"{one.recipient}=已收到（或 未收到）"
            )
        if one.stale:
            click.echo(f"    {name}的材料此后有变动，新的一版尚未发送")
    _tell_waiting(recipients)


def _tell_waiting(recipients: Sequence[Correspondent]) -> None:
    """Who has not been written to: agencies by name, units by how many."""
    for word in dict.fromkeys(one.word for one in recipients if not one.mailings):
        waiting = [one for one in recipients if not one.mailings and one.word == word]
        agencies = [one.recipient for one in waiting if not one.is_unit]
        units = len(waiting) - len(agencies)
        who = [*agencies, *([f"{units} 个单位的材料"] if units else [])]
        click.echo(f"  {word}：{'、'.join(who)}")
