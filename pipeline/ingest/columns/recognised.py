"""The columns of a header as recognised, and what must be said of those taken with doubt or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.ingest.columns.asked_columns import Question, questions
from pipeline.ingest.layout import LONG, WIDEST, Header, OfProgramme, is_frame_row
from pipeline.ingest.recognition import Decision, Seen, Sheet, Spellings, Weighed, best_kind
from pipeline.model import Cell, Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters, compact

_SAMPLE = 60  # rows looked at
_PADDING = frozenset({"0", "0.0", "#N/A", "#REF!"})
_SHORTEST_FOOTER = 3  # characters of what can begin a footer
Answers = Mapping[
    tuple[str, str], str
]  # unit ('' for all), header as compared -> field, '' for none
NO_ANSWERS: Answers = {}
spellings = OfProgramme(Spellings)


@dataclass(frozen=True)
class Recognised:
    """A header whose columns are recognised. `asked`: fields that a column may hold, not surely enough;
    while a required one is among them the sheet waits."""

    header: Header
    decision: Decision
    issues: tuple[Issue, ...]
    asked: frozenset[str]
    questions: tuple[Question, ...] = ()  # lines of column_questions


def recognise(
    header: Header,
    grid: Grid,
    kinds: Sequence[str],
    period: str,
    programme: Programme,
    answers: Mapping[str, str],
) -> Recognised:
    """One decision over all columns below a header, for the kind of roster they fit best.

    `period` is the return's, '' where nobody knows it; `answers` are a clerk's, header as compared ->
    field, '' for a column of the county's own.
    """
    sheet = Sheet(_seen(grid, header), period)
    decision = best_kind(sheet, kinds, spellings(programme), answers)
    fields = {column: w.field for column, w in decision.taken.items()}
    # a second column under a header we know is told from the first elsewhere
    fields |= {
        seen.column: known[0]
        for seen in sheet.columns
        if seen.path
        and seen.column not in fields
        and seen.column not in decision.refuted
        and seen.column not in decision.another
        and (known := spellings(programme).known_as(seen.path, decision.kind))
        and sheet.called(seen) not in answers
    }
    asked = frozenset(w.field for readings in decision.asked.values() for w in readings)
    settled = replace(header, fields=dict(sorted(fields.items())), kind=decision.kind)
    issues = tuple(_notices(settled, decision, programme))
    lines = tuple(questions(settled, sheet, decision, grid, programme))
    return Recognised(settled, decision, issues, asked, lines)


def as_headed(recognised: Recognised) -> Header:
    """The header with what its columns may be, or say that they are: enough to tell a roster by."""
    decision, header = recognised.decision, recognised.header
    perhaps = {c: w.field for c, w in decision.refuted.items()}
    perhaps |= {c: readings[0].field for c, readings in decision.asked.items()}
    return replace(header, fields={**perhaps, **header.fields})


def answers_for(answers: Answers, unit: str) -> dict[str, str]:
    """What was answered of a unit's headers, else of everybody's."""
    of_all = {header: field for (whose, header), field in answers.items() if not whose}
    own = {header: field for (whose, header), field in answers.items() if whose and whose == unit}
    return {**of_all, **own}


def _seen(grid: Grid, header: Header) -> list[Seen]:
    """The columns below a header, each with its first cells; lines that are no persons left out."""
    first, last = header.bottom + 1, min(grid.last_row, header.bottom + _SAMPLE)
    columns = range(1, min(grid.last_column, WIDEST) + 1)
    held = [grid.column(column, first, last) for column in columns]
    frame = {at for at in range(last - first + 1) if _is_frame(at, held, header)}
    return [
        Seen(column, header.groups.get(column, ()), _without(texts, frame), _without(types, frame))
        for column, (texts, types) in zip(columns, held, strict=True)
    ]


def _is_frame(at: int, held: Sequence[tuple[list[str], list[str]]], header: Header) -> bool:
    """Whether a line below the header is no person: footer, total, column numbers, the header again."""
    spoken = [texts[at] for texts, _ in held if texts[at]]
    strong = any(
        len(text) >= LONG and text.isascii() and any(map(str.isdigit, text)) for text in spoken
    )
    if not spoken or (strong and len(spoken[0]) < _SHORTEST_FOOTER):
        return False
    line = {c: Cell(texts[at], types[at]) for c, (texts, types) in enumerate(held, 1) if types[at]}
    named = replace(header, fields=dict.fromkeys(header.leaves, ""))
    padding = {cell.text for cell in line.values()} <= _PADDING
    return bool(line) and (padding or is_frame_row(line, named, strong=strong))


def _without(values: list[str], frame: set[int]) -> list[str]:
    return [value for at, value in enumerate(values) if at not in frame] if frame else values


def _notices(header: Header, decision: Decision, programme: Programme) -> Iterator[Issue]:
    """A line for each column taken otherwise than its header says, with doubt, or left open."""
    halves: dict[str, list[int]] = {}
    for column, w in sorted(decision.taken.items()):
        label = programme.field[w.field].label
        if any(e.half for e in w.evidence):
            halves.setdefault(header.leaves.get(column, ""), []).append(column)
        elif column not in header.leaves:
            yield _at(programme.issue("S15", column=column_letters(column), label=label), header, w)
        elif (known := _known(header, column, decision, programme)) not in ("", w.field):
            slots = {
                "header": _shown(header, column),
                "label": programme.field[known].label,
                "taken": label,
            }
            yield _at(programme.issue("S14", **slots), header, w)
        elif column in decision.doubtful:
            issue = programme.issue("S10", header=header.named(column), label=label)
            yield _at(issue, header, w)
    yield from _of_halves(header, halves, decision, programme)
    for readings in decision.asked.values():
        labels = "、".join(
            f"“{programme.field[f].label}”" for f in dict.fromkeys(w.field for w in readings)
        )
        rivals = dict.fromkeys(
            column
            for column, others in decision.asked.items()
            if column != readings[0].column and readings[0].field in {w.field for w in others}
        )
        if rivals:
            labels += f"（{'、'.join(map(column_letters, rivals))} 列也像）"
        shown = _shown(header, readings[0].column) or "（空）"
        yield _at(programme.issue("S11", header=shown, readings=labels), header, readings[0])
    for column, w in decision.refuted.items():
        if column not in decision.taken and column not in decision.asked:
            why = next(e.what for e in w.evidence if e.never)
            label = programme.field[w.field].label
            issue = programme.issue("S22", header=_shown(header, column), label=label, reason=why)
            yield _at(issue, header, w)


def _known(header: Header, column: int, decision: Decision, programme: Programme) -> str:
    """The field whose own header stands above a column, '' where none does."""
    found = spellings(programme).known_as(header.groups[column], decision.kind)
    return found[0] if found else ""


def _of_halves(
    header: Header, halves: Mapping[str, list[int]], decision: Decision, programme: Programme
) -> Iterator[Issue]:
    columns = sorted(c for found in halves.values() for c in found)
    for first, second in zip(columns[::2], columns[1::2], strict=False):
        names = [programme.field[decision.taken[c].field].label for c in (first, second)]
        slots = {"header": _shown(header, first), "first": names[0], "second": names[1]}
        yield _at(programme.issue("S13", **slots), header, decision.taken[first])


def _at(issue: Issue, header: Header, w: Weighed) -> Issue:
    return issue.at(row=header.bottom, column=header.letters(w.column), field=w.field)


def _shown(header: Header, column: int) -> str:
    return compact(header.leaves.get(column, ""))
