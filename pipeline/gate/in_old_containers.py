"""What lies in the containers of old Office files: their streams, and locked workbooks of today."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from pipeline.gate.pieces import Closed, Inner, Piece, within

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSIDE = (b"PK\x03\x04", b"%PDF")


def of_container(name: str, content: bytes, keys: Sequence[bytes], inner: Inner) -> Iterator[Piece]:
    """Every stream of it, unlocked with one of the keys. Raises Closed where none fits."""
    import msoffcrypto
    from msoffcrypto.exceptions import FileFormatError

    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(content))
        is_locked = locked.is_encrypted()
    except FileFormatError:
        is_locked = False
    except Exception as fault:  # what a strange file makes that library raise is not foreseeable
        raise Closed("旧格式文件看不透") from fault
    if not is_locked:
        yield from _of_streams(content, inner)
        return
    for key in keys:
        opened = io.BytesIO()
        try:
            locked.load_key(password=key.decode("utf-8"), verify_password=True)
            locked.decrypt(opened)
        except Exception:  # a wrong key shows itself in many ways
            continue
        yield from inner(name, opened.getvalue())
        return
    raise Closed("加了密，手上没有密码")


def _of_streams(content: bytes, inner: Inner) -> Iterator[Piece]:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as container:
            streams = [
                (path[-1], container.openstream(path).read())
                for path in container.listdir(streams=True)
            ]
    except Exception as fault:  # as above
        raise Closed("旧格式文件看不透") from fault
    for path, stream in streams:
        begins = [at for magic in _INSIDE if (at := stream.find(magic)) > 0]
        for at in (0, *begins):
            yield from within("嵌入的文件：" if at else "", inner(f"{path}.bin", stream[at:]))
