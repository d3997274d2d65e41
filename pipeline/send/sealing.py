"""Papers locked for one recipient: a zip with AES-256 that 7-Zip, WinRAR and WPS open with the key, or
the password (AES-256 too) with which Excel, Word, WPS and LibreOffice open a file."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

_DAY = (2018, 1, 1, 0, 0, 0)


def sealed(papers: Iterable[tuple[str, bytes]], key: bytes) -> bytes:
    """The archive of (name, content); never the same bytes twice, since its salt is drawn anew."""
    import pyzipper

    out = io.BytesIO()
    with pyzipper.AESZipFile(
        out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(key)
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for name, content in papers:
            entry = archive.zipinfo_cls(name, date_time=_DAY)
            entry.compress_type = pyzipper.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def with_password(paper: bytes, key: bytes) -> bytes:
    """An xlsx or docx that opens with the key only; never the same bytes twice."""
    import msoffcrypto

    out = io.BytesIO()
    document: Any = msoffcrypto.OfficeFile(io.BytesIO(paper))
    document.encrypt(key.decode("utf-8"), out)
    return out.getvalue()
