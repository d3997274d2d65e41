"""Which returns stand: the newest of each unit, kind and year supersedes the older ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.model import Issue, Reading, Records
from pipeline.programme import Programme

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
    persons: frozenset[str] = field(repr=False)

    @property
    def version(self) -> tuple[bool, str]:
        """A mark such as 修改后 in the name makes the later version, then path order."""
        return bool(_VERSION_MARK.search(self.file.rsplit("/", 1)[-1])), self.file


@dataclass(frozen=True)
class Standing:
    """The parts that stand, those that do not, and what must be said about the choice."""

    stands: frozenset[tuple[str, str, str]]  # file, entity, kind
    superseded_by: dict[tuple[str, str, str], str]
    issues: tuple[Issue, ...]


def standing_returns(
    records: Records, readings: Iterable[Reading], programme: Programme
) -> Standing:
    """Decides for every part of every file whether it stands, by period, then filing date."""
    groups: dict[tuple[str, str, str], list[Part]] = {}
    for part in _parts(records, readings, programme):
        span = part.period[:4] if programme.scope == "year" else part.period
        groups.setdefault((part.entity, part.kind, span), []).append(part)
    stands, by, issues = set(), {}, []
    for parts in groups.values():
        newest, older = _newest(parts)
        kept, replaced = _versions(newest)
        for part in kept:
            stands.add((part.file, part.entity, part.kind))
        for part in older:
            by[part.file, part.entity, part.kind] = kept[0].file
        for part, winner in replaced:
            by[part.file, part.entity, part.kind] = winner.file
            issue = programme.issue("U04", other=part.file)
            issues.append(issue.at(file=winner.file, unit=winner.unit))
    return Standing(frozenset(stands), by, tuple(issues))


def _parts(records: Records, readings: Iterable[Reading], programme: Programme) -> Iterable[Part]:
    persons: dict[tuple[str, str, str], set[str]] = {}
    if not records.frame.empty:
        columns = records.frame[["file", "unit", "kind", "person"]]
        for file, unit, kind, person in columns.itertuples(index=False):
            persons.setdefault((file, unit, kind), set()).add(person)
    for reading in readings:
        file, seen = reading.submission.path, set()
        dates: dict[str, str] = {}
        for sheet in reading.sheets:
            date = sheet.filed_on.isoformat() if sheet.filed_on else ""
            dates[sheet.kind] = max(date, dates.get(sheet.kind, ""))
        for sheet in reading.sheets:
            units: set[str] = set(sheet.units) - {""}
            if sheet.nil:
                units |= set(reading.units[:1])
            for unit in sorted(units):
                if (unit, sheet.kind) in seen:
                    continue
                seen.add((unit, sheet.kind))
                yield Part(
                    file,
                    unit,
                    programme.gazetteer.entity(unit),
                    sheet.kind,
                    reading.period,
                    dates[sheet.kind],
                    frozenset(persons.get((file, unit, sheet.kind), set()) - {""}),
                )


def _newest(parts: list[Part]) -> tuple[list[Part], list[Part]]:
    """The parts of the newest period and filing date; undated ones go with the newest date."""
    period = max(p.period for p in parts)
    date = max(p.filed_on for p in parts if p.period == period)
    newest = [p for p in parts if p.period == period and p.filed_on in (date, "")]
    return newest, [p for p in parts if p not in newest]


def _versions(parts: list[Part]) -> tuple[list[Part], list[tuple[Part, Part]]]:
    """Same date, mostly the same persons: two versions of one list, of which the later stands."""
    kept: list[Part] = []
    replaced = []
    for part in sorted(parts, key=lambda p: (p.filed_on, *p.version), reverse=True):
        twin = next((k for k in kept if _same_list(k, part)), None)
        if twin is None:
            kept.append(part)
        else:
            replaced.append((part, twin))
    return sorted(kept, key=lambda p: p.file), replaced


def _same_list(first: Part, second: Part) -> bool:
    shared = len(first.persons & second.persons)
    return shared > _MOSTLY * min(len(first.persons), len(second.persons)) and shared > 0
