"""What stands in a text in another spelling: base64, hexadecimal, escapes, numerals in characters."""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
from collections.abc import Iterator

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}){11,}(?![0-9A-Za-z])")
_ESCAPES = re.compile(r"\\u([0-9A-Fa-f]{4})|_x([0-9A-Fa-f]{4})_|&#x([0-9A-Fa-f]{2,5});|&#([0-9]{2,6});")  # fmt: skip
_OCTETS = re.compile(r"(?:[%=][0-9A-Fa-f]{2}){3,}|%[0-9A-Fa-f]{2}|=[0-9A-F]{2}")
_CHARACTERS = re.compile(r"[〇○零一二三四五六七八九]{7,}")
_AS_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_SOFT_BREAK, _JOINT = re.compile(r"=\r?\n"), "\U0010ffff"  # where a line goes on behind its end
_OCTETS_AND_JOINTS = re.compile(f"{_OCTETS.pattern}|{_JOINT}")
_LEAST = 8
_NEAR = 200  # characters: more than a number, name or phone takes with all that may stand in it
_CODES = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


def decoded(text: str) -> Iterator[str]:
    """Every other reading of a text that might tell somebody; most of them are nonsense."""
    for raw in _octets(text):
        for code in _CODES:
            try:
                yield raw.decode(code)
            except UnicodeDecodeError:
                continue
    if "\\u" in text or "_x" in text or "&#" in text:
        yield from (_ESCAPES.sub(_character, part) for part in _around(_ESCAPES, text))
    if ("%" in text or "=" in text) and _OCTETS.search(text):
        joined = _SOFT_BREAK.sub(_JOINT, text)
        yield from map(_of_octets, _around(_OCTETS_AND_JOINTS, joined))
    for part in _around(_CHARACTERS, text):
        yield _CHARACTERS.sub(lambda m: m[0].translate(_AS_DIGITS), part)


def _around(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """The lines near what a pattern finds, stretch by stretch: read in another way, a text says nothing
    new farther off, and nobody's number reaches from there to here.

    >>> list(_around(re.compile("%"), "a\\n" + 300 * "b" + "\\n%\\n" + 300 * "c" + "\\nd"))[0].strip("bc")
    '\\n%\\n'
    """
    begin = end = 0
    for match in pattern.finditer(text):
        near = match.end() + _NEAR
        if near <= end:
            continue
        first = text.rfind("\n", 0, max(match.start() - _NEAR, 0)) + 1
        if first > end:
            if end:
                yield text[begin:end]
            begin = first
        end = text.find("\n", near)
        if end < 0:
            end = len(text)
    if end:
        yield text[begin:end]


def _of_octets(text: str) -> str:
    octets = _OCTETS.sub(lambda m: m[0].replace("=", "%"), text.replace(_JOINT, ""))
    return urllib.parse.unquote(octets)


def packed_in(text: str) -> Iterator[bytes]:
    """Whole archives and documents that stand in a text as base64."""
    for run in dict.fromkeys(_BASE64.findall(text)):
        raw = _unwrapped(run)
        if raw.startswith(_PACKED):
            yield raw


def _octets(text: str) -> Iterator[bytes]:
    runs = dict.fromkeys(_BASE64.findall(text))
    lines = dict.fromkeys(line for run in runs for line in run.split() if len(line) >= _LEAST)
    for token in runs | lines:
        # digits and words are what they are; a word in front may have shifted what follows it
        if token not in (token.lower(), token.upper()):
            for start in range(4):
                yield _unwrapped(token[start:])
    for token in dict.fromkeys(hexed for run in runs for hexed in _HEX.findall(run)):
        if not token.isdigit() or token.startswith("3"):  # the digits of a number begin with a 3
            yield bytes.fromhex(token)


def _unwrapped(token: str) -> bytes:
    """What a run of base64 says, however it ends."""
    letters = "".join(token.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


def _character(match: re.Match[str]) -> str:
    code = int(match[4]) if match[4] else int(match[1] or match[2] or match[3], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
