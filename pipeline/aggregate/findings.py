"""Which of all the issues found concern this period: those a county must still act on."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Issue, Reading, Status

_BESIDE_PERIODS = (Status.TASK_TABLE, Status.JUDGEMENTS)


def of_period(
    issues: Iterable[Issue], readings: Iterable[Reading], standing: frozenset[str], period: str
) -> tuple[Issue, ...]:
    """Issues of the period's own files, and of earlier files that still stand; in file order."""
    current = {
        r.submission.path
        for r in readings
        if r.period == period
        or r.status in _BESIDE_PERIODS
        or not r.period
        or r.submission.path in standing
    }
    kept = dict.fromkeys(i for i in issues if not i.file or i.file in current)
    return tuple(sorted(kept, key=_place))


def _place(issue: Issue) -> tuple[str, str, int, int, str, str]:
    return (issue.file, issue.sheet, issue.row or 0, len(issue.column), issue.column, issue.rule)
