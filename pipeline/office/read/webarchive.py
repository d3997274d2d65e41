"""Web archives (mht): pages in one file, each packed as a part of a mail."""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator

_BOUNDARY = re.compile(rb'boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_BEGINS = re.compile(rb"\s*(?:mime-version|content-type|from|subject|date)\s*:", re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_PAGE = re.compile(rb"content-type\s*:\s*text/html", re.IGNORECASE)
_PACKED = re.compile(rb"content-transfer-encoding\s*:\s*([\w-]+)", re.IGNORECASE)
_HEAD = 4_000  # bytes in which a mail says what it is


def pages_in(content: bytes) -> tuple[bytes, ...]:
    """The web pages of an archive, in order; nothing where the bytes are no web archive."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    head = content[:_HEAD]
    if not _BEGINS.match(head):
        return ()
    boundary = _BOUNDARY.search(head)
    if boundary is None:
        return tuple(_pages([content]))
    return tuple(_pages(content.split(b"--" + (boundary[1] or boundary[2]))[1:]))


def _pages(parts: list[bytes]) -> Iterator[bytes]:
    for part in parts:
        blank = _BLANK.search(part.lstrip(b"\r\n"))
        head = part.lstrip(b"\r\n")[: blank.start()] if blank else b""
        if blank and _PAGE.search(head[:_HEAD]):
            yield _unpacked(part.lstrip(b"\r\n")[blank.end() :], _PACKED.search(head[:_HEAD]))


def _unpacked(body: bytes, packed: re.Match[bytes] | None) -> bytes:
    how = packed[1].lower() if packed else b""
    if how == b"quoted-printable":
        return quopri.decodestring(body)
    if how == b"base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            return b""
    return body
