"""The versions of a month that agencies have: kept beside the outbox's months, so that a later one can be held against them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.ask import Delivered
from pipeline.model.papers import private_folder
from pipeline.programme import Programme
from pipeline.send.ledger import ACCEPTED, Line, last_of_each, read_ledger

KEPT = ".sent"
_FILES = ("figures.csv", "targets.csv", "rows.parquet", "bridge_rows.parquet", "run.json")


@dataclass(frozen=True)
class Sent:
    """What was sent last, to whom and when (a day, 2018-12-01); `month` is None where it is not kept."""

    month: Delivered | None
    recipients: tuple[str, ...]
    day: str


def keep_sent(outbox: Path, month: Delivered) -> None:
    """Keeps the tables of a month that is about to be sent. They are those of the outbox itself where the
    disk can, so that they cost no room until the month is made anew."""
    receipt = (month.folder / "data" / "run.json").read_bytes()
    folder = outbox / KEPT / month.period / hashlib.sha256(receipt).hexdigest()[:16] / "data"
    private_folder(folder)
    for name in _FILES:
        source, kept = month.table(name), folder / name
        if not kept.exists():
            try:
                os.link(source, kept)
            except OSError:
                shutil.copyfile(source, kept)
                kept.chmod(source.stat().st_mode & 0o777)


def last_sent(outbox: Path, period: str, programme: Programme) -> Sent | None:
    """What agencies were sent last of a period, by the ledger; None where nothing was.

    Raises Stop where the ledger was tampered with.
    """
    names = {agency.name for agency in programme.agencies}
    arrived = [
        line
        for line in last_of_each(read_ledger(outbox))
        if (line.period, line.event) == (period, ACCEPTED) and line.recipient in names
    ]
    if not arrived:
        return None
    newest = max(arrived, key=lambda line: line.n)
    same = [line for line in arrived if _alike(line, newest)]
    recipients = tuple(name for name in sorted(names) if name in {line.recipient for line in same})
    return Sent(version_sent(outbox, newest), recipients, newest.at[:10])


def version_sent(outbox: Path, line: Line) -> Delivered | None:
    """The kept version that a line of the ledger is about; None where it is not kept."""
    kept = (outbox / KEPT / line.period).glob("*/data/run.json")
    return _of(line, sorted(kept), line.period)


def _alike(line: Line, other: Line) -> bool:
    return line.figures == other.figures and line.at[:10] == other.at[:10]


def _of(line: Line, receipts: Iterable[Path], period: str) -> Delivered | None:
    """The kept version whose papers these were."""
    for file in receipts:
        receipt = json.loads(file.read_text(encoding="utf-8"))
        written = {entry["sha256"] for entry in receipt["outputs"]}
        # a paper that somebody edited is known by what it was before
        if {line.edited.get(name, sha) for name, sha in line.documents.items()} <= written:
            return Delivered(period, file.parent.parent, receipt)
    return None
