"""What a worksheet tells besides its values: errors, merges, what is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model import Cell
from pipeline.office.places import LAST_COLUMN, LAST_ROW

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass
class Facts:
    """What one pass over a worksheet tells; columns beyond the last cell are left out."""

    errors: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_spans: list[tuple[int, int]] = field(default_factory=list)
    struck: set[tuple[int, int]] = field(default_factory=set)
    blank: set[tuple[int, int]] = field(default_factory=set)

    def hidden_columns(self, last: int) -> frozenset[int]:
        """The hidden columns up to the last one used."""
        found: set[int] = set()
        reached = 0
        for first, end in sorted(self.hidden_spans):
            found.update(range(max(first, reached + 1), min(end, last) + 1))
            reached = max(reached, end)
        return frozenset(found)

    def note(self, tag: str, attributes: Mapping[str, str], before: int = 0) -> int:
        """Lays down what a row or col element hides; gives the row's number, `before` that above it."""
        if tag == "row":
            row = whole(attributes.get("r"), before + 1, LAST_ROW)
            if _is_hidden(attributes, "ht"):
                self.hidden_rows.add(row)
            return row
        if _is_hidden(attributes, "width"):
            first = whole(attributes.get("min"), 1, LAST_COLUMN)
            last = whole(attributes.get("max"), first, LAST_COLUMN)
            self.hidden_spans.append((first, last))
        return before


def whole(text: str | None, otherwise: int, most: int) -> int:
    """A whole number of an attribute, no larger than `most`."""
    return min(int(text[:12]), most) if text and text.isascii() and text.isdigit() else otherwise


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Hidden outright, or drawn to no height or width at all."""
    return attributes.get("hidden") in ("1", "true") or attributes.get(size) in ("0", "0.0")
