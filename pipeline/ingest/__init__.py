"""Reads each file into text exactly as filed, knowing nothing of the other files."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipeline.model.as_filed import Filed, Table
from pipeline.ingest.files import as_filed
from pipeline.ingest.old import read_file
from pipeline.ingest.reader import Read, ReadingApart, reading_here
from pipeline.model import Reading, Status, Submission
from pipeline.programme import Programme

__all__ = [
    "Filed",
    "Read",
    "ReadingApart",
    "Table",
    "as_filed",
    "ingest",
    "newest_period",
    "read_file",
    "reading_here",
]

Progress = Callable[[Iterable[Submission]], Iterable[Submission]]


def ingest(
    files: Iterable[Submission],
    programme: Programme,
    read: Read | None = None,
    progress: Progress = iter,
) -> tuple[Reading, ...]:
    """What every file said, in the order given; the same bytes are read once.

    `read` says how (reading_here unless told); `progress` may wrap the files to show how far the
    work has come.
    """
    files = tuple(files)
    first: dict[tuple[str, str], str] = {}
    same: dict[str, Reading] = {}
    for file in files:
        other = first.setdefault((file.sha256, file.folder_period), file.path)
        if file.content and other != file.path:
            same[file.path] = _same_content(file, other, programme)
    fresh = progress([f for f in files if f.path not in same])
    found = {r.submission.path: r for r in (read or reading_here(programme))(fresh)}
    return tuple((same | found)[file.path] for file in files)


def _same_content(file: Submission, other: str, programme: Programme) -> Reading:
    issue = programme.issue("F08", other=other).at(file=file.path)
    reason = f"与 {other} 内容相同"
    return Reading(file, Status.SAME_CONTENT, file.folder_period, reason, issues=(issue,))


def newest_period(readings: Iterable[Reading], until: str = "") -> str:
    """The newest period of which anything was filed; what is no return sets no period."""
    beside = (Status.TASK_TABLE, Status.JUDGEMENTS)
    periods = [r.period for r in readings if r.status not in beside and not r.references]
    return max((p for p in periods if not until or p <= until), default="")
