"""Parcels sent: each paper to each address once, whatever breaks off in between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime

from pipeline.gate import Known
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
    enclosures,
    message,
    split,
)
from pipeline.send.parcels import LETTER, Document, Parcel
from pipeline.send.posting import Answer, Unreachable, limit_of, post

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
    enclosed: Mapping[str, bytes] = field(default_factory=dict)  # by name: what says how it differs

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
        and line.address
        in (address, "")  # what went by hand has come, whatever address is known since
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


def record_by_hand(one: Plan, ledger: Ledger) -> int:
    """A person's word that the papers still to go went another way than by this program, from a draft
    or on paper: they are not sent again. Returns how many papers there were."""
    documents = {name: one.parcel.digests[name] for name in one.papers}
    if documents:
        ledger.append(
            Line(
                event=ACCEPTED, period=one.parcel.period, recipient=one.parcel.recipient,
                address="", version=one.version, documents=documents, answer="本单位自行寄送",
                replaces=one.before.version if one.before else 0, figures=dict(one.parcel.figures),
                edited={d.name: d.delivered for d in one.edited},
            )
        )  # fmt: skip
    return len(documents)


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
    sending = _Sending(ledger, book, book.server, password, most, known, now, edited)
    outcomes = []
    gone = ""
    for one in todo:
        try:
            if gone:
                raise Withheld(gone)
            outcome = sending.send(one)
        except Unreachable as fault:
            gone = f"没有发，服务器中途用不了了：{fault.message}"
            outcome = Outcome(one, HELD, gone)
        except Withheld as fault:
            outcome = Outcome(one, HELD, str(fault))
        report(outcome)
        outcomes.append(outcome)
    return outcomes


@dataclass(frozen=True)
class _Sending:
    """What all mails of one command have in common."""

    ledger: Ledger
    book: AddressBook
    server: Server
    password: str
    most: int
    known: Known
    now: Callable[[], datetime]
    edited: bool

    def send(self, one: Plan) -> Outcome:
        """The mails of one parcel to one address, until one is not accepted."""
        parcel = one.parcel
        key, lock = self.book.key(parcel.recipient), self.book.lock(parcel.recipient)
        attachments = [
            *attachments_of(parcel, one.papers, key, self.known, lock=lock, edited=self.edited),
            *enclosures(one.enclosed, self.known),
        ]
        mails = split(attachments, self.most)
        answer = Answer(ACCEPTED, "")
        for number, part in enumerate(mails, 1):
            line = _line(one, part, key, self.server)
            mark = f"（{number}/{len(mails)}）" if len(mails) > 1 else ""
            heads = {
                "From": self.server.sender,
                "To": one.address,
                "Date": format_datetime(self.now()),
                "Message-ID": line.message_id,
            }
            body = correction(parcel, one.version, one.before) + parcel.body
            mail = message(parcel.subject + mark, body, part, heads)
            line = replace(line, message_sha256=hashlib.sha256(mail).hexdigest())
            self.ledger.append(replace(line, event=PREPARED))
            answer = post(self.server, self.password, one.address, mail, _begins(self.ledger, line))
            if answer.state != SENDING:
                self.ledger.append(replace(line, event=answer.state, answer=answer.text))
            if answer.state != ACCEPTED:
                break
        return Outcome(one, answer.state, f"{STATES[answer.state]}：{answer.text}")


def _begins(ledger: Ledger, line: Line) -> Callable[[], object]:
    return lambda: ledger.append(replace(line, event=SENDING))


def _line(one: Plan, part: list[Attachment], key: bytes | None, server: Server) -> Line:
    """What the ledger says of one mail; its id is the same however often it is tried."""
    papers = [name for a in part for name in a.papers] if part else [LETTER]
    documents = {name: one.parcel.digests[name] for name in papers}
    identity = f"{one.parcel.period} {one.parcel.recipient} {one.address} {one.version} {sorted(documents.items())}"
    digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
    clear = one.parcel.in_clear if key is None and any(a.may_hold for a in part) else ""
    return Line(
        event=PREPARED, period=one.parcel.period, recipient=one.parcel.recipient,
        address=one.address, version=one.version, documents=documents,
        message_id=f"<{digest}@{server.sender.rpartition('@')[2]}>", in_clear=clear,
        replaces=one.before.version if one.before else 0, figures=dict(one.parcel.figures),
        edited={d.name: d.delivered for d in one.edited if d.name in documents},
    )  # fmt: skip
