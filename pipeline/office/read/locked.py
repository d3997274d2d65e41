"""Encrypted workbooks: opened with Excel's own password or one the clerk keeps, else named as locked."""

from __future__ import annotations

import io
from collections.abc import Iterable

from pipeline.office.read.strangers import OLE
from pipeline.office.unreadable import Unreadable

_DEFAULT_PASSWORD = "VelvetSweatshop"  # what Excel itself uses for "read-only recommended" files


def decrypted(content: bytes, passwords: Iterable[str]) -> bytes:
    """The plain bytes of an encrypted workbook, or nothing where it is not encrypted.

    Raises Unreadable (F02) where no password fits. Passwords never reach a message.
    """
    if not content.startswith(OLE):
        return b""  # nothing else is encrypted, which takes msoffcrypto long to say
    import msoffcrypto

    try:
        if not msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted():
            return b""
    except Exception:  # not an Office file after all: the readers will say so
        return b""
    for password in (_DEFAULT_PASSWORD, *passwords):
        try:
            file = msoffcrypto.OfficeFile(io.BytesIO(content))
            file.load_key(password=password)
            plain = io.BytesIO()
            file.decrypt(plain)
        except Exception:  # a wrong password is told in many ways
            continue
        if plain.getvalue() and plain.getvalue() != content:
            return plain.getvalue()
    raise Unreadable("F02", "文件设有打开密码")
