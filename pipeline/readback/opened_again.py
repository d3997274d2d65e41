"""In a worker: a workbook as whoever opens it sees it."""

from __future__ import annotations

from pathlib import Path

from pipeline.limits import Limits
from pipeline.model import Grid


def printed(limits: Limits, path: str) -> tuple[Grid, ...] | str:
    """The sheets of a workbook that was just written, or why it cannot be read."""
    from pipeline.office.read import Unreadable, read_grids

    try:
        return read_grids(Path(path).read_bytes(), (), limits)
    except Unreadable as fault:
        return str(fault)
