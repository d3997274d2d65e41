"""The one gate for what becomes text in any output: nothing XML refuses, nothing longer than a cell."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST = 32_767  # what a cell of Excel holds, in UTF-16 units

_REFUSED = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff"
_WIDE = re.compile("[\u2e80-\U0010ffff]")
_REFUSED_RE = re.compile(f"[{_REFUSED}]")
# all bytes that need no second look; what is left of a column's bytes after they are struck out
# says whether anything in it could be refused
_PLAIN_BYTES = bytes(b for b in range(256) if (b >= 0x20 and b != 0x7F) or b in b"\t\n")
_NONCHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")


def printable(text: str, longest: int = LONGEST) -> str:
    r"""The text without control characters, lone surrogates and non-characters, line ends as \n.

    >>> printable("张\x00三\r\n李\ufffe四"), printable("abc", 2)
    ('张三\n李四', 'ab')
    """
    if not text.isprintable():  # isprintable is cheap and true of nearly every cell
        text = _REFUSED_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 <= longest or len(text.encode("utf-16-le")) <= 2 * longest:
        return text
    return text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore")


def printable_column(texts: pa.Array, signs: bytes = b"") -> tuple[pa.Array, frozenset[int]]:
    """The same for a whole column of strings, and which of some plain signs stand in it; a column with
    nothing to mend is given back as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    data = column_bytes(texts)
    found = frozenset(data.translate(None, _plain_but(signs)))
    strange = found - frozenset(signs) or (b"\xef\xbf" in data and _NONCHARACTERS.search(data))
    longest = pc.max(pc.binary_length(texts)).as_py() or 0
    if not strange and longest <= LONGEST:
        return texts, found
    mended = pa.array([t and printable(t) for t in texts.to_pylist()], pa.string())
    return mended, frozenset(column_bytes(mended)) & frozenset(signs)


@cache
def _plain_but(signs: bytes) -> bytes:
    return _PLAIN_BYTES.translate(None, signs)


@lru_cache(maxsize=4096)
def shown_width(text: str) -> int:
    """How many half-width characters wide the longest line of a text is shown.

    >>> shown_width("姓名ab"), shown_width("")
    (6, 0)
    """
    return max(
        (
            len(line) if line.isascii() else len(line) + len(_WIDE.findall(line))
            for line in text.split("\n")
        ),
        default=0,
    )


def column_bytes(texts: pa.Array) -> bytes:
    """All text of a string column, one after the other, as it lies in memory."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return b""
    import numpy as np

    ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return data.slice(int(ends[0]), int(ends[-1] - ends[0])).to_pybytes()  # type: ignore[no-any-return]
