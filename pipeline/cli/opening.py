"""What every command begins and ends with: the home folder, the reader, progress, one plain sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from pipeline.ingest import ReadingApart
    from pipeline.programme import Programme
    from pipeline.programme.waivers import Waiver
    from pipeline.settings import Home

T = TypeVar("T")
ALL_FINE, SOMETHING_RETURNED, USAGE, PROGRAMME_WRONG, NOTHING_DELIVERED = 0, 1, 2, 3, 4

HOME = click.option(
    "--home",
    "home_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="放 inbox、outbox 的文件夹，默认为当前文件夹。",
)


def as_period(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    """A period as typed; the callback of the commands that take one."""
    from pipeline.collect import is_period

    if value and not is_period(value):
        raise click.BadParameter(f"“{value}”不是报告期，请写成 2018-11 的样式", context, parameter)
    return value or ""


def opened(folder: Path | None) -> tuple[Home, Programme]:
    """The home folder and its programme; where its files are wrong, one sentence and the end."""
    from pipeline.programme import ProgrammeFault
    from pipeline.settings import open_home

    try:
        home = open_home((folder or Path()).absolute())
        return home, home.programme()
    except ProgrammeFault as fault:
        stop(str(fault), PROGRAMME_WRONG)


def waivers_of(home: Home, programme: Programme) -> tuple[Waiver, ...]:
    """The office's waivers; where their file is wrong, one sentence and the end."""
    from pipeline.programme import ProgrammeFault

    try:
        return home.waivers(programme)
    except ProgrammeFault as fault:
        stop(str(fault), PROGRAMME_WRONG)


def reader_of(home: Home, programme: Programme, *, cached: bool = True) -> ReadingApart:
    """Files are read in worker processes, with the clerk's passwords and the home's limits."""
    from pipeline.collect import kept_passwords
    from pipeline.ingest import ReadingApart

    cache = home.cache if cached else None
    return ReadingApart(programme, kept_passwords(home.inbox), home.limits, cache)


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
        self.label, self.afterwards = label, afterwards or label

    def __enter__(self) -> Callable[[Iterable[T]], Iterator[T]]:
        self.bar.__enter__()
        return self._track

    def __exit__(self, *exception: Any) -> None:
        self.bar.__exit__(*exception)

    def _track(self, things: Iterable[T]) -> Iterator[T]:
        known = things if isinstance(things, Sized) else None
        task = self.bar.add_task(self.label, total=None if known is None else len(known))
        for thing in things:
            yield thing
            self.bar.advance(task)
        self.bar.update(task, description=self.afterwards)


def stop(sentence: str, code: int) -> NoReturn:
    """One plain sentence, and the end with that exit code."""
    click.echo(sentence, err=True)
    sys.exit(code)
