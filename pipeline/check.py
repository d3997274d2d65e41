"""Checks one return without filing it: what a county can do before it sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.collect import take_in
from pipeline.ingest import Read, reading_here
from pipeline.limits import LIMITS, Limits
from pipeline.model import Issue, Severity, Status
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.validate import validate


@dataclass(frozen=True)
class Verdict:
    """What would become of a file, and why. `rows` counts the persons' rows read."""

    file: str
    verdict: Status
    unit: str
    kinds: tuple[str, ...]
    rows: int
    errors: int
    warnings: int
    reason: str
    issues: tuple[Issue, ...]


def check(
    path: Path,
    programme: Programme,
    period: str = "",
    read: Read | None = None,
    limits: Limits = LIMITS,
    waivers: Iterable[Waiver] = (),
    passwords: Iterable[str] = (),
) -> Iterator[Verdict]:
    """One verdict a file, or one a member of an archive; `read` as for a run."""
    for submission in take_in(path, path.name, period, passwords, limits):
        (reading,) = (read or reading_here(programme))([submission])
        records = validate([reading], programme, waivers)
        issues = tuple(i for i in records.issues if i.file)  # a waiver not needed here is no matter
        errors = sum(i.severity == Severity.ERROR for i in issues)
        warnings = sum(i.severity == Severity.WARNING for i in issues)
        verdict = Verdict(
            file=submission.path,
            verdict=reading.status,
            unit=reading.units[0] if len(set(reading.units)) == 1 else "",
            kinds=tuple(dict.fromkeys(s.kind for s in reading.sheets)),
            rows=sum(len(s.text) for s in reading.sheets) + reading.refused_rows,
            errors=errors,
            warnings=warnings,
            reason=reading.reason,
            issues=issues,
        )
        yield _judged(verdict) if reading.status == Status.ACCEPTED else verdict


def _judged(verdict: Verdict) -> Verdict:
    if verdict.errors:
        reason = verdict.reason or f"{verdict.errors} 处错误，有关记录将被退回"
        return replace(verdict, verdict=Status.RETURNED, reason=reason)
    if verdict.warnings:
        reason = f"{verdict.warnings} 处需要核实"
        return replace(verdict, verdict=Status.ACCEPTED_WITH_NOTES, reason=reason)
    return verdict
