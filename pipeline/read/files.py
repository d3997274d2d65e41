"""Files found -> their parts: what no store holds is read by workers, each file by one of them."""

from __future__ import annotations

import errno
import functools
import hashlib
import json
import sys
from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline import __version__
from pipeline.collect import Found, unpacked
from pipeline.limits import LIMITS, Limits
from pipeline.model import Issue, Status
from pipeline.model.stop import Stop, stop_of
from pipeline.programme import Programme
from pipeline.read.answered import answers_about, answers_in
from pipeline.unread import unread
from pipeline.workers import (
    Apart,
    Died,
    Store,
    StoredPart,
    Tables,
    start_server,
    stored_at,
    write_parts,
)

if TYPE_CHECKING:
    import pyarrow as pa


T = TypeVar("T")
Progress = Callable[[Iterable[T]], Iterable[T]]
# what a worker needs, loaded once: a worker is then a fork of this
PRELOAD = ("pipeline.read.part", "pipeline.office.mark", "pipeline.collect.unpacking", "python_calamine", "xlrd",
           "lxml.etree", "msoffcrypto", "pyarrow.parquet", "pypinyin", "pandera.backends.pandas.register",
           "pandera.backends.pandas.builtin_checks", "pipeline.readback")  # fmt: skip
# what a reading passes through, beside the modules of the package itself: a change reads all again
_ROOMS = (
    "checks",
    "collect",
    "ingest",
    "validate",
    "numbers",
    "values",
    "office",
    "programme",
    "model",
    "workers",
    "read",
)
_READERS = ("lxml", "msoffcrypto-tool", "opencc", "pandas", "pandera", "pyarrow", "python-calamine",
            "python-docx", "xlrd")  # fmt: skip
_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


@dataclass(frozen=True)
class Job:
    """One file to be read, and where its part belongs."""

    found: Found
    key: str
    answers: tuple[tuple[tuple[str, str], str], ...] = ()  # of a clerk on its columns


@dataclass(frozen=True)
class Outcome:
    """What a worker came to: the tables it wrote, or why it could not."""

    tables: Tables = ()
    fault: str = ""  # of the file, in the clerk's words
    disk: OSError | None = None  # nothing could be written: no fault of the file


def read(
    files: Iterable[Found],
    programme: Programme,
    store: Store,
    passwords: Iterable[str] = (),
    limits: Limits = LIMITS,
    progress: Progress[Job] = iter,
) -> tuple[StoredPart, ...]:
    """One part a file, in the order given, and one for each member of an archive or a mail.

    Nothing is read twice, and nothing is parsed in this process.

    A file that cannot be read, or that a worker died on, is a part that says so, and is tried again next
    time. Parts that this run does not use are removed from the store. `progress` may wrap what is to be
    read to show how far the work has come. Raises Stop where the disk refuses.
    """
    files, passwords = tuple(files), tuple(passwords)
    stamp = _stamp(programme, passwords, limits)
    jobs = [Job(found, _key(found, stamp)) for found in files]

    def known_of(jobs: Iterable[Job]) -> dict[str, tuple[StoredPart, ...]]:
        return _known(jobs, programme, store, passwords, limits, progress)

    known = known_of(jobs)
    answers = answers_in(part for parts in known.values() for part in parts)
    again = [_answered(job, known[job.key], answers, stamp) for job in jobs] if answers else jobs
    known |= known_of(job for job in again if job.answers)
    store.keep_only(known)
    return tuple(part for job in again for part in known[job.key])


def _known(
    jobs: Iterable[Job],
    programme: Programme,
    store: Store,
    passwords: tuple[str, ...],
    limits: Limits,
    progress: Progress[Job],
) -> dict[str, tuple[StoredPart, ...]]:
    """The parts of each job by its key: kept by the store, or read now."""
    known: dict[str, tuple[StoredPart, ...]] = {}
    missing: dict[str, Job] = {}
    for job in jobs:
        if job.found.fault:
            known[job.key] = _unread(job, programme, store, "F01", job.found.fault)
        elif kept := store.find(job.key):
            known[job.key] = kept
        else:
            missing[job.key] = job
    with closing(
        _read(missing.values(), programme, store, passwords, limits, progress)
    ) as outcomes:
        for job, outcome in outcomes:
            known[job.key] = _parts(job, outcome, programme, store)
    return known


def _answered(
    job: Job, parts: Iterable[StoredPart], answers: Mapping[tuple[str, str], str], stamp: str
) -> Job:
    """The job with what was answered of columns that its file has a question about."""
    mine = tuple(sorted(answers_about(parts, answers).items()))
    return Job(job.found, _key(job.found, stamp, mine), mine) if mine else job


def _parts(
    job: Job, outcome: Outcome | Died, programme: Programme, store: Store
) -> tuple[StoredPart, ...]:
    if isinstance(outcome, Died):
        code = "F05" if outcome.over_limits else "F01"
        return _unread(job, programme, store, code, outcome.reason)
    if outcome.disk:
        raise stop_of(outcome.disk) or Stop(f"无法写入 {store.folder}，请检查该文件夹")
    if outcome.fault:
        return _unread(job, programme, store, "F01", outcome.fault)
    return stored_at(store.folder, job.key, outcome.tables)


def make_ready() -> None:
    """Lets what workers need be loaded beside what the caller does next."""
    start_server(PRELOAD)


def _read(
    jobs: Collection[Job],
    programme: Programme,
    store: Store,
    passwords: tuple[str, ...],
    limits: Limits,
    progress: Progress[Job],
) -> Generator[tuple[Job, Outcome | Died], None, None]:
    if not jobs:
        return
    task = partial(read_one, programme, store.folder, passwords, limits)
    # the largest first: no worker is left with one when the others have nothing to do
    ordered = sorted(jobs, key=lambda job: -job.found.size)
    with Apart(task, limits, PRELOAD) as apart:
        yield from apart(progress(ordered))


def read_one(
    programme: Programme, folder: Path, passwords: tuple[str, ...], limits: Limits, job: Job
) -> Outcome:
    """In a worker: the file unpacked, and each member read and laid into the store before the next."""
    from pipeline.collect.unpacking import Changed
    from pipeline.read.part import part_of

    try:
        members = unpacked(job.found, passwords, limits)
        answers = dict(job.answers)
        parts = (part_of(member, programme, passwords, limits, answers) for member in members)
        return Outcome(write_parts(folder, job.key, parts))
    except Changed as fault:
        return Outcome(fault=str(fault))
    except OSError as fault:
        if fault.errno in _OF_THE_DISK:
            return Outcome(disk=fault)
        raise


def _unread(
    job: Job, programme: Programme, store: Store, code: str, why: str
) -> tuple[StoredPart, ...]:
    """The part of a file that nobody could read: what its name and folder say, and why."""
    found = job.found
    known = unread(found.path, found.folder_period, programme, code, why)
    part = _unread_tables(found, known.period, known.unit, known.reason, known.issue)
    try:
        tables = write_parts(store.folder, job.key, [part], kept=False)
        (unread_part,) = stored_at(store.folder, job.key, tables)
        return (replace(unread_part, settled=bool(found.fault)),)
    except OSError as fault:
        raise stop_of(fault) or fault from None


def _unread_tables(
    found: Found, period: str, unit: str, reason: str, issue: Issue
) -> dict[str, pa.Table]:
    from pipeline.model.tables import INPUTS, ISSUES, table_of

    line = {
        "path": found.path, "sha256": found.sha256, "folder_period": found.folder_period,
        "period": period, "status": Status.UNREADABLE.value, "reason": reason, "units": unit,
    }  # fmt: skip
    return {"inputs": table_of(INPUTS, [line]), "issues": table_of(ISSUES, [issue.line()])}


def _key(found: Found, stamp: str, answers: tuple[object, ...] = ()) -> str:
    """All that a part follows from."""
    parts = (stamp, found.sha256, found.path, found.folder_period, found.fault, *answers)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _stamp(programme: Programme, passwords: tuple[str, ...], limits: Limits) -> str:
    """What all parts of a run have in common."""
    parts = (reader_version(), programme.digest, programme.gazetteer.top, repr(limits), *passwords)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@functools.cache
def reader_version() -> str:
    """One digest over the source a reading passes through and the libraries it is read with."""
    whole = hashlib.sha256(f"{__version__} {sys.version}".encode())
    for name in _READERS:
        whole.update(f"{name} {version(name)}\n".encode())
    for file in reader_sources():
        whole.update(file.read_bytes())
    return whole.hexdigest()


def reader_sources() -> list[Path]:
    """The source files that a reading passes through."""
    package = Path(__file__).resolve().parent.parent
    rooms = (package / room for room in _ROOMS)
    return sorted([*package.glob("*.py"), *(f for room in rooms for f in room.rglob("*.py"))])
