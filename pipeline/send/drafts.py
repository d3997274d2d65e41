"""寄件/<period>/<recipient>.eml for who has no address: locked, searched, to be sent by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pipeline.gate import Known
from pipeline.model.papers import private_folder
from pipeline.send.addresses import AddressBook
from pipeline.send.dispatch import HELD, NO_ADDRESS, Outcome, Plan
from pipeline.send.mails import Attachment, Unlocked, Withheld, attachments_of, message

DRAFTS = "寄件"


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
    """A draft for every plan without an address, for its owner only. What would have to be locked and
    cannot is left out of it, and said in it."""
    return [_draft(one, outbox, book, known, edited) for one in plans if one.state == NO_ADDRESS]


def _draft(one: Plan, outbox: Path, book: AddressBook, known: Known, edited: bool) -> Outcome:
    parcel = one.parcel
    file = draft_of(outbox, parcel.period, parcel.recipient, parcel.shown)
    body, state, text = one.parcel.body, NO_ADDRESS, "地址簿里没有它的邮箱，草稿在"
    try:
        attachments = _attached(one, one.papers, book, known, edited)
    except Unlocked as fault:
        kept = [n for n in one.papers if n not in fault.papers]
        body += f"\n（本草稿未带附件：{'、'.join(fault.papers)}。它们含个人信息，须加密后寄送）\n"
        state, text = HELD, f"{fault}草稿没有带它们，在"
        try:
            attachments = _attached(one, kept, book, known, edited)
        except Withheld as other:
            return Outcome(one, HELD, str(other))
    except Withheld as fault:
        return Outcome(one, HELD, str(fault))
    mail = message(one.parcel.subject, body, attachments, {"X-Unsent": "1"})
    private_folder(file.parent)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(mail)
    return Outcome(one, state, f"{text} {file}")


def _attached(
    one: Plan, papers: Iterable[str], book: AddressBook, known: Known, edited: bool
) -> list[Attachment]:
    name = one.parcel.recipient
    return attachments_of(
        one.parcel, papers, book.key(name), known, lock=book.lock(name), edited=edited
    )
