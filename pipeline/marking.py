"""A unit's own file -> its marked copy, written where it is to lie: for workers only, like reading."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from pipeline.limits import LIMITS, Limits
from pipeline.office.read import Unreadable, decrypted, read_grids
from pipeline.render import Mark, Marking
from pipeline.render.marked import mark


def mark_file(marking: Marking, inbox: Path, passwords: Iterable[str], limits: Limits) -> str:
    """Writes the marked copy into its place; why it could not be made, or nothing."""
    try:
        content = _content_of(inbox, marking.path, passwords, limits)
        plain = decrypted(content, passwords) or content
        marked = mark(plain, read_grids(plain, (), limits), marking.issues, marking.front)
    except Unreadable as fault:
        return str(fault)
    handle = os.open(marking.target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(marked)
    return ""


def marking_here(inbox: Path, passwords: Iterable[str], limits: Limits = LIMITS) -> Mark:
    """Marks in this very process: for tests, and where nothing strange is to be feared."""
    task = partial(mark_file, inbox=inbox, passwords=tuple(passwords), limits=limits)
    return lambda markings: ((marking, task(marking)) for marking in markings)


def _content_of(inbox: Path, path: str, passwords: Iterable[str], limits: Limits) -> bytes:
    outer = inbox / path.partition("!")[0]
    if "!" not in path:
        return outer.read_bytes()
    from pipeline.collect import take_in

    found = take_in(outer, path.partition("!")[0], "", tuple(passwords), limits)
    return next(s.content for s in found if s.path == path)
