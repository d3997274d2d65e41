"""The names under which inputs are known: as they may be shown, each one's own."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
PASSWORDS = "密码.txt"
# Office's lock files, half-copied downloads, what systems leave behind, and our own notes
_PASSED_OVER = re.compile(
    r"^(~\$.*|\._.*|\..*|.*\.(tmp|crdownload|part|partial|download)|Thumbs\.db|desktop\.ini"
    rf"|README.*|__MACOSX|{re.escape(PASSWORDS)})$",
    re.IGNORECASE,
)
# control characters, marks that turn the direction of writing, halves of characters and no characters
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def passed_over(name: str) -> bool:
    """Whether a file or folder of that name is no return, and on purpose never named."""
    return bool(_PASSED_OVER.match(name))


def visible(name: str) -> str:
    """A name without characters that cannot be seen or that mislead the eye.

    >>> visible("花名册\\u202excod.exe")
    '花名册_xcod.exe'
    """
    return _UNSEEN.sub("_", name)


def shown(name: str) -> str:
    """A file's name as it may be shown: NFC, GBK bytes decoded, unseen characters as `_`."""
    if any("\ud800" <= c <= "\udfff" for c in name):
        name = os.fsencode(name).decode("gb18030", errors="replace")
    return visible(unicodedata.normalize("NFC", name))


def named_apart(
    inputs: Iterable[T], path_of: Callable[[T], str], renamed: Callable[[T, str], T]
) -> Iterator[T]:
    """Two inputs whose names come out the same are numbered, so that neither hides the other."""
    seen: dict[str, int] = {}
    for one in inputs:
        path = path_of(one)
        seen[path] = count = seen.get(path, 0) + 1
        yield one if count == 1 else renamed(one, f"{path}（同名{count}）")
