"""One look over a worksheet's bytes for where its tags begin: what that alone tells or rules out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
_AT_ONCE = 1 << 20  # bytes looked at together
_BEHIND = 16  # bytes after a tag's beginning that may be asked for
_PLACE = np.frombuffer(b'<c r="', np.uint8)
_BEYOND = 26**4  # a column of more letters than any sheet has


@dataclass
class Tags:
    """What the tags of a worksheet say; all that counts bytes errs to the side of doubt alone.

    first: every byte that stands behind a `<`; placeless: cells that do not begin with their place;
    padded: values with a blank at an edge; widest: the last column; far: rows of six digits or more;
    rows: where the row elements begin.
    """

    first: frozenset[int] = frozenset()
    placeless: bool = False
    padded: bool = False
    widest: int = 0
    far: bool = False
    rows: tuple[int, ...] = ()


def tags_of(part: bytes) -> Tags:
    """Looks at a part piece by piece; no more than a piece is laid out."""
    found, whole = Tags(), np.frombuffer(part, np.uint8)
    for at in range(0, len(part), _AT_ONCE):
        piece = whole[max(at - 1, 0) : at + _AT_ONCE + _BEHIND]
        _look(piece, int(at > 0), at, found)
    return found


def _look(piece: Bytes, skipped: int, at: int, found: Tags) -> None:
    """One piece, in which `skipped` bytes stand before the one that is byte `at` of the part."""
    piece = np.concatenate([piece, np.zeros(_BEHIND, np.uint8)])
    starts = np.flatnonzero(piece[skipped : skipped + _AT_ONCE] == ord("<")) + skipped
    behind = piece[starts + 1]
    found.first |= frozenset(np.flatnonzero(np.bincount(behind, minlength=1)).tolist())
    values, ends = starts[behind == ord("v")], starts[behind == ord("/")]
    found.padded |= bool(
        ((piece[values + 2] == ord(">")) & (piece[values + 3] == ord(" "))).any()
        or ((piece[ends + 2] == ord("v")) & (piece[ends - 1] == ord(" "))).any()
    )
    found.rows += tuple((starts[behind == ord("r")] + (at - skipped)).tolist())
    _look_at_cells(piece, starts[behind == ord("c")], found)


def _look_at_cells(piece: Bytes, cells: npt.NDArray[np.intp], found: Tags) -> None:
    placed = np.ones(len(cells), bool)
    for nth, byte in enumerate(_PLACE):
        placed &= piece[cells + nth] == byte
    found.placeless |= not placed.all()
    cells = cells[placed] + len(_PLACE)
    number: Any = np.zeros(len(cells), np.int64)
    length: Any = np.zeros(len(cells), np.int64)
    for nth in range(4):
        letter = piece[cells + nth].astype(np.int64) - (ord("A") - 1)
        counts = (letter >= 1) & (letter <= 26) & (length == nth)
        if not counts.any():
            break
        number, length = np.where(counts, number * 26 + letter, number), length + counts
    if len(cells):
        widest = _BEYOND if (length == 4).any() else int(number.max())
        found.widest = max(found.widest, widest)
        sixth = piece[cells + length + 5]
        found.far |= bool(((sixth >= ord("0")) & (sixth <= ord("9"))).any())
