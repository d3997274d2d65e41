"""What every command begins with: the home folder, its programme, the reader, progress."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sized
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.cli.speaking import Command, Place
from pipeline.model.stop import Stop

if TYPE_CHECKING:
    from pipeline.home import Home
    from pipeline.programme import Programme

T = TypeVar("T")

HOME = click.option(
    "--home",
    "home_folder",
    type=Place(folder=True),
    help="放 inbox、outbox 的文件夹，默认为当前文件夹。",
)


def as_period(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    """A period as typed, 2018-11, 201811 or 2018年11月; the callback of the commands that take one."""
    from pipeline.periods import period_of_folder

    period = period_of_folder(value or "")
    if value and not period:
        raise click.BadParameter(f"“{value}”不是报告期，请写成 2018-11 的样式", context, parameter)
    return period


def home_command(function: Callable[..., Any]) -> Command:
    """A command that works in a home folder: its first argument, named before or after the command."""

    @click.command(cls=Command)
    @HOME
    @click.pass_obj
    @functools.wraps(function)
    def entered(of_group: Path | None, /, home_folder: Path | None, **words: Any) -> Any:
        return function((home_folder or of_group or Path()).absolute(), **words)

    command: Command = entered
    return command


def opened(folder: Path) -> tuple[Home, Programme]:
    """The home folder and its programme, both checked whole. Raises ProgrammeFault."""
    from pipeline.home import open_home

    home = open_home(folder)
    return home, home.programme()


def with_returns(home: Home, period: str = "") -> None:
    """Raises Stop where nothing at all lies in the inbox."""
    from pipeline.collect import is_empty

    if is_empty(home.inbox):
        where = home.inbox / (period or "年-月")
        raise Stop(f"inbox 是空的。请把各地报表放进 {where} 文件夹后再运行")


class Progress:
    """A bar on a terminal; nothing where the output goes to a file."""

    def __init__(self, label: str, afterwards: str = "") -> None:
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
        self.label, self.afterwards = label, afterwards

    def __enter__(self) -> Callable[[Iterable[T]], Iterator[T]]:
        self.bar.__enter__()
        return self._track

    def __exit__(self, *exception: Any) -> None:
        self.bar.__exit__(*exception)

    def _track(self, items: Iterable[T]) -> Iterator[T]:
        known = items if isinstance(items, Sized) else None
        task = self.bar.add_task(self.label, total=None if known is None else len(known))
        done = 0
        for done, item in enumerate(items, 1):
            yield item
            self.bar.update(task, completed=done)
        self.bar.update(task, total=done, completed=done)
        if self.afterwards:
            self.bar.add_task(self.afterwards, total=None)
