"""What follows from claims: who is claimed by several, under which names, and what each is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.deduplicate.judged import Decisions
from pipeline.deduplicate.suspicions import changed_since, fingerprint
from pipeline.engine import Engine
from pipeline.model import Issue, Stored
from pipeline.model.words import REASON_WORDS
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

Question = tuple[str, str, str]  # indicator, year, person


def claimed_by_several(rows: Stored, decisions: Decisions, engine: Engine) -> pa.Table:
    """claims.csv: one line per person, indicator, year and unit that claims her with others.

    Beside its columns: name, person, and for her question the fingerprint of its evidence and what
    of it has changed since a judgement.
    """
    import pyarrow as pa

    table = engine.ask("several", {"rows": rows})
    lines = table.to_pylist()
    units: dict[Question, set[str]] = {}
    names: dict[Question, set[str]] = {}
    for line in lines:
        units.setdefault(_question(line), set()).add(line["unit"])
        names.setdefault(_question(line), set()).add(line["name"])
    prints, changed = [], []
    for line in lines:
        of = _question(line)
        prints.append(fingerprint(*(";".join(sorted(found[of])) for found in (names, units))))
        decided = decisions.kept(of[2], of[0], of[1])
        changed.append(changed_since(decided.fingerprint, prints[-1]) if decided else "")
    for name, column in (("fingerprint", prints), ("changed", changed)):
        table = table.append_column(name, pa.array(column, pa.string()))
    return table


def _question(line: Mapping[str, Any]) -> Question:
    return line["indicator"], line["year"], line["person"]


def different_names(rows: Stored, programme: Programme, engine: Engine) -> list[Issue]:
    """Same number under different names: both claims count and are listed."""
    issues = []
    lines = engine.ask("different_names", {"rows": rows}).to_pylist()
    for _, own in groupby(lines, key=lambda line: line["number"]):
        group = list(own)
        for row in group:
            other = next(r for r in group if r["folded"] != row["folded"])
            where = f"{programme.gazetteer.name(other['unit'])}（{other['sheet'] or '表'} 第 {other['row']} 行）"
            field = programme.kind[row["kind"]].role("name")
            issues.append(_at(programme.issue("U01", where=where), row, field))
    return issues


def tell_claimants(
    several: pa.Table, rows: Stored, programme: Programme, engine: Engine
) -> list[Issue]:
    """Every claimant is told who else claims her, and for whom she counts."""
    name = programme.gazetteer.name
    claimants: dict[Question, set[str]] = {}
    reasons: dict[Question, str] = {}
    for line in several.to_pylist():
        claimants.setdefault(_question(line), set()).add(line["unit"])
        reasons[_question(line)] = line["reason"]
    issues = []
    for row in engine.ask("claimed", {"rows": rows}).to_pylist():
        claim = _question(row)
        others = "、".join(name(u) for u in sorted(claimants[claim]) if u != row["unit"])
        issue = programme.issue(
            "U03",
            others=others,
            reason=REASON_WORDS[reasons[claim]],
            keeper=name(row["counted_for"]),
        )
        issues.append(_at(issue, row, programme.kind[row["kind"]].role("person")))
    return issues


def tell_reopened(
    suspicions: pa.Table, several: pa.Table, decisions: Decisions, programme: Programme
) -> list[Issue]:
    """A judgement whose evidence has changed stands, and its question is put again (重新裁定)."""
    issues = []
    for pair in suspicions.to_pylist():
        if pair["changed"]:
            decided = decisions.pairs[frozenset((pair["id_a"], pair["id_b"]))]
            issue = programme.issue("U10", changed=pair["changed"])
            issues.append(issue.at(file=decided.file, row=decided.row))
    reopened = {_question(line): line["changed"] for line in several.to_pylist() if line["changed"]}
    for (indicator, year, person), changed in reopened.items():
        kept = decisions.kept(person, indicator, year)
        if kept:
            issue = programme.issue("U10", changed=changed)
            issues.append(issue.at(file=kept.file, row=kept.row))
    return issues


def _at(issue: Issue, row: Mapping[str, Any], field: str) -> Issue:
    return issue.at(
        file=row["file"], sheet=row["sheet"], row=row["row"], column=row["column"], field=field,
        unit=row["unit"],
    )  # fmt: skip
