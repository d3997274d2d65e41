"""What a file is taken apart into: texts, each with its place; and what cannot be taken apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

Tells = Callable[[str], bool]  # whether a text tells what is looked for
Finer = Callable[[Tells], Iterator[str]]
Inner = Callable[[str, bytes], Iterator["Piece"]]  # what lies in a file: its name, its bytes


class Piece(NamedTuple):
    """One text and its place. finer: the exact places (cells, paragraphs, lines) that tell something,
    looked for only where the whole does; none where it is told by no single one."""

    place: str
    text: str
    finer: Finer | None = None


class Closed(Exception):
    """What cannot be looked into, and must therefore not go out."""


def within(outer: str, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of what lies in another file, with where it lies before their places."""
    for piece in pieces:
        yield Piece(f"{outer}{piece.place}", piece.text, _within(outer, piece.finer))


def _within(outer: str, finer: Finer | None) -> Finer | None:
    if finer is None:
        return None
    return lambda tells: (f"{outer}{place}" for place in finer(tells))


def by_line(place: str, text: str) -> Piece:
    """A text with lines."""

    def finer(tells: Tells) -> Iterator[str]:
        for number, line in enumerate(text.splitlines(), 1):
            if tells(line):
                yield f"{place}第 {number} 行"

    return Piece(place, text, finer)


def is_wide(head: bytes) -> bool:
    """Whether a text begins as UTF-16 does."""
    return head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:4] in (b"<\0?\0", b"\0<\0?")


def text_of(content: bytes) -> str:
    """The bytes of a text file as text, whatever it is written in."""
    if is_wide(content):
        marked = content[0] in (0xFF, 0xFE)
        code = "utf-16" if marked else "utf-16-be" if content[0] == 0 else "utf-16-le"
        return content.decode(code, "replace")
    for code in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(code)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def loosely(content: bytes) -> str:
    """What of some bytes is text in UTF-8."""
    return content.decode("utf-8", "ignore")
