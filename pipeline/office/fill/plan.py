"""What a filled sheet will hold, row by row, before any of it is written: so that all can be moved first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.office.fill.expressions import View
from pipeline.office.fill.lines import Lines
from pipeline.office.fill.moves import Moves
from pipeline.office.fill.patterns import DrawnRow

_LONG = 500  # lines from which columns pay


@dataclass(frozen=True)
class Fixed:
    """A row that stands once."""

    row: DrawnRow
    rows = 1


@dataclass(frozen=True)
class Repeated:
    """Copies of a row and its variants: each with the line it stands for."""

    variants: tuple[DrawnRow, ...]
    lines: Sequence[tuple[DrawnRow, Any]]

    @property
    def rows(self) -> int:
        """How many are written."""
        return len(self.lines)


@dataclass(frozen=True)
class Bulk:
    """A row repeated over a table, to be written column by column. `cut`: the list goes on over
    several sheets, each taking up where the one before left off."""

    row: DrawnRow
    lines: Lines
    rows: int
    cut: bool = False


Segment = Fixed | Repeated | Bulk


def planned(drawn: Sequence[DrawnRow], view: View, merged: frozenset[int]) -> list[Segment]:
    """The segments of one sheet. `merged`: drawn rows on which merged cells begin.

    Rows that follow each other over the same list are variants: the first whose `if` holds is taken.
    Raises ProgrammeFault.
    """
    segments: list[Segment] = []
    at = 0
    while at < len(drawn):
        row = drawn[at]
        at += 1
        if row.over is None:
            segments.append(Fixed(row))
            continue
        variants = [row]
        while at < len(drawn) and _continues(drawn[at], row):
            variants.append(drawn[at])
            at += 1
        segments.append(_repeated(tuple(variants), view, merged))
    return segments


def _continues(row: DrawnRow, first: DrawnRow) -> bool:
    one, other = row.over, first.over
    return bool(
        one and other and (one.variable, one.as_written) == (other.variable, other.as_written)
    )


def _repeated(variants: tuple[DrawnRow, ...], view: View, merged: frozenset[int]) -> Segment:
    row, over = variants[0], variants[0].over
    assert over is not None
    items = as_lines(over.items.value(view))
    lone = len(variants) == 1 and over.condition is None
    if lone and isinstance(items, Lines) and row.plain and row.number not in merged:
        return Bulk(row, items, len(items))
    if lone:
        return _of_list(row, list(items), merged)
    return Repeated(variants, list(_chosen(variants, items, view)))


def _of_list(row: DrawnRow, items: list[Any], merged: frozenset[int]) -> Segment:
    """A long list of plain lines is written in columns too, where each column is of one type."""
    names = row.columns
    if len(items) >= _LONG and names and row.plain and row.number not in merged:
        import pyarrow as pa

        try:
            if any(getattr(item[name], "source", ()) for item in items for name in names):
                return Repeated((row,), [(row, item) for item in items])
            columns = {name: pa.array([item[name] for item in items]) for name in names}
            return Bulk(row, Lines(pa.table(columns)), len(items))
        except (pa.ArrowException, KeyError, TypeError, OverflowError, UnicodeError):
            pass  # mixed types, or lines that are no records: line by line
    return Repeated((row,), [(row, item) for item in items])


def _chosen(
    variants: tuple[DrawnRow, ...], items: Any, view: View
) -> Iterator[tuple[DrawnRow, Any]]:
    for item in items:
        for variant in variants:
            condition = variant.over.condition if variant.over else None
            if condition is None or condition.value(view, item):
                yield variant, item
                break


def as_lines(items: Any) -> Any:
    """A table as Lines; any other list as it is."""
    if hasattr(items, "to_batches") and hasattr(items, "column_names"):
        return Lines(items)
    return items


def sheets_of(segments: Sequence[Segment], limit: int) -> list[list[Segment]] | None:
    """The segments as they fit on sheets of `limit` rows: what stands above the longest list is
    repeated on each, what stands below it comes on the last. None where even that does not fit."""
    total = sum(s.rows for s in segments)
    if total <= limit:
        return [list(segments)]
    longest = max(range(len(segments)), key=lambda n: segments[n].rows)
    head, cut, tail = segments[:longest], segments[longest], segments[longest + 1 :]
    above, below = sum(s.rows for s in head), sum(s.rows for s in tail)
    room = limit - above
    if room < 1 or below > room:
        return None
    pages: list[list[Segment]] = []
    at, left = 0, cut.rows
    while left + below > room:
        # a page that is not full leaves the last one some rows above what stands below the list
        count = room if left > room else max(left - (room - below), 1)
        pages.append([*head, _part(cut, at, count)])
        at, left = at + count, left - count
    pages.append([*head, _part(cut, at, left), *tail])
    return pages


def _part(segment: Segment, at: int, count: int) -> Segment:
    """So many rows of a list from one on; of a table always those that come next."""
    if isinstance(segment, Bulk):
        return replace(segment, rows=count, cut=True)
    if isinstance(segment, Repeated):
        return replace(segment, lines=segment.lines[at : at + count])
    return segment


def moves_of(segments: Sequence[Segment]) -> Moves:
    """Where each drawn row goes."""
    moves = Moves()
    at = 1
    for segment in segments:
        if isinstance(segment, Repeated):
            for row in segment.variants:
                moves.placed(row.number, at)
            for n, (row, _) in enumerate(segment.lines, at):
                moves.copied(row.number, n, n)
        else:
            moves.placed(segment.row.number, at)
            if segment.rows:
                moves.copied(segment.row.number, at, at + segment.rows - 1)
        at += segment.rows
    moves.total = at - 1
    return moves
