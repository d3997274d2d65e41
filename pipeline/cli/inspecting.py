"""`pipeline inspect`: a sample for an inspection (专项检查), a workbook a unit."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pipeline.cli.laying import lay
from pipeline.cli.opening import as_period, home_command, opened
from pipeline.cli.speaking import Place, Whole
from pipeline.model.papers import private_folder
from pipeline.model.stop import Exit, Stop

_SIZE = re.compile(r"[1-9][0-9]{0,5}|(?:[1-9][0-9]?|100)%", re.ASCII)


def as_size(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """A number of persons or a share, as typed; the callback of --size."""
    text = value.strip().replace("％", "%").removesuffix("人")
    if text and not _SIZE.fullmatch(text):
        message = f"“{value}”不是人数，也不是百分比，请写成 200 或 10%"
        raise click.BadParameter(message, context, parameter)
    return text


@home_command
@click.argument("period", required=False, callback=as_period, metavar="[报告期]")
@click.option(
    "--seed", type=Whole(0, 999_999_999), required=True,
    help="任意定的一个数，写进检查记录：同一期用同一个数，由谁抽取都是同一批人。",
)  # fmt: skip
@click.option(
    "--size", default="", callback=as_size, metavar="人数或百分比",
    help="每项抽多少：200 或 10%。不写就按项目文件 [inspection] 的置信水平和误差确定。",
)  # fmt: skip
@click.option(
    "--to", "target", type=Place(folder=True),
    help="检查表放在哪里，默认为 outbox/专项检查/<报告期>/种子<数>。",
)  # fmt: skip
def inspect(folder: Path, period: str, seed: int, size: str, target: Path | None) -> None:
    """从已计入的人里按单位、手工种类分层抽人，做专项检查用的表：每个单位一份，有电话核查、现场检查两张。
    填好后放进 inbox（不用改名），再运行一次汇总，结果在 绩效评价.xlsx 的“专项检查”。

    \b
    例：pipeline inspect 2018-11 --seed 20181205
      pipeline inspect 2018-11 --seed 7 --size 10%
    """
    from pipeline.ask import INSPECTIONS, draw, drawn_in_words, inspection_papers

    home, programme = opened(folder)
    sample = draw(home.outbox, period, seed, size, programme)
    place = target or home.outbox / INSPECTIONS / sample.period / f"种子{seed}"
    papers = list(inspection_papers(sample, programme, home.templates))
    if others := [p.path for p in papers if _is_other(place / p.path, p.content)]:
        raise Stop(
            f"{place} 里已有内容不同的 {others[0]}（可能有人填过）。请移走，或者换一个 --seed、--to",
            Exit.USAGE,
        )
    private_folder(place)
    for paper in papers:
        lay(place, paper)
    click.echo(drawn_in_words(sample, programme))
    click.echo(
        f"{len(papers) - 1} 个单位的检查表在 {place}（含姓名、电话、住址，注意保密）。"
        "填好后放进 inbox，再运行一次"
    )


def _is_other(file: Path, content: bytes) -> bool:
    """Whether a file lies there that says something else."""
    return file.is_file() and file.read_bytes() != content
