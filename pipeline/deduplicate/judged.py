"""What people decided: applied where it is clear, said where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pipeline.model import Issue, Judgement
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

Key = TypeVar("Key")


@dataclass(frozen=True)
class Decisions:
    """The judgements that stand: who is the same person, and who keeps whom."""

    persons: Mapping[str, str]  # ID number -> the person it is
    pairs: Mapping[frozenset[str], Judgement]
    keepers: Mapping[tuple[str, str, str], Judgement]  # person, indicator or '', year or ''
    issues: tuple[Issue, ...]

    def person(self, id_no: str) -> str:
        """The person behind an ID number."""
        return self.persons.get(id_no, id_no)

    def kept(self, person: str, indicator: str, year: str) -> Judgement | None:
        """The judgement on who keeps a person, the one that says most of the question."""
        for key in ((person, indicator, year), (person, indicator, ""), (person, "", "")):
            if key in self.keepers:
                return self.keepers[key]
        return None

    def keeper(self, person: str, indicator: str, year: str) -> str:
        """The unit a judgement gives a person to, or nothing."""
        judgement = self.kept(person, indicator, year)
        return judgement.keeper if judgement else ""

    def same(self) -> pa.Table:
        """Each number of people judged the same, and the person it is: id_no, person."""
        return _texts(("id_no", "person"), self.persons.items())

    def judged(self, programme: Programme) -> pa.Table:
        """To which unit (entity) persons are given: person, indicator, year, keeper; '' means any."""
        entity = programme.gazetteer.entity
        lines = ((*question, entity(j.keeper)) for question, j in self.keepers.items())
        return _texts(("person", "indicator", "year", "keeper"), lines)


def _texts(names: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> pa.Table:
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in names])
    found = [dict(zip(names, line, strict=True)) for line in lines]
    return pa.Table.from_pylist(found, schema=schema)


def judgements_of(table: pa.Table) -> list[Judgement]:
    """The judgements of a month, in the order of its files."""
    return [Judgement(**line) for line in table.to_pylist()]


def decide(
    judgements: Iterable[Judgement], claimed: Mapping[str, frozenset[str]], programme: Programme
) -> Decisions:
    """All judgements together: of one question that of the newest workbook stands; two that
    contradict each other in workbooks of one period are left out, both, and said. One without a
    reason or a name is not taken, nor one whose keeper does not claim her.

    claimed: by number, the units (entities) that claim it in sound rows.
    """
    pairs: dict[frozenset[str], list[Judgement]] = {}
    kept: dict[tuple[str, str, str], list[Judgement]] = {}
    issues = []
    for j in judgements:
        if not {j.id_a, *filter(None, [j.id_b])} <= set(claimed):
            issues.append(programme.issue("U06").at(file=j.file, row=j.row))
        elif why := _lacking(j):
            issues.append(programme.issue("U11", why=why).at(file=j.file, row=j.row))
        elif j.id_b:
            pairs.setdefault(frozenset((j.id_a, j.id_b)), []).append(j)
        else:
            kept.setdefault((j.id_a, j.indicator, j.year), []).append(j)
    verdicts, clashes = _settled(pairs, lambda j: j.verdict)
    keepers, more = _settled(kept, lambda j: j.keeper)
    for first, second in (*clashes, *more):
        issue = programme.issue("U05", other=f"{second.file} 第 {second.row} 行")
        issues.append(issue.at(file=first.file, row=first.row))
    persons = _merged([pair for pair, j in verdicts.items() if j.verdict == "same"])
    keepers, strange = _claiming(keepers, persons, claimed, programme)
    issues += strange
    of_person = {(persons.get(p, p), i, y): j for (p, i, y), j in keepers.items()}
    return Decisions(persons, verdicts, of_person, tuple(issues))


def _lacking(judgement: Judgement) -> str:
    """What a decision must have and does not; a question left open needs neither."""
    if judgement.verdict == "open":
        return ""
    named = (("理由", judgement.reason), ("裁定人", judgement.decided_by))
    missing = "、".join(word for word, text in named if not text.strip())
    return f"没有写{missing}" if missing else ""


def _claiming(
    keepers: Mapping[tuple[str, str, str], Judgement],
    persons: Mapping[str, str],
    claimed: Mapping[str, frozenset[str]],
    programme: Programme,
) -> tuple[dict[tuple[str, str, str], Judgement], list[Issue]]:
    """The judgements whose keeper claims her under one of her numbers; what is said of the others."""
    units: dict[str, set[str]] = {}
    for number, entities in claimed.items():
        units.setdefault(persons.get(number, number), set()).update(entities)
    kept, issues = {}, []
    for question, j in keepers.items():
        if programme.gazetteer.entity(j.keeper) in units[persons.get(j.id_a, j.id_a)]:
            kept[question] = j
        else:
            why = f"{programme.gazetteer.name(j.keeper)}没有上报此人，不能计入"
            issues.append(programme.issue("U11", why=why).at(file=j.file, row=j.row))
    return kept, issues


def _settled(
    groups: Mapping[Key, list[Judgement]], verdict_of: Callable[[Judgement], str]
) -> tuple[dict[Key, Judgement], list[tuple[Judgement, Judgement]]]:
    """What the newest judgements of each question agree on, and pairs that contradict each other."""
    settled: dict[Key, Judgement] = {}
    clashes = []
    for key, judgements in groups.items():
        newest = max(j.period for j in judgements)
        last = [j for j in judgements if j.period == newest]
        other = next((j for j in last if verdict_of(j) != verdict_of(last[0])), None)
        if other is None:
            settled[key] = last[-1]
        else:
            clashes.append((last[0], other))
    return settled, clashes


def _merged(pairs: list[frozenset[str]]) -> dict[str, str]:
    """Each ID number of people judged the same -> the lowest of their numbers."""
    person: dict[str, str] = {}
    for pair in pairs:
        members = {person.get(n, n) for n in pair}
        lowest = min(members)
        person |= {n: lowest for n, p in person.items() if p in members}
        person |= dict.fromkeys(pair, lowest)
    return person
