"""Findings as a notice lists them: what repeats down a column is one line with its range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.model import Issue, Severity, cell_at

_RANK = list(Severity)


@dataclass(frozen=True)
class Group:
    """One rule over the cells of one column of one sheet."""

    rule: str
    severity: Severity
    message: str
    sheet: str
    cells: str  # F7–F19、F23
    issues: tuple[Issue, ...]

    @property
    def count(self) -> int:
        """How many cells it speaks of."""
        return len(self.issues)


def grouped(issues: Iterable[Issue]) -> list[Group]:
    """One line per file, sheet, rule, column and message; the gravest first, then by place."""
    groups: dict[tuple[str, str, str, str, str], list[Issue]] = {}
    for issue in issues:
        key = (issue.file, issue.sheet, issue.rule, issue.column, issue.message)
        groups.setdefault(key, []).append(issue)
    found = [_group(members) for members in groups.values()]
    return sorted(found, key=lambda g: (_RANK.index(g.severity), g.sheet, _place(g.issues[0])))


def _group(members: Sequence[Issue]) -> Group:
    first = members[0]
    rows = sorted({i.row for i in members if i.row and i.column})
    cells = _ranges(first.column, rows)
    return Group(first.rule, first.severity, first.message, first.sheet, cells, tuple(members))


def _place(issue: Issue) -> tuple[int, int, str]:
    return issue.row or 0, len(issue.column), issue.column


def _ranges(column: str, rows: Sequence[int]) -> str:
    """Rows of one column as ranges.

    >>> _ranges("F", [7, 8, 9, 12]), _ranges("F", [7, 8])
    ('F7–F9、F12', 'F7–F8')
    """
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][-1] + 1:
            spans[-1][1:] = [row]
        else:
            spans.append([row])
    return "、".join("–".join(cell_at(column, row) for row in span) for span in spans)
