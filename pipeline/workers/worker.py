"""The life of a worker process: its limits, and one thing after another."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.garbage import look_seldom
from pipeline.limits import Limits

_DIES_WITH_PARENT = 1  # prctl(PR_SET_PDEATHSIG)


@dataclass(frozen=True)
class Died:
    """Nothing came back for one thing; the reason in the clerk's words.

    over_limits: it took more time or memory than it may, where another end may be our own fault.
    """

    reason: str
    over_limits: bool = False


def serve(
    pipe: Connection,
    last_words: Connection,
    task: Callable[[Any], Any],
    limits: Limits,
    temporary: str | None,
) -> None:
    """Answers one thing after another, until the parent is gone or something breaks.

    last_words: where the parent finds what native code prints while it dies.
    """
    end_with_parent()
    _become_one_group()
    _silence(last_words)
    os.umask(0o077)  # whatever a worker writes is for its owner only
    tempfile.tempdir = temporary
    _limit_memory(limits)
    look_seldom()
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        _limit_time(limits)
        try:
            answer: tuple[str, Any] = ("done", task(item))
        except BaseException as fault:  # a panic in a reader's native code is no Exception
            if _is_want_of_memory(fault):
                died = for_want_of_memory(limits)
            else:
                died = Died(f"读取程序出错（{_place(fault)}）。请把文件转给维护人员")
            answer = ("failed", died)
        pipe.send(answer)
        if answer[0] == "failed":
            return


def for_want_of_memory(limits: Limits) -> Died:
    """The end of a worker that was refused the memory it asked for."""
    return Died(f"读取时内存超过 {limits.memory_mb} MB", over_limits=True)


def _is_want_of_memory(fault: BaseException) -> bool:
    """Whether memory was refused: Python, the system's calls and its loader each say so in their way."""
    refused = isinstance(fault, OSError) and fault.errno == errno.ENOMEM
    unloaded = isinstance(fault, ImportError) and "failed to map segment" in str(fault)
    return refused or unloaded or isinstance(fault, MemoryError)


def end_with_parent() -> None:
    """This process is ended by the system as soon as the one that started it is gone, on Linux."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)


def _become_one_group() -> None:
    """What a worker starts is ended with it."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)


def _silence(last_words: Connection) -> None:
    """What native readers print while they die is not for the clerk's screen; the parent may look at it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.set_blocking(last_words.fileno(), False)  # a talkative one must not wait for a reader
    os.dup2(last_words.fileno(), 2)


def _limit_memory(limits: Limits) -> None:
    if sys.platform != "win32":
        import resource

        for kind, most in (
            (resource.RLIMIT_AS, limits.memory),
            (resource.RLIMIT_FSIZE, limits.memory),
            (resource.RLIMIT_CORE, 0),
        ):
            _set_limit(kind, most)


def _limit_time(limits: Limits) -> None:
    """The worker's own time, as the system counts it: a busy machine condemns no file."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _set_limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + limits.seconds)


def _set_limit(kind: int, most: int) -> None:
    """The soft limit alone: the next thing's may be further off."""
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError, OSError):  # the system may allow less already
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def _place(fault: BaseException) -> str:
    """Where our own code failed, without the data it failed on."""
    frames = traceback.extract_tb(fault.__traceback__)
    last = frames[-1] if frames else None
    where = f"，{Path(last.filename).name} 第 {last.lineno} 行" if last else ""
    return f"{type(fault).__name__}{where}"
