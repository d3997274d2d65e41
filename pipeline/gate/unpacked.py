"""The exact bytes of a file -> all texts in it, each with its place; what cannot be looked into is said."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from pipeline.gate.encoded import packed_in
from pipeline.gate.in_mail import of_mail
from pipeline.gate.in_old_containers import MAGIC as OLE
from pipeline.gate.in_old_containers import of_container
from pipeline.gate.in_pdf import MAGIC as PDF
from pipeline.gate.in_pdf import of_pdf
from pipeline.gate.in_zip import LOCAL, of_zip
from pipeline.gate.markup import in_one, readings
from pipeline.gate.pieces import (
    Closed,
    Inner,
    Piece,
    Tells,
    by_line,
    is_wide,
    loosely,
    text_of,
    within,
)
from pipeline.values import column_letters

_DEEPEST, _MOST_GZIP = 6, 256 << 20
_GZIP = b"\x1f\x8b"
# packed in ways that are not looked into here
_SHUT = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd", b"MSCF", b"PAR1")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff")
_PAGES = (".htm", ".html", ".xml", ".svg", ".rels", ".vml")
_TEXTS = (".csv", ".txt", ".json", ".jsonl", ".md", ".toml", *_PAGES)
# what no text in Chinese or Latin letters has
_STRANGE = re.compile(
    "[^\\u0000-\\u00ff\\u2000-\\u206f\\u3000-\\u30ff\\u3400-\\u9fff\\uff00-\\uffef]+"
)


def pieces(name: str, content: bytes, keys: Sequence[bytes] = (), deep: int = 0) -> Iterator[Piece]:
    """Every text of a file, what lies packed, locked or attached in it included.

    keys: tried on locked archives and workbooks. Raises Closed where something stays shut.
    """
    if deep > _DEEPEST:
        raise Closed("压缩包套得太深")
    yield Piece("文件名", name)
    inner: Inner = partial(_inside, keys=keys, deep=deep + 1)
    low, zipped = name.lower(), content.startswith(LOCAL) or zipfile.is_zipfile(io.BytesIO(content))
    if content.startswith(_SHUT):
        raise Closed("不认识的压缩格式")
    if zipped:
        yield from of_zip(content, keys, inner)
    if content.startswith(OLE):
        yield from of_container(name, content, keys, inner)
    elif content.startswith(PDF):
        yield from of_pdf(content, keys, inner)
    elif content.startswith(_GZIP):
        yield from inner(low.removesuffix(".gz"), _gunzipped(content))
    elif low.endswith((".eml", ".mht", ".mhtml")):
        yield from of_mail(content, inner)
    elif low.endswith(_TEXTS) or is_wide(content):
        yield from _of_text(low, content, inner)
    elif not zipped:
        yield from _of_bytes(low, content)


def _inside(name: str, content: bytes, *, keys: Sequence[bytes], deep: int) -> Iterator[Piece]:
    """What lies in another file: its name has been read where it lies."""
    found = pieces(name, content, keys, deep)
    next(found)
    return found


def _gunzipped(content: bytes) -> bytes:
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacking.decompress(content, _MOST_GZIP)
    except zlib.error:
        raise Closed("压缩包打不开") from None
    if unpacking.unconsumed_tail or unpacking.unused_data:
        raise Closed("压缩包看不全")
    return unpacked


def _of_text(name: str, content: bytes, inner: Inner) -> Iterator[Piece]:
    text = text_of(content)
    if name.endswith(_PAGES):
        for reading in readings(text):
            yield Piece("页面", reading, _lines_of_page(text))
        yield by_line("页面", text)
    elif name.endswith(".csv"):
        yield from _of_csv(text)
    elif name.endswith(".json"):
        yield from _of_json(text)
    else:
        yield by_line("", text)
    for packed in packed_in(text):
        yield from within("其中编码的文件：", inner("编码.bin", packed))


def _lines_of_page(text: str) -> Any:
    def finer(tells: Tells) -> Iterator[str]:
        for number, line in enumerate(text.splitlines(), 1):
            if tells(in_one(line)) or tells(line):
                yield f"页面第 {number} 行"

    return finer


def _of_csv(text: str) -> Iterator[Piece]:
    try:
        rows = list(csv.reader(io.StringIO(text)))
    except csv.Error:
        yield by_line("", text)
        return

    def finer(tells: Tells) -> Iterator[str]:
        for number, row in enumerate(rows, 1):
            cells = [at for at, cell in enumerate(row, 1) if tells(cell)]
            yield from (f"{column_letters(at)}{number} 格" for at in cells)
            if not cells and tells("\n".join(row)):
                yield f"第 {number} 行（分写在几格里）"

    yield Piece("单元格", "\n".join(cell for row in rows for cell in row), finer)


def _of_json(text: str) -> Iterator[Piece]:
    yield by_line("", text)
    try:
        values = list(_values_of(json.loads(text), ""))
    except (ValueError, RecursionError):
        return

    def finer(tells: Tells) -> Iterator[str]:
        yield from (f"{place} 项" for place, value in values if tells(value))

    yield Piece("内容", "\n".join(value for _, value in values), finer)


def _values_of(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, held in value.items():
            yield f"{place} 的名称", name
            yield from _values_of(held, f"{place}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, held in enumerate(value, 1):
            yield from _values_of(held, f"{place}[{number}]")
    elif value is not None:
        yield place, str(value)


def _of_bytes(name: str, content: bytes) -> Iterator[Piece]:
    """Of a part without a known form: what stands in it as plain, Chinese or wide text.

    Of a picture's pixels nothing can be told; of what is written beside them, what is plain.
    """
    yield by_line("", loosely(content))
    if name.endswith(_PICTURES):
        return
    yield Piece("", content.decode("gb18030", "ignore"))
    if b"\0" in content:
        for code in ("utf-16-le", "utf-16-be"):
            for begun in (content, content[1:]):
                # noise read as wide text is full of Chinese characters: a name of two of them is
                # alone only where what stands beside them is text as well
                yield Piece("", _STRANGE.sub("㐀", begun.decode(code, "ignore")))
