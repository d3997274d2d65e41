"""What a mail says: all heads, all bodies, whatever is attached, and what stands between."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import Message

from pipeline.gate.pieces import Inner, Piece, by_line, text_of, within


def of_mail(content: bytes, inner: Inner) -> Iterator[Piece]:
    """Every text of a mail, decoded as its heads say and as its bytes look."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    for part in mail.walk():
        for (name, value), (_, raw) in zip(part.items(), part.raw_items(), strict=True):
            yield Piece(f"邮件头 {name}", f"{value}\n{_as_bytes_say(raw)}")
        for between in (part.preamble, part.epilogue):
            if between:
                yield Piece("邮件各部分之间", _as_bytes_say(between))
        if not part.is_multipart():
            yield from _of_body(part, inner)


def _as_bytes_say(raw: object) -> str:
    """A text that the parser took from bytes as they were."""
    return text_of(str(raw).encode("utf-8", "surrogateescape"))


def _of_body(part: Message, inner: Inner) -> Iterator[Piece]:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    if name := part.get_filename():
        yield from within(f"附件“{name}”内的", inner(name, raw))
        return
    if part.get_content_maintype() != "text":
        yield from within("邮件正文", inner("正文.bin", raw))
        return
    suffix = ".html" if part.get_content_subtype() == "html" else ".txt"
    yield from within("邮件正文", inner(f"正文{suffix}", raw))
    declared = part.get_content_charset()
    try:
        text = raw.decode(declared or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return
    if text != text_of(raw):
        yield by_line("邮件正文", text)
