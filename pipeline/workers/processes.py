"""A function mapped over things in processes of their own, with limits on time and memory.

A process that hangs, dies or eats memory costs the thing it worked on, and nothing else.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import pickle
import re
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Generic, TypeVar

from pipeline.limits import Limits
from pipeline.workers.worker import Died, for_want_of_memory, serve

T = TypeVar("T")
R = TypeVar("R")
_MOST_WORKERS = 8
_PATIENCE = 5  # times the seconds of its own a worker may take by the clock
_SECONDS_TO_FALL = 5  # for the system to say how a worker ended whose pipe is closed
_MOST_HEARD = 10_000
# what Rust, C++, glibc and jemalloc print when they are refused memory, before they abort
_NO_MEMORY = re.compile(
    rb"memory allocation|bad_alloc|cannot allocate|out of memory", re.IGNORECASE
)
# one thread a worker: there are as many workers as processors, and threads cost address space
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_IO_THREADS"), "1"
) | {"ARROW_DEFAULT_MEMORY_POOL": "system"}


def start_server(preload: Iterable[str] = ()) -> Any:
    """The context that starts workers: a server that has the modules loaded where there can be one.

    It begins to load at once and nobody waits for it: call it as early as may be.
    """
    if "forkserver" not in mp.get_all_start_methods():
        return mp.get_context("spawn")
    from multiprocessing import forkserver

    context = mp.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "pipeline.workers.server", *preload])
    # its socket lies in the system's own folder, whose name is short, and outlives a run's scratch
    usual, tempfile.tempdir = tempfile.tempdir, None
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        forkserver.ensure_running()
    finally:
        tempfile.tempdir = usual
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return context


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
        self._context = start_server(preload)
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

    def __call__(self, items: Iterable[T]) -> Iterator[tuple[T, R | Died]]:
        """Each thing with what the task gave for it, or why it gave nothing; in any order."""
        source, again = iter(items), deque[T]()
        busy: dict[Connection, _Worker] = {}
        try:
            while True:
                while len(busy) < self._count:
                    fresh = bool(again)
                    item = again.popleft() if again else next(source, None)
                    if item is None:
                        break
                    worker = self._worker(fresh=fresh)
                    worker.begin(item)
                    busy[worker.pipe] = worker
                if not busy:
                    return
                for worker in _done(busy.values()):
                    del busy[worker.pipe]
                    outcome = worker.outcome()
                    if not isinstance(outcome, Died):
                        self._idle.append(worker)
                    elif worker.served > 1 and not worker.overdue:
                        again.append(worker.item)
                        continue
                    yield worker.item, outcome
        finally:
            for worker in busy.values():
                worker.end()

    def _worker(self, *, fresh: bool) -> _Worker:
        if self._idle and not fresh:
            return self._idle.pop()
        near, far = self._context.Pipe()
        heard, last_words = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=serve,
            args=(far, last_words, self._task, self._limits, tempfile.tempdir),
            daemon=True,
        )
        process.start()
        far.close()
        last_words.close()
        return _Worker(process, near, heard, self._limits)


@dataclass(eq=False)
class _Worker:
    """One process, the thing it works on, and until when it may."""

    process: Any
    pipe: Connection
    last_words: Connection
    limits: Limits
    item: Any = None
    until: float = 0.0
    served: int = 0
    overdue: bool = False

    def begin(self, item: Any) -> None:
        self.item, self.served = item, self.served + 1
        patience = 1 if sys.platform == "win32" else _PATIENCE
        self.until = time.monotonic() + self.limits.seconds * patience
        with contextlib.suppress(OSError):  # it died while idle: outcome() will say so
            self.pipe.send(item)

    def outcome(self) -> Any:
        """What came back; a Died after which the worker is gone."""
        death: Died | None = None
        if self.pipe.poll():
            with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
                kind, value = self.pipe.recv()
                if kind == "done":
                    return value
                death = value
        if death is None:
            death = self._death()
        self.end()
        return death

    def _death(self) -> Died:
        """How it ended, or that it has not."""
        if time.monotonic() < self.until:
            self.process.join(_SECONDS_TO_FALL)
        code = self.process.exitcode
        if code is None or code == -getattr(signal, "SIGXCPU", 0):
            self.overdue = True
            return Died(f"超过 {self.limits.seconds} 秒还没有读完", over_limits=True)
        if _NO_MEMORY.search(self._heard()):
            return for_want_of_memory(self.limits)
        return Died("文件内容异常，读取程序中途退出")

    def _heard(self) -> bytes:
        """The beginning of what native code printed; it is looked at and shown to nobody."""
        with contextlib.suppress(OSError):
            if self.last_words.poll():
                return os.read(self.last_words.fileno(), _MOST_HEARD)
        return b""

    def end(self) -> None:
        """Ends it with all it has started."""
        if hasattr(os, "killpg") and self.process.exitcode is None:
            with contextlib.suppress(OSError):  # it has not become a group yet
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.pipe.close()
        self.last_words.close()


def _done(workers: Iterable[_Worker]) -> list[_Worker]:
    """The workers that have answered, died, or run out of time; waits for the first."""
    workers = list(workers)
    left = min(w.until for w in workers) - time.monotonic()
    ready = set(wait([w.pipe for w in workers], timeout=max(left, 0)))
    now = time.monotonic()
    return [w for w in workers if w.pipe in ready or now >= w.until]
