"""From what failed to findings: one cause one issue, at the cell where the filer must act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.checks import Rule
from pipeline.model import Issue, Severity
from pipeline.validate.suggestions import suggest
from pipeline.validate.typed import TypedRows
from pipeline.values import mask_digits

_LONGEST_QUOTE = 24
# cells of which reading speaks (sheet, row, column), and whether as of an error
SpokenOf = Mapping[tuple[str, int | None, str], bool]


@dataclass(frozen=True)
class Finding:
    """One rule that one row fails; `listed`: the first at its cell, where the filer must act, or the first
    error there."""

    at: int
    issue: Issue
    listed: bool


def findings_of(
    rows: TypedRows,
    failing: Mapping[str, npt.NDArray[np.bool_]],
    rules: Sequence[Rule],
    file: str,
    spoken_of: SpokenOf,
) -> list[Finding]:
    """What the rules of one tier find: every first finding at a cell, and every error besides, since
    a row is returned for each of them. No warning hides an error: a row is not returned for what nobody
    is told."""
    taken: dict[tuple[int, str], bool] = {}
    found: list[Finding] = []
    for at, rule in _in_order(failing, rules):
        place = _place(rows, at, rule)
        letters = rows.columns[place].letters
        cell = (rows.table.sheet, rows.table.rows[at], letters)
        error = rule.severity == Severity.ERROR
        before = taken.get((at, letters), spoken_of.get(cell))
        listed = before is None or (error and not before)
        taken[at, letters] = error or bool(before)
        if listed or error:
            found.append(Finding(at, _issue(rows, at, rule, place, file), listed))
    return found


def _in_order(
    failing: Mapping[str, npt.NDArray[np.bool_]], rules: Sequence[Rule]
) -> Iterator[tuple[int, Rule]]:
    """Every row that fails with the rule it fails, row by row, in the order of the rules."""
    own = [rule for rule in rules if rule.code in failing]
    if own:
        matrix = np.column_stack([failing[rule.code] for rule in own])
        for at, nth in np.argwhere(matrix).tolist():
            yield at, own[nth]


def _place(rows: TypedRows, at: int, rule: Rule) -> str:
    """The field whose cell the filer must act on: the first of `at` that holds something."""
    present = [f for f in rule.at if f in rows.columns and rows.columns[f].letters]
    filled = [field for field in present if rows.columns[field].texts[at]]
    return (filled or present or [rule.field])[0]


def _issue(rows: TypedRows, at: int, rule: Rule, place: str, file: str) -> Issue:
    column = rows.columns[place]
    quoted = "" if rows.programme.field[place].sensitive else mask_digits(column.texts[at])
    if len(quoted) > _LONGEST_QUOTE:
        quoted = quoted[:_LONGEST_QUOTE] + "…"
    suggestion = suggest(rule, rows, at)
    return Issue(
        rule=rule.code,
        severity=rule.severity,
        message=rule.worded(quoted),
        file=file,
        sheet=rows.table.sheet,
        row=rows.table.rows[at],
        column=column.letters,
        field=place,
        unit=rows.table.units[at],
        suggestion=suggestion.evidence,
        suggested=suggestion.value,
    )
