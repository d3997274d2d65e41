"""What leaves the house: parcels from a delivered month, locked, searched, mailed once, written down."""

from pipeline.send.addresses import BOOK, AddressBook, Recipient, Server, read_addresses
from pipeline.send.dispatch import Outcome, Plan, plan, record_by_hand, send_all
from pipeline.send.drafts import write_drafts
from pipeline.send.edits import edited_in_words
from pipeline.send.ledger import (
    LEDGER,
    STATES,
    Ledger,
    Line,
    held_ledger,
    last_of_each,
    read_ledger,
)
from pipeline.send.mailings import Correspondent, Mailing, correspondence
from pipeline.send.mails import Withheld, attachments_of, correction
from pipeline.send.parcels import Document, Parcel, for_agencies, for_counties
from pipeline.send.posting import Answer, Unreachable, limit_of, post
from pipeline.send.retention import REMOVED, purge, purgeable
from pipeline.send.sent_page import write_sent_page
from pipeline.send.sent_versions import KEPT, Sent, keep_sent, last_sent, version_sent

__all__ = [
    "BOOK",
    "KEPT",
    "LEDGER",
    "REMOVED",
    "STATES",
    "AddressBook",
    "Answer",
    "Correspondent",
    "Document",
    "Ledger",
    "Line",
    "Mailing",
    "Outcome",
    "Parcel",
    "Plan",
    "Recipient",
    "Sent",
    "Server",
    "Unreachable",
    "Withheld",
    "attachments_of",
    "correction",
    "correspondence",
    "edited_in_words",
    "for_agencies",
    "for_counties",
    "held_ledger",
    "keep_sent",
    "last_of_each",
    "last_sent",
    "limit_of",
    "plan",
    "post",
    "purge",
    "purgeable",
    "read_addresses",
    "read_ledger",
    "record_by_hand",
    "send_all",
    "version_sent",
    "write_drafts",
    "write_sent_page",
]
