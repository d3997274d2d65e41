"""发送记录.jsonl: who was sent what and what the server answered; only ever appended to.

A line is on the disk before what it speaks of begins; each carries the digest of the line before it.
Lines of one paper to one address: prepared → sending → accepted | deferred | refused. A `sending`
without an answer is not known to have arrived, and a person must say (see `settle`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.model.stop import Stop

LEDGER = "发送记录.jsonl"
_LAST = ".发送记录.last"  # the last line's hash: whole lines cut off behind would break no chain
_LOCK = ".sending.lock"
PREPARED, SENDING, ACCEPTED = "prepared", "sending", "accepted"
DEFERRED, REFUSED = "deferred", "refused"
STATES: Mapping[str, str] = {
    PREPARED: "已备好，未发", SENDING: "不明", ACCEPTED: "已发出", DEFERRED: "对方要求稍后再发",
    REFUSED: "被退",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One event. `documents`: name → sha256 of each paper as it lies in the outbox."""

    event: str
    period: str
    recipient: str
    address: str
    version: int
    documents: Mapping[str, str]
    message_id: str = ""
    message_sha256: str = ""
    answer: str = ""
    replaces: int = 0
    in_clear: str = ""  # why personal data went without a key
    figures: Mapping[str, str] = field(default_factory=dict)
    edited: Mapping[str, str] = field(
        default_factory=dict
    )  # name → sha256 before a person edited it
    at: str = ""
    n: int = 0
    prev: str = ""
    hash: str = ""


def _digest(line: Mapping[str, Any]) -> str:
    """What the hash of a line must be, over all that it says as it lies in the file."""
    held = {k: v for k, v in line.items() if k != "hash"}
    text = json.dumps(held, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Ledger:
    """The ledger while one command holds it."""

    def __init__(self, file: Path, lines: list[Line], now: Callable[[], str]) -> None:
        self.file, self.lines, self._now = file, lines, now

    def append(self, line: Line) -> Line:
        """Writes one more line and waits until the disk has it."""
        prev = self.lines[-1].hash if self.lines else ""
        line = replace(line, n=len(self.lines) + 1, prev=prev, at=self._now(), hash="")
        line = replace(line, hash=_digest(asdict(line)))
        text = json.dumps(asdict(line), ensure_ascii=False, sort_keys=True) + "\n"
        fresh = not self.file.exists()
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, text.encode("utf-8"))
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh:
            _sync_folder(self.file.parent)
        self._note_last(line.hash)
        self.lines.append(line)
        return line

    def _note_last(self, digest: str) -> None:
        last = self.file.with_name(_LAST)
        fresh = last.with_name(f"{_LAST}.new")
        fresh.write_text(digest, encoding="ascii")
        fresh.chmod(0o600)
        fresh.replace(last)

    def unanswered(self, period: str, recipient: str) -> list[Line]:
        """The mails of which nobody knows whether they arrived: begun, and no answer behind."""
        return [
            line
            for line in last_of_each(self.lines)
            if (line.period, line.recipient, line.event) == (period, recipient, SENDING)
        ]

    def settle(self, period: str, recipient: str, arrived: bool) -> int:
        """A person's word on every mail of which nothing is known; how many there were."""
        open_ones = self.unanswered(period, recipient)
        word = "人工认定：对方已收到" if arrived else "人工认定：对方没有收到"
        for line in open_ones:
            self.append(replace(line, event=ACCEPTED if arrived else REFUSED, answer=word))
        return len(open_ones)


@contextmanager
def held_ledger(outbox: Path, now: Callable[[], str]) -> Iterator[Ledger]:
    """The ledger, for one command at a time.

    Raises Stop where another one sends just now, or where the ledger was tampered with.
    """
    lock = FileLock(outbox / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise Stop("另一次发送还没有结束，请等它完成后再发") from None
    try:
        file = outbox / LEDGER
        _cut_torn(file)
        yield Ledger(file, list(read_ledger(outbox)), now)
    finally:
        lock.release()


def read_ledger(outbox: Path) -> tuple[Line, ...]:
    """All lines that are whole. Raises Stop where a byte was changed or lines were taken out."""
    file = outbox / LEDGER
    whole = file.read_bytes() if file.is_file() else b""
    raw = whole.split(b"\n")[:-1]  # behind the last line break stands what was never finished
    lines: list[Line] = []
    for number, text in enumerate(raw, 1):
        line = _read(text)
        prev = lines[-1].hash if lines else ""
        if line is None or line.n != number or line.prev != prev:
            raise _tampered(f"{file} 第 {number} 行与当初写下的不一样")
        lines.append(line)
    last = _noted_last(outbox)
    if last and last not in {line.hash for line in lines}:
        raise _tampered(f"{file} 比当初写下的少了后面的几行")
    return tuple(lines)


def _tampered(how: str) -> Stop:
    """What to do where the ledger is not what was written."""
    return Stop(
        f"{how}，不能再凭它判断发过没有，本次什么也不发。请从备份恢复这个文件；没有备份就逐家电话核实收到没有，"
        f"再把它改名保存、删去同一文件夹里的 {_LAST}，重新发送"
    )


def _noted_last(outbox: Path) -> str:
    """The hash of the last line that was written to its end; nothing where none is noted."""
    try:
        return (outbox / _LAST).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def last_of_each(lines: Iterable[Line]) -> list[Line]:
    """The newest line of every message."""
    newest: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        key = (line.period, line.recipient, line.address, line.version, *sorted(line.documents))
        newest.pop(key, None)
        newest[key] = line
    return list(newest.values())


def _read(text: bytes) -> Line | None:
    """One line; None where it is not what was written."""
    try:
        entry = json.loads(text)
        line = Line(**entry)
    except (ValueError, TypeError):
        return None
    same = json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() == text
    return line if same and _digest(entry) == line.hash else None


def _cut_torn(file: Path) -> None:
    """A line that a power cut left unfinished was never acted upon: it is cut away."""
    if not file.is_file():
        return
    whole = file.read_bytes()
    if whole and not whole.endswith(b"\n"):
        with file.open("r+b") as stream:
            stream.truncate(whole.rfind(b"\n") + 1)
            stream.flush()
            os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
