"""A zip taken apart, an Office package among them: members, names, remarks, and what lies between."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, Any

from pipeline.gate.markup import AT_ONCE, chunks, readings
from pipeline.gate.office_places import OfficePlaces
from pipeline.gate.pieces import Closed, Inner, Piece, is_wide, loosely, within

LOCAL = b"PK\x03\x04"
_MOST_BYTES = 4 << 30
_SHARED = re.compile(r"<(?:\w+:)?si\b")
_UTF8 = 0x800
_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, lzma.LZMAError, OSError,
    ValueError, struct.error, RuntimeError, KeyError, IndexError,
)  # fmt: skip


def of_zip(content: bytes, keys: Sequence[bytes], inner: Inner) -> Iterator[Piece]:
    """Every text of an archive. Raises Closed for what is locked to all keys, broken or too large."""
    try:
        with _opened(content) as archive:
            entries = archive.infolist()
            if sum(e.file_size for e in entries) > _MOST_BYTES:
                raise Closed("展开后太大")
            yield from _between(content, entries)
            office = any(e.filename == "[Content_Types].xml" for e in entries)
            places = OfficePlaces(archive) if office else None
            for entry in entries:
                yield Piece("压缩包内文件名", _names(entry))
                yield from _of_member(archive, entry, places, keys, inner)
    except Closed:
        raise
    except (*_BROKEN, _aes().BadZipFile) as fault:
        raise Closed("压缩包打不开") from fault


def _opened(content: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(content))
    locked = any(entry.flag_bits & 1 for entry in archive.infolist())
    return _aes().AESZipFile(io.BytesIO(content)) if locked else archive


def _aes() -> Any:
    """The reader of what is locked with AES: most papers are not, and it takes long to load."""
    import pyzipper

    return pyzipper


def _names(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _UTF8:
        return entry.filename
    raw = entry.filename.encode("cp437", "ignore")
    return f"{entry.filename}\n{raw.decode('gb18030', 'ignore')}\n{loosely(raw)}"


def _between(content: bytes, entries: Sequence[zipfile.ZipInfo]) -> Iterator[Piece]:
    """What no member holds: remarks, the directory, what was put before, between or behind."""
    end = 0
    rest = []
    for entry in sorted(entries, key=lambda e: e.header_offset):
        name, extra = struct.unpack_from("<HH", content, entry.header_offset + 26)
        begin = entry.header_offset + 30 + name + extra
        rest.append(content[end : entry.header_offset])
        rest.append(content[entry.header_offset + 30 : begin])
        end = max(end, begin + entry.compress_size)
    rest.append(content[end:])
    if any(LOCAL in part for part in rest):
        raise Closed("压缩包里有目录以外的内容")
    yield Piece("压缩包的目录和注释", "\n".join(map(loosely, rest)))


def _of_member(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    places: OfficePlaces | None,
    keys: Sequence[bytes],
    inner: Inner,
) -> Iterator[Piece]:
    with _unlocked(archive, entry, keys) as stream:
        head = stream.read(AT_ONCE)
        xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        if places and (xml or (is_wide(head) and b"<" in head[:8])):
            yield from _of_part(entry.filename, places, head, stream)
            return
        content = head + stream.read()
    outer = f"{places.of(entry.filename)}：" if places else f"“{entry.filename}”内的"
    yield from within(outer, inner(entry.filename, content))


def _of_part(part: str, places: OfficePlaces, head: bytes, stream: IO[bytes]) -> Iterator[Piece]:
    place, before = places.of(part), 0
    for markup in chunks(head, stream):
        finer = places.finer(part, markup, before)
        for text in readings(markup):
            yield Piece(place, text, finer)
        before += len(_SHARED.findall(markup)) if part.lower().endswith("strings.xml") else 0


def _unlocked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, keys: Sequence[bytes]) -> IO[bytes]:
    if not entry.flag_bits & 1:
        return archive.open(entry)
    for key in keys:
        try:
            return archive.open(entry, pwd=key)
        except RuntimeError:
            continue
    raise Closed("加了密，手上没有密码")
