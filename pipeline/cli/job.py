"""`pipeline run` and `pipeline demo`: the month's job, and what it came to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import (
    Progress,
    as_period,
    home_command,
    opened,
    with_returns,
)
from pipeline.cli.speaking import Command, Place, Whole
from pipeline.model.stop import Exit

if TYPE_CHECKING:
    from pipeline.home import Home
    from pipeline.model import Figures, Receipt
    from pipeline.programme import Programme

_MOST_NAMES, _MOST_FILES = 12, 12


@home_command
@click.argument("period", required=False, callback=as_period, metavar="[报告期]")
@click.option("--again", is_flag=True, help="没有新报表也重做一遍。")
@click.option(
    "--pdf/--no-pdf",
    default=None,
    help="情况报告、汇总表另存 PDF（需装有 LibreOffice）。默认看 pipeline.toml 的 pdf。",
)
def run(folder: Path, period: str, again: bool, pdf: bool | None) -> int:
    """汇总一个月：读 inbox，核对、去重、汇总，结果放进 outbox。不写报告期就取最新的一期。

    没有新报表、设置也没有变时不重做，结果仍是上次的。

    \b
    例：pipeline run 2018-11
    """
    home, programme = opened(folder)
    home = replace(home, pdf=_can_print(home.pdf if pdf is None else pdf))
    with_returns(home, period)
    from pipeline.basis import nothing_new

    if not again and (same := nothing_new(home, period, programme)):
        return _tell_nothing_new(home, same)
    from pipeline.read import make_ready

    make_ready()
    from pipeline.run import run as run_all
    from pipeline.send import write_sent_page

    with Progress("读取报表", "核对、汇总、写文件") as progress:
        figures, receipt = run_all(home, period, programme, progress)
    write_sent_page(home, programme)
    _tell_summary(figures, receipt, programme)
    if home.pdf and not any(receipt.folder.glob("*.pdf")):
        click.echo("PDF 没有做成：LibreOffice 没有响应。结果不受影响，可以再运行一次", err=True)
    return _exit_code(home, figures.period)


def _can_print(wanted: bool) -> bool:
    """Whether PDFs are made; that they are wanted and cannot be is said once."""
    from pipeline.office.pdf import office_program

    if wanted and not office_program():
        click.echo("没有找到 LibreOffice，不做 PDF。装好后再运行一次即可", err=True)
        return False
    return wanted


def _exit_code(home: Home, period: str) -> int:
    from pipeline.ask import newest

    return newest(home.outbox, period).exit_code


def _tell_nothing_new(home: Home, period: str) -> int:
    folder = home.outbox / period
    click.echo(f"没有新报表，结果仍是 {folder}，先打开 index.html。要重做一遍请加 --again")
    return _exit_code(home, period)


@click.command(cls=Command)
@click.argument("folder", required=False, type=Place(folder=True), metavar="[文件夹]")
@click.option(
    "--seed",
    type=Whole(0, 2**31),
    default=20181201,
    help="编造数据用的种子，默认 20181201；种子相同，数据相同。",
)
def demo(folder: Path | None, seed: int) -> int:
    """用编造的一个省试一遍：造报表、汇总，再把结果与造的时候记下的答案核对。

    \b
    例：pipeline demo demo
    """
    from pipeline.demonstration import demonstrate
    from pipeline.send import write_sent_page

    home, programme = opened((folder or Path("demo")).absolute())
    with Progress("读取报表", "核对、汇总、写文件") as progress:
        shown = demonstrate(home, programme, seed, progress)
    write_sent_page(home, programme)
    _tell_summary(shown.figures, shown.receipt, programme)
    for difference in shown.differences:
        click.echo(f"与预期不符：{difference}", err=True)
    if shown.differences:
        return Exit.RETURNED
    click.echo(f"\n演示数据全部是编造的。{shown.checked} 项结果与造数据时记下的答案一致。")
    return Exit.FINE


def _tell_summary(figures: Figures, receipt: Receipt, programme: Programme) -> None:
    """What happened, where to look, and what to do next."""
    from pipeline.deliver import EDITED
    from pipeline.render.standings import lines_of
    from pipeline.values import mask_digits

    own = figures.filed
    unreadable = [i for i in own if i.status == "unreadable"]
    whole = [i for i in own if i.status == "returned" and not i.counted + i.merged]
    some = sum(i.status == "returned" for i in own) - len(whole)
    click.echo(f"{programme.office}　{figures.period}")
    click.echo(
        f"收到 {len(own)} 个文件：{some} 个部分退回，{len(whole)} 个整份未计入，{len(unreadable)} 个打不开"
    )
    refused = (*whole, *unreadable)
    for entry in refused[:_MOST_FILES]:
        click.echo(f"  {mask_digits(entry.path)}：{mask_digits(entry.reason)}")
    if len(refused) > _MOST_FILES:
        click.echo(f"  ……共 {len(refused)} 个，全部列在 index.html")
    missing = [programme.gazetteer.name(u) for u in figures.not_filed]
    shown = "、".join(missing[:_MOST_NAMES]) + ("等" if len(missing) > _MOST_NAMES else "")
    click.echo(f"未报 {len(missing)} 个单位：{shown}" if missing else "应报单位全部报齐")
    _tell_corrections(figures)
    _tell_undecided(figures)
    top = lines_of(figures, programme)[0]
    for indicator in programme.indicators:
        for scope, span in (("year", f"{figures.period[:4]}年"), ("cumulative", "累计")):
            line = top[indicator.name][scope]
            click.echo(
                f"{indicator.label}（{span}）：完成 {line['done']} {indicator.unit_word}，"
                f"任务 {line['target']}，完成率 {line['percent']}"
            )
    _tell_changed_tasks(figures, programme)
    _tell_leaks(receipt.folder)
    for file in receipt.edited[:_MOST_FILES]:
        click.echo(f"上一次的结果里您改动过的，已另存在 {file}，请对照新的一份再改")
    if len(receipt.edited) > _MOST_FILES:
        click.echo(f"  ……共 {len(receipt.edited)} 份，都在 {receipt.folder.parent / EDITED}")
    click.echo(f"\n结果在 {receipt.folder}，先打开 index.html。")
    letters = [f"“{n}”" for n in ("催报", "退回") if any((receipt.folder / n).glob("*"))]
    send = f"pipeline send {figures.period} --counties"
    steps = [f"把{''.join(letters)}里的文件夹发给各单位（{send}）"] if letters else []
    steps += [
        "核对汇总表、完成名单、情况报告",
        f"pipeline send {figures.period} 报送各部门（先给看，再问发不发）",
    ]
    click.echo("下一步：" + "；".join(steps) + "。")


def _tell_corrections(figures: Figures) -> None:
    """What counties mended of what was sent back."""
    done = figures.mended
    if done.units:
        found = {
            f"{done.fixed} 处已改": done.fixed,
            f"{done.still} 处还错": done.still,
            f"新出现 {done.new} 处": done.new,
            f"{done.gone} 处的人已不在名单": done.gone,
        }
        what = "，".join(words for words, count in found.items() if count)
        click.echo(f"改正已收到：{done.units} 个单位，{what}")


def _tell_undecided(figures: Figures) -> None:
    """Of which two files nothing says which is the later one: which was taken, and who is to say."""
    from pipeline.model import issues_of
    from pipeline.values import mask_digits

    found = {(i.file, i.message.split("。")[0]) for i in issues_of(figures.open, ["U04"])}
    for file, why in sorted(found)[:_MOST_FILES]:
        click.echo(f"请裁定：{mask_digits(file)} {mask_digits(why)}")
    if len(found) > _MOST_FILES:
        click.echo(f"  ……共 {len(found)} 处")
    if found:
        click.echo("  请在 待裁定.xlsx 的“选文件”中选定，放进 inbox 再运行")


def _tell_changed_tasks(figures: Figures, programme: Programme) -> None:
    """What a later task table has changed: the first of it, and where the rest stands."""
    from pipeline.render.task_changes import changed_tasks
    from pipeline.values import mask_digits

    changed = changed_tasks(figures, programme)
    for one in changed[:_MOST_FILES]:
        click.echo(
            f"任务数有调整：{one['name']} {one['year']}年{one['indicator']} {one['before']} → "
            f"{one['now']}（{mask_digits(one['file'])}）"
        )
    if len(changed) > _MOST_FILES:
        click.echo(f"  ……共调整 {len(changed)} 项，全部列在 data/targets.csv")


def _tell_leaks(folder: Path) -> None:
    """Papers in which personal data stands that is not meant to be there: said, and kept to the owner."""
    import csv

    from pipeline.gate import LEAKS

    with (folder / LEAKS).open(encoding="utf-8-sig", newline="") as stream:
        files = sorted({line["file"] for line in csv.DictReader(stream)})
    if files:
        click.echo(
            f"注意：{'、'.join(files)} 里有个人信息（多半是报表的文件名或经验材料里写了人名、证件号），"
            f"已设为只有本人可读，不能寄出。位置见 {LEAKS}"
        )
