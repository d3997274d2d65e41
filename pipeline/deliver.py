"""Puts everything into outbox/<period>/, all or nothing: built aside, then swapped in."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.model import Document, Receipt
from pipeline.model.stop import Stop

_PREVIOUS, _BUILDING, _LOCK = ".previous", ".building", ".lock"


class Undeliverable(Stop):
    """Nothing was delivered; says why and what to do. The last outbox stands as it was."""


@contextmanager
def only_run(outbox: Path) -> Iterator[None]:
    """Holds the outbox for one run at a time, and mends what an interrupted run left behind.

    Raises Undeliverable where another run holds it or the folder cannot be written.
    """
    try:
        outbox.mkdir(parents=True, exist_ok=True)
        if (
            not outbox.stat().st_mode & 0o222
        ):  # marked read-only: meant, even where root could write
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(outbox))
        lock = FileLock(outbox / _LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        raise Undeliverable("另一次运行还没有结束，请等它完成后再运行") from None
    except OSError as fault:
        raise Undeliverable(_plainly(outbox, fault)) from None
    try:
        _mend(outbox)
        yield
    except OSError as fault:
        if fault.filename and str(outbox) in str(fault.filename):
            raise Undeliverable(_plainly(outbox, fault)) from None
        raise
    finally:
        lock.release()


def deliver(documents: Iterable[Document], outbox: Path, period: str) -> Receipt:
    """Writes all documents, then swaps folders: old -> .previous/<period>, new -> <period>.

    One of the two is whole at any moment. Raises Undeliverable, with the old outbox in place.
    """
    target, previous = outbox / period, outbox / _PREVIOUS / period
    try:
        (outbox / _BUILDING).mkdir(mode=0o700, exist_ok=True)
        built = Path(tempfile.mkdtemp(prefix=f"{period}-", dir=outbox / _BUILDING))
        outputs = tuple(_write(document, built) for document in documents)
        built.chmod(0o755)
        previous.parent.mkdir(mode=0o700, exist_ok=True)
        if target.exists():
            shutil.rmtree(previous, ignore_errors=True)
            target.rename(previous)
        built.rename(target)
    except OSError as fault:
        _mend(outbox)
        raise Undeliverable(_plainly(outbox, fault)) from None
    _sweep(outbox)
    return Receipt(target, outputs)


def _write(document: Document, folder: Path) -> dict[str, object]:
    """One file on the disk for good; files that hold personal data are for their owner only."""
    path = folder / document.path
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 if document.private else 0o644
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(document.content)
        stream.flush()
        os.fsync(stream.fileno())
    digest = hashlib.sha256(document.content).hexdigest()
    return {"path": document.path, "sha256": digest}


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
    return f"无法写入 {outbox}（{fault.strerror}），请检查该文件夹的权限"
