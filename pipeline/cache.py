"""What was read once, by what it was read from. Deleting the cache changes nothing but time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import shutil
import tempfile
from pathlib import Path
from typing import Any

_MARK = b"pipeline-cache\n"
_DIGEST_SIZE = hashlib.sha256().digest_size


class Cache:
    """Python values under keys, in a folder of one version that its siblings give way to.

    Entries hold personal data: the folder is 0700, its files 0600. An entry is believed only while
    its bytes still have the digest they were written with; a damaged one is as good as none.
    """

    def __init__(self, folder: Path, version: str) -> None:
        self._folder = folder / version
        self._root = folder

    def get(self, key: str) -> Any:
        """The value kept under the key, or None."""
        try:
            whole = self._file(key).read_bytes()
        except OSError:
            return None
        head, body = whole[: len(_MARK) + _DIGEST_SIZE], whole[len(_MARK) + _DIGEST_SIZE :]
        if head != _MARK + hashlib.sha256(body).digest():
            return None
        try:
            return pickle.loads(body)
        except Exception:  # written whole by another version of a library
            return None

    def put(self, key: str, value: Any) -> None:
        """Keep the value; where the disk refuses, nothing is kept and nothing is lost."""
        body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        with contextlib.suppress(OSError):
            self._prepare()
            handle, name = tempfile.mkstemp(dir=self._folder)  # mkstemp makes it 0600
            with os.fdopen(handle, "wb") as stream:
                stream.write(_MARK + hashlib.sha256(body).digest() + body)
            Path(name).replace(self._file(key))

    def _file(self, key: str) -> Path:
        return self._folder / key

    def _prepare(self) -> None:
        """The folder of this version; those of other versions are no use to anybody."""
        if self._folder.is_dir():
            return
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for other in self._root.iterdir():
            shutil.rmtree(other, ignore_errors=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
