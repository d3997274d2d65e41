"""What is attached to a mail, and web pages that Excel has packed like one (.mht).

Mails come from anywhere: headers are read lazily and no further than any honest one reaches, for what
reads them whole takes time that grows with the square of their length.
"""

from __future__ import annotations

import email
import email.header
import email.policy
import re
from collections.abc import Iterator
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
)
from email.message import Message
from typing import Any, NamedTuple

_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}", re.MULTILINE)
_CUT_SHORT = (
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
)
_RAW_NAME = re.compile(r"\b(?:file)?name\s*=\s*\"?([^\";\r\n]+)", re.IGNORECASE)
_NARROW = ("gb2312", "gbk", "gb_2312-80")
_WESTERN = ("iso-8859-1", "latin-1", "latin1", "us-ascii", "windows-1252", "cp1252")
_LONGEST = 4096  # characters of a header
_HEADERS_END = 1024 * 1024  # bytes: sixty counties in copy, each hop with its signatures
_MAILBOX_LINE = re.compile(rb"^From [^\r\n]{1,200}\d{4}[^\r\n]{0,40}\r?\n", re.MULTILINE)
_ONLY_A_SUFFIX = re.compile(r"\.\w{1,5}")
_OF_PARTS = ("content-type", "content-disposition", "content-transfer-encoding", "content-location")


class Attachment(NamedTuple):
    """One part of a mail; `whole` is False where it did not arrive in full."""

    name: str
    content: bytes
    whole: bool


def is_mail(content: bytes) -> bool:
    """Mail headers at the very start, one of them of MIME."""
    match = _HEADERS.match(content[:_HEADERS_END].lstrip(b"\xef\xbb\xbf\r\n"))
    return bool(match and re.search(rb"(?im)^(mime-version|content-type):", match[0]))


def mails_of(content: bytes) -> list[bytes]:
    """The mails of a mailbox (mbox, RFC 4155), as programs export a folder; nothing of anything else."""
    first = _MAILBOX_LINE.match(content[:_LONGEST])
    if not first or not is_mail(content[first.end() :]):
        return []
    return _MAILBOX_LINE.split(content)[1:]


def attachments(content: bytes) -> list[Attachment]:
    """What is attached, mails within the mail included; raises anything where it is damaged."""
    mail = _parsed(content)
    cut = any(isinstance(d, CloseBoundaryNotFoundDefect) for p in mail.walk() for d in p.defects)
    parts = list(_attached(mail))
    found = []
    for name, part in parts:
        payload = part.get_payload(decode=True)
        broken = part.get_content_maintype() == "multipart" or any(  # whose parts are not found
            isinstance(d, _CUT_SHORT) for d in part.defects
        )
        last = part is parts[-1][1]
        if isinstance(payload, bytes):
            found.append(Attachment(name, payload, not broken and not (cut and last)))
    return found


def packed_pages(content: bytes) -> list[Attachment]:
    """The pages with tables of a web archive, as Excel saves 单个文件网页; nothing of a plain mail."""
    found = []
    for part in _parsed(content).walk():
        place = str(part.get("Content-Location", ""))
        if part.get_content_type() != "text/html" or not place:
            continue
        page = part.get_payload(decode=True)
        if isinstance(page, bytes) and re.search(rb"<table[ >]", page, re.IGNORECASE):
            found.append(Attachment(re.split(r"[/\\]", place)[-1], page, whole=True))
    return found


class _Bounded(email.policy.Compat32):
    """Headers as they came, of sane length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and raw value of a header; only those of parts are kept at any length at all."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST].rstrip() if name.lower() in _OF_PARTS else value[:80]


def _parsed(content: bytes) -> Message[Any, Any]:
    return email.message_from_bytes(content, policy=_Bounded())


def _attached(mail: Message[Any, Any]) -> Iterator[tuple[str, Message[Any, Any]]]:
    """Every part that is a file: named, or neither text nor a picture within the text. Where there is
    none, the pictures within the text are what was filed."""
    files = list(_files(mail))
    yield from files or _pictures(mail)


def _pictures(mail: Message[Any, Any]) -> Iterator[tuple[str, Message[Any, Any]]]:
    for number, part in enumerate(mail.walk()):
        if not part.is_multipart() and part.get_content_maintype() == "image":
            yield _name(part) or f"图片{number}", part


def _files(mail: Message[Any, Any]) -> Iterator[tuple[str, Message[Any, Any]]]:
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            continue
        inline = part.get_content_disposition() != "attachment"
        kind = part.get_content_maintype()
        name = _name(part)
        packed = kind == "text" and part.get("Content-Location")  # a page of a web archive
        if packed or (inline and (kind == "image" or (kind == "text" and not name))):
            continue
        yield (
            f"附件{number}{name}" if _ONLY_A_SUFFIX.fullmatch(name) else name or f"附件{number}",
            part,
        )


def _name(part: Message[Any, Any]) -> str:
    """The part's file name; some mail programs in China write it in bare GBK bytes."""
    for header, value in part.raw_items():
        if header.lower() not in ("content-disposition", "content-type"):
            continue
        raw = str(value).encode("utf-8", errors="surrogateescape")
        if not raw.isascii() and (match := _RAW_NAME.search(_decoded(raw))):
            return match[1].strip()
    name = part.get_param("filename", None, "content-disposition") or part.get_param("name")
    if isinstance(name, tuple):  # of RFC 2231: label, language, bytes as characters
        return _labelled(name[2].encode("raw-unicode-escape"), name[0]).strip()
    return "".join(_words(name or "")).strip()


def _words(name: str) -> Iterator[str]:
    """A name out of its encoded words (RFC 2047), which stand in quotes where they should not."""
    for word, charset in email.header.decode_header(name):
        if isinstance(word, str):
            yield word
        else:
            yield _labelled(word, charset)


def _labelled(name: bytes, charset: str | None) -> str:
    """A name by the label it bears: gb2312 is called what is GBK as often as not, and iso-8859-1 what a
    program wrote that did not know better."""
    label = (charset or "").lower()
    if label in _WESTERN and not name.isascii():
        return _decoded(name)
    try:
        return name.decode("gb18030" if label in _NARROW else label or "ascii")
    except (LookupError, UnicodeDecodeError):
        return _decoded(name)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
