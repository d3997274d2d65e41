"""A function mapped over things in processes of their own, with limits on time and memory.

A process that hangs, dies or eats memory costs the thing it worked on, and nothing else.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import pickle
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from pipeline.limits import Limits

T = TypeVar("T")
R = TypeVar("R")
_GRACE = 5  # seconds of CPU beyond the limit before the system itself ends a worker
_MOST_WORKERS = 8


@dataclass(frozen=True)
class Died:
    """Nothing came back for one thing; the reason in the clerk's words.

    over_limits: it took more time or memory than it may, where another end may be our own fault.
    """

    reason: str
    over_limits: bool = False


class Apart(Generic[T, R]):
    """`task` run in worker processes; close it, or use it in a with statement.

    Workers live on from one thing to the next; after any failure a fresh one takes over, and what
    an older worker failed on is tried once more in the fresh one. On Windows, where no limit on
    memory can be set, time alone is limited.
    """

    def __init__(
        self,
        task: Callable[[T], R],
        limits: Limits,
        preload: Iterable[str] = (),
        workers: int = 0,
    ) -> None:
        server = "forkserver" in mp.get_all_start_methods()
        self._context: Any = mp.get_context("forkserver" if server else "spawn")
        if server:
            self._context.set_forkserver_preload([__name__, *preload])
        self._task, self._limits = task, limits
        self._count = workers or max(1, min(os.cpu_count() or 1, _MOST_WORKERS))
        self._idle: list[_Worker] = []

    def __enter__(self) -> Apart[T, R]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for worker in self._idle:
            worker.end()
        self._idle.clear()

    def __call__(self, things: Iterable[T]) -> Iterator[tuple[T, R | Died]]:
        """Each thing with what the task gave for it, or why it gave nothing; in any order."""
        source, again = iter(things), deque[T]()
        busy: dict[Connection, _Worker] = {}
        try:
            while True:
                while len(busy) < self._count:
                    fresh = bool(again)
                    thing = again.popleft() if again else next(source, None)
                    if thing is None:
                        break
                    worker = self._worker(fresh=fresh)
                    worker.begin(thing)
                    busy[worker.pipe] = worker
                if not busy:
                    return
                for worker in _done(busy.values()):
                    del busy[worker.pipe]
                    outcome = worker.outcome()
                    if not isinstance(outcome, Died):
                        self._idle.append(worker)
                    elif worker.served > 1 and not worker.overdue:
                        again.append(worker.thing)
                        continue
                    yield worker.thing, outcome
        finally:
            for worker in busy.values():
                worker.end()

    def _worker(self, *, fresh: bool) -> _Worker:
        if self._idle and not fresh:
            return self._idle.pop()
        near, far = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(far, self._task, self._limits), daemon=True
        )
        process.start()
        far.close()
        return _Worker(process, near, self._limits)


@dataclass(eq=False)
class _Worker:
    """One process, the thing it works on, and until when it may."""

    process: Any
    pipe: Connection
    limits: Limits
    thing: Any = None
    until: float = 0.0
    served: int = 0
    overdue: bool = field(default=False)

    def begin(self, thing: Any) -> None:
        self.thing, self.served = thing, self.served + 1
        self.until = time.monotonic() + self.limits.seconds
        with contextlib.suppress(OSError):  # it died while idle: outcome() will say so
            self.pipe.send(thing)

    def outcome(self) -> Any:
        """What came back; a Died after which the worker is gone."""
        said = Died("文件内容异常，读取程序中途退出")
        if self.pipe.poll():
            with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
                kind, value = self.pipe.recv()
                if kind == "done":
                    return value
                said = value
        elif self.process.is_alive():
            self.overdue = True
            said = Died(f"超过 {self.limits.seconds} 秒还没有读完", over_limits=True)
        self.end()
        return said

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _done(workers: Iterable[_Worker]) -> list[_Worker]:
    """The workers that have answered, died, or run out of time; waits for the first."""
    workers = list(workers)
    left = min(w.until for w in workers) - time.monotonic()
    ready = set(wait([w.pipe for w in workers], timeout=max(left, 0)))
    now = time.monotonic()
    return [w for w in workers if w.pipe in ready or now >= w.until]


def _serve(pipe: Connection, task: Callable[[Any], Any], limits: Limits) -> None:
    """The worker's life: one thing after another, until the parent is gone or something breaks."""
    _silence()
    _limit_memory(limits)
    while True:
        try:
            thing = pipe.recv()
        except EOFError:
            return
        _limit_time(limits)
        try:
            answer: tuple[str, Any] = ("done", task(thing))
        except MemoryError:
            answer = ("failed", Died(f"读取时内存超过 {limits.memory_mb} MB", over_limits=True))
        except BaseException as fault:  # a panic in a reader's native code is no Exception
            answer = ("failed", Died(f"读取程序出错（{_place(fault)}）。请把文件转给维护人员"))
        pipe.send(answer)
        if answer[0] == "failed":
            return


def _silence() -> None:
    """What native readers print while they die is not for the clerk's screen."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _limit_memory(limits: Limits) -> None:
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError, OSError):  # the system may allow less already
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(limits: Limits) -> None:
    """Should the parent be killed, a worker that hangs does not stay for ever."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + limits.seconds + _GRACE
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _place(fault: BaseException) -> str:
    """Where our own code failed, without the data it failed on."""
    frames = traceback.extract_tb(fault.__traceback__)
    last = frames[-1] if frames else None
    where = f"，{Path(last.filename).name} 第 {last.lineno} 行" if last else ""
    return f"{type(fault).__name__}{where}"
