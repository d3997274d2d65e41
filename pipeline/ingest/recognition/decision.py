"""Which column is which field: one decision over the whole sheet, with what came second.

Every column is weighed against every field of a kind of roster; the best assignment in which no field is held
by two columns stands. What a clerk has answered of a header stands before any evidence but a contradiction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.ingest.recognition import relations, weights
from pipeline.ingest.recognition.contents import Seen
from pipeline.ingest.recognition.left_open import holding, only_ones, perhaps, plainly
from pipeline.ingest.recognition.relations import Sheet
from pipeline.ingest.recognition.spelling import Spellings
from pipeline.ingest.recognition.weighing import Weighed, weigh
from pipeline.programme import Programme


@dataclass(frozen=True)
class Decision:
    """The columns of one sheet under one kind of roster.

    taken: column -> what it is; doubtful: those of them that count with a warning; asked: columns that may be a
    field but not surely enough, each with its likely readings, best first; refuted: columns whose header (or
    whose clerk) says one thing and whose cells another; another: columns under a header we know that are of another
    person; open: columns that hold what a field without a column
    would hold that can bar a person; second: what came second, unlike: what a column that is not read is most like
    and why it is not that, both for the page that explains.
    """

    kind: str
    taken: Mapping[int, Weighed]
    doubtful: frozenset[int] = frozenset()
    asked: Mapping[int, tuple[Weighed, ...]] = field(default_factory=dict)
    refuted: Mapping[int, Weighed] = field(default_factory=dict)
    another: frozenset[int] = frozenset()
    open: Mapping[int, tuple[Weighed, ...]] = field(default_factory=dict)
    second: Mapping[int, Weighed] = field(default_factory=dict)
    unlike: Mapping[int, Weighed] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """How well the whole sheet reads as this kind."""
        return sum(w.points for w in self.taken.values())


def decide(
    sheet: Sheet,
    kind: str,
    spellings: Spellings,
    answers: Mapping[str, str] | None = None,
) -> Decision:
    """The best assignment of a sheet's columns to the fields of a kind of roster.

    `answers` are a clerk's: what a column is called (`Sheet.called`) -> field, or NOT_USED.
    """
    weighed = {(w.column, w.field): w for w in weigh(sheet, kind, spellings, answers or {})}
    programme = spellings.programme
    assigned = _once_filled(_assigned(weighed, spellings.needed), programme)
    best = _in_order(assigned, sheet, kind, programme, weighed)
    return _judged(best, weighed, sheet, kind, spellings)


def _assigned(
    weighed: Mapping[tuple[int, str], Weighed], needed: frozenset[str]
) -> dict[int, Weighed]:
    """The assignment with the most points, each field once; only what may count at all, and of fields
    that no rule and no role asks for only columns under their own headers."""
    able = {
        key: w
        for key, w in weighed.items()
        if (w.known and not w.contradicted) or (w.points >= weights.LIKELY and w.field in needed)
    }
    favourite: dict[int, Weighed] = {}
    for w in able.values():
        if w.column not in favourite or w.points > favourite[w.column].points:
            favourite[w.column] = w
    if len({w.field for w in favourite.values()}) == len(favourite):
        return favourite  # nobody contends: each column has what it is best at
    return _best_of_all(able)


def _once_filled(best: dict[int, Weighed], programme: Programme) -> dict[int, Weighed]:
    """A guessed column that fills fields, and guessed columns of those fields: what covers more of them
    stands, else the surer reading; a column under a header we know stands anyhow."""
    kept = dict(best)
    for whole in best.values():
        fills = set(programme.field[whole.field].fills)
        parts = [w for w in kept.values() if w.field in fills]
        if not parts:
            continue
        surer = sum(w.points for w in parts) / len(parts) > whole.points
        if {w.field for w in parts} == fills and (surer or all(w.known for w in parts)):
            dropped = [whole]
        else:
            dropped = parts
        kept = {c: w for c, w in kept.items() if w.known or w not in dropped}
    return kept


def _best_of_all(able: Mapping[tuple[int, str], Weighed]) -> dict[int, Weighed]:
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    columns, fields = sorted({c for c, _ in able}), sorted({f for _, f in able})
    points = np.zeros((len(columns), len(fields)))
    for (column, name), w in able.items():
        # the further left of two equals holds the field
        points[columns.index(column), fields.index(name)] = max(w.points, 0.1) - column * 1e-6
    chosen = zip(*linear_sum_assignment(points, maximize=True), strict=True)
    pairs = ((columns[c], fields[f]) for c, f in chosen)
    return {column: able[column, name] for column, name in pairs if (column, name) in able}


def _in_order(
    best: dict[int, Weighed],
    sheet: Sheet,
    kind: str,
    programme: Programme,
    weighed: Mapping[tuple[int, str], Weighed],
) -> dict[int, Weighed]:
    """Start and finish the other way round, where the days say so and no header says otherwise."""
    roster = programme.kind[kind]
    at = {w.field: w for w in best.values()}
    start, finish = at.get(roster.start), at.get(roster.finish)
    if start is None or finish is None or start.known or finish.known:
        return best
    seen = {c.column: c for c in sheet.columns}
    order = relations.order_of(seen[start.column], seen[finish.column], sheet.year)
    if order is None or order.points > 0:
        return best
    swapped = (
        weighed.get((finish.column, roster.start)),
        weighed.get((start.column, roster.finish)),
    )
    if any(w is None or w.contradicted for w in swapped):
        return best
    return best | {w.column: w for w in swapped if w is not None}


def _judged(
    best: Mapping[int, Weighed],
    weighed: Mapping[tuple[int, str], Weighed],
    sheet: Sheet,
    kind: str,
    spellings: Spellings,
) -> Decision:
    """How sure each reading is: taken, taken with a warning, or a question."""
    programme = spellings.programme
    held = {w.field for w in best.values()}
    held |= {f for name in held for f in programme.field[name].fills}
    seen = {c.column: c for c in sheet.columns}
    taken, doubtful, asked, second = dict(best), set[int](), dict[int, tuple[Weighed, ...]](), {}
    for column, w in sorted(best.items()):
        rivals = _rivals(w, best, weighed, spellings.needed)
        if rivals:
            second[column] = rivals[0]
        if w.known:
            continue
        close = _close(w, rivals, seen, programme)
        if close and programme.field[w.field].required:
            del taken[column]
            asked[column] = (w, *close)
        else:
            doubtful.add(column)
    possible = dict(perhaps(best, weighed, sheet, held, kind, programme))
    lone = _once_filled(only_ones(possible, sheet, programme.kind[kind]), programme)
    found = {f for w in lone.values() for f in (w.field, *programme.field[w.field].fills)}
    taken, doubtful = taken | lone, doubtful | set(lone)
    for column, readings in possible.items():
        left = tuple(w for w in readings if not found & {w.field, *programme.field[w.field].fills})
        if left and column not in lone:
            asked[column] = left
    refuted = {
        w.column: w
        for w in weighed.values()
        if w.contradicted and any(e.points >= weights.KNOWN_BELOW_GROUP for e in w.evidence)
    }
    spoken_of = {*taken, *asked, *refuted}
    held |= {w.field for w in taken.values()}
    barring = [f for f in programme.fields_of(kind) if f.name in spellings.barring - held]
    free = [c for c in sheet.columns if c.column not in spoken_of]
    open_ = dict(holding(free, barring, weighed, lambda seen, f: plainly(seen, f, programme)))
    unlike = _unlike(weighed, spoken_of, spellings.needed)
    another = frozenset(w.column for w in weighed.values() if w.known and w.of_another)
    return Decision(
        kind, taken, frozenset(doubtful), asked, refuted, another, open_, second, unlike
    )


def _unlike(
    weighed: Mapping[tuple[int, str], Weighed], spoken_of: set[int], needed: frozenset[str]
) -> dict[int, Weighed]:
    """For each column that is not read, the needed field that most speaks for."""
    found: dict[int, Weighed] = {}
    for (column, name), w in weighed.items():
        if column in spoken_of or name not in needed or w.spoken_for <= 0:
            continue
        if column not in found or w.spoken_for > found[column].spoken_for:
            found[column] = w
    return found


def _close(
    w: Weighed, rivals: Sequence[Weighed], seen: Mapping[int, Seen], programme: Programme
) -> list[Weighed]:
    """The rivals that a reading does not lead by enough: where its column holds the field, only those whose
    column holds theirs."""

    def holds(of: Weighed) -> bool:
        share = seen[of.column].share_of(programme.field[of.field], programme)
        return share >= weights.MOSTLY

    margin = w.margin if holds(w) else weights.MARGIN_OF_UNKNOWN if w.of_unknown else weights.MARGIN
    near = [r for r in rivals if r.points > w.points - margin and not r.of_another]
    return [r for r in near if holds(r)] if holds(w) else near


def _rivals(
    w: Weighed,
    best: Mapping[int, Weighed],
    weighed: Mapping[tuple[int, str], Weighed],
    needed: frozenset[str],
) -> list[Weighed]:
    """Other readings of this column, and other columns for this field, best first; what nothing needs is no
    rival."""
    free = needed - {b.field for b in best.values()}
    mine = (o for (c, f), o in weighed.items() if c == w.column and f in free)
    others = (o for (c, f), o in weighed.items() if f == w.field and c not in best)
    return sorted(
        (o for o in (*mine, *others) if o.points > 0), key=lambda o: (-o.points, o.column, o.field)
    )


def best_kind(
    sheet: Sheet,
    kinds: Sequence[str],
    spellings: Spellings,
    answers: Mapping[str, str] | None = None,
) -> Decision:
    """The kind of roster that a sheet's columns fit best, and how."""
    decisions = [decide(sheet, kind, spellings, answers) for kind in kinds]
    return max(decisions, key=lambda d: (d.points, -kinds.index(d.kind)))
