"""A list of passwords that a clerk keeps in the inbox."""

from __future__ import annotations

import codecs
from pathlib import Path

from pipeline.collect.shown_names import PASSWORDS
from pipeline.workers import read_regular

_MOST = 1024 * 1024  # bytes: more is no list of passwords
_MARKED = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def is_password_list(name: str) -> bool:
    """Whether a file of that name holds passwords: 密码.txt, in letters of either case."""
    return name.lower() == PASSWORDS


def passwords_in(file: Path) -> list[str] | None:
    """The passwords of a list, one a line; None where it is no file, or no text of a sane length."""
    try:
        content = read_regular(file, _MOST + 1)
        lines = _decoded(content).splitlines() if len(content) <= _MOST else None
    except (OSError, UnicodeError):
        return None
    stripped = (line.strip("\ufeff\r\n\t ") for line in lines or ())
    return None if lines is None else [line for line in stripped if line]


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")
