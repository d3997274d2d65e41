"""What one file of the inbox holds: itself, or the members of an archive or a mail. For workers only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.collect.archives import members
from pipeline.collect.inbox import Found, file_at, found_file
from pipeline.collect.shown_names import named_apart, passed_over, visible
from pipeline.limits import Limits
from pipeline.model import Submission
from pipeline.workers import read_regular

_FEW = 3  # names of members that are told


class Changed(Exception):
    """The file is not the one that was found; what to do, in the clerk's words."""

    def __init__(self) -> None:
        super().__init__("文件在读取时被移走或改动了。请等它放好后重新运行")


def unpacked(found: Found, passwords: Iterable[str], limits: Limits) -> Iterator[Submission]:
    """The file with its bytes, or its members one after the other, each under a path of its own."""
    content = _content(found.file, limits)
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise Changed
    whole = Submission(found.path, found.sha256, found.folder_period, content)
    return _members(whole, tuple(passwords), limits)


def single(file: Path, period: str, passwords: Iterable[str], limits: Limits) -> Submission:
    """One file by itself, wherever it lies; with `fault` said where it cannot be opened or holds others."""
    found = found_file(file.resolve(), file.name, period, limits)
    nothing = Submission(found.path, found.sha256, period, b"", fault=found.fault)
    if found.fault:
        return nothing
    inside = list(unpacked(found, passwords, limits))
    if [one.path for one in inside] == [visible(found.path)]:
        return inside[0]
    names = "、".join(one.path.partition("!")[2] for one in inside[:_FEW])
    count = f"等 {len(inside)} 个文件" if len(inside) > _FEW else ""
    fault = f"是压缩包或邮件，里面有 {names}{count}。请解开后查看其中一个文件"
    return replace(nothing, fault=fault)


def content_of(inbox: Path, path: str, passwords: Iterable[str], limits: Limits) -> bytes:
    """The bytes of an input again, a member's taken out of its archive."""
    outer = path.partition("!")[0]
    for name in (path, outer):  # a file's own name may hold the mark of a member
        file = file_at(inbox, name)
        if file is None:
            continue
        content = _content(file, limits)
        whole = Submission(name, hashlib.sha256(content).hexdigest(), "", content)
        for member in _members(whole, tuple(passwords), limits):
            if member.path == path and not member.fault:
                return member.content
    raise Changed


def _content(file: Path, limits: Limits) -> bytes:
    try:
        return read_regular(file, limits.file_bytes + 1)
    except OSError:
        raise Changed from None


def _members(whole: Submission, passwords: tuple[str, ...], limits: Limits) -> Iterator[Submission]:
    inside = (
        replace(member, path=visible(member.path))
        for member in members(whole, passwords, limits)
        if not any(passed_over(part) for part in _inner(member.path, whole.path))
    )
    any_inside = False
    for member in named_apart(inside, lambda m: m.path, lambda m, path: replace(m, path=path)):
        any_inside = True
        yield member
    if not any_inside:
        yield replace(whole, content=b"", fault="压缩包里没有报表")


def _inner(path: str, name: str) -> list[str]:
    """The parts of a member's name; nothing for the file itself."""
    return re.split(r"[!/]", path[len(name) :])[1:]
