"""What a command costs with everything it starts: time, CPU and memory of its whole process tree.

`python tree.py REPORT COMMAND…` runs the command in a session of its own and writes what it cost to
REPORT as JSON. Servers and workers that outlive their parent fall to this process (it is their
subreaper), so that the CPU of every one of them is in its account when it has buried the last.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_SET_CHILD_SUBREAPER, _EVERY = 36, 0.1  # prctl; seconds between looks at the memory


@dataclass(frozen=True)
class Cost:
    """wall, cpu: seconds; peak, parent: MB of the whole tree (shared pages once) and of its root."""

    wall: float
    cpu: float
    peak: float
    parent: float
    code: int
    output: str = ""


def measured(command: Sequence[str], folder: Path) -> Cost:
    """Runs a command in a folder; what it wrote to stdout comes back in `said`."""
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "cost.json"
        subprocess.run(
            [sys.executable, str(Path(__file__).resolve()), str(report), *command],
            cwd=folder,
            check=True,
        )
        return Cost(**json.loads(report.read_text(encoding="utf-8")))


def spent(session: int = 0) -> float:
    """CPU seconds so far of every living process of a session and of its dead children."""
    ticks = 0
    for _, after in _processes(session or os.getsid(0)):
        ticks += sum(map(int, after[11:15]))  # utime, stime, cutime, cstime
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes(session: int) -> Iterator[tuple[int, list[str]]]:
    """The living processes of a session, each with what its stat says behind its name."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                after = (entry / "stat").read_text(errors="replace").rsplit(") ", 1)[1]
                fields = after.split()
                if int(fields[3]) == session:
                    yield int(entry.name), fields


def _memory(pid: int) -> int:
    """kB of one process, what it shares with others divided among them."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


class _Watch(threading.Thread):
    """Looks at the memory of a session until told to end."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session, self.over = session, threading.Event()
        self.peak = self.parent = 0

    def run(self) -> None:
        while not self.over.wait(_EVERY):
            sizes = {pid: _memory(pid) for pid, _ in _processes(self.session)}
            self.peak = max(self.peak, sum(sizes.values()))
            self.parent = max(self.parent, sizes.get(self.session, 0))


def _main(report: Path, command: list[str]) -> None:
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start = time.perf_counter()
    root = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    watch = _Watch(root.pid)
    watch.start()
    output = root.communicate()[0]
    wall = time.perf_counter() - start
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    watch.over.set()
    watch.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = Cost(
        wall,
        used.ru_utime + used.ru_stime,
        watch.peak / 1024,
        watch.parent / 1024,
        root.returncode,
        output,
    )
    report.write_text(json.dumps(asdict(cost)), encoding="utf-8")


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2:])
