"""Finds what counties dropped into inbox/: every file, every member of an archive or a mail."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.collect.archives import members
from pipeline.limits import LIMITS, Limits
from pipeline.model import Submission
from pipeline.office.read import Unreadable, decoded

__all__ = ["collect", "is_empty", "is_period", "kept_passwords", "take_in"]

_PERIOD = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")
_PASSWORDS = "密码.txt"
# Office's lock files, half-copied downloads, what systems leave behind, and our own notes
_PASSED_OVER = re.compile(
    r"^(~\$.*|\._.*|\..*|.*\.(tmp|crdownload|part|partial|download)|Thumbs\.db|desktop\.ini"
    rf"|README.*|__MACOSX|{re.escape(_PASSWORDS)})$",
    re.IGNORECASE,
)
# control characters, marks that turn the direction of writing, and halves of characters
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_ATTEMPTS = 3  # at reading a file that changes meanwhile


def is_period(text: str) -> bool:
    """Whether a text is a period such as 2018-11.

    >>> is_period("2018-11"), is_period("2018-13"), is_period("2018-1")
    (True, False, False)
    """
    return bool(_PERIOD.fullmatch(text))


def collect(inbox: Path, period: str = "", limits: Limits = LIMITS) -> tuple[Submission, ...]:
    """Every file in inbox/ that belongs to a period up to `period` or to none, by path.

    A file that cannot be taken in comes with `fault` said and no content.
    """
    passwords = kept_passwords(inbox)
    files = [p for p in _walk(inbox) if not period or _folder_period(inbox, p) <= period]
    found = (
        submission
        for path in files
        for submission in take_in(path, *_placed(inbox, path), passwords, limits)
    )
    return tuple(_told_apart(found))


def kept_passwords(inbox: Path) -> tuple[str, ...]:
    """The passwords a clerk keeps in 密码.txt, one a line; never shown, never copied."""
    kept: list[str] = []
    for file in sorted(inbox.rglob(_PASSWORDS)) if inbox.is_dir() else ():
        try:
            lines = decoded(file.read_bytes()).splitlines()
        except (OSError, Unreadable):
            continue
        kept += [line.strip("\ufeff\r\n\t ") for line in lines]
    return tuple(dict.fromkeys(p for p in kept if p))


def is_empty(inbox: Path) -> bool:
    """Whether nothing has been dropped into inbox/ yet."""
    return not inbox.is_dir() or next(_walk(inbox), None) is None


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir(), key=lambda p: _shown(p.name))
    except OSError:  # the folder vanished, or may not be opened: it is a file that cannot be read
        yield folder
        return
    for path in entries:
        if _PASSED_OVER.match(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        elif path.is_symlink() or path.is_file() or not path.exists():
            yield path


def _folder_period(inbox: Path, path: Path) -> str:
    first = path.relative_to(inbox).parts[0]
    return first if is_period(first) and path.parent != inbox else ""


def _placed(inbox: Path, path: Path) -> tuple[str, str]:
    name = "/".join(_shown(part) for part in path.relative_to(inbox).parts)
    return name, _folder_period(inbox, path)


def _shown(name: str) -> str:
    """A file's name as it may be shown: NFC, GBK bytes decoded, unseen characters as `_`.

    >>> _shown("花名册\u202excod.exe")
    '花名册_xcod.exe'
    """
    if any("\ud800" <= c <= "\udfff" for c in name):
        name = os.fsencode(name).decode("gb18030", errors="replace")
    return _UNSEEN.sub("_", unicodedata.normalize("NFC", name))


def _told_apart(found: Iterable[Submission]) -> Iterator[Submission]:
    """Two inputs whose names come out the same are numbered, so that neither hides the other."""
    seen: dict[str, int] = {}
    for submission in found:
        seen[submission.path] = count = seen.get(submission.path, 0) + 1
        yield (
            submission
            if count == 1
            else replace(submission, path=f"{submission.path}（同名{count}）")
        )


def take_in(
    path: Path, name: str, period: str, passwords: Iterable[str] = (), limits: Limits = LIMITS
) -> Iterator[Submission]:
    """One file under the name given, or its members where it is an archive or a mail."""
    name = _UNSEEN.sub("_", name)
    if path.is_symlink():
        yield Submission(
            name, "", period, b"", fault="是指向别处的链接，不是文件本身。请把文件放进来"
        )
        return
    try:
        content = _whole(path, limits)
    except _CannotTake as fault:
        yield Submission(name, "", period, b"", fault=str(fault))
        return
    whole = Submission(name, hashlib.sha256(content).hexdigest(), period, content)
    inside = [
        replace(member, path=_UNSEEN.sub("_", member.path))
        for member in members(whole, tuple(passwords), limits)
        if not any(_PASSED_OVER.match(part) for part in _inner(member.path, name))
    ]
    yield from inside or (replace(whole, content=b"", fault="压缩包里没有报表"),)


def _inner(path: str, name: str) -> list[str]:
    """The parts of a member's name; nothing for the file itself."""
    return re.split(r"[!/]", path[len(name) :])[1:]


class _CannotTake(Exception):
    """Why a file cannot be taken in, in the clerk's words."""


def _whole(path: Path, limits: Limits) -> bytes:
    """The bytes of a file that held still while it was read."""
    try:
        for _ in range(_ATTEMPTS):
            before = path.stat()
            if before.st_size > limits.file_bytes:
                raise _CannotTake(f"文件超过 {limits.file_mb} MB")
            content = path.read_bytes()
            after = path.stat()
            if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, len(content)):
                return content
    except FileNotFoundError as fault:
        raise _CannotTake("文件在读取时被移走了。请放回后重新运行") from fault
    except OSError as fault:
        raise _CannotTake(f"读不到文件（{fault.strerror}）") from fault
    raise _CannotTake("文件正在被改动。请等它保存或复制完再运行")
