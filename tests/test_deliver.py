"""All or nothing: whatever happens, one whole outbox stands."""

from __future__ import annotations

import errno
import hashlib
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from drawing import drop

from pipeline.cli import cli
from pipeline.deliver import Undeliverable, deliver, only_run
from pipeline.model import Receipt

OLD, NEW = b"old", b"new"


def delivered(outbox: Path, content: bytes) -> Receipt:
    """A delivery of two papers, one of them private."""
    with only_run(outbox) as held:
        with held.building("2018-11") as papers:
            papers.add("index.html", "", content, private=False)
            with papers.open("data/people.parquet", "") as stream:
                stream.write(content)
                stream.write(content)
        return deliver(papers)


def standing(outbox: Path) -> bytes:
    return (outbox / "2018-11" / "index.html").read_bytes()


def test_a_delivery_replaces_the_last_one_and_keeps_it(tmp_path: Path) -> None:
    delivered(tmp_path, OLD)
    receipt = delivered(tmp_path, NEW)
    assert standing(tmp_path) == b"new"
    assert (tmp_path / ".previous" / "2018-11" / "index.html").read_bytes() == b"old"
    assert receipt.folder == tmp_path / "2018-11"
    assert not (tmp_path / ".building").exists()


def test_private_files_are_for_their_owner_only(tmp_path: Path) -> None:
    delivered(tmp_path, OLD)
    modes = {
        path: stat.S_IMODE((tmp_path / "2018-11" / path).stat().st_mode)
        for path in ("index.html", "data/people.parquet")
    }
    assert modes == {"index.html": 0o644, "data/people.parquet": 0o600}


def test_the_receipt_holds_the_digest_of_what_lies_there(tmp_path: Path) -> None:
    receipt = delivered(tmp_path, NEW)
    assert [o["path"] for o in receipt.outputs] == ["index.html", "data/people.parquet"]
    for output in receipt.outputs:
        content = (receipt.folder / str(output["path"])).read_bytes()
        assert output["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_copy_is_a_file_of_its_own(tmp_path: Path) -> None:
    with only_run(tmp_path) as held:
        with held.building("2018-11") as papers:
            papers.add("名单.xlsx", "", NEW, private=False)
            papers.copy("报送/甲/名单.xlsx", "名单.xlsx", "甲")
        receipt = deliver(papers)
    first, second = (receipt.folder / str(o["path"]) for o in receipt.outputs)
    assert receipt.outputs[0]["sha256"] == receipt.outputs[1]["sha256"]
    second.write_bytes(b"edited in place")
    assert first.read_bytes() == NEW
    assert stat.S_IMODE(second.stat().st_mode) == 0o600


def broken_off(outbox: Path, fault: Exception) -> None:
    """A run that fails while it writes a paper."""
    with (
        only_run(outbox) as held,
        held.building("2018-11") as papers,
        papers.open("index.html", "") as stream,
    ):
        stream.write(b"ne")
        raise fault


def test_a_disk_that_fills_up_leaves_the_old_outbox(tmp_path: Path) -> None:
    delivered(tmp_path, OLD)
    nameless = OSError(errno.ENOSPC, "No space left on device")  # as a write says it
    with pytest.raises(Undeliverable, match="磁盘已满"):
        broken_off(tmp_path, nameless)
    assert standing(tmp_path) == b"old"
    assert not list((tmp_path / ".building").glob("*"))


def test_a_fault_while_papers_are_made_leaves_the_old_outbox(tmp_path: Path) -> None:
    delivered(tmp_path, OLD)
    with pytest.raises(KeyError):
        broken_off(tmp_path, KeyError())
    assert standing(tmp_path) == b"old"
    assert not list((tmp_path / ".building").glob("*"))


def test_a_run_killed_between_the_two_renames_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered(tmp_path, OLD)
    rename, renames = Path.rename, []

    def killed(self: Path, target: Path) -> Path:
        renames.append(self)
        if len(renames) == 2:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            delivered(tmp_path, NEW)
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
    delivered(tmp_path, NEW)
    assert standing(tmp_path) == b"new"


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "reading": lambda outbox: (outbox / ".lock").exists(),
    "begun": lambda outbox: any(outbox.glob(".building/*")),
    "papers": lambda outbox: any(outbox.glob(".building/*/*.xlsx")),
    "tables": lambda outbox: any(outbox.glob(".building/*/data/*")),
}


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose month was delivered once."""
    home = tmp_path_factory.mktemp("home")
    picture = (
        "填报单位：南关区残联 | | 填报日期：2018年11月26日\n"
        "姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间\n"
        "王秀英 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-01 | 2018-09-10"
    )
    drop(home / "inbox", "2018-11/南关区.xlsx", picture)
    assert CliRunner().invoke(cli, ["run", "--home", str(home)]).exit_code == 0
    return home


def contents(folder: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_killed_at_any_moment_leaves_outbox_and_inbox(worked: Path, moment: str) -> None:
    """A real process, really killed, as soon as it is seen to have come so far."""
    outbox, inbox = worked / "outbox", contents(worked / "inbox")
    before = contents(outbox / "2018-11")
    (outbox / ".lock").unlink()
    command = [sys.executable, "-m", "pipeline", "run", "--again", "--home", str(worked)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    come = MOMENTS[moment]
    while not (seen := come(outbox)) and process.poll() is None:
        time.sleep(0.002)
    process.kill()
    process.wait()
    assert seen, "the run was over before it was seen to come so far"
    with only_run(outbox):  # the next start mends what was cut off
        after = contents(outbox / "2018-11")
    assert after == before
    assert contents(worked / "inbox") == inbox
    assert not (outbox / ".building").exists()
