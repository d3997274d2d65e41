"""Workers that die, hang or eat memory cost what they worked on, and nothing else."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.limits import Limits
from pipeline.workers import Apart, Died, scratch


def misbehave(how: str) -> str:
    """Run in a worker."""
    if how == "die":
        os.abort()
    elif how == "starve":  # as Rust ends where it is refused memory
        os.write(2, b"memory allocation of 8589934592 bytes failed\n")
        os.abort()
    elif how == "chatter":
        os.write(2, b"x" * 50_000)
        os.write(2, b"x" * 50_000)
        os.abort()
    elif how == "hang":
        time.sleep(60)
    elif how == "spin":
        while True:
            pass
    elif how == "eat":
        return str(len(bytearray(8 * 1024**3)))
    elif how == "rest":
        time.sleep(1.5)
    elif how == "where":
        return tempfile.gettempdir()
    elif how == "linger":
        Path(tempfile.gettempdir(), f"pid-{os.getpid()}").touch()
        time.sleep(60)
    elif how == "raise":
        raise KeyError("220102197801050021")
    return how.upper()


def outcomes(*words: str, workers: int = 2, seconds: int = 1) -> dict[str, str]:
    limits = Limits(seconds=seconds, memory_mb=2048)
    with Apart(misbehave, limits, workers=workers) as apart:
        return {t: o.reason if isinstance(o, Died) else f"= {o}" for t, o in apart(words)}


def test_what_native_code_prints_holds_nobody_up() -> None:
    assert "中途退出" in outcomes("chatter")["chatter"]


def test_each_failure_costs_its_own_thing() -> None:
    results = outcomes("a", "die", "b", "hang", "c", "raise", "d", "spin")
    assert {k: v for k, v in results.items() if len(k) == 1} == {
        "a": "= A",
        "b": "= B",
        "c": "= C",
        "d": "= D",
    }
    assert "中途退出" in results["die"]
    assert "内存超过 2048 MB" in outcomes("starve")["starve"]
    assert "超过 1 秒" in results["hang"]
    assert "超过 1 秒" in results["spin"]
    assert "KeyError，test_workers.py" in results["raise"]
    assert "2201" not in results["raise"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")
def test_memory_is_limited() -> None:
    assert "内存超过" in outcomes("eat", "a")["eat"]


def test_a_worker_that_waits_for_its_turn_is_not_out_of_time() -> None:
    """Time is the worker's own: what a busy machine or a slow disk takes is not counted."""
    started = time.monotonic()
    assert outcomes("rest", seconds=1) == {"rest": "= REST"}
    assert time.monotonic() - started > 1


def test_temporary_files_of_a_run_lie_in_one_private_folder_and_go_with_it() -> None:
    with scratch() as folder:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            assert Path(file.name).parent == folder
        (where,) = outcomes("where")["where"].removeprefix("= ").splitlines()
        assert Path(where) == folder, "workers use it as well"
        if sys.platform != "win32":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()
    assert tempfile.gettempdir() != str(folder)


KILLED = """
from test_workers import outcomes
from pipeline.workers import scratch
if __name__ == "__main__":
    with scratch() as folder:
        outcomes("linger", workers=1, seconds=100)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of the killed")
def test_what_a_killed_run_leaves_is_cleared_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    place = {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen([sys.executable, str(script)], env=os.environ | place)
    awaited(lambda: list(tmp_path.glob("pipeline-run-*/pid-*")))
    (mark,) = tmp_path.glob("pipeline-run-*/pid-*")
    worker = int(mark.name.removeprefix("pid-"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch():
        assert mark.exists(), "a run that lives keeps what is its own"
    run.send_signal(signal.SIGKILL)
    run.wait()
    awaited(lambda: ended(worker))
    stranger = tmp_path / "pipeline-run-of-somebody-else"
    stranger.mkdir()
    with scratch() as folder:
        left = {p.name for p in tmp_path.glob("pipeline-run-*") if p.is_dir()}
        assert left == {folder.name, stranger.name}
    assert [p.name for p in tmp_path.glob("pipeline-run-*")] == [stranger.name]


def awaited(event: Callable[[], object]) -> None:
    """Waits for it, however slow the machine; fails where it never comes."""
    until = time.monotonic() + 120
    while not event():
        assert time.monotonic() < until
        time.sleep(0.02)


def ended(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
