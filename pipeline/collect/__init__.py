"""What counties dropped into inbox/: every file by its path and digest; what a file holds, for workers.

The parent sees paths alone. Archives and mails are opened by `unpacked` and `content_of`, which are for
worker processes and load what they need when they are called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.collect.inbox import Found, collect, found_file, is_empty, kept_passwords
from pipeline.collect.shown_names import visible
from pipeline.limits import Limits
from pipeline.model import Submission
from pipeline.periods import is_period

__all__ = [
    "Found",
    "collect",
    "content_of",
    "found_file",
    "is_empty",
    "is_period",
    "kept_passwords",
    "single",
    "unpacked",
    "visible",
]


def unpacked(found: Found, passwords: Iterable[str], limits: Limits) -> Iterator[Submission]:
    """The file with its bytes, or its members where it is an archive or a mail; for workers only.

    What cannot be unpacked comes with `fault` said. Raises Changed where the bytes are no longer those
    that were found.
    """
    from pipeline.collect.unpacking import unpacked as members

    return members(found, passwords, limits)


def single(file: Path, period: str, passwords: Iterable[str], limits: Limits) -> Submission:
    """One file by itself, wherever it lies; for workers only.

    Comes with `fault` said where it cannot be opened, or is an archive or a mail that holds others.
    """
    from pipeline.collect.unpacking import single as one

    return one(file, period, passwords, limits)


def content_of(inbox: Path, path: str, passwords: Iterable[str], limits: Limits) -> bytes:
    """The bytes of an input again, a member's taken out of its archive; for workers only.

    Raises Changed where nothing lies under that path any more.
    """
    from pipeline.collect.unpacking import content_of as content

    return content(inbox, path, passwords, limits)
