"""Text of old workbooks (BIFF2 to 5), whatever code page they say: what lies here was mostly written in Chinese.

xlrd decodes strictly, and of the result of a formula it expects as many characters as there were bytes.
Hence codecs of our own: damage becomes U+FFFD, and a text is filled up to the length of its bytes.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

FILLER = "\ufdd0"  # a character that is none (Unicode 23.7): no text holds it
CHINESE = "gb18030"
_PREFIX = "filled_"
# the code pages of other scripts of several bytes a character (MS-XLS 2.4.52, and those of the Macintosh)
_OTHERS = {950: "big5hkscs", 10002: "big5hkscs", 932: "cp932", 10001: "cp932", 949: "cp949", 10003: "cp949", 1361: "johab"}  # fmt: skip
_WESTERN = {
    **{page: f"cp{page}" for page in (437, 850, 852, 855, 858, 866, *range(1250, 1259))},
    10000: "mac_roman", 32768: "mac_roman", 32769: "cp1252", 10007: "mac_cyrillic",
}  # fmt: skip


def filled(encoding: str) -> str:
    """The name of a codec that never fails and fills up, for xlrd."""
    return _PREFIX + encoding


def stripped(text: str) -> str:
    """A text without what it was filled up with."""
    return text.replace(FILLER, "") if FILLER in text else text


def other_script(codepage: int | None) -> str:
    """The encoding of a code page of another script; nothing for Chinese, for none and for those nobody knows."""
    return _OTHERS.get(codepage or 0, "")


def western(codepage: int | None) -> str:
    """The encoding of a code page of one byte a character; nothing for others."""
    return _WESTERN.get(codepage or 0, "")


def is_chinese(texts: Iterable[str], encoding: str) -> bool:
    """Whether texts read in a code page of one byte a character are Chinese in truth: ÐÕÃû is 姓名.

    >>> is_chinese(["ÐÕÃû", "No."], "cp1252"), is_chinese(["Prénom", "Müller"], "cp1252"), is_chinese(["No."], "cp1252")
    (True, False, False)
    """
    foreign = [text for text in texts if not text.isascii()]
    try:
        return bool(foreign) and all(t.encode(encoding).decode("gb2312") for t in foreign)
    except UnicodeError:
        return False


def _search(name: str) -> codecs.CodecInfo | None:
    if not name.startswith(_PREFIX):
        return None
    encoding = name.removeprefix(_PREFIX)

    def decode(raw: Buffer, errors: str = "strict") -> tuple[str, int]:
        text, size = bytes(raw).decode(encoding, "replace"), len(bytes(raw))
        return text.ljust(size, FILLER), size

    def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
        return stripped(text).encode(encoding, errors), len(text)

    return codecs.CodecInfo(encode, decode, name=name)


codecs.register(_search)
