"""Parcels sent: each paper to each address once, whatever breaks off in between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from pipeline.gate import Known
from pipeline.model.papers import private_folder
from pipeline.send.addresses import AddressBook, Server
from pipeline.send.ledger import (
    ACCEPTED,
    PREPARED,
    SENDING,
    STATES,
    Ledger,
    Line,
    last_of_each,
)
from pipeline.send.mails import (
    Attachment,
    Withheld,
    attachments_of,
    correction,
    message,
    split,
)
from pipeline.send.parcels import LETTER, Document, Parcel
from pipeline.send.posting import Answer, Unreachable, limit_of, post

DRAFTS = "寄件"

DONE, TO_SEND, UNKNOWN, NO_ADDRESS, HELD = "done", "to_send", "unknown", "no_address", "held"


@dataclass(frozen=True)
class Plan:
    """What is to be done for one parcel and one address ('' for a draft)."""

    parcel: Parcel
    address: str
    state: str
    version: int
    before: Line | None  # the last version that arrived, or may have
    papers: tuple[str, ...]  # still to go

    @property
    def edited(self) -> tuple[Document, ...]:
        """The papers still to go that somebody has changed since they were delivered."""
        return tuple(d for d in self.parcel.documents if d.edited and d.name in self.papers)


def plan(parcels: Iterable[Parcel], ledger: Iterable[Line], book: AddressBook) -> list[Plan]:
    """For every parcel and address: sent already, to be sent, not known, or without an address."""
    lines = last_of_each(ledger)
    return [
        _plan(parcel, address, lines)
        for parcel in parcels
        for address in (book.addresses(parcel.recipient) if book.server else ()) or ("",)
    ]


def _plan(parcel: Parcel, address: str, lines: list[Line]) -> Plan:
    mine = [
        line
        for line in lines
        if (line.period, line.recipient) == (parcel.period, parcel.recipient)
        and line.address == address
    ]
    digests = parcel.digests
    version = _version(digests, mine)
    earlier = [ln for ln in mine if ln.version < version and ln.event in (ACCEPTED, SENDING)]
    before = max(earlier, key=lambda ln: (ln.version, ln.n), default=None)
    arrived = {
        n for ln in mine if ln.version == version and ln.event == ACCEPTED for n in ln.documents
    }
    papers = tuple(name for name in digests if name not in arrived)
    made = Plan(parcel, address, TO_SEND, version, before, papers)
    if any(line.event == SENDING for line in mine):
        return replace(made, state=UNKNOWN)
    if not papers:
        return replace(made, state=DONE)
    return made if address else replace(made, state=NO_ADDRESS)


def _version(digests: dict[str, str], mine: list[Line]) -> int:
    """The number under which these papers went, or the next one."""
    arrived = [line for line in mine if line.event in (ACCEPTED, SENDING)]
    newest = max((line.version for line in arrived), default=0)
    parts = [line for line in arrived if line.version == newest]
    same = all(digests.get(name) == sha for line in parts for name, sha in line.documents.items())
    return newest if parts and same else newest + 1


@dataclass(frozen=True)
class Outcome:
    """What became of one plan, for the clerk."""

    plan: Plan
    state: str
    text: str


def send_all(
    plans: Iterable[Plan],
    ledger: Ledger,
    book: AddressBook,
    known: Known,
    now: Callable[[], datetime],
    report: Callable[[Outcome], None],
    *,
    edited: bool = False,
) -> list[Outcome]:
    """Sends what is to be sent, one recipient after the other; a refused one costs itself only.

    edited: papers that somebody changed since they were delivered go as they are.
    Raises Unreachable where the server cannot be used at all; nothing was sent then. Where it goes
    away in the middle, the outcomes of those who are left say so.
    """
    todo = [p for p in plans if p.state == TO_SEND]
    if not todo or book.server is None:
        return []
    password = book.password()
    try:
        most = limit_of(book.server, password)
    except Unreachable as fault:
        raise Unreachable(f"什么也没有发：{fault.message}") from None
    outcomes = []
    gone = ""
    for one in todo:
        try:
            if gone:
                raise Withheld(gone)
            outcome = _send(one, ledger, book, book.server, password, most, known, now, edited)
        except Unreachable as fault:
            gone = f"没有发，服务器中途用不了了：{fault.message}"
            outcome = Outcome(one, HELD, gone)
        except Withheld as fault:
            outcome = Outcome(one, HELD, str(fault))
        report(outcome)
        outcomes.append(outcome)
    return outcomes


def _send(
    one: Plan,
    ledger: Ledger,
    book: AddressBook,
    server: Server,
    password: str,
    most: int,
    known: Known,
    now: Callable[[], datetime],
    edited: bool,
) -> Outcome:
    key = book.key(one.parcel.recipient)
    attachments = attachments_of(
        one.parcel, one.papers, key, known, lock=book.lock(one.parcel.recipient), edited=edited
    )
    mails = split(attachments, most)
    answer = Answer(ACCEPTED, "")
    for number, part in enumerate(mails, 1):
        line = _line(one, part, key)
        mark = f"（{number}/{len(mails)}）" if len(mails) > 1 else ""
        heads = {
            "From": server.sender,
            "To": one.address,
            "Date": format_datetime(now()),
            "Message-ID": line.message_id,
        }
        body = correction(one.parcel, one.version, one.before) + one.parcel.body
        mail = message(one.parcel.subject + mark, body, part, heads)
        line = replace(line, message_sha256=hashlib.sha256(mail).hexdigest())
        ledger.append(replace(line, event=PREPARED))
        answer = post(server, password, one.address, mail, _begins(ledger, line))
        if answer.state != SENDING:
            ledger.append(replace(line, event=answer.state, answer=answer.text))
        if answer.state != ACCEPTED:
            break
    return Outcome(one, answer.state, f"{STATES[answer.state]}：{answer.text}")


def _begins(ledger: Ledger, line: Line) -> Callable[[], object]:
    return lambda: ledger.append(replace(line, event=SENDING))


def _line(one: Plan, part: list[Attachment], key: bytes | None) -> Line:
    """What the ledger says of one mail; its id is the same however often it is tried."""
    papers = [name for a in part for name in a.papers] or [LETTER]
    documents = {name: one.parcel.digests[name] for name in papers}
    said = f"{one.parcel.period} {one.parcel.recipient} {one.address} {one.version} {sorted(documents.items())}"
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    clear = one.parcel.in_clear if key is None and any(a.may_hold for a in part) else ""
    return Line(
        event=PREPARED, period=one.parcel.period, recipient=one.parcel.recipient,
        address=one.address, version=one.version, documents=documents,
        message_id=f"<{digest}@pipeline.invalid>", in_clear=clear,
        replaces=one.before.version if one.before else 0, figures=dict(one.parcel.figures),
        edited={d.name: d.delivered for d in one.edited if d.name in documents},
    )  # fmt: skip


def draft_of(outbox: Path, period: str, recipient: str, shown: str) -> Path:
    """Where the draft for somebody without an address lies, once it is written."""
    name = f"{recipient}_{shown}" if recipient != shown and recipient.isdigit() else recipient
    return outbox / DRAFTS / period / f"{name}.eml"


def write_drafts(
    plans: Iterable[Plan],
    outbox: Path,
    book: AddressBook,
    known: Known,
    *,
    edited: bool = False,
) -> list[Outcome]:
    """寄件/<period>/<recipient>.eml for who has no address: whole, locked, searched, to be sent by hand."""
    outcomes = []
    for one in plans:
        if one.state != NO_ADDRESS:
            continue
        file = draft_of(outbox, one.parcel.period, one.parcel.recipient, one.parcel.shown)
        try:
            recipient = one.parcel.recipient
            attachments = attachments_of(
                one.parcel, one.papers, book.key(recipient), known, lock=book.lock(recipient), edited=edited,
            )  # fmt: skip
        except Withheld as fault:
            outcomes.append(Outcome(one, HELD, str(fault)))
            continue
        mail = message(one.parcel.subject, one.parcel.body, attachments, {"X-Unsent": "1"})
        private_folder(file.parent)
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(mail)
        outcomes.append(Outcome(one, NO_ADDRESS, f"地址簿里没有它的邮箱，草稿在 {file}"))
    return outcomes
