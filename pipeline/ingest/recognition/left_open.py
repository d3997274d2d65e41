"""What fields that a sheet lacks may be: columns that hold what they would hold, and the only ones that can."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import partial

from pipeline.ingest.recognition import relations, weights
from pipeline.ingest.recognition.contents import Seen
from pipeline.ingest.recognition.relations import Sheet
from pipeline.ingest.recognition.weighing import Weighed
from pipeline.programme import Field, Kind, Programme


def perhaps(
    best: Mapping[int, Weighed],
    weighed: Mapping[tuple[int, str], Weighed],
    sheet: Sheet,
    held: set[str],
    kind: str,
    programme: Programme,
) -> Iterator[tuple[int, tuple[Weighed, ...]]]:
    """Columns that hold what a required field without a column would hold: it is not missing, but asked; where
    none does, those that might."""
    names = {f.name for f in programme.fields_of(kind) if f.required and f.name not in held}
    lacking = [f for f in programme.fields_of(kind) if f.name in names or names & set(f.fills)]
    hers = {w.field for w in weighed.values() if w.points > 0 and not w.of_another}
    hers |= {f.name for f in lacking if is_given(f, held, programme)}  # her certificate says it
    left = [c for c in sheet.columns if c.column not in best]
    others = {key: w for key, w in weighed.items() if not w.of_another or w.field not in hers}
    found = dict(holding(left, lacking, others, lambda seen, f: plainly(seen, f, programme)))
    alone = {key: w for key, w in weighed.items() if not w.of_another and not w.of_unknown}
    for able, fits in ((alone, _might), (weighed, plainly)):
        answered = held | {w.field for readings in found.values() for w in readings}
        answered |= {name for f in lacking if f.name in answered for name in f.fills}
        still = [f for f in lacking if f.required and not is_given(f, answered, programme)]
        rest = [c for c in left if c.column not in found]
        found |= dict(holding(rest, still, able, partial(fits, programme=programme)))
    yield from sorted(found.items())


def is_given(of: Field, held: Set[str], programme: Programme) -> bool:
    """Whether a field has a column, or what it is derived from has."""
    if of.name in held or of.derive is None:
        return of.name in held
    return is_given(programme.field[of.derive.source], held, programme)


def holding(
    columns: Sequence[Seen],
    fields: Sequence[Field],
    weighed: Mapping[tuple[int, str], Weighed],
    holds: Callable[[Seen, Field], bool],
) -> Iterator[tuple[int, tuple[Weighed, ...]]]:
    """For each of these columns the fields that it holds and nothing contradicts, the likeliest first."""
    for seen in columns:
        readings = [
            w
            for f in fields
            if (w := weighed.get((seen.column, f.name))) is not None
            and not w.contradicted
            and holds(seen, f)
        ]
        if readings:
            yield seen.column, tuple(sorted(readings, key=lambda w: -w.points))


def plainly(seen: Seen, of: Field, programme: Programme) -> bool:
    """Whether nearly all that a column holds reads as a field."""
    return seen.share_of(of, programme) >= weights.MOSTLY


def _might(seen: Seen, of: Field, programme: Programme) -> bool:
    """Whether a column may hold a field though its cells are badly written: some read as it, or all are of
    the make of names or of numbers."""
    if seen.share_of(of, programme) >= weights.HARDLY:
        return True
    make = {"name": "han", "id": "long_number", "certificate": "long_number"}.get(of.kind)
    return make is not None and seen.share(make) >= weights.MOSTLY


def only_ones(
    perhaps: Mapping[int, tuple[Weighed, ...]], sheet: Sheet, kind: Kind
) -> dict[int, Weighed]:
    """What a required field can only be: the one column left that holds it, or plainly the likeliest; of two columns of days
    the earlier is the start, where the days say so in every row."""
    likely = {c: [w for w in readings if w.points > 0] for c, readings in perhaps.items()}
    lone = dict[int, Weighed]()
    for name in dict.fromkeys(w.field for readings in likely.values() for w in readings):
        of = sorted(
            (w for ws in likely.values() for w in ws if w.field == name), key=lambda w: -w.points
        )
        alone = len(likely[of[0].column]) == 1 and of[0].column not in lone
        if alone and (len(of) == 1 or of[0].points - of[1].points >= of[0].margin):
            lone[of[0].column] = of[0]
    days = sorted(
        c for c, ws in likely.items() if {w.field for w in ws} == {kind.start, kind.finish}
    )
    if len(days) == 2:
        seen = {c.column: c for c in sheet.columns}
        for first, last in (days, days[::-1]):
            order = relations.order_of(seen[first], seen[last], sheet.year)
            if order is not None and order.points > 0:
                mine = {first: kind.start, last: kind.finish}
                found = {
                    c: w for c in days for w in perhaps[c] if w.field == mine[c] and w.points > 0
                }
                return lone | (found if len(found) == 2 else {})
    return lone
