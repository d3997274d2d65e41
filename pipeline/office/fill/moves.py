"""Where the rows of a drawn sheet went, and every reference to them moved along."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.office.places import LAST_ROW

# a text, or a reference with or without its sheet: A1, $A$1:B2, $1:$3
_REFERENCE = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<sheet>'(?:[^']|'')+'!|(?<![\w.'!])[^\W\d][\w.]*!)?(?<![\w.$:])
     (?:(?P<c1>\$?[A-Z]{1,3})(?P<r1>\$?\d{1,7})(?::(?P<c2>\$?[A-Z]{1,3})(?P<r2>\$?\d{1,7}))?
       |(?P<w1>\$?\d{1,7}):(?P<w2>\$?\d{1,7}))(?![\w.(!])""",
    re.VERBOSE,
)
_AREA = re.compile(r"(\$?[A-Z]{1,3})(\d+)(?::(\$?[A-Z]{1,3})(\d+))?")


@dataclass
class Moves:
    """Per drawn row its first and last copy; for a row without copies the place it would have had."""

    first: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    place: dict[int, int] = field(default_factory=dict)
    drawn: int = 0
    total: int = 0

    def placed(self, row: int, at: int) -> None:
        """The drawn row has its turn before written row `at`, with or without copies."""
        self.place.setdefault(row, at)
        self.drawn = max(self.drawn, row)

    def copied(self, row: int, start: int, stop: int) -> None:
        """Copies of a drawn row at written rows start to stop."""
        self.first[row] = min(start, self.first.get(row, start))
        self.last[row] = max(stop, self.last.get(row, stop))
        self.total = max(self.total, stop)

    def still(self) -> bool:
        """Whether every row stands where it was drawn."""
        return all(self.first.get(r) == r == self.last.get(r) for r in range(1, self.drawn + 1))

    def start(self, row: int) -> int:
        """The first copy of a row, or the place where it would stand."""
        if row > self.drawn:
            return min(row + self.total - self.drawn, LAST_ROW)
        return self.first.get(row) or max(self.place.get(row, row), 1)

    def span(self, top: int, bottom: int) -> tuple[int, int] | None:
        """From the first copy to the last of all rows of a range; nothing where none has a copy."""
        rows = [r for r in range(top, min(bottom, self.drawn) + 1) if r in self.first]
        starts = [self.first[r] for r in rows]
        ends = [self.last[r] for r in rows]
        if bottom > self.drawn:
            starts.append(self.start(max(top, self.drawn + 1)))
            ends.append(self.start(bottom))
        return (min(starts), max(ends)) if starts else None

    def areas(self, places: str) -> str:
        """The areas of an sqref moved; those of which nothing is left are left out."""
        return " ".join(a for area in places.split() if (a := self._area(area)))

    def _area(self, area: str) -> str:
        match = _AREA.fullmatch(area.replace("$", ""))
        if match is None:  # whole columns, or what only a newer Excel can say
            return area
        left, top, right, bottom = match[1], int(match[2]), match[3] or match[1], match[4]
        span = self.span(top, int(bottom or top))
        if span is None:
            return ""
        one = f"{left}{span[0]}"
        return one if (left, span[0]) == (right, span[1]) else f"{one}:{right}{span[1]}"


@dataclass(frozen=True)
class Copy:
    """The copy of a repeated row in which a formula stands."""

    drawn: int
    at: int


def moved(formula: str, home: str, moves: Mapping[str, Moves], copy: Copy | None = None) -> str:
    """A formula with its references where their cells went.

    home: the sheet it stands on. In a copy of a repeated row what points at that same row points at
    the copy; ranges over a repeated row reach over all copies, single cells go to the first.
    """

    def one(match: re.Match[str]) -> str:
        if match["text"] is not None:
            return match[0]
        named = (match["sheet"] or "")[:-1]
        sheet = named[1:-1].replace("''", "'") if named.startswith("'") else named or home
        rows = moves.get(sheet)
        if rows is None:
            return match[0]
        own = copy if sheet == home else None
        r1, r2 = match["r1"] or match["w1"], match["r2"] or match["w2"]
        top, bottom = _ends(r1, r2, rows, own)
        columns = (match["c1"] or "", match["c2"] or "")
        text = f"{match['sheet'] or ''}{columns[0]}{_anchor(r1)}{top}"
        return f"{text}:{columns[1]}{_anchor(r2)}{bottom}" if r2 else text

    return _REFERENCE.sub(one, formula)


def _ends(r1: str, r2: str | None, rows: Moves, own: Copy | None) -> tuple[int, int]:
    top, bottom = int(r1.lstrip("$")), int((r2 or r1).lstrip("$"))
    if own and top == bottom == own.drawn and "$" not in r1 + (r2 or ""):
        return own.at, own.at
    if not r2:
        return rows.start(top), 0
    return rows.span(top, bottom) or (rows.start(top), rows.start(top))


def _anchor(row: str | None) -> str:
    return "$" if row and row.startswith("$") else ""
