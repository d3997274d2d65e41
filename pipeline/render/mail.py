"""A mail draft (.eml): opens in Outlook, Foxmail and Thunderbird with its attachments in place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.generator import BytesGenerator
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from io import BytesIO
from urllib.parse import quote

_TYPES = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".pdf": ("application", "pdf"),
}


def draft(subject: str, body: str, attachments: Sequence[tuple[str, bytes]]) -> bytes:
    """An unsent mail. Attachments are (file name, bytes); no sender and no address is invented."""
    mail = MIMEMultipart("mixed")
    mark = hashlib.sha256(body.encode() + b"".join(c for _, c in attachments)).hexdigest()
    mail.set_boundary(f"=_{mark[:40]}")
    mail["Subject"] = Header(subject, "utf-8").encode(maxlinelen=75)
    mail["X-Unsent"] = "1"  # Outlook then opens it for editing, with a Send button
    mail.attach(MIMEText(body, "plain", "utf-8"))
    for name, content in attachments:
        mail.attach(_attachment(name, content))
    out = BytesIO()
    # lines are not refolded: a file name cut in two is what common mail programs show as garbage
    BytesGenerator(out, mangle_from_=False, maxheaderlen=0, policy=compat32).flatten(mail)
    return out.getvalue().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _attachment(name: str, content: bytes) -> MIMEBase:
    """The name in both spellings: RFC 2231 in one piece for new programs, RFC 2047 for old ones."""
    suffix = name[name.rfind(".") :].lower()
    part = MIMEBase(*_TYPES.get(suffix, ("application", "octet-stream")))
    part.set_payload(_base64(content))
    part["Content-Transfer-Encoding"] = "base64"
    old = Header(name, "utf-8").encode(maxlinelen=0).replace("\n", "")
    part.replace_header("Content-Type", f'{part["Content-Type"]}; name="{old}"')
    part["Content-Disposition"] = (
        f"attachment; filename=\"{old}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return part


def _base64(content: bytes) -> str:
    import base64

    return base64.encodebytes(content).decode("ascii")
