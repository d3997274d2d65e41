"""From what failed to issues: one cause one issue, at the cell where the filer must act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.checks import Rule
from pipeline.model import Issue, Severity
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.suggestions import suggest
from pipeline.validate.rules import failures
from pipeline.values import mask_digits

_LONGEST_QUOTE = 24
Row = Mapping[Any, Any]


@dataclass
class Findings:
    """The programme's words for findings, and which waivers were of use so far.

    `said` are the cells (file, sheet, row, column) that reading has spoken of already.
    """

    programme: Programme
    waivers: tuple[Waiver, ...] = ()
    said: frozenset[tuple[str, str, int | None, str]] = frozenset()
    used: set[Waiver] = field(default_factory=set)
    run_out: set[Waiver] = field(default_factory=set)

    def waiver(self, rule: Rule, row: Row) -> Waiver | None:
        """The waiver that covers a row for a rule; one that has run out covers nothing."""
        for waiver in self.waivers:
            if waiver.rule == rule.code and waiver.covers(row):
                if not waiver.has_run_out(row):
                    self.used.add(waiver)
                    return waiver
                self.run_out.add(waiver)
        return None

    def of_waivers(self) -> Iterator[Issue]:
        """A waiver that touched nothing, or that ran out where it was still wanted, is said."""
        for waiver in self.waivers:
            code = "U09" if waiver in self.run_out else "" if waiver in self.used else "U08"
            if code:
                yield self.programme.issue(
                    code, rule=waiver.rule, line=waiver.line, until=waiver.until.isoformat()
                ).at(unit=waiver.unit)


def find(
    frame: pd.DataFrame, rules: Sequence[Rule], findings: Findings
) -> tuple[pd.Series, list[Issue]]:
    """Which rows an error returns, and the issues: the first rule that fails at a cell."""
    faulty = pd.Series(False, index=frame.index)
    if not rules:
        return faulty, []
    found = failures(frame, rules)
    rows: Mapping[Any, Any] = frame.loc[found["index"].unique()].to_dict("index")
    issues, taken, returned = [], set(), set()
    for index, code in zip(found["index"], found["code"], strict=True):
        rule, row = findings.programme.rule[code], rows[index]
        waiver = findings.waiver(rule, row) if rule.severity == Severity.ERROR else None
        if rule.severity == Severity.ERROR and not waiver:
            returned.add(index)
        where = _place(row, rule)
        column = row[f"{where}.at"]
        cell, place = (index, column), (row["file"], row["sheet"], int(row["row"]), column)
        if cell not in taken and place not in findings.said:
            taken.add(cell)
            issue = _issue(row, rule, where, findings.programme)
            issues.append(_waived(issue, waiver) if waiver else issue)
    faulty[sorted(returned)] = True
    return faulty, issues


def _place(row: Row, rule: Rule) -> str:
    """The field whose cell the filer must act on: the first of `at` that holds something."""
    there = [f for f in rule.at if row[f"{f}.at"]]
    filled = [f for f in there if row[f"{f}.text"]]
    return (filled or there or [rule.at[0]])[0]


def _issue(row: Row, rule: Rule, where: str, programme: Programme) -> Issue:
    quoted = "" if programme.field[where].sensitive else mask_digits(str(row[f"{where}.text"]))
    if len(quoted) > _LONGEST_QUOTE:
        quoted = quoted[:_LONGEST_QUOTE] + "…"
    suggestion = suggest(rule, row, programme)
    return Issue(
        rule=rule.code,
        severity=rule.severity,
        message=rule.worded(quoted),
        file=row["file"],
        sheet=row["sheet"],
        row=int(row["row"]),
        column=row[f"{where}.at"],
        field=where,
        unit=row["unit"],
        suggestion=suggestion.evidence,
        suggested=suggestion.value,
    )


def _waived(issue: Issue, waiver: Waiver) -> Issue:
    message = f"{issue.message}。已豁免：{waiver.note}"
    return issue.at(
        severity=Severity.INFO, message=message, suggestion="", suggested="", waiver=waiver.note
    )
