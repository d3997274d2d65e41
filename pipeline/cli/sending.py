"""`pipeline send`: shows what each agency or unit will see, asks, sends once, says what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import as_period, home_command, opened
from pipeline.model.stop import Exit

if TYPE_CHECKING:
    from pipeline.ask import Delivered
    from pipeline.home import Home
    from pipeline.programme import Programme
    from pipeline.send import AddressBook, Ledger, Outcome, Parcel, Plan

_MASKINGS = {"none": "", "partial": "，已脱敏", "full": "，不含个人信息列"}
_MOST_NAMES = 60
_ALL = "全部"
_SETTLED = {"已收到": True, "未收到": False}


def _now() -> datetime:
    return datetime.now().astimezone()


def _stamp() -> str:
    return _now().isoformat(timespec="seconds")


@home_command
@click.argument("period", required=False, callback=as_period, metavar="[报告期]")
@click.option("--counties", is_flag=True, help="发给各县：退回、核实材料和催报通知。")
@click.option("--yes", is_flag=True, help="不再询问，直接发。")
@click.option("--edited", is_flag=True, help="出稿以后在 Word、Excel 里改动过的，照改动后的发。")
@click.option(
    "--only", multiple=True, metavar="名称", help="只发给这一家（机构名或单位代码），可写多次。"
)
@click.option(
    "--settle",
    multiple=True,
    metavar="名称=已收到|未收到",
    help="上次发到一半、不知收到没有的，电话问过以后在这里写明。",
)
@click.option(
    "--sent",
    multiple=True,
    metavar="名称",
    help="已经自行寄送的（用草稿从自己的邮箱发的、面交的），记下来，不再发；“全部”是所有没有邮箱的。",
)
def send(
    folder: Path,
    period: str,
    counties: bool,
    yes: bool,
    edited: bool,
    only: tuple[str, ...],
    settle: tuple[str, ...],
    sent: tuple[str, ...],
) -> int:
    """把一期的结果发给各部门（或各县）。先列出每家会看到什么，问过再发；发过的不会再发第二遍。

    收件人和邮件服务器写在 addresses.toml 里；没有邮箱的，草稿放进 outbox/寄件。

    \b
    例：pipeline send 2018-11
    """
    home, programme = opened(folder)
    from pipeline.ask import newest
    from pipeline.gate import known_of
    from pipeline.send import (
        for_agencies,
        for_counties,
        held_ledger,
        keep_sent,
        plan,
        read_addresses,
        send_all,
        write_drafts,
        write_sent_page,
    )

    month = newest(home.outbox, period)
    book = read_addresses(home.root, programme)
    parcels = (
        for_counties(month, programme, home.templates)
        if counties
        else for_agencies(month, programme)
    )
    parcels = _chosen(only, parcels)
    if not parcels:
        click.echo("没有要发的")
        return Exit.FINE
    with ExitStack() as afterwards:
        ledger = afterwards.enter_context(held_ledger(home.outbox, _stamp))
        afterwards.callback(write_sent_page, home, programme)  # whatever breaks off in between
        _settle(settle, ledger, parcels)
        plans = plan(parcels, ledger.lines, book)
        if sent:
            if not counties:
                keep_sent(home.outbox, month)
            return _by_hand(sent, plans, ledger)
        plans = _with_corrections(plans, home, month, programme)
        for one in plans:
            _show(one, book)
        todo = [p for p in plans if p.state in ("to_send", "no_address")]
        edited = edited or (not yes and _go_as_edited(todo))
        if todo and not yes and not click.confirm(f"\n以上 {len(todo)} 件，现在发送吗？", err=True):
            click.echo("没有发送")
            return Exit.FINE
        if not counties and any(p.state == "to_send" for p in plans):
            keep_sent(home.outbox, month)
        known = known_of([month.table("rows.parquet")], programme)
        tell = _Teller(len(todo))
        outcomes = write_drafts(plans, home.outbox, book, known, edited=edited)
        for outcome in outcomes:
            tell(outcome)
        outcomes += send_all(plans, ledger, book, known, _now, tell, edited=edited)
    return _end(plans, outcomes, counties=counties)


def _chosen(only: Iterable[str], parcels: list[Parcel]) -> list[Parcel]:
    """The parcels for those that were named; all where nobody was."""
    named = set(only)
    if unknown := {name for name in named if not any(p.is_for(name) for p in parcels)}:
        here = "、".join(p.shown for p in parcels[:_MOST_NAMES]) or "没有"
        raise click.UsageError(
            f"--only {'、'.join(sorted(unknown))}：没有要发给它的。要发的有：{here}"
        )
    return [p for p in parcels if not named or any(map(p.is_for, named))]


def _go_as_edited(todo: list[Plan]) -> bool:
    """Whether papers that somebody changed since they were delivered go as they are now."""
    changed = [p for p in todo if p.edited]
    return bool(changed) and click.confirm(
        f"\n有 {len(changed)} 件的材料出稿以后改动过（见上），照改动后的发吗？", err=True
    )


def _with_corrections(
    plans: list[Plan], home: Home, month: Delivered, programme: Programme
) -> list[Plan]:
    """An amended version carries 更正说明: which figures are not those of the version it replaces, and why."""
    from pipeline.ask import correction_papers, restatement
    from pipeline.send import version_sent

    papers: dict[tuple[Path, str], Mapping[str, bytes]] = {}
    enclosed = []
    for one in plans:
        before = version_sent(home.outbox, one.before) if one.before and one.state == "to_send" else None  # fmt: skip
        if before is None or one.before is None:
            enclosed.append(one)
            continue
        key = (before.folder, day := one.before.at[:10])
        if key not in papers:
            found = restatement(month, before, programme)
            against = f"{day[:4]}年{int(day[5:7])}月{int(day[8:])}日报送"
            made = correction_papers(month, before, against, found, programme, home.templates)
            label = f"{month.period[:4]}年{int(month.period[5:])}月"
            papers[key] = {f"{label}{made[0].path}": made[0].content} if found else {}
        enclosed.append(replace(one, enclosed=papers[key]))
    return enclosed


def _settle(answers: Iterable[str], ledger: Ledger, parcels: list[Parcel]) -> None:
    for text in answers:
        name, _, word = text.partition("=")
        found = [p for p in parcels if p.is_for(name)]
        if word not in _SETTLED or not found:
            raise click.UsageError(
                f"--settle {text}：要写成 名称=已收到 或 名称=未收到，名称是上面列出的某一家"
            )
        count = ledger.settle(found[0].period, found[0].recipient, _SETTLED[word])
        click.echo(f"{name}：{count} 件记为{word}" if count else f"{name}：没有待认定的")


def _by_hand(names: Iterable[str], plans: list[Plan], ledger: Ledger) -> int:
    """Writes down what went another way; nothing is sent."""
    from pipeline.send import record_by_hand

    for name in names:
        meant = [
            p for p in plans if p.parcel.is_for(name) or (name == _ALL and p.state == "no_address")
        ]
        if not meant:
            raise click.UsageError(
                f"--sent {name}：要写上面的某一家，或写“{_ALL}”，指所有没有邮箱的"
            )
        for shown, one in {p.parcel.shown: p for p in meant}.items():
            count = record_by_hand(one, ledger)
            click.echo(f"{shown}：记为已自行寄送" if count else f"{shown}：已经记为发过")
    return Exit.FINE


def _show(one: Plan, book: AddressBook) -> None:
    """What this recipient will see, and what has changed since last time."""
    from pipeline.send import correction, edited_in_words

    parcel = one.parcel
    version = f"第 {one.version} 版" if one.version > 1 else ""
    state = {
        "done": "这些内容已经发过，不再发",
        "unknown": "上次交出后没有等到答复，不知收到没有。请电话核实，再运行 pipeline send "
        f"{parcel.period} --settle {parcel.recipient}=已收到（或 未收到）",
        "no_address": "没有邮箱，只写草稿",
    }.get(one.state, "")
    click.echo(f"\n{parcel.shown}　{one.address or '—'}　{version}{state}")
    if one.state in ("done", "unknown"):
        return
    locked = book.has_key(parcel.recipient)
    for document in parcel.documents:
        if document.name in one.papers:
            size = document.file.stat().st_size if document.file.is_file() else 0
            how = _MASKINGS[document.masking] if not document.may_hold else (
                "，含个人信息，加密寄送" if locked
                else f"，含个人信息，不加密（{parcel.in_clear}）" if parcel.in_clear
                else "，含个人信息，没有密码不能寄"
            )  # fmt: skip
            click.echo(f"  {document.name}（{max(size // 1024, 1)} KB{how}）")
            if document.edited:
                click.echo("    出稿以后改动过：")
                for line in edited_in_words(document):
                    click.echo(f"    · {line}")
    for name in one.enclosed:
        click.echo(f"  {name}（随寄）")
    if not parcel.documents:
        click.echo(f"  {parcel.subject}")
    if text := correction(parcel, one.version, one.before).strip():
        click.echo(f"  {text}")


class _Teller:
    """Says what became of each, and how far the sending has come."""

    def __init__(self, total: int) -> None:
        self.done, self.total = 0, total

    def __call__(self, outcome: Outcome) -> None:
        self.done += 1
        where = f"（{outcome.plan.address}）" if outcome.plan.address else ""
        mark = f"{self.done}/{self.total} " if self.total > 1 else ""
        click.echo(f"{mark}{outcome.plan.parcel.shown}{where}：{outcome.text}")


def _end(plans: list[Plan], outcomes: list[Outcome], *, counties: bool) -> int:
    """0 when everybody has what is theirs, or a draft; else 1."""
    left = [p for p in plans if p.state == "unknown"]
    failed = [o for o in outcomes if o.state not in ("accepted", "no_address")]
    if any(o.state == "deferred" for o in outcomes):
        click.echo("对方要求稍后再发的，过一会儿再运行一次同样的命令即可")
    if written := [o.plan for o in outcomes if o.state == "no_address"]:
        words = f"{written[0].parcel.period}{' --counties' if counties else ''}"
        click.echo(
            f"草稿自行寄出以后，运行 pipeline send {words} --sent {_ALL}"
            "（或写某一家的名称），记下来就不会再发"
        )
    if any(o.state == "sending" for o in outcomes):
        click.echo("有一件不知收到没有，请先电话核实，再用 --settle 写明")
    return Exit.RETURNED if left or failed else Exit.FINE
