"""XML and HTML as texts: every element on its own, runs joined, attributes, remarks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import IO

from pipeline.gate.pieces import is_wide, text_of

AT_ONCE = 4 << 20
_NODE = re.compile(r">([^<]+)<")
_TAG = re.compile(r"<[^>]*>")
_REMARK = re.compile(r"<!.*?>", re.DOTALL)
# what ends a text: the last two lines are numbers one behind the other, of charts, anchors and counts of a paper
_ENDS = re.compile(
    r"</(?:\w+:)?(?:c|si|p|td|th|tr|li|h\d|div|title"
    r"|f|v|pt|col|colOff|row|rowOff|posOffset"
    r"|TotalTime|Pages|Words|Characters|CharactersWithSpaces|Lines|Paragraphs|DocSecurity|AppVersion"
    r")>|<(?:w:)?br\s*/?>|<w:tab/>"
)
_POINT, _APART = "<c:pt", "\n/////\n"  # the points of a chart are figures, nobody's number cut up
# of cells, rows and runs only the attributes that say nothing are common enough to be passed over
_TOLD_TAGS = re.compile(r"<(?!(?:c|row|v|t|is|f|r|si|col|/)[ >/])[^>]*=[^>]*>")
_PIECE_ENDS = (b"</row>", b"</si>", b"</w:p>", b"</p>", b"\n", b">")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9_.-]+)")


def readings(text: str) -> Iterator[str]:
    """All that a piece of markup says, each way of reading it a text of its own."""
    between = _APART if _POINT in text else "\n"
    nodes = between.join(_NODE.findall(text))
    yield html.unescape(nodes) if "&" in nodes else nodes
    plain = "<c " in text and not any(mark in text for mark in ("<r>", "<r ", "<rPr", "<!"))
    if not plain:
        joined = _TAG.sub("", _ENDS.sub(between, _REMARK.sub("", text)))
        yield html.unescape(joined) if "&" in joined else joined
    tags = "\n".join(_TOLD_TAGS.findall(text))
    if tags:
        yield html.unescape(tags) if "&" in tags else tags
    if "<!" in text:
        yield "\n".join(_REMARK.findall(text))
        yield "\n".join(_insides(text))


def _insides(text: str) -> list[str]:
    """What remarks and CDATA hold, which may have brackets of their own."""
    found = re.findall(r"<!--(.*?)-->|<!\[CDATA\[(.*?)\]\]>", text, re.DOTALL)
    return ["".join(pair) for pair in found]


def in_one(text: str) -> str:
    """All readings of a short piece of markup as one text."""
    return "\n".join(readings(text))


def chunks(head: bytes, stream: IO[bytes]) -> Iterator[str]:
    """XML in chunks that end where a row or a paragraph ends: a long sheet is never held whole."""
    declared = _ENCODING.match(head[:200])
    code = declared[1].decode("ascii") if declared else "utf-8"
    if is_wide(head) or code.lower().replace("-", "") not in ("utf8", "usascii"):
        whole = head + stream.read()
        yield text_of(whole) if is_wide(whole) else _decoded(whole, code)
        return
    held = head
    while True:
        more = stream.read(AT_ONCE)
        cut = len(held)
        if more:
            cut = next((at + len(e) for e in _PIECE_ENDS if (at := held.rfind(e)) >= 0), cut)
        yield held[:cut].decode("utf-8", "replace")
        held = held[cut:] + more
        if not more:
            if held:
                yield held.decode("utf-8", "replace")
            return


def _decoded(whole: bytes, code: str) -> str:
    try:
        return whole.decode(code, "replace")
    except LookupError:
        return text_of(whole)
