"""What is asked of the clerk about columns (认列): which column is which, with likely readings and masked samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.ingest.columns.matched_columns import indistinct, missing
from pipeline.ingest.layout import Header
from pipeline.ingest.recognition import Decision, Sheet
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import column_letters, mask_digits

_MOST_SHOWN, _LONGEST_SHOWN = 3, 24  # cells of a column that a question shows; characters of each
_LONGEST_NAME = 4
BETWEEN_SAMPLES = "⏐"
# state: a sheet waits for it (asked), counts with it for now (doubtful), cannot use it (refuted), is refused for
# want of another (unread), counts though it may say who is not eligible (open), or nobody needs it (own)
Question = Mapping[str, object]


def questions(
    header: Header, sheet: Sheet, decision: Decision, grid: Grid, programme: Programme
) -> Iterator[Question]:
    """A line of column_questions for each column with a header that is not one of ours, or whose cells
    refute it, or that another cannot be told from; of columns without a header for those that may be what
    the sheet lacks."""
    doubled = indistinct(header, grid, programme)
    asked = frozenset(w.field for ws in decision.asked.values() for w in ws)
    lacks = bool(missing(header.fields, decision.kind, asked, programme))
    for seen in sheet.columns:
        column = seen.column
        if not seen.values and not seen.path:
            continue
        readings = [w.field for w in decision.asked.get(column, ())]
        if column in doubled:
            state, readings = "asked", [doubled[column]]
        elif readings:
            state = "asked"
        elif column in decision.doubtful:
            state, readings = "doubtful", [decision.taken[column].field]
        elif column in decision.refuted and column not in decision.taken:
            state, readings = "refuted", [decision.refuted[column].field]
        elif column in decision.taken or column in header.fields:
            continue
        elif readings := [w.field for w in decision.open.get(column, ())]:
            state = "open"
        else:
            state = "unread" if lacks else "own"
        if not seen.path and not readings:
            continue
        shown = [_masked(text) for text, _ in seen.values[:_MOST_SHOWN]]
        yield {
            "sheet": grid.name, "kind": decision.kind, "letters": column_letters(column),
            "header": sheet.called(seen), "readings": ";".join(dict.fromkeys(readings)),
            "samples": BETWEEN_SAMPLES.join(shown), "state": state, "row": header.bottom,
            "waits": column in doubled or _waits(readings, header, programme),
        }  # fmt: skip


def _waits(readings: list[str], header: Header, programme: Programme) -> bool:
    """Whether the sheet waits for the answer: a required field has no column, and this may be it."""
    held = set(header.fields.values())
    held |= {filled for name in held for filled in programme.field[name].fills}
    required = {f.name for f in programme.fields if f.required} - held
    return any(f in required for name in readings for f in (name, *programme.field[name].fills))


def _masked(text: str) -> str:
    """A cell as a question may show it: numbers and names masked, short."""
    plain = " ".join(text.split())
    line = mask_digits(plain)
    if line != plain and plain.isascii() and plain.isalnum():
        return (
            f"{line}（{len(plain)} 位）"  # an ID number is told from a certificate's by its length
        )
    if 1 < len(line) <= _LONGEST_NAME and not any(c.isascii() for c in line):
        line = line[0] + "*" * (len(line) - 1)
    return line[:_LONGEST_SHOWN]
