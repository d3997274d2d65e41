"""Puts everything into outbox/<period>/, all or nothing: written aside as it is made, then swapped in."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from pipeline.model import Receipt
from pipeline.model.papers import private_folder
from pipeline.model.stop import Stop

EDITED = "改过的稿"
_PREVIOUS, _BUILDING, _LOCK = ".previous", ".building", ".lock"
_SYNCED_AT_ONCE = 16  # the file system writes what is asked for together in one go


class Undeliverable(Stop):
    """Nothing was delivered; says why and what to do. The last outbox stands as it was."""


@dataclass(eq=False)
class Papers:
    """The papers of one period, being written into a folder that nobody sees yet.

    `written` holds path below outbox/<period>/, sha256 and audience of each, in the order written.
    """

    outbox: Path
    period: str
    folder: Path
    written: list[dict[str, str]] = field(default_factory=list)

    @contextmanager
    def open(self, path: str, audience: str, *, private: bool = True) -> Iterator[BinaryIO]:
        """A stream into one paper; what holds personal data is for its owner only."""
        file = self.place(path)
        mode = 0o600 if private else 0o644
        try:
            with os.fdopen(
                os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb"
            ) as stream:
                yield stream
        except OSError as fault:
            fault.filename = fault.filename or str(file)  # a full disk does not say where
            raise
        self.enter(path, audience)

    def add(self, path: str, audience: str, content: bytes, *, private: bool = True) -> None:
        """One small paper."""
        with self.open(path, audience, private=private) as stream:
            stream.write(content)

    def copy(self, path: str, source: str, audience: str, *, private: bool = True) -> None:
        """A paper of this period once more: a file of its own, so that who edits one edits one."""
        digest = next(e["sha256"] for e in self.written if e["path"] == source)
        copied = self.place(path)
        shutil.copyfile(self.folder / source, copied)
        copied.chmod(0o600 if private else 0o644)
        self.written.append({"path": path, "sha256": digest, "audience": audience})

    def place(self, path: str) -> Path:
        """Where a paper is to be written, by whoever writes it; then `enter` it."""
        file = self.folder / path
        private_folder(file.parent)
        return file

    def enter(self, path: str, audience: str) -> None:
        """Lists a paper that lies in its place whole."""
        with (self.folder / path).open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        self.written.append({"path": path, "sha256": digest, "audience": audience})


@dataclass(frozen=True)
class Outbox:
    """The outbox while one run holds it."""

    folder: Path

    @contextmanager
    def building(self, period: str) -> Iterator[Papers]:
        """The papers of a period, to be written and then delivered; a fault leaves nothing behind."""
        aside = self.folder / _BUILDING
        aside.mkdir(mode=0o700, exist_ok=True)
        built = Path(tempfile.mkdtemp(prefix=f"{period}-", dir=aside))
        try:
            yield Papers(self.folder, period, built)
        except BaseException:
            shutil.rmtree(built, ignore_errors=True)
            raise


@contextmanager
def only_run(folder: Path) -> Iterator[Outbox]:
    """Holds the outbox for one run at a time, and mends what an interrupted run left behind.

    Raises Undeliverable where another run holds it or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (
            not folder.stat().st_mode & 0o222
        ):  # marked read-only: meant, even where root could write
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        lock = FileLock(folder / _LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        raise Undeliverable("另一次运行还没有结束，请等它完成后再运行") from None
    except OSError as fault:
        raise Undeliverable(_plainly(folder, fault)) from None
    try:
        _mend(folder)
        yield Outbox(folder)
    except OSError as fault:
        if fault.filename and str(folder) in str(fault.filename):
            raise Undeliverable(_plainly(folder, fault)) from None
        raise
    finally:
        lock.release()


def deliver(papers: Papers) -> Receipt:
    """Swaps folders, when all papers are on the disk for good: old -> .previous/<period>, new -> <period>.

    One of the two is whole at any moment. Raises Undeliverable, with the old outbox in place.
    """
    outbox, target = papers.outbox, papers.outbox / papers.period
    previous = outbox / _PREVIOUS / papers.period
    try:
        _sync(papers.folder)
        edited = _put_by(outbox, target)
        previous.parent.mkdir(mode=0o700, exist_ok=True)
        if target.exists():
            shutil.rmtree(previous, ignore_errors=True)
            target.rename(previous)
        papers.folder.rename(target)
        _sync_one(outbox)
    except OSError as fault:
        _mend(outbox)
        raise Undeliverable(_plainly(outbox, fault)) from None
    _sweep(outbox)
    return Receipt(target, tuple(papers.written), edited)


def edited_since(folder: Path) -> list[str]:
    """The papers of a delivered month that somebody has changed by hand since: letters and workbooks
    that lie there whole, and are not what the receipt says."""
    receipt = folder / "data" / "run.json"
    try:
        made = receipt.stat().st_mtime_ns
        outputs = json.loads(receipt.read_text(encoding="utf-8"))["outputs"]
        return [
            entry["path"]
            for entry in outputs
            if not entry["path"].startswith("data/")
            and _was_edited(folder / entry["path"], entry["sha256"], made)
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _was_edited(file: Path, digest: str, made: int) -> bool:
    if file.suffix not in (".docx", ".xlsx") or not file.is_file():
        return False
    if file.stat().st_mtime_ns <= made or not zipfile.is_zipfile(file):
        return False
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() != digest


def _put_by(outbox: Path, target: Path) -> tuple[Path, ...]:
    """Papers that a person has worked on are kept when the month is made anew; where they lie then."""
    kept = []
    for path in edited_since(target):
        place = outbox / EDITED / target.name / path
        number = 1
        while place.exists():
            number += 1
            name = Path(path)
            place = outbox / EDITED / target.name / name.with_stem(f"{name.stem}（{number}）")
        private_folder(place.parent)
        shutil.copyfile(target / path, place)
        place.chmod(0o600)
        kept.append(place)
    return tuple(kept)


def _sync(folder: Path) -> None:
    """All that lies in the folder, and the folders themselves: a power cut after the swap loses nothing."""
    with ThreadPoolExecutor(_SYNCED_AT_ONCE) as pool:
        for _ in pool.map(_sync_one, [*folder.rglob("*"), folder]):
            pass


def _sync_one(path: Path) -> None:
    """One file or folder; Windows knows no syncing of folders, and syncs only what is open to write."""
    if path.is_dir() and sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mend(outbox: Path) -> None:
    """An old folder moved away without its successor goes back; half-built folders are removed."""
    previous = outbox / _PREVIOUS
    for kept in sorted(previous.iterdir()) if previous.is_dir() else ():
        if not (outbox / kept.name).exists():
            kept.rename(outbox / kept.name)
    _sweep(outbox)


def _sweep(outbox: Path) -> None:
    shutil.rmtree(outbox / _BUILDING, ignore_errors=True)


def _plainly(outbox: Path, fault: OSError) -> str:
    """The one sentence for a folder that cannot be written, or a file held open in Excel."""
    name = Path(str(fault.filename)).name if fault.filename else ""
    if isinstance(fault, PermissionError) and sys.platform == "win32" and name:
        return f"“{name}”正被其他程序打开，请关闭 Excel、WPS 或 Word 中打开的文件后再运行"
    if fault.errno == errno.ENOSPC:
        return f"磁盘已满，无法写入 {outbox}，请清理后再运行"
    if fault.errno == errno.ENAMETOOLONG:
        return f"“{name}”的名字太长，无法写入 {outbox}。请把名字改短，或把文件夹移到上面"
    return f"无法写入 {outbox}（{fault.strerror}），请检查该文件夹的权限"
