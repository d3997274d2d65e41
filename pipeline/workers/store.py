"""The store of parts: a folder of Parquet files for each file, under the digest of all its parts follow from.

Deleting the store changes nothing but time. Nothing in it is ever run or unpickled: an entry is believed
while the bytes of its tables have the digests they were written with, and is made again otherwise.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from pipeline.model.papers import private_folder
from pipeline.model.stop import Stop
from pipeline.workers.regular import digest_of, open_regular, read_regular

if TYPE_CHECKING:
    import pyarrow as pa

_MANIFEST, _LOCK, _NEW, _SUFFIX = "part.json", ".lock", ".new-", ".parquet"
_LARGEST_MANIFEST = 8 * 1024 * 1024  # an archive may have thousands of members
_TABLE = re.compile(r"[a-z_]{1,40}")

Tables = tuple[tuple[str, ...], ...]  # the names of the tables of each part


@dataclass(frozen=True)
class StoredPart:
    """The tables of one input on the disk, those without a line left out.

    An archive's members are parts of one key, numbered from 0 in their order. What the machine may be
    to blame for is not settled: it is tried again in the next run.
    """

    key: str
    number: int
    folder: Path
    tables: Mapping[str, Path]
    settled: bool = True


class Store:
    """Parts in a folder (0700) that one run uses at a time; use it in a with statement.

    Raises Stop on entering where another run has it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / _LOCK, timeout=0)

    def __enter__(self) -> Store:
        private_folder(self.folder)
        self.folder.chmod(0o700)
        try:
            self._lock.acquire()
        except Timeout:
            raise Stop("另一次运行还没有结束，请等它完成后再运行") from None
        self._clear_halves()  # of a run that was killed
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._clear_halves()  # of workers that were ended
        self._lock.release()

    def _clear_halves(self) -> None:
        """Removes what was begun and not ended: nobody but us is here."""
        for left in self.folder.glob(f"{_NEW}*"):
            _remove(left)

    def find(self, key: str) -> tuple[StoredPart, ...]:
        """The parts kept under the key, or none; what lies there and is no such thing is removed."""
        entry = self.folder / key
        tables = _believed(entry, key)
        if tables is None:
            _remove(entry)
            return ()
        return stored_at(self.folder, key, tables)

    def keep_only(self, keys: Iterable[str]) -> None:
        """Removes what other runs kept: of files that are gone, of other versions."""
        kept = {*keys, _LOCK}
        for entry in self.folder.iterdir():
            if entry.name not in kept:
                _remove(entry)


def stored_at(folder: Path, key: str, tables: Iterable[Iterable[str]]) -> tuple[StoredPart, ...]:
    """The parts that were written under the key, by the names of the tables of each."""
    entry = folder / key
    return tuple(
        StoredPart(key, number, entry, {name: _file(entry, number, name) for name in names})
        for number, names in enumerate(tables)
    )


def write_parts(
    folder: Path, key: str, parts: Iterable[Mapping[str, pa.Table]], *, kept: bool = True
) -> Tables:
    """Lays the parts of one file into the store as they come, whole or not at all; the names of the
    tables that have lines.

    kept = False: for this run alone; the next finds nothing. Raises OSError where the disk refuses.
    """
    new = folder / f"{_NEW}{secrets.token_hex(8)}"
    new.mkdir(mode=0o700)
    try:
        written = [
            {name: _write_table(_file(new, nth, name), t) for name, t in part.items() if len(t)}
            for nth, part in enumerate(parts)
        ]
        manifest: dict[str, Any] = {"key": key, "kept": kept, "parts": written}
        manifest["sha256"] = _own_digest(manifest)
        _write(new / _MANIFEST, json.dumps(manifest).encode())
        _remove(folder / key)
        new.rename(folder / key)
    except BaseException:
        _remove(new)
        raise
    return tuple(tuple(part) for part in written)


def _file(entry: Path, number: int, table: str) -> Path:
    return entry / f"{number}-{table}{_SUFFIX}"


def _write_table(path: Path, table: pa.Table) -> list[str | int]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = pa.BufferOutputStream()
    pq.write_table(table, out, compression="snappy", write_statistics=False)
    whole = memoryview(out.getvalue())
    _write(path, whole)
    return [hashlib.sha256(whole).hexdigest(), len(whole)]


def _write(path: Path, content: bytes | memoryview) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
        stream.write(content)


def _own_digest(manifest: Mapping[str, Any]) -> str:
    held = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def _believed(entry: Path, key: str) -> list[list[str]] | None:
    """The tables of each part of an entry whose every byte is as it was written; else None."""
    try:
        if entry.is_symlink() or not entry.is_dir():
            return None
        manifest = json.loads(read_regular(entry / _MANIFEST, _LARGEST_MANIFEST))
        parts = manifest["parts"]
        files = {
            _file(entry, n, t): digests
            for n, part in enumerate(parts)
            for t, digests in part.items()
        }
        sound = (
            manifest["key"] == key
            and manifest["kept"] is True
            and manifest["sha256"] == _own_digest(manifest)
            and all(_TABLE.fullmatch(table) for part in parts for table in part)
            and {*entry.iterdir()} == {entry / _MANIFEST, *files}
            and all(_whole(file, *digests) for file, digests in files.items())
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return [list(part) for part in parts] if sound else None


def _whole(path: Path, digest: str, size: int) -> bool:
    with open_regular(path) as stream:
        return os.fstat(stream.fileno()).st_size == size and digest_of(stream) == (digest, size)


def _remove(entry: Path) -> None:
    """Whatever it is; a link's target is left alone."""
    if entry.is_dir() and not entry.is_symlink():
        with contextlib.suppress(OSError, RecursionError):  # whatever remains is in nobody's way
            aside = entry.rename(entry.with_name(f"{_NEW}{secrets.token_hex(8)}"))
            shutil.rmtree(aside)
    else:
        with contextlib.suppress(OSError):
            entry.unlink()
