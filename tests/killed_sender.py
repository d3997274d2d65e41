"""A sender in a process of its own, killed by the system at whatever step it is told to, or held there."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from post_office import PASSWORD, USER

from pipeline.gate import Known
from pipeline.send import (
    AddressBook,
    Document,
    Parcel,
    Recipient,
    Server,
    held_ledger,
    plan,
    send_all,
)

PERIOD = "2018-11"
RECIPIENTS = {"甲": "cl@pc.jl.gov.cn", "乙": "fl@pc.jl.gov.cn"}
_PROCESSES = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Office:
    """What one sending needs: where the ledger lies, the papers, the server."""

    outbox: Path
    papers: Path
    port: int

    def parcels(self) -> list[Parcel]:
        made = []
        for name in RECIPIENTS:
            file = self.papers / f"{name}.txt"
            file.write_bytes(b"454 of 500")
            sha = hashlib.sha256(file.read_bytes()).hexdigest()
            papers = (Document("附件1.txt", file, sha), Document("附件2.txt", file, sha))
            made.append(Parcel(PERIOD, name, name, "主题", "正文\n", papers))
        return made

    def book(self) -> AddressBook:
        os.environ["LOOPBACK_PASSWORD"] = PASSWORD
        server = Server(
            "127.0.0.1", "cc@pc.jl.gov.cn", self.port, user=USER, password_env="LOOPBACK_PASSWORD",
            ca_file=str(self.papers / "server.crt"), timeout=20,
        )  # fmt: skip
        return AddressBook(
            self.papers, server, {n: Recipient(n, (a,)) for n, a in RECIPIENTS.items()}
        )

    def send(self) -> list[str]:
        """Sends what is to be sent; of whom it is not known whether she has it."""
        parcels, book = self.parcels(), self.book()
        with held_ledger(self.outbox, lambda: "2018-12-01T08:00:00+08:00") as ledger:
            plans = plan(parcels, ledger.lines, book)
            send_all(plans, ledger, book, Known(), lambda: datetime.now(UTC), lambda o: None)
            return [p.parcel.recipient for p in plans if p.state == "unknown"]


def _stepped(at_step: Callable[[], None]) -> None:
    """Before every write to the disk and every word to the server is a step, and one behind every
    answer; of a line of the ledger there is a step at half of it."""

    def around(owner: Any, name: str, *, behind: bool = False) -> None:
        real = getattr(owner, name)

        def watched(*args: Any, **words: Any) -> Any:
            at_step()
            result = real(*args, **words)
            if behind:
                at_step()
            return result

        setattr(owner, name, watched)

    whole = os.write

    def in_halves(handle: int, content: bytes) -> int:
        written = whole(handle, content[: len(content) // 2])
        at_step()
        return written + whole(handle, content[written:])

    os.write = in_halves  # type: ignore[assignment]
    around(os, "fsync")
    for name in ("mail", "rcpt", "send", "getreply"):
        around(smtplib.SMTP, name, behind=name == "getreply")


def _life(office: Office, fatal: int, speaks: Connection) -> None:
    steps = 0

    def at_step() -> None:
        nonlocal steps
        steps += 1
        if steps == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    _stepped(at_step)
    office.send()
    speaks.send(steps)


def killed_at(office: Office, step: int) -> int | None:
    """Sends in a process that is killed at that step: None. Where it ends before, its steps."""
    hears, speaks = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=_life, args=(office, step, speaks))
    process.start()
    speaks.close()
    process.join()
    if process.exitcode == -signal.SIGKILL:
        return None
    assert process.exitcode == 0
    return int(hears.recv())


def _held_life(office: Office, speaks: Connection, hears: Connection) -> None:
    real = smtplib.SMTP.mail

    def held(*args: Any, **words: Any) -> Any:
        speaks.send("in the middle")
        hears.recv()
        smtplib.SMTP.mail = real  # type: ignore[method-assign]
        return real(*args, **words)

    smtplib.SMTP.mail = held  # type: ignore[method-assign]
    office.send()


class HeldSender:
    """A process in the middle of sending, until it is let go."""

    def __init__(self, office: Office) -> None:
        self._hears, speaks = _PROCESSES.Pipe(duplex=False)
        hears, self._speaks = _PROCESSES.Pipe(duplex=False)
        self._process = _PROCESSES.Process(target=_held_life, args=(office, speaks, hears))
        self._process.start()
        self._hears.recv()

    def let_go(self) -> int | None:
        self._speaks.send("go on")
        self._process.join()
        return self._process.exitcode
