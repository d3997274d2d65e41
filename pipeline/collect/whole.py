"""Every input with its bytes, taken apart in this very process: until run.py reads through workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.collect.inbox import collect as collect_found
from pipeline.collect.passwords import kept_passwords
from pipeline.limits import LIMITS, Limits
from pipeline.model import Submission


def collect(inbox: Path, period: str = "", limits: Limits = LIMITS) -> tuple[Submission, ...]:
    """Every file in inbox/ that belongs to a period up to `period` or to none, by path.

    A file that cannot be taken in comes with `fault` said and no content.
    """
    return tuple(_submissions(inbox, period, limits))


def _submissions(inbox: Path, period: str, limits: Limits) -> Iterator[Submission]:
    from pipeline.collect.unpacking import Changed, unpacked

    passwords = kept_passwords(inbox)
    for found in collect_found(inbox, period, limits):
        fault = found.fault
        if not fault:
            try:
                yield from unpacked(found, passwords, limits)
                continue
            except Changed as changed:
                fault = str(changed)
        yield Submission(found.path, found.sha256, found.folder_period, b"", fault=fault)
