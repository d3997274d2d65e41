"""Temporary files of one run, in one folder of their own: gone with the run, however it ends.

A run that was killed leaves its folder behind, with a lock that nobody holds: the next start clears it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX, _LOCK = "pipeline-run-", ".lock"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder (0700) that this process's `tempfile` uses as well; clears those of dead runs first."""
    root = Path(tempfile.gettempdir())
    _clear_dead(root)
    with _locked_name(root) as folder:
        folder.mkdir(mode=0o700)
        usual, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            yield folder
        finally:
            tempfile.tempdir = usual
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked_name(root: Path) -> Iterator[Path]:
    """A name that is ours for as long as we live."""
    folder = root / f"{_PREFIX}{secrets.token_hex(8)}"
    lock = FileLock(f"{folder}{_LOCK}", timeout=0, mode=0o600)
    with lock:
        try:
            yield folder
        finally:
            with contextlib.suppress(OSError):  # Windows removes no open file: the next start does
                Path(lock.lock_file).unlink()


def _clear_dead(root: Path) -> None:
    """Removes the folders of runs that no longer live; only our own, and never through a link."""
    for name in sorted(root.glob(f"{_PREFIX}*{_LOCK}")):
        if not _ours(name):
            continue
        try:
            with FileLock(name, timeout=0):
                folder = root / name.name.removesuffix(_LOCK)
                if folder.is_dir() and not folder.is_symlink():
                    shutil.rmtree(folder, ignore_errors=True)
                with contextlib.suppress(OSError):
                    name.unlink()
        except (Timeout, OSError):  # it lives, or the folder is not ours to clear
            continue


def _ours(file: Path) -> bool:
    try:
        status = file.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_uid == getattr(os, "getuid", lambda: 0)()
