"""The commands; the only module that prints or exits. Heavy libraries load only when needed."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pipeline import __version__

if TYPE_CHECKING:
    from pipeline.check import Verdict
    from pipeline.ingest import ReadingApart
    from pipeline.model import Figures, Receipt, Submission
    from pipeline.programme import Programme
    from pipeline.settings import Home

ALL_FINE, SOMETHING_RETURNED, USAGE, PROGRAMME_WRONG, NOTHING_DELIVERED = 0, 1, 2, 3, 4
_MOST_NAMES = 12

_HOME = click.option(
    "--home",
    "home_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="放 inbox、outbox 的文件夹，默认为当前文件夹。",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pipeline", message="%(prog)s %(version)s")
@_HOME
@click.pass_context
def cli(context: click.Context, home_folder: Path | None) -> None:
    """每月汇总：把各县（市、区）的报表放进 inbox，运行一次，到 outbox 取结果。

    \b
    例：
      pipeline run 2018-11        汇总 2018 年 11 月
      pipeline check 报表.xlsx     只核对，不汇总
      pipeline status             看看收了什么、出了什么
      pipeline demo               用编造的一个省试一遍
    """
    context.obj = home_folder


def _period(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    from pipeline.collect import is_period

    if value and not is_period(value):
        raise click.BadParameter(f"“{value}”不是报告期，请写成 2018-11 的样式", context, parameter)
    return value or ""


@cli.command()
@click.argument("period", required=False, callback=_period, metavar="[报告期]")
@_HOME
@click.pass_obj
def run(group_home: Path | None, period: str, home_folder: Path | None) -> None:
    """汇总一个月：读 inbox，核对、去重、汇总，结果放进 outbox。不写报告期就取最新的一期。

    \b
    例：pipeline run 2018-11
    """
    from pipeline.collect import is_empty

    home, programme = _opened(home_folder or group_home)
    if is_empty(home.inbox):
        _stop(
            f"inbox 是空的。请把各地报表放进 {home.inbox / (period or '年-月')} 文件夹后再运行",
            NOTHING_DELIVERED,
        )
    figures, receipt = _run(home, period, programme)
    _summary(figures, receipt, programme)
    bad = {"returned", "unreadable"}
    sys.exit(SOMETHING_RETURNED if any(i.status in bad for i in figures.inputs) else ALL_FINE)


def _run(home: Home, period: str, programme: Programme) -> tuple[Figures, Receipt]:
    from pipeline.aggregate import UnbalancedBooks
    from pipeline.deliver import Undeliverable
    from pipeline.programme import ProgrammeFault
    from pipeline.run import NoReturns
    from pipeline.run import run as run_all

    try:
        with _progress("读取报表") as progress, _reader(home, programme) as read:
            return run_all(
                home.inbox, home.outbox, period, programme, home.templates,
                read, progress, home.limits,
            )  # fmt: skip
    except ProgrammeFault as fault:
        _stop(str(fault), PROGRAMME_WRONG)
    except (NoReturns, Undeliverable) as fault:
        _stop(str(fault), NOTHING_DELIVERED)
    except UnbalancedBooks as fault:
        _stop(f"{fault}。这是程序的错误，本次没有出结果，请联系维护人员", NOTHING_DELIVERED)


@cli.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="文件…",
)
@click.option("--period", callback=_period, help="报告期，如 2018-11；不写就看文件里写的。")
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON。")
@_HOME
@click.pass_obj
def check(
    group_home: Path | None,
    files: tuple[Path, ...],
    period: str,
    as_json: bool,
    home_folder: Path | None,
) -> None:
    """只核对报表，不汇总：报送前先查一遍。

    \b
    例：pipeline check 农安县2018年11月培训人员花名册.xlsx
    """
    home, programme = _opened(home_folder or group_home)
    from pipeline.check import check as check_file

    refused = False
    with _reader(home, programme, cached=False) as read:
        for file in files:
            folder = period or _folder_of(file, home)
            for verdict in check_file(file, programme, folder, read, home.limits):
                refused |= verdict.verdict in ("returned", "unreadable")
                if as_json:
                    click.echo(json.dumps(_as_json(verdict), ensure_ascii=False))
                else:
                    _tell(verdict, programme)
    sys.exit(SOMETHING_RETURNED if refused else ALL_FINE)


def _folder_of(file: Path, home: Home) -> str:
    """The period of a file that already lies in inbox/<period>/."""
    from pipeline.collect import is_period

    try:
        first = file.resolve().relative_to(home.inbox.resolve()).parts[0]
    except ValueError:
        return ""
    return first if is_period(first) else ""


def _as_json(verdict: Verdict) -> dict[str, Any]:
    names = ("file", "verdict", "unit", "kinds", "rows", "errors", "warnings", "reason")
    return {name: getattr(verdict, name) for name in names}


def _tell(verdict: Verdict, programme: Programme) -> None:
    from pipeline.render.view import SEVERITY_LABELS, STATUS_LABELS

    unit = programme.gazetteer.name(verdict.unit) if verdict.unit else ""
    facts = "，".join(
        filter(None, [unit, f"{verdict.rows} 行" if verdict.rows else "", verdict.reason])
    )
    click.echo(f"{verdict.file}：{STATUS_LABELS[verdict.verdict]}{f'（{facts}）' if facts else ''}")
    for issue in verdict.issues:
        place = " ".join(filter(None, [issue.sheet, issue.cell]))
        click.echo(
            f"  [{SEVERITY_LABELS[issue.severity]}] {place + '：' if place else ''}{issue.message}"
        )


@cli.command()
@_HOME
@click.pass_obj
def status(group_home: Path | None, home_folder: Path | None) -> None:
    """看看 inbox 里收了什么、outbox 里出了什么。

    \b
    例：pipeline status
    """
    from pipeline.collect import is_empty, is_period

    home, programme = _opened(home_folder or group_home)
    click.echo(f"{programme.office}　{programme.title}")
    if is_empty(home.inbox):
        click.echo(f"inbox 是空的。请把报表放进 {home.inbox / '年-月'} 文件夹")
    else:
        for folder in sorted(p for p in home.inbox.iterdir() if p.is_dir() and is_period(p.name)):
            count = sum(
                f.is_file() and not f.name.startswith((".", "~$")) for f in folder.rglob("*")
            )
            click.echo(f"inbox/{folder.name}：{count} 个文件")
    delivered = sorted(p for p in home.outbox.glob("*/data/run.json") if is_period(p.parts[-3]))
    for file in delivered:
        _told_status(file, programme)
    if not delivered:
        click.echo("outbox 里还没有结果。运行 pipeline run 即可汇总")


def _told_status(file: Path, programme: Programme) -> None:
    period = file.parts[-3]
    try:
        receipt = json.loads(file.read_text(encoding="utf-8"))
        bad = sum(i["status"] in ("returned", "unreadable") for i in receipt["inputs"])
        missing = [programme.gazetteer.name(u) for u in receipt["not_filed"]]
    except (OSError, ValueError, KeyError, TypeError):
        click.echo(f"outbox/{period}：回执 {file} 读不懂，请重新运行 pipeline run {period}")
        return
    tail = f"，未报 {len(missing)} 个单位（{'、'.join(missing)}）" if missing else "，应报单位报齐"
    click.echo(
        f"outbox/{period}：读入 {len(receipt['inputs'])} 个文件，{bad} 个有退回或打不开{tail}"
    )


@cli.command()
@click.argument(
    "folder", required=False, type=click.Path(file_okay=False, path_type=Path), metavar="[文件夹]"
)
@click.option(
    "--seed", default=20181201, show_default=True, help="编造数据用的种子；种子相同，数据相同。"
)
def demo(folder: Path | None, seed: int) -> None:
    """用编造的一个省试一遍：造报表、汇总，再把结果与造的时候记下的答案核对。

    \b
    例：pipeline demo demo
    """
    from pipeline.demonstration import NotADemo, demonstrate

    home, programme = _opened(folder or Path("demo"))
    try:
        with _progress("读取报表") as progress, _reader(home, programme) as read:
            shown = demonstrate(home.root, programme, home.templates, seed, read, progress)
    except NotADemo as fault:
        _stop(str(fault), USAGE)
    _summary(shown.figures, shown.receipt, programme)
    for difference in shown.differences:
        click.echo(f"与预期不符：{difference}", err=True)
    if shown.differences:
        sys.exit(SOMETHING_RETURNED)
    click.echo(f"\n演示数据全部是编造的。{shown.checked} 项结果与造数据时记下的答案一致。")


def _opened(folder: Path | None) -> tuple[Home, Programme]:
    from pipeline.programme import ProgrammeFault
    from pipeline.settings import open_home

    try:
        home = open_home((folder or Path()).absolute())
        return home, home.programme()
    except ProgrammeFault as fault:
        _stop(str(fault), PROGRAMME_WRONG)


def _reader(home: Home, programme: Programme, *, cached: bool = True) -> ReadingApart:
    """Files are read in worker processes, with the clerk's passwords and the home's limits."""
    from pipeline.collect import kept_passwords
    from pipeline.ingest import ReadingApart

    cache = home.cache if cached else None
    return ReadingApart(programme, kept_passwords(home.inbox), home.limits, cache)


def _summary(figures: Figures, receipt: Receipt, programme: Programme) -> None:
    """What happened, where to look, and what to do next."""
    from pipeline.render.view import lines_of

    own = figures.filed
    unreadable = [i for i in own if i.status == "unreadable"]
    whole = [i for i in own if i.status == "returned" and not i.counted + i.merged]
    some = sum(i.status == "returned" for i in own) - len(whole)
    click.echo(f"{programme.office}　{figures.period}")
    click.echo(
        f"收到 {len(own)} 个文件：{some} 个部分退回，{len(whole)} 个整份未计入，{len(unreadable)} 个打不开"
    )
    for entry in (*whole, *unreadable):
        click.echo(f"  {entry.path}：{entry.reason}")
    missing = [programme.gazetteer.name(u) for u in figures.not_filed]
    shown = "、".join(missing[:_MOST_NAMES]) + ("等" if len(missing) > _MOST_NAMES else "")
    click.echo(f"未报 {len(missing)} 个单位：{shown}" if missing else "应报单位全部报齐")
    top = lines_of(figures, programme)[0]
    for indicator in programme.indicators:
        for scope, span in (("year", f"{figures.period[:4]}年"), ("cumulative", "累计")):
            told = top[indicator.name][scope]
            click.echo(
                f"{indicator.label}（{span}）：完成 {told['done']} 人，"
                f"任务 {told['target']}，完成率 {told['percent']}"
            )
    click.echo(f"\n结果在 {receipt.folder}，先打开 index.html。")
    steps = ["把“退回”里的文件夹发给各单位"] if any((receipt.folder / "退回").glob("*")) else []
    steps += [
        "核对全省汇总表、完成名单、情况报告",
        "打开“报送”里的 邮件.eml 发送（名单含个人信息）",
    ]
    click.echo("下一步：" + "；".join(steps) + "。")


class _progress:
    """A bar on a terminal; nothing where the output goes to a file."""

    def __init__(self, label: str) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self.bar = Progress(
            *columns, console=console, disable=not console.is_terminal, transient=True
        )
        self.label = label

    def __enter__(self) -> Callable[[Iterable[Submission]], Iterator[Submission]]:
        self.bar.__enter__()
        return self._track

    def __exit__(self, *exception: Any) -> None:
        self.bar.__exit__(*exception)

    def _track(self, files: Iterable[Submission]) -> Iterator[Submission]:
        files = tuple(files)
        task = self.bar.add_task(self.label, total=len(files))
        for file in files:
            yield file
            self.bar.advance(task)
        self.bar.update(task, description="核对、汇总、写文件")


def _stop(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


def main() -> None:
    """The entry point: an error of our own is one sentence, without the data it happened on."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        cli(prog_name="pipeline")
    except Exception as fault:
        if os.environ.get("PIPELINE_DEBUG"):
            raise
        here = traceback.extract_tb(fault.__traceback__)[-1]
        place = f"{type(fault).__name__}，{Path(here.filename).name} 第 {here.lineno} 行"
        _stop(
            f"程序内部错误（{place}），本次没有出结果，原有结果未动。请联系维护人员",
            NOTHING_DELIVERED,
        )
