"""What a file says beside its cells: comments, text boxes, headers and footers of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from pipeline.limits import LIMITS, Limits
from pipeline.office.package import Package, is_zip
from pipeline.office.read.strangers import OLE
from pipeline.office.unreadable import Unreadable

# parts of a package by what they hold
_PARTS = (
    ("批注", re.compile(r"(?:^|/)(?:threadedcomments?|comments?)(?:/.*|\d*)\.xml$", re.IGNORECASE)),
    ("文本框", re.compile(r"(?:^|/)drawings/drawing\d*\.xml$|vmldrawing\d*\.vml$", re.IGNORECASE)),
    ("页眉页脚", re.compile(r"^word/(?:header|footer|footnotes|endnotes)\d*\.xml$", re.IGNORECASE)),
)
_IN_ODF = (("批注", "office:annotation"), ("文本框", "draw:text-box"))
_TAG = re.compile(r"<[^<>]*>")
_IN_BYTES: tuple[re.Pattern[bytes], ...] = (
    re.compile(rb"(?<!\d)\d{17}[\dXx]"),
    re.compile(rb"(?<!\d\0)(?:\d\0){17}[\dXx]\0"),
)


def texts_beside(content: bytes, limits: Limits = LIMITS) -> Iterator[tuple[str, str]]:
    """What it is (批注, 文本框 …) and what it says, for everything a file says that is no cell of it.

    Of the old binary format only runs of 18 digits, wherever they stand: those of cells among them.
    Nothing for a file that cannot be opened.
    """
    if content.startswith(OLE):
        for digits in _IN_BYTES:
            for run in digits.finditer(content):
                yield "批注或文本框", run[0].replace(b"\0", b"").decode("ascii")
        return
    if not is_zip(content):
        return
    try:
        package = Package(content, limits)
        for name in package.names:
            what = next((what for what, pattern in _PARTS if pattern.search(name)), "")
            if what:
                yield what, _plain(package.part(name).decode("utf-8", "replace"))
        if "content.xml" in package and "mimetype" in package:
            page = package.part("content.xml").decode("utf-8", "replace")
            for what, element in _IN_ODF:
                yield from ((what, _plain(note)) for note in _elements(page, element))
    except Unreadable:  # said where it is read
        return


def _elements(page: str, name: str) -> Iterator[str]:
    """Each element of that name; what is never closed is sought once."""
    begins = re.compile(rf"<{name}\b")
    start = begins.search(page)
    while start and (end := page.find(f"</{name}>", start.end())) >= 0:
        yield page[start.start() : end]
        start = begins.search(page, end)


def _plain(xml: str) -> str:
    return unescape(_TAG.sub("", xml))
