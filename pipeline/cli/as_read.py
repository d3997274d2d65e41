"""`pipeline cells`: what was read from one file, sheet by sheet, before anything is made of it."""

from __future__ import annotations

import json
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.opening import home_command
from pipeline.cli.speaking import Place
from pipeline.model.stop import Exit, Stop

if TYPE_CHECKING:
    from pipeline.limits import Limits
    from pipeline.model import Grid

_LONGEST, _MOST_ROWS = 40, 200  # characters of a cell and rows of a sheet, in the listing


@home_command
@click.argument("file", type=Place(exists=True), metavar="文件")
@click.option("--json", "as_json", is_flag=True, help="每张工作表输出一行 JSON，证件号码不遮盖。")
def cells(folder: Path, file: Path, as_json: bool) -> int:
    """列出从一个文件里读到的单元格：认不出、读错了的时候用来查原因。

    \b
    单元格前的字母：s 文字，n 数字，d 日期，b 是否，e 错误值。长号码只显示前三位。
    例：pipeline cells 农安县2018年11月培训人员花名册.xlsx
    """
    from pipeline.collect import kept_passwords
    from pipeline.home import open_home
    from pipeline.workers import Apart

    home = open_home(folder)
    task = partial(_read, passwords=kept_passwords(home.inbox), limits=home.limits)
    with Apart(task, home.limits, preload=("pipeline.office.read",), workers=1) as read:
        ((_, outcome),) = read([file])
    if not isinstance(outcome, tuple):  # a reason, or a worker that died and why
        raise Stop(f"{file.name}：{getattr(outcome, 'reason', outcome)}", Exit.RETURNED)
    for grid in outcome:
        if as_json:
            click.echo(_as_json(grid))
        else:
            _tell(grid)
    return Exit.FINE


def _read(file: Path, passwords: tuple[str, ...], limits: Limits) -> tuple[Grid, ...] | str:
    """The file's sheets, or why it cannot be read."""
    from pipeline.collect import single
    from pipeline.office.read import Unreadable, read_grids

    one = single(file, "", passwords, limits)
    try:
        return one.fault or read_grids(one.content, passwords, limits)
    except Unreadable as fault:
        return fault.reason


def _as_json(grid: Grid) -> str:
    from pipeline.values import column_letters

    cells = {
        f"{column_letters(column)}{row}": f"{cell.type}:{cell.text}"
        for (row, column), cell in grid.cells.items()
    }
    return json.dumps({"sheet": grid.name, "cells": cells}, ensure_ascii=False)


def _tell(grid: Grid) -> None:
    from pipeline.values import column_letters

    beside = "，".join(
        words
        for words, holds in (
            (f"{grid.last_row} 行 {grid.last_column} 列", True),
            ("隐藏的工作表", grid.hidden),
            (f"{len(grid.hidden_rows)} 行隐藏", grid.hidden_rows),
            (f"{len(grid.hidden_columns)} 列隐藏", grid.hidden_columns),
            (f"{len(grid.merges)} 处合并", grid.merges),
        )
        if holds
    )
    click.echo(f"== {grid.name or '（未命名）'}（{beside}）")
    lines = groupby(grid.cells.items(), key=lambda item: item[0][0])
    for count, (row, line) in enumerate(lines):
        if count == _MOST_ROWS:
            click.echo("  ……以下略，全部内容用 --json 查看")
            return
        texts = (
            f"{column_letters(c)}{row} {cell.type}:{_short(cell.text)}" for (_, c), cell in line
        )
        click.echo("  " + "　".join(texts))


def _short(text: str) -> str:
    """A cell as one line of bounded length, long numbers masked."""
    from pipeline.values import mask_digits

    line = mask_digits(" ".join(text.split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
