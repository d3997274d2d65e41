"""A mail (.eml): opens in Outlook, Foxmail and Thunderbird with its attachments in place."""

from __future__ import annotations

import binascii
import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

_TYPES = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".pdf": ("application", "pdf"),
}
UNSENT: Mapping[str, str] = {"X-Unsent": "1"}
_LINE, _CHUNK = 76, 57 * 16_384  # 57 bytes make one line of 76 characters


def write_draft(
    stream: BinaryIO,
    subject: str,
    body: str,
    attachments: Sequence[tuple[str, Path]],
    heads: Mapping[str, str] = UNSENT,
) -> None:
    """A mail, written as it is made; no sender and no address is invented.

    Attachments are (name to show, file). `heads`: what else its head says (From, To, Date …); by
    default that it is unsent, so that Outlook opens it for editing, with a Send button.
    """
    boundary = f"=_{hashlib.sha256(body.encode()).hexdigest()[:40]}"  # `_` never stands in base64
    head = [
        f'Content-Type: multipart/mixed; boundary="{boundary}"',
        "MIME-Version: 1.0",
        f"Subject: {Header(_one_line(subject), 'utf-8').encode(maxlinelen=75)}",
        *(f"{name}: {_ascii(value)}" for name, value in heads.items()),
        "",
        f"--{boundary}",
        MIMEText(body, "plain", "utf-8").as_string(),
    ]
    stream.write(_lines("\n".join(head)))
    for name, file in attachments:
        stream.write(_lines(f"\n--{boundary}\n{_head(name)}\n\n"))
        for lines in _base64(file):
            stream.write(lines)
    stream.write(_lines(f"\n--{boundary}--\n"))


def _one_line(text: str) -> str:
    """A text for the head of a mail: a line break in it would begin another head."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)


def _ascii(text: str) -> str:
    line = _one_line(text)
    return line if line.isascii() else Header(line, "utf-8").encode(maxlinelen=75)


def _head(name: str) -> str:
    """The name in both spellings: RFC 2231 in one piece for new programs, RFC 2047 for old ones."""
    name = _one_line(name)
    suffix = name[name.rfind(".") :].lower()
    kind = MIMEBase(*_TYPES.get(suffix, ("application", "octet-stream")))["Content-Type"]
    old = Header(name, "utf-8").encode(maxlinelen=0).replace("\n", "")
    return "\n".join(  # not refolded: a name cut in two is what common mail programs show as garbage
        [
            f'Content-Type: {kind}; name="{old}"',
            "MIME-Version: 1.0",
            "Content-Transfer-Encoding: base64",
            f"Content-Disposition: attachment; filename=\"{old}\"; filename*=UTF-8''{quote(name, safe='')}",
        ]
    )


def _lines(text: str) -> bytes:
    return text.encode("ascii").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _base64(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            text = binascii.b2a_base64(chunk, newline=False)
            lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
            yield b"\r\n".join([*lines, b""])
