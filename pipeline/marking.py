"""A unit's own file -> its marked copy, written where it is to lie: in workers, like reading."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.collect import content_of
from pipeline.limits import LIMITS, Limits
from pipeline.model.stop import Stop, stop_of
from pipeline.read import PRELOAD
from pipeline.workers import Apart, Died

if TYPE_CHECKING:
    from pipeline.render import Mark, Marking


def marking_apart(inbox: Path, passwords: Iterable[str], limits: Limits = LIMITS) -> Mark:
    """What marks files in worker processes, which end with it; where there is too much to mark, it says so instead.

    It raises Stop, while it marks, where the disk refuses.
    """
    task = partial(mark_file, inbox, tuple(passwords), limits)

    def mark(markings: Iterable[Marking]) -> Iterator[tuple[Marking, str]]:
        within = []
        for marking in markings:
            if len(marking.issues) > limits.marks:
                yield marking, f"问题有 {len(marking.issues)} 处，过多，不逐格标注"
            else:
                within.append(marking)
        with Apart(task, limits, PRELOAD) as apart:
            for marking, outcome in apart(within):
                if isinstance(outcome, Died):
                    yield marking, outcome.reason
                elif isinstance(outcome, OSError):
                    raise stop_of(outcome) or Stop("标注稿写不下，请检查磁盘")
                else:
                    yield marking, outcome

    return mark


def mark_file(
    inbox: Path, passwords: tuple[str, ...], limits: Limits, marking: Marking
) -> str | OSError:
    """In a worker: writes the marked copy into its place. Nothing, or why it could not be made; a fault
    of the disk is no fault of the file."""
    from pipeline.collect.unpacking import Changed
    from pipeline.office.mark import mark
    from pipeline.office.read import Unreadable

    try:
        content = content_of(inbox, marking.path, passwords, limits)
        marked = mark(content, marking.issues, marking.front, marking.origin, passwords, limits)
    except (Unreadable, Changed) as fault:
        return str(fault)
    try:
        _write(marking.target, marked)
    except OSError as fault:
        return fault
    return ""


def _write(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)  # of a worker that died on it
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
