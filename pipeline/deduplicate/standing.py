"""Which returns stand: the newest period's, and of its files those that no later one replaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from pipeline.deduplicate.compared_files import (
    Comparison,
    alike_throughout,
    compared,
    pairs_table,
)
from pipeline.deduplicate.file_choices import Choice, choices_of
from pipeline.deduplicate.file_questions import asked_of, questions_table
from pipeline.deduplicate.order import Evidence, Order, Part, ordered
from pipeline.engine import Engine
from pipeline.model import Issue, Month
from pipeline.programme import Programme
from pipeline.versions import Marks

if TYPE_CHECKING:
    import pyarrow as pa

_MOSTLY = 0.5
Group = tuple[str, str, str]  # entity, kind, span
Held = tuple[str, str, str]  # file, entity, kind


@dataclass(frozen=True)
class Standing:
    """The parts that stand, those that do not, and what must be said about the choice.

    editions: every part of a file under the return it is part of, the returns of each unit, kind and
    span numbered from the oldest; 0 for a part that was mended while others of its return stood on.
    overtaken: the rows of standing parts (file, sheet, table, row) that a later file says again.
    files: pairs of files of which only a person can say which stands, see model.results.Claims.
    """

    stands: frozenset[Held]
    superseded_by: dict[Held, str]
    editions: pa.Table
    overtaken: pa.Table
    files: pa.Table
    issues: tuple[Issue, ...]


@dataclass
class _Return:
    """What one unit filed of one kind for one period: the files that stand at its end, and for each
    of the others the file that took its place."""

    order: Order
    kept: list[Part]
    replaced: dict[Part, Part] = field(default_factory=dict)
    asked: list[tuple[Part, Part, Choice | None]] = field(default_factory=list)


def standing_returns(month: Month, programme: Programme, engine: Engine) -> Standing:
    """Decides for every part of every file whether it stands, and which of its rows."""
    groups: dict[Group, dict[str, list[Part]]] = {}
    stands: set[Held] = set()
    for part in _parts(month, engine):
        if part.unchanged:  # files for the period and supersedes nothing
            stands.add(_held(part))
            continue
        group = part.entity, part.kind, _span(part.period, programme)
        groups.setdefault(group, {}).setdefault(part.period, []).append(part)
    choices = choices_of(month.table("file_answers"), programme)
    together = [_once(parts) for of_group in groups.values() for parts in of_group.values()]
    comparison = compared(together, month, engine)
    returns = _returns(
        groups,
        Evidence(choices, comparison.mended(), comparison.corrections()),
        month,
        programme,
        engine,
    )
    by: dict[Held, str] = {}
    asked: list[tuple[Part, Part, Choice | None]] = []
    standing: list[_Return] = []
    for of_group in returns.values():
        newest = of_group[max(of_group)]
        standing.append(newest)
        stands.update(map(_held, newest.kept))
        for found in of_group.values():
            if found is not newest:
                by.update({_held(part): newest.kept[-1].file for part in found.order.parts})
            else:
                by.update({_held(part): _last(part, found).file for part in found.replaced})
                asked += found.asked
    files = _files(asked, comparison, stands, month, engine)
    return Standing(
        frozenset(stands),
        by,
        _editions(returns, stands),
        _overtaken(standing, month, engine),
        files,
        (*choices.issues, *asked_of(files, programme)),
    )


def _files(
    asked: Sequence[tuple[Part, Part, Choice | None]],
    comparison: Comparison,
    stands: set[Held],
    month: Month,
    engine: Engine,
) -> pa.Table:
    """The questions which of two files stands, but for files that say the same."""
    open_pairs = [(earlier, later) for earlier, later, choice in asked if choice is None]
    alike = alike_throughout(open_pairs, comparison, month, engine)
    kept = [a for a in asked if a[:2] not in alike]
    return questions_table(kept, comparison, {part for part, *_ in stands})


def _parts(month: Month, engine: Engine) -> Iterator[Part]:
    counts = engine.ask("faulty", {"rows": month.tables["rows"]}).to_pylist()
    faulty = {(c["file"], c["entity"], c["kind"]): c["lines"] for c in counts}
    inputs = {line["path"]: line for line in month.table("inputs").to_pylist()}
    for line in month.table("filings").to_pylist():
        of_file = inputs[line["file"]]
        yield Part(
            **{word: line[word] for word in ("file", "unit", "entity", "kind", "period", "filed_on", "nil", "unchanged")},
            digest=of_file["sha256"],
            ancestors=frozenset(filter(None, of_file["descends"].split(";"))),
            faulty=faulty.get((line["file"], line["entity"], line["kind"]), 0),
        )  # fmt: skip


def _held(part: Part) -> Held:
    return part.file, part.entity, part.kind


def _span(period: str, programme: Programme) -> str:
    return period[:4] if programme.scope == "year" else period


def _last(part: Part, found: _Return) -> Part:
    """The file that stands in a replaced one's place, over several rounds."""
    while part in found.replaced:
        part = found.replaced[part]
    return part


def _returns(
    groups: Mapping[Group, Mapping[str, list[Part]]],
    evidence: Evidence,
    month: Month,
    programme: Programme,
    engine: Engine,
) -> dict[Group, dict[str, _Return]]:
    marks = Marks(programme.words["later_version"], programme.words["earlier_version"])
    orders = {
        (group, period): ordered(_once(parts), marks, evidence)
        for group, of_group in groups.items()
        for period, parts in of_group.items()
    }
    shares = _shares([order.parts for order in orders.values()], month, engine)
    found: dict[Group, dict[str, _Return]] = {}
    for (group, period), order in orders.items():
        found.setdefault(group, {})[period] = _settled(order, shares)
    return found


def _once(parts: Sequence[Part]) -> list[Part]:
    """One part a file: a unit that is filed under two of its codes is one."""
    return list({part.file: part for part in parts}.values())


def _settled(order: Order, shares: Mapping[tuple[Part, Part], tuple[int, int]]) -> _Return:
    found = _Return(order, [])
    for nth, earlier in enumerate(order.parts):
        for later in order.parts[nth + 1 :]:
            persons, shared = shares.get((earlier, later), (0, 0))
            evident = order.is_evident(earlier, later)
            choice = order.choice(earlier, later)
            if (
                choice and choice.stands == earlier.file
            ):  # answers that point in a circle say nothing
                choice = None
            if choice:
                replaces = choice.stands == later.file
            else:
                replaces = _replaces(later, earlier, persons, shared, order, evident=evident)
            if replaces:
                found.replaced[earlier] = later
            matters = replaces or shared or (later.nil and persons)
            if choice or (matters and not evident):
                found.asked.append((earlier, later, choice))
            if replaces:
                break
        else:
            found.kept.append(earlier)
    return found


def _replaces(
    later: Part, earlier: Part, persons: int, shared: int, order: Order, *, evident: bool
) -> bool:
    """Whether the later file stands for the whole of the earlier one; else it adds to it: a few rows put
    right do, whatever their file is called or was made from."""
    if (earlier, later) in order.evidence.corrections:
        return False
    if later.descends_from(earlier) or not persons:
        return True
    if later.nil:
        return evident
    marked = (
        order.is_version_of(later, earlier) and shared > 0
    )  # of a list, not of another township's
    return marked or shared > _MOSTLY * persons


def _shares(
    orders: Sequence[Sequence[Part]], month: Month, engine: Engine
) -> dict[tuple[Part, Part], tuple[int, int]]:
    """For each pair of files of one return, the earlier first: its persons, and how many of them the
    later one lists."""
    pairs = [pair for parts in orders for pair in combinations(parts, 2)]
    if not pairs:
        return {}
    tables = {"rows": month.tables["rows"], "pairs": pairs_table(pairs)}
    found = engine.ask("alike", tables).to_pylist()
    return {pairs[line["n"]]: (line["persons"], line["shared"]) for line in found}


def _overtaken(standing: Sequence[_Return], month: Month, engine: Engine) -> pa.Table:
    """Of files that stand side by side, the rows that a later one says again or puts right."""
    import pyarrow as pa

    schema = pa.schema(
        [
            *((name, pa.string()) for name in ("file", "entity", "kind")),
            *((name, pa.int64()) for name in ("nth", "rank")),
        ]
    )
    lines = [
        {
            "file": part.file,
            "entity": part.entity,
            "kind": part.kind,
            "nth": nth,
            "rank": found.order.versions[part.file].rank,
        }
        for found in standing
        if len(found.kept) > 1
        for nth, part in enumerate(found.kept)
    ]
    kept = pa.Table.from_pylist(lines, schema=schema)
    excused = month.table("excused")
    if not lines:
        return excused.schema.empty_table()
    asked = {"rows": month.tables["rows"], "kept": kept, "excused": excused}
    return engine.ask("overtaken", asked).cast(excused.schema)


def _editions(returns: Mapping[Group, Mapping[str, _Return]], stands: set[Held]) -> pa.Table:
    """What stands together at the end of a period is one return; before it come its earlier rounds."""
    import pyarrow as pa

    texts = ("file", "entity", "kind", "span", "period", "filed_on")
    schema = pa.schema(
        [*((name, pa.string()) for name in texts), ("stands", pa.int64()), ("edition", pa.int64())]
    )
    lines: list[dict[str, object]] = []
    for (entity, kind, span), of_group in returns.items():
        number = 0
        for period in sorted(of_group):
            for parts, is_return in _rounds(of_group[period]):
                number += is_return
                day = max(part.filed_on for part in parts)
                lines += (
                    {"file": part.file, "entity": entity, "kind": kind, "span": span,
                     "period": period, "filed_on": day, "stands": int(_held(part) in stands),
                     "edition": number if is_return else 0}
                    for part in parts
                )  # fmt: skip
    return pa.Table.from_pylist(lines, schema=schema)


def _rounds(found: _Return) -> Iterator[tuple[list[Part], bool]]:
    """The rounds of one period from the first, each with whether it was a whole return: where several
    files stand side by side, one that was mended was only a part of it."""
    if len(found.kept) > 1 and found.replaced:
        yield list(found.replaced), False
    elif found.replaced:
        depth: dict[Part, int] = {}
        for part in reversed(found.order.parts):
            depth[part] = depth[found.replaced[part]] + 1 if part in found.replaced else 0
        for level in sorted(set(depth.values()) - {0}, reverse=True):
            yield [part for part in found.order.parts if depth[part] == level], True
    yield found.kept, True
