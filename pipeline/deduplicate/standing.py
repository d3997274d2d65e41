"""Which returns stand: the newest of each unit, kind and year supersedes the older ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.model import Issue, Month
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

_VERSION_MARK = re.compile(
    r"终稿|修改|修订|更正|定稿|最终|最新|改后|[vV]\d|第[二三四五六]版|\([2-9]\)"
)
_MOSTLY = 0.5


@dataclass(frozen=True)
class Part:
    """What one file files for one unit and kind."""

    file: str
    unit: str
    entity: str
    kind: str
    period: str
    filed_on: str

    @property
    def version(self) -> tuple[bool, str]:
        """A mark such as 修改后 in the name makes the later version, then path order."""
        return bool(_VERSION_MARK.search(self.file.rsplit("/", 1)[-1])), self.file


Pair = frozenset[Part]


@dataclass(frozen=True)
class Standing:
    """The parts that stand, those that do not, and what must be said about the choice.

    editions: every part of a file under the return it is part of, the returns of each unit, kind and
    span numbered from the oldest; see `_editions`.
    """

    stands: frozenset[tuple[str, str, str]]  # file, entity, kind
    superseded_by: dict[tuple[str, str, str], str]
    editions: pa.Table
    issues: tuple[Issue, ...]


def standing_returns(month: Month, programme: Programme, engine: Engine) -> Standing:
    """Decides for every part of every file whether it stands, by period, then filing date."""
    groups: dict[tuple[str, str, str], list[Part]] = {}
    for line in month.table("filings").to_pylist():
        part = Part(*(line[word] for word in Part.__dataclass_fields__))
        groups.setdefault((part.entity, part.kind, _span(part.period, programme)), []).append(part)
    newest = {key: _newest(parts) for key, parts in groups.items()}
    alike = _alike([kept for kept, _ in newest.values()], month, engine)
    stands, by, issues = set(), {}, []
    for last, older in newest.values():
        kept, replaced = _versions(last, alike)
        for part in kept:
            stands.add((part.file, part.entity, part.kind))
        for part in older:
            by[part.file, part.entity, part.kind] = kept[0].file
        for part, winner in replaced:
            by[part.file, part.entity, part.kind] = winner.file
            issue = programme.issue("U04", other=part.file)
            issues.append(issue.at(file=winner.file, unit=winner.unit))
    editions = _editions(groups, stands)
    return Standing(frozenset(stands), by, editions, tuple(issues))


def _span(period: str, programme: Programme) -> str:
    return period[:4] if programme.scope == "year" else period


def _newest(parts: list[Part]) -> tuple[list[Part], list[Part]]:
    """The parts of the newest period and filing date; undated ones go with the newest date."""
    period = max(p.period for p in parts)
    date = max(p.filed_on for p in parts if p.period == period)
    newest = [p for p in parts if p.period == period and p.filed_on in (date, "")]
    return newest, [p for p in parts if p not in newest]


def _versions(
    parts: list[Part], alike: frozenset[Pair]
) -> tuple[list[Part], list[tuple[Part, Part]]]:
    """Same date, mostly the same persons: two versions of one list, of which the later stands."""
    kept: list[Part] = []
    replaced = []
    for part in sorted(parts, key=lambda p: (p.filed_on, *p.version), reverse=True):
        twin = next((k for k in kept if frozenset((k, part)) in alike), None)
        if twin is None:
            kept.append(part)
        else:
            replaced.append((part, twin))
    return sorted(kept, key=lambda p: p.file), replaced


def _alike(newest: Iterable[list[Part]], month: Month, engine: Engine) -> frozenset[Pair]:
    """The pairs of parts filed together that list mostly the same persons."""
    import pyarrow as pa

    pairs = [pair for parts in newest for pair in combinations(parts, 2)]
    if not pairs:
        return frozenset()
    asked = [
        {"n": n, "kind": one.kind, "file_a": one.file, "unit_a": one.unit, "file_b": other.file,
         "unit_b": other.unit}
        for n, (one, other) in enumerate(pairs)
    ]  # fmt: skip
    found = engine.ask(
        "alike", {"rows": month.tables["rows"], "pairs": pa.Table.from_pylist(asked)}
    )
    return frozenset(
        frozenset(pairs[line["n"]])
        for line in found.to_pylist()
        if line["shared"] > _MOSTLY * min(line["persons_a"], line["persons_b"])
    )


def _editions(
    groups: Mapping[tuple[str, str, str], list[Part]], stands: set[tuple[str, str, str]]
) -> pa.Table:
    """What is filed on the same day is one return. An undated file goes with the newest of its period;
    of two versions of the same day, the one that gave way is the older."""
    import pyarrow as pa

    texts = ("file", "entity", "kind", "span", "period", "filed_on")
    schema = pa.schema(
        [*((name, pa.string()) for name in texts), ("stands", pa.int64()), ("edition", pa.int64())]
    )
    lines = [
        line for (_, _, span), parts in groups.items() for line in _of_span(span, parts, stands)
    ]
    return pa.Table.from_pylist(lines, schema=schema)


def _of_span(
    span: str, parts: Iterable[Part], stands: set[tuple[str, str, str]]
) -> Iterator[dict[str, object]]:
    newest: dict[str, str] = defaultdict(str)
    for part in parts:
        newest[part.period] = max(newest[part.period], part.filed_on)
    lines = {
        (p.file, p.entity, p.kind): (p.period, p.filed_on or newest[p.period],
                                     int((p.file, p.entity, p.kind) in stands))
        for p in parts
    }  # fmt: skip
    order = {when: n for n, when in enumerate(sorted(set(lines.values())), 1)}
    for (file, entity, kind), (period, filed_on, stood) in lines.items():
        yield {"file": file, "entity": entity, "kind": kind, "span": span, "period": period,
               "filed_on": filed_on, "stands": stood,
               "edition": order[period, filed_on, stood]}  # fmt: skip
