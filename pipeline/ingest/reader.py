"""How files are read: here, or in worker processes with what was read before kept in a cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType

from pipeline import __version__
from pipeline.cache import Cache
from pipeline.ingest.files import read_file, unreadable
from pipeline.limits import LIMITS, Limits
from pipeline.model import Reading, Submission
from pipeline.office.read import Unreadable
from pipeline.programme import Programme
from pipeline.workers import Apart, Died

Read = Callable[[Iterable[Submission]], Iterable[Reading]]
_PRELOAD = ("pipeline.ingest", "python_calamine", "openpyxl", "xlrd", "lxml.etree")


def reading_here(
    programme: Programme, passwords: Iterable[str] = (), limits: Limits = LIMITS
) -> Read:
    """Reads in this very process: for tests, and where nothing strange is to be feared."""
    task = partial(read_file, programme=programme, passwords=tuple(passwords), limits=limits)
    return partial(map, task)


class ReadingApart:
    """Reads in worker processes, and only what no cache holds; use it in a with statement.

    `cache` is the folder for what was read, or None to keep nothing.
    """

    def __init__(
        self,
        programme: Programme,
        passwords: Iterable[str] = (),
        limits: Limits = LIMITS,
        cache: Path | None = None,
    ) -> None:
        self._programme, self._passwords, self._limits = programme, tuple(passwords), limits
        task = partial(_without_content, programme, self._passwords, limits)
        self._apart: Apart[Submission, Reading] = Apart(task, limits, _PRELOAD)
        version = hashlib.sha256(
            "\n".join([__version__, _CODE, programme.digest, programme.gazetteer.top]).encode()
        ).hexdigest()
        self._cache = Cache(cache, version[:32]) if cache else None

    def __enter__(self) -> ReadingApart:
        self._apart.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._apart.__exit__(kind, fault, at)

    def __call__(self, files: Iterable[Submission]) -> Iterator[Reading]:
        """One reading a file, in any order."""
        kept: list[Reading] = []
        for file, outcome in self._apart(self._unknown(files, kept)):
            yield from _emptied(kept)
            if isinstance(outcome, Died):  # not kept: a busy machine must not condemn a file
                code = "F05" if outcome.over_limits else "F01"
                yield unreadable(file, self._programme, Unreadable(code, outcome.reason))
                continue
            if self._cache:
                self._cache.put(self._key(file), outcome)
            yield replace(outcome, submission=file)
        yield from _emptied(kept)

    def _unknown(self, files: Iterable[Submission], kept: list[Reading]) -> Iterator[Submission]:
        """The files no cache holds; the readings of the others are laid into `kept`."""
        for file in files:
            found = self._cache.get(self._key(file)) if self._cache else None
            if isinstance(found, Reading):
                kept.append(replace(found, submission=file))
            else:
                yield file

    def _key(self, file: Submission) -> str:
        """All that a reading follows from, besides the version and the programme."""
        parts = (file.sha256, file.path, file.folder_period, file.fault)
        return hashlib.sha256(
            "\0".join([*parts, repr(self._limits), *self._passwords]).encode()
        ).hexdigest()


def _emptied(kept: list[Reading]) -> Iterator[Reading]:
    while kept:
        yield kept.pop(0)


def _without_content(
    programme: Programme, passwords: tuple[str, ...], limits: Limits, file: Submission
) -> Reading:
    """The reading without the file's bytes, which need not travel back."""
    reading = read_file(file, programme, passwords, limits)
    return replace(reading, submission=replace(file, content=b""))


def _digest_of_code() -> str:
    """One digest over the reader's own source: a changed reader reads all again."""
    package = Path(__file__).resolve().parent.parent
    rooms = ("ingest", "office", "programme", "model")
    files = [*package.glob("*.py"), *(f for room in rooms for f in package.glob(f"{room}/**/*.py"))]
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(file.read_bytes())
    return whole.hexdigest()


_CODE = _digest_of_code()
