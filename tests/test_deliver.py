"""All or nothing: whatever happens, one whole outbox stands."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from drawing import drop

from pipeline.deliver import Undeliverable, deliver, only_run
from pipeline.model import Document

OLD = [Document("index.html", "", b"old", private=False), Document("data/people.parquet", "", b"1")]
NEW = [Document("index.html", "", b"new", private=False), Document("data/people.parquet", "", b"2")]


def standing(outbox: Path) -> bytes:
    return (outbox / "2018-11" / "index.html").read_bytes()


def test_a_delivery_replaces_the_last_one_and_keeps_it(tmp_path: Path) -> None:
    deliver(OLD, tmp_path, "2018-11")
    receipt = deliver(NEW, tmp_path, "2018-11")
    assert standing(tmp_path) == b"new"
    assert (tmp_path / ".previous" / "2018-11" / "index.html").read_bytes() == b"old"
    assert receipt.folder == tmp_path / "2018-11"
    assert not (tmp_path / ".building").exists()


def test_private_files_are_for_their_owner_only(tmp_path: Path) -> None:
    deliver(OLD, tmp_path, "2018-11")
    modes = {d.path: stat.S_IMODE((tmp_path / "2018-11" / d.path).stat().st_mode) for d in OLD}
    assert modes == {"index.html": 0o644, "data/people.parquet": 0o600}


@pytest.mark.parametrize("fatal_write", [1, 2])
def test_a_write_that_fails_leaves_the_old_outbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fatal_write: int
) -> None:
    deliver(OLD, tmp_path, "2018-11")
    fsync, written = os.fsync, []

    def fail(stream: int) -> None:
        written.append(stream)
        if len(written) == fatal_write:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path))
        fsync(stream)

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Undeliverable, match="磁盘已满"):
        deliver(NEW, tmp_path, "2018-11")
    assert len(written) == fatal_write
    assert standing(tmp_path) == b"old"


def test_a_run_killed_between_the_two_renames_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(OLD, tmp_path, "2018-11")
    rename, renames = Path.rename, []

    def killed(self: Path, target: Path) -> Path:
        renames.append(self)
        if len(renames) == 2:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver(NEW, tmp_path, "2018-11")
    assert not (tmp_path / "2018-11").exists()
    with only_run(tmp_path):
        assert standing(tmp_path) == b"old"


def test_a_second_run_at_the_same_time_is_refused(tmp_path: Path) -> None:
    with (
        only_run(tmp_path),
        pytest.raises(Undeliverable, match="另一次运行还没有结束"),
        only_run(tmp_path),
    ):
        pass


def test_the_lock_is_free_again_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(KeyError), only_run(tmp_path):
        raise KeyError
    with only_run(tmp_path):
        deliver(NEW, tmp_path, "2018-11")
    assert standing(tmp_path) == b"new"


def test_a_run_killed_at_any_moment_leaves_outbox_and_inbox(tmp_path: Path) -> None:
    """A real process, really killed: when it has begun, while it reads, while it writes."""
    picture = (
        "填报单位：南关区残联 | | 填报日期：2018年11月26日\n"
        "姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间\n"
        "王秀英 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-01 | 2018-09-10"
    )
    filed = drop(tmp_path / "inbox", "2018-11/南关区.xlsx", picture)
    command = [sys.executable, "-m", "pipeline", "run", "--home", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    outbox = tmp_path / "outbox" / "2018-11"
    before = {p: p.read_bytes() for p in sorted(outbox.rglob("*")) if p.is_file()}
    content = filed.read_bytes()
    cache, building = tmp_path / ".cache", tmp_path / "outbox" / ".building"
    moments: tuple[Callable[[], bool], ...] = (
        lambda: (tmp_path / "outbox" / ".lock").exists(),
        lambda: any(p.is_file() for p in cache.rglob("*")),
        lambda: any(p.is_file() for p in building.rglob("*")),
    )
    for has_come in moments:
        shutil.rmtree(cache, ignore_errors=True)
        (tmp_path / "outbox" / ".lock").unlink(missing_ok=True)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not has_come():
            assert process.poll() is None, "it ended before that moment came"
            time.sleep(0.001)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        with only_run(tmp_path / "outbox"):  # the next start mends what was cut off
            after = {p: p.read_bytes() for p in sorted(outbox.rglob("*")) if p.is_file()}
        assert after == before
        assert filed.read_bytes() == content
