"""How the commands speak: help and usage errors in Chinese, every end one sentence and an exit code."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from pipeline.model.stop import Exit, Stop, stop_of

Main = Callable[..., Any]
_HELP_OPTIONS = ("-h", "--help")


def ends_in_words(main: Main) -> Main:
    """The one place where a command ends: whatever was raised becomes a sentence and an exit code."""

    @functools.wraps(main)
    def guarded(*args: Any, **kwargs: Any) -> NoReturn:
        kwargs["standalone_mode"] = False  # click would speak and exit by itself
        try:
            ended = main(*args, **kwargs)
        except Stop as stop:
            _end(stop.message, stop.exit_code)
        except click.UsageError as fault:
            _end(_usage(fault), Exit.USAGE)
        except click.ClickException as fault:
            _end(fault.format_message(), Exit.USAGE)
        except (click.Abort, KeyboardInterrupt):
            _end("已中断，没有做完，原有结果未动。再运行一次即可", Exit.INTERRUPTED)
        except OSError as fault:
            refused = stop_of(fault)
            if refused is None:
                _our_own(fault)
            _end(refused.message, refused.exit_code)
        except MemoryError:
            _end("内存不足，没有做完，原有结果未动。请关闭一些程序后再运行", Exit.NOTHING)
        except Exception as fault:
            _our_own(fault)
        sys.exit(ended if isinstance(ended, int) else Exit.FINE)

    return guarded


def _end(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


def _our_own(fault: Exception) -> NoReturn:
    """A bug: where to find the way it took, without the data it happened on."""
    if os.environ.get("PIPELINE_DEBUG"):
        raise fault
    here = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{type(fault).__name__}，{Path(here.filename).name} 第 {here.lineno} 行"
    kept = _keep(fault)
    where = f"，并附上 {kept}" if kept else ""
    _end(
        f"程序内部错误（{place}），本次没有出结果，原有结果未动。请联系维护人员{where}",
        Exit.NOTHING,
    )


def _keep(fault: BaseException) -> str:
    """The file that holds the calls and the kinds of the exceptions; what they say may be personal."""
    lines: list[str] = []
    link: BaseException | None = fault
    while link is not None:
        calls = traceback.extract_tb(link.__traceback__)
        lines = [*traceback.format_list(calls), f"{type(link).__name__}\n", *lines]
        link = link.__cause__ or link.__context__
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="pipeline-", suffix=".txt", delete=False
        ) as kept:
            kept.writelines(lines)
    except OSError:
        return ""
    return kept.name


def _usage(fault: click.UsageError) -> str:
    """A usage error in one sentence, with the way to the help."""
    if isinstance(fault, click.exceptions.NoArgsIsHelpError):
        return fault.message
    help_of = f"。用法见 {fault.ctx.command_path} --help" if fault.ctx else ""
    return f"{_misused(fault)}{help_of}"


def _misused(fault: click.UsageError) -> str:
    if isinstance(fault, click.MissingParameter):
        return f"缺少{_named(fault.param)}"
    if isinstance(fault, click.NoSuchOption):
        near = f"，是不是 {'、'.join(fault.possibilities)}" if fault.possibilities else ""
        return f"没有选项 {fault.option_name}{near}"
    if isinstance(fault, click.BadOptionUsage):
        return f"选项 {fault.option_name} 的写法不对：要写值的后面没有写，不要写值的写了"
    return fault.message  # our own words: everything of ours that can fail fails in Chinese


def _named(parameter: click.Parameter | None) -> str:
    """A parameter as the usage line shows it."""
    if parameter is None:
        return "参数"
    if isinstance(parameter, click.Option):
        return f"选项 {parameter.opts[-1]}"
    return (parameter.human_readable_name or "参数").strip("[]")


class Command(click.Command):
    """A command whose help is in Chinese."""

    options_metavar: str | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Arguments beyond those known are named in Chinese."""
        allowed, ctx.allow_extra_args = ctx.allow_extra_args, True
        rest = super().parse_args(ctx, args)
        ctx.allow_extra_args = allowed
        if rest and not allowed and not ctx.resilient_parsing:
            raise click.UsageError(f"多写了“{' '.join(map(str, rest))}”", ctx)
        return rest

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份说明。"
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, under a Chinese heading."""
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [r for p in options if (r := p.get_help_record(ctx)) is not None]
        if records:
            with formatter.section("选项"):
                formatter.write_dl(records)


class Commands(Command, click.Group):
    """The group of all commands; its `main` is where every run of the program ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "命令 [参数]…")
        kwargs.setdefault("context_settings", {"help_option_names": list(_HELP_OPTIONS)})
        super().__init__(*args, **kwargs)

    @ends_in_words
    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the command that the words name."""
        return super().main(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The rest of the line is the command's."""
        return click.Group.parse_args(self, ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands, under Chinese headings."""
        super().format_options(ctx, formatter)
        rows = [(name, c.get_short_help_str(60)) for name, c in self.commands.items()]
        with formatter.section("命令"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name; one that is not known is said in Chinese."""
        if args and self.get_command(ctx, args[0]) is None:
            known = "、".join(self.commands)
            raise click.UsageError(f"没有命令“{args[0]}”，可用的命令：{known}", ctx)
        return super().resolve_command(ctx, args)


class Whole(click.ParamType[int]):
    """A whole number from `least` to `most`."""

    name = "整数"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or a usage error in Chinese."""
        try:
            number = int(value)
        except ValueError:
            number = self.least - 1
        if not self.least <= number <= self.most:
            self.fail(f"{_named(param)} 要在 {self.least} 到 {self.most} 之间", param, ctx)
        return number


class OneOf(click.Choice[str]):
    """One of a few words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, or a usage error in Chinese."""
        if value not in self.choices:
            self.fail(
                f"{_named(param)} 没有“{value}”，可以写：{'、'.join(self.choices)}", param, ctx
            )
        return str(value)


class Place(click.Path):
    """A path; where something must lie there already, its absence is said in Chinese."""

    def __init__(self, *, folder: bool = False, exists: bool = False) -> None:
        super().__init__(exists=exists, file_okay=not folder, dir_okay=folder, path_type=Path)
        self.name = "文件夹" if folder else "文件"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or a usage error in Chinese."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            place = Path(str(value))
            if place.exists():
                wrong = (
                    f"“{value}”不是{self.name}"
                    if os.access(place, os.R_OK)
                    else f"“{value}”没有权限读取"
                )
            else:
                wrong = f"找不到{self.name}“{value}”"
            raise click.BadParameter(wrong, ctx, param) from None
