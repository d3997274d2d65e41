"""Two sheets of one workbook that are one roster before and after it was put right (培训, 培训（改后）)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from pipeline.ingest.rosters.one_roster import Roster
from pipeline.model.as_filed import Table
from pipeline.programme import Programme
from pipeline.values import compact
from pipeline.versions import Marks, Version

_MOSTLY = 0.5
_COPY = re.compile(
    r"\s*[(（]\d+[)）]$"
)  # what Excel calls the copy of a sheet, the later or the earlier


def without_drafts(rosters: Sequence[Roster], programme: Programme) -> list[Roster]:
    """The rosters, those set aside in whose place another sheet stands: it lists more than half of the same
    persons and its name, or theirs, says which is the later. Where the names say nothing both count,
    and it is said if one lists somebody whom the other does not."""
    marks = Marks(programme.words["later_version"], programme.words["earlier_version"])
    found = list(rosters)
    for pair in _pairs(rosters):
        (n, one), (m, other) = pair
        if found[n].table is None or found[m].table is None:
            continue
        versions = [marks.version_of(f"/{_COPY.sub('', table.sheet)}") for table in (one, other)]
        if _is_later(*versions):
            (n, one), (m, other) = reversed(pair)
        persons, others = _persons(one, programme), _persons(other, programme)
        if len(persons & others) <= _MOSTLY * len(persons):
            continue
        slots = {"sheet": other.sheet, "shared": len(persons & others)}
        if _is_later(*versions) or _is_later(*reversed(versions)):
            issue = programme.issue("S44", **slots).at(sheet=one.sheet)
            found[n] = Roster(None, (issue,), units=found[n].units, nobodys=True)
        elif persons != others:
            issue = programme.issue("S45", **slots).at(sheet=one.sheet)
            found[n] = replace(found[n], issues=(*found[n].issues, issue))
    return found


def _pairs(rosters: Sequence[Roster]) -> Iterator[tuple[tuple[int, Table], tuple[int, Table]]]:
    held = [(n, r.table) for n, r in enumerate(rosters) if r.table is not None and r.table.rows]
    for one, other in combinations(held, 2):
        alike = one[1].kind == other[1].kind and set(one[1].units) == set(other[1].units)
        if alike and one[1].sheet != other[1].sheet:
            yield one, other


def _persons(table: Table, programme: Programme) -> frozenset[tuple[str, str]]:
    """Whom a sheet lists, by number, certificate or name as filed, and since when: the same women in two
    courses are two lists."""
    kind = programme.kind[table.kind]
    columns = [table.texts.get(kind.role(role), ()) for role in ("person", "certificate", "name")]
    starts = table.texts.get(kind.role("start"), [""] * len(table.rows))
    return frozenset(
        (next((compact(c[at]) for c in columns if c and c[at]), ""), compact(starts[at]))
        for at in range(len(table.rows))
    )


def _is_later(one: Version, other: Version) -> bool:
    """Whether the names of two sheets say that the one is behind the other."""
    return one.stem == other.stem and (one.rank, one.number) > (other.rank, other.number)
