"""The text of a file that does not say its encoding, or says it wrongly."""

from __future__ import annotations

import re
import unicodedata

from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import says_utf_8_or_chinese, undeclared

DAMAGED = "\ufffd"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MARKED = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_FEW = 200  # one damaged character among this many is a damaged text, more is no text
_FEW_CONTROLS = (
    5  # control characters here and there are no sign of a binary file, nor one among _FEW
)
_USUAL = frozenset("\r\n\t·—“”‘’…\ufeff×√○●")
_FILLING = b"\0\x1a"  # what old programs leave at the end of a file
_UTF_8_MARK = b"\xef\xbb\xbf"
_SAMPLE = 4_000


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16, UTF-32, GB18030 or Big5, with or without a byte order mark.

    Bytes that are damaged here and there become U+FFFD. Raises Unreadable for what is no text.
    """
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    filled = _unfilled(content)
    if filled[:_SAMPLE].count(0) * _FEW > len(filled[:_SAMPLE]):
        text = _without_mark(content)
        if text:
            return text
    while filled.startswith(_UTF_8_MARK):  # some programs put it before any text at all
        filled = filled.removeprefix(_UTF_8_MARK)
    for encoding in ("utf-8", _chinese(filled)):
        try:
            text = filled.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _is_binary(text):
            return text
    mended = min(
        (filled.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")),
        key=lambda text: text.count(DAMAGED),
    )
    if mended.count(DAMAGED) > max(1, len(mended) // _FEW) or _is_binary(mended):
        raise Unreadable("F01", "不是表格文件，或文字编码无法识别")
    return mended


def in_true_encoding(content: bytes) -> bytes:
    """An XML document in UTF-8 by what its bytes are: what says UTF-8 may be Chinese, and the other way."""
    return undeclared(decoded(content)) if says_utf_8_or_chinese(content) else content


def _unfilled(content: bytes) -> bytes:
    end = content.rstrip(_FILLING + b" \t\r\n")
    return content if content[len(end) :].isspace() else end


def _is_binary(text: str) -> bool:
    return len(_CONTROL.findall(text)) > max(_FEW_CONTROLS, len(text) // _FEW)


def _chinese(content: bytes) -> str:
    """gb18030, but big5 where only under that the characters are the ones people write."""
    sample = content[: 2 * _SAMPLE]
    if sample.isascii() or _share(sample, "gb18030", "gb2312") > 0.7:
        return "gb18030"
    return "big5" if _share(sample, "big5", "big5") > 0.95 else "gb18030"


def _share(sample: bytes, encoding: str, usual: str) -> float:
    """The share of characters beyond ASCII that stand among the usual ones of their encoding."""
    wide = [c for c in sample.decode(encoding, "replace") if ord(c) > 0x7F]
    known = sum(bool(c.encode(usual, "ignore")) for c in wide)
    return known / len(wide) if wide else 0.0


def _without_mark(content: bytes) -> str:
    """UTF-16 or UTF-32 that does not say so: the byte order in which the text makes sense, if any."""
    readings = [content.decode(e, errors="replace") for e in _WIDE]
    text = max(readings, key=_sense)
    return text if _sense(text) >= 0.95 else ""


def _sense(text: str) -> float:
    """The share of characters, among the first, that a Chinese table is written in."""
    sample = text[:2000]
    return sum(map(_usual, sample)) / len(sample) if sample else 0.0


def _usual(character: str) -> bool:
    if character in _USUAL or " " <= character <= "~":
        return True
    return unicodedata.east_asian_width(character) in "WF" and not "\uac00" <= character <= "\ud7ff"
