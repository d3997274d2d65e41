"""What is attached to a mail, and web pages that Excel has packed like one (.mht)."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
)
from email.message import EmailMessage
from typing import NamedTuple

_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}", re.MULTILINE)
_CUT_SHORT = (
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
)
_RAW_NAME = re.compile(r"\b(?:file)?name\s*=\s*\"?([^\";\r\n]+)", re.IGNORECASE)


class Attachment(NamedTuple):
    """One part of a mail; `whole` is False where it did not arrive in full."""

    name: str
    content: bytes
    whole: bool


def is_mail(content: bytes) -> bool:
    """Mail headers at the very start, one of them of MIME."""
    match = _HEADERS.match(content[:65536].lstrip(b"\xef\xbb\xbf\r\n"))
    return bool(match and re.search(rb"(?im)^(mime-version|content-type):", match[0]))


def attachments(content: bytes) -> list[Attachment]:
    """What is attached, mails within the mail included; raises anything where it is damaged."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    cut = any(isinstance(d, CloseBoundaryNotFoundDefect) for p in mail.walk() for d in p.defects)
    parts = list(_attached(mail))
    found = []
    for name, part in parts:
        payload = part.get_payload(decode=True)
        broken = any(isinstance(d, _CUT_SHORT) for d in part.defects)
        last = part is parts[-1][1]
        if isinstance(payload, bytes):
            found.append(Attachment(name, payload, not broken and not (cut and last)))
    return found


def packed_pages(content: bytes) -> list[Attachment]:
    """The pages with tables of a web archive, as Excel saves 单个文件网页; nothing of a plain mail."""
    archive = email.message_from_bytes(content, policy=email.policy.default)
    found = []
    for part in archive.walk():
        place = str(part.get("Content-Location", ""))
        if part.get_content_type() != "text/html" or not place:
            continue
        page = part.get_payload(decode=True)
        if isinstance(page, bytes) and re.search(rb"<table[ >]", page, re.IGNORECASE):
            found.append(Attachment(re.split(r"[/\\]", place)[-1], page, whole=True))
    return found


def _attached(mail: EmailMessage) -> Iterator[tuple[str, EmailMessage]]:
    """Every part that is a file: named, or neither text nor a picture within the text."""
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            continue
        inline = part.get_content_disposition() != "attachment"
        kind = part.get_content_maintype()
        name = _name(part)
        packed = kind == "text" and part.get("Content-Location")  # a page of a web archive
        if packed or (inline and (kind == "image" or (kind == "text" and not name))):
            continue
        yield name or f"附件{number}", part


def _name(part: EmailMessage) -> str:
    """The part's file name; some mail programs in China write it in bare GBK bytes."""
    for header, value in part.raw_items():
        if header.lower() not in ("content-disposition", "content-type"):
            continue
        raw = str(value).encode("utf-8", errors="surrogateescape")
        if not raw.isascii() and (match := _RAW_NAME.search(_decoded(raw))):
            return match[1].strip()
    return part.get_filename() or ""


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
