"""Finds what lies in the inbox: paths, digests and periods of folders; no file's bytes are kept."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.collect.passwords import is_password_list, passwords_in
from pipeline.collect.shown_names import named_apart, passed_over, shown
from pipeline.limits import LIMITS, Limits
from pipeline.model.stop import Stop
from pipeline.periods import period_of_folder
from pipeline.workers import NotRegular, digest_of, open_regular

_ATTEMPTS = 3  # at reading a file that changes meanwhile
_DEEPEST = 32  # folders within folders: no clerk files deeper, and systems end at some depth
_NO_PASSWORDS = "里面读不出密码。请用记事本重写，每行一个密码，存为名叫 密码.txt 的文件"
_NOT_READ = {
    errno.ENAMETOOLONG: "文件夹和文件的名字连起来太长，系统打不开。请改短，或移到上面的文件夹",
    errno.EACCES: "没有权限读这个文件。请检查它的权限",
    errno.EPERM: "没有权限读这个文件。请检查它的权限",
    errno.EIO: "读文件出错，磁盘可能有故障。请换一份重新放入",
}


@dataclass(frozen=True)
class Found:
    """One file of the inbox: `path` below it as shown (always `/`, NFC), `file` where it lies.

    fault: why it cannot be taken in, in the clerk's words; then there is no digest.
    """

    path: str
    file: Path
    sha256: str
    size: int
    folder_period: str
    fault: str = ""


def collect(inbox: Path, period: str = "", limits: Limits = LIMITS) -> tuple[Found, ...]:
    """Every file in inbox/ that belongs to a period up to `period` or to none, by path.

    Nothing is parsed. What cannot be taken in comes with `fault` said. Raises Stop where the inbox
    itself cannot be opened.
    """
    _may_be_opened(inbox)
    everything = walk(inbox, lists_of_passwords=True)
    files = (file for file in everything if not period or _period_of(inbox, file) <= period)
    found = (_taken(inbox, file, limits) for file in files if not _serves(file))
    return tuple(named_apart(found, lambda f: f.path, lambda f, path: replace(f, path=path)))


def kept_passwords(inbox: Path) -> tuple[str, ...]:
    """The passwords a clerk keeps in 密码.txt, one a line; never shown, never copied.

    A 密码.txt that is no file, or no text, is one of the inputs that cannot be read.
    """
    lists = (file for file in walk(inbox, lists_of_passwords=True) if is_password_list(file.name))
    return tuple(dict.fromkeys(word for file in lists for word in passwords_in(file) or ()))


def found_file(file: Path, name: str, folder_period: str, limits: Limits = LIMITS) -> Found:
    """One file, wherever it lies, under the name and for the period given."""
    try:
        digest, size = _held_still(file, limits)
    except _CannotTake as fault:
        return Found(name, file, "", 0, folder_period, str(fault))
    return Found(name, file, digest, size, folder_period)


def is_empty(inbox: Path) -> bool:
    """Whether nothing has been dropped into inbox/ yet. Raises Stop where it cannot be opened."""
    if not inbox.is_dir():
        return True
    _may_be_opened(inbox)
    return next(walk(inbox), None) is None


def file_at(inbox: Path, path: str) -> Path | None:
    """The file that is known under a path; None where there is none any more."""
    plain = inbox / path
    if plain.is_file() and "/".join(shown(part) for part in plain.relative_to(inbox).parts) == path:
        return plain
    names = named_apart(
        ((name_of(inbox, f), f) for f in walk(inbox)), lambda n: n[0], lambda n, p: (p, n[1])
    )
    return next((file for name, file in names if name == path), None)


def walk(folder: Path, depth: int = 0, *, lists_of_passwords: bool = False) -> Iterator[Path]:
    """Everything below a folder that is not passed over on purpose, in the order of the names shown.

    A folder that cannot be opened, or that lies too deep, comes itself; lists of passwords come where
    they are asked for, or where they are none.
    """
    try:
        with os.scandir(folder) as entries:
            # of two that are shown alike, the one that bears the very name comes first
            ordered = sorted(
                entries, key=lambda e: (shown(e.name), shown(e.name) != e.name, e.name)
            )
    except OSError:
        yield folder
        return
    for entry in ordered:
        path = folder / entry.name
        if is_password_list(entry.name):
            if lists_of_passwords or not entry.is_file(follow_symlinks=False):
                yield path
        elif passed_over(entry.name):
            continue
        elif entry.is_dir(follow_symlinks=False) and depth < _DEEPEST:
            yield from walk(path, depth + 1, lists_of_passwords=lists_of_passwords)
        else:
            yield path


def name_of(inbox: Path, file: Path) -> str:
    """The name under which a file of the inbox is known, before equal ones are numbered."""
    return "/".join(shown(part) for part in file.relative_to(inbox).parts)


def _may_be_opened(inbox: Path) -> None:
    try:
        with os.scandir(inbox):
            pass
    except FileNotFoundError:
        raise Stop(f"找不到收件夹 {inbox}。请建好它，把各地报表放进去后再运行") from None
    except NotADirectoryError:
        raise Stop(f"{inbox} 不是文件夹。请把各地报表放进名为 inbox 的文件夹后再运行") from None
    except OSError as fault:
        raise Stop(f"收件夹 {inbox} 打不开（{fault.strerror}）。请检查它的权限后再运行") from None


def _period_of(inbox: Path, file: Path) -> str:
    first = file.relative_to(inbox).parts[0]
    return period_of_folder(first) if file.parent != inbox else ""


def _serves(file: Path) -> bool:
    """Whether a file is a list of passwords that can be read: no return."""
    return is_password_list(file.name) and passwords_in(file) is not None


def _taken(inbox: Path, file: Path, limits: Limits) -> Found:
    taken = found_file(file, name_of(inbox, file), _period_of(inbox, file), limits)
    if is_password_list(file.name) and (not taken.fault or file.is_dir()):
        return replace(taken, sha256="", size=0, fault=_NO_PASSWORDS)
    return taken


class _CannotTake(Exception):
    """Why a file cannot be taken in, in the clerk's words."""


def _held_still(file: Path, limits: Limits) -> tuple[str, int]:
    """Digest and size of a file that nobody wrote to while it was read."""
    try:
        for _ in range(_ATTEMPTS):
            with open_regular(file) as stream:
                before = os.fstat(stream.fileno())
                if before.st_size > limits.file_bytes:
                    raise _CannotTake(f"文件超过 {limits.file_mb} MB")
                digest, size = digest_of(stream)
            after = file.stat()
            if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, size):
                return digest, size
    except NotRegular:
        raise _CannotTake(_what_it_is(file)) from None
    except FileNotFoundError:
        raise _CannotTake("文件在读取时被移走了。请放回后重新运行") from None
    except OSError as fault:
        refused = _NOT_READ.get(fault.errno or 0, f"读不到文件（{fault.strerror}）")
        raise _CannotTake(refused) from None
    raise _CannotTake("文件正在被改动。请等它保存或复制完再运行")


def _what_it_is(file: Path) -> str:
    if file.is_symlink():
        return "是指向别处的链接，不是文件本身。请把文件放进来"
    if not file.is_dir():
        return "是管道、设备一类的东西，不是文件。请把文件放进来"
    if os.access(file, os.R_OK | os.X_OK):
        return f"文件夹套了 {_DEEPEST} 层以上，里面的没有读。请把文件移到上面的文件夹"
    return "文件夹打不开，里面的没有读。请检查它的权限"
