"""One member of a zip archive, unpacked to so many bytes and no more, whatever the archive declares."""

from __future__ import annotations

import bz2
import copy
import lzma
import struct
import zipfile
import zlib
from typing import Any

_CHUNK = 1024 * 1024
_LOCKED = 0x1


class TooBig(Exception):
    """The member holds more bytes than it may."""


def inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo, key: bytes, most: int) -> bytes:
    """The member's bytes. Raises TooBig, NotImplementedError for a method nobody here knows, or
    whatever zipfile raises for a damaged member or a wrong password.
    """
    if info.compress_type in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        return _inflated_apart(archive, info, most)
    with archive.open(
        info, pwd=key or None
    ) as member:  # of these zipfile unpacks what it is asked for
        content = bytearray()
        while chunk := member.read(_CHUNK):
            content += chunk
            if len(content) > most:
                raise TooBig
    return bytes(content)


def _inflated_apart(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """bzip2 and LZMA, which zipfile unpacks chunk by chunk however large a chunk may come out."""
    if info.flag_bits & _LOCKED:
        raise NotImplementedError
    packed, declared = _packed(archive, info), info.file_size
    if info.compress_type == zipfile.ZIP_BZIP2:
        content = bz2.BZ2Decompressor().decompress(packed, min(most, declared) + 1)
    else:
        content = _lzma(packed, most).decompress(
            packed[4 + _size_of_properties(packed) :], most + 1
        )
    if len(content) > most:
        raise TooBig
    if zlib.crc32(content) != info.CRC:
        raise zipfile.BadZipFile
    return content


def _packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The member's bytes as they lie in the archive."""
    raw = copy.copy(info)
    raw.compress_type, raw.file_size = zipfile.ZIP_STORED, info.compress_size
    del raw.CRC  # that of the unpacked bytes
    with archive.open(raw) as member:
        return member.read()


def _size_of_properties(packed: bytes) -> int:
    (size,) = struct.unpack_from("<H", packed, 2)
    return int(size)


def _lzma(packed: bytes, most: int) -> Any:
    """A decoder for the properties that stand before the data (APPNOTE 5.8)."""
    coded, dictionary = struct.unpack_from("<BI", packed, 4)
    if dictionary > max(most, _CHUNK):  # it would be set aside whole
        dictionary = max(most, _CHUNK)
    rest, lc = divmod(coded, 9)
    pb, lp = divmod(rest, 5)
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
