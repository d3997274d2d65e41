"""The passwords that a clerk keeps in the inbox."""

from __future__ import annotations

import codecs
from pathlib import Path

from pipeline.collect.inbox import walk
from pipeline.collect.shown_names import PASSWORDS
from pipeline.workers import read_regular

_MOST = 1024 * 1024  # bytes: more is no list of passwords
_MARKED = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def kept_passwords(inbox: Path) -> tuple[str, ...]:
    """The passwords a clerk keeps in 密码.txt, one a line; never shown, never copied.

    A 密码.txt that is no file, or no text, is one of the inputs that cannot be read.
    """
    kept: list[str] = []
    for path in walk(inbox, beside=PASSWORDS):
        if path.name == PASSWORDS:
            try:
                kept += _decoded(read_regular(path, _MOST)).splitlines()
            except (OSError, UnicodeError):
                continue
    stripped = (line.strip("\ufeff\r\n\t ") for line in kept)
    return tuple(dict.fromkeys(p for p in stripped if p))


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")
