"""Regular files, and nothing else: a pipe, a device, a socket or a link is never waited for nor followed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe without a writer does not hold us
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_CHUNK = 1024 * 1024


class NotRegular(OSError):
    """What lies there is no file: a link, a pipe, a socket, a device or a folder."""


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """The file opened for reading. Raises NotRegular, or the OSError of the system."""
    if path.is_symlink():  # where the system knows no O_NOFOLLOW, and to tell it from other faults
        raise NotRegular(f"{path.name} is a link")
    try:
        handle = os.open(path, _FLAGS)
    except OSError as fault:
        if path.exists() and not path.is_file():  # sockets cannot even be opened
            raise NotRegular(f"{path.name} is no file") from fault
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotRegular(f"{path.name} is no file")
    with os.fdopen(handle, "rb") as stream:
        yield stream


def read_regular(path: Path, most: int) -> bytes:
    """The first bytes of a file, `most` at the most. Raises as open_regular does."""
    with open_regular(path) as stream:
        # what is asked for is set aside at once
        return stream.read(min(most, os.fstat(stream.fileno()).st_size + 1))


def digest_of(stream: BinaryIO) -> tuple[str, int]:
    """The sha256 and the number of the bytes that are left in a stream; none of them is kept."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
