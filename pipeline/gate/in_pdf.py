"""What a PDF says: its pages as a viewer shows them, and whatever stands in its objects."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.gate.pieces import Closed, Inner, Piece, loosely, within

MAGIC = b"%PDF"
_DEEPEST = 20


def of_pdf(content: bytes, keys: Sequence[bytes], inner: Inner) -> Iterator[Piece]:
    """Pages, remarks, forms, bookmarks, attached files, properties; scanned pages are pictures.

    Raises Closed for what is locked or cannot be understood.
    """
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not any(reader.decrypt(key) for key in ("", *_words(keys))):
            raise Closed("PDF 加了密")
        for number, page in enumerate(reader.pages, 1):
            yield Piece(f"第 {number} 页", page.extract_text())
        yield Piece("文件属性", "\n".join(map(str, (reader.metadata or {}).values())))
        numbers = {n for table in reader.xref.values() for n in table} | set(reader.xref_objStm)
        for number in sorted(numbers):
            yield from _of_object(reader.get_object(number), inner)
        yield Piece("文件内部", loosely(content))
    except Closed:
        raise
    except Exception as fault:  # pypdf meets broken files with many kinds of exceptions
        raise Closed("PDF 读不懂") from fault


def _words(keys: Sequence[bytes]) -> list[str]:
    return [key.decode("utf-8", "replace") for key in keys]


def _of_object(found: Any, inner: Inner) -> Iterator[Piece]:
    from pypdf.generic import StreamObject

    if found is None:
        return
    texts = "\n".join(_texts(found, 0))
    if texts:
        yield Piece("批注、表单或书签", texts)
    if isinstance(found, StreamObject):
        if found.get("/Subtype") == "/Image":
            return  # of its pixels nothing can be told
        content = found.get_data()
        if found.get("/Type") == "/EmbeddedFile":
            yield from within("所附文件", inner("附件.bin", content))
        else:
            yield Piece("文件内部", loosely(content))


def _texts(found: Any, deep: int) -> Iterator[str]:
    from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, TextStringObject

    if isinstance(found, TextStringObject):
        yield str(found)
    elif isinstance(found, ByteStringObject):
        yield loosely(bytes(found))
    elif deep < _DEEPEST and isinstance(found, DictionaryObject):
        for value in dict.values(
            found
        ):  # as they stand: what they point at is an object of its own
            yield from _texts(value, deep + 1)
    elif deep < _DEEPEST and isinstance(found, ArrayObject):
        for value in list.__iter__(found):
            yield from _texts(value, deep + 1)
