"""What a whole return breaks: the rules of tier `return`, held before anybody is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.checks import Rule
from pipeline.deduplicate.claimed import Asked
from pipeline.deduplicate.judged import Decisions
from pipeline.engine import Engine, Valued
from pipeline.model import Issue, Month, Severity, Stored, issue_lines
from pipeline.model.tables import ISSUES, table_of
from pipeline.model.words import FIELD
from pipeline.month import waive
from pipeline.programme import Programme
from pipeline.values import mask_digits

if TYPE_CHECKING:
    import pyarrow as pa

# a check over whole returns -> the question that finds the rows that fail it
QUESTIONS = {"shared_by_fewer_than": "shared_by"}
_LONGEST_QUOTE = 24
Letters = Mapping[tuple[str, str, int, str], str]  # file, sheet, table, field


@dataclass(frozen=True)
class Held:
    """What the rules found: the issues, the rows they send back, and the waivers as used by now."""

    issues: pa.Table
    refused: pa.Table
    waivers: pa.Table


def hold(
    month: Month, asked: Asked, decisions: Decisions, programme: Programme, engine: Engine
) -> Held:
    """Every standing return against the programme's rules over whole returns."""
    letters = _letters(month.table("columns"))
    lines: list[dict[str, Any]] = []
    for kind in programme.kinds:
        for rule in programme.rules_of("return", kind.name):
            failing = _failing(rule, kind.name, month, asked, decisions, engine)
            for row in failing.to_pylist():
                (line,) = issue_lines([_issue(rule, row, letters, programme)])
                lines.append({**line, "table": row["table"]})
    issues, waivers = waive(
        table_of(ISSUES, lines), _rows(month), month.table("waivers"), _periods(month), engine
    )
    return Held(issues, _refused(issues), waivers)


def _rows(month: Month) -> Stored:
    rows = month.tables["rows"]
    assert isinstance(rows, Stored)
    return rows


def _periods(month: Month) -> list[str]:
    return sorted({p for p in month.periods.values() if p})


def _failing(
    rule: Rule, kind: str, month: Month, asked: Asked, decisions: Decisions, engine: Engine
) -> pa.Table:
    """The rows of standing returns of a kind that fail a rule, in periods in which it is in force."""
    import pyarrow as pa

    in_force = [p for p in _periods(month) if rule.in_force(p)]
    return engine.ask(
        QUESTIONS[rule.check],
        {
            **asked.tables,
            "filled": Valued(_rows(month), FIELD + rule.field),
            "same": decisions.same(),
            "rule": pa.table({"kind": [kind], "most": [rule.number("most")]}),
            "in_force": pa.table({"period": pa.array(in_force, pa.string())}),
        },
    )


def _letters(columns: pa.Table) -> Letters:
    return {
        (c["file"], c["sheet"], c["table"], c["field"]): c["letters"] for c in columns.to_pylist()
    }


def _issue(rule: Rule, row: Mapping[str, Any], letters: Letters, programme: Programme) -> Issue:
    """At the rule's own cell where it may be reported there, else at the first column there is."""
    sheet = (row["file"], row["sheet"], row["table"])
    held = [field for field in rule.at if letters.get((*sheet, field))]
    where = rule.field if rule.field in held else (held or [rule.at[0]])[0]
    quoted = "" if programme.field[where].sensitive else mask_digits(row["value"])
    if len(quoted) > _LONGEST_QUOTE:
        quoted = quoted[:_LONGEST_QUOTE] + "…"
    return Issue(
        rule=rule.code, severity=rule.severity, message=rule.worded(quoted), file=row["file"],
        sheet=row["sheet"], row=row["row"], column=letters.get((*sheet, where), ""), field=where,
        unit=row["unit"],
    )  # fmt: skip


def _refused(issues: pa.Table) -> pa.Table:
    """The rows that an unwaived error sends back, once each."""
    import pyarrow.compute as pc

    errors = issues.filter(pc.equal(issues["severity"], Severity.ERROR.value))
    places = errors.select(["file", "sheet", "table", "row"])
    return places.group_by(places.column_names).aggregate([])
