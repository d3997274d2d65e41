"""Checks returns without filing them: what a county can do before it sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.collect import found_file, visible
from pipeline.engine import Engine
from pipeline.limits import LIMITS, Limits
from pipeline.model import Issue, Severity, Status, Stored, issues_of
from pipeline.model.tables import INPUTS, ISSUES, rows_schema
from pipeline.month import waive, waivers_table
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.read import read
from pipeline.workers import Store, StoredPart, scratch

if TYPE_CHECKING:
    import pyarrow as pa


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
    files: Mapping[Path, str],
    programme: Programme,
    limits: Limits = LIMITS,
    waivers: Iterable[Waiver] = (),
    passwords: Iterable[str] = (),
) -> Iterator[Verdict]:
    """One verdict a file, or one a member of an archive, in the order of the files.

    `files`: each with the period of its folder, '' where the file itself says it. Nothing is kept.
    """
    waivers = tuple(waivers)
    found = [found_file(file, visible(file.name), period, limits) for file, period in files.items()]
    with scratch() as folder, Store(folder / "parts") as store:
        for part in read(found, programme, store, passwords, limits):
            issues = tuple(_issues(part, programme, waivers, folder))
            yield _verdict(part, issues)


def _verdict(part: StoredPart, issues: tuple[Issue, ...]) -> Verdict:
    (entry,) = _table(part, "inputs", INPUTS).to_pylist()
    units = set(entry["units"].split(";"))
    verdict = Verdict(
        file=entry["path"],
        verdict=Status(entry["status"]),
        unit=units.pop() if len(units) == 1 else "",
        kinds=tuple(filter(None, entry["kinds"].split(";"))),
        rows=entry["rows_read"],
        errors=sum(i.severity == Severity.ERROR for i in issues),
        warnings=sum(i.severity == Severity.WARNING for i in issues),
        reason=entry["reason"],
        issues=issues,
    )
    return _judged(verdict) if verdict.verdict == Status.ACCEPTED else verdict


def _judged(verdict: Verdict) -> Verdict:
    if verdict.errors:
        reason = verdict.reason or f"{verdict.errors} 处错误，有关记录将被退回"
        return replace(verdict, verdict=Status.RETURNED, reason=reason)
    if verdict.warnings:
        reason = f"{verdict.warnings} 处需要核实"
        return replace(verdict, verdict=Status.ACCEPTED_WITH_NOTES, reason=reason)
    return verdict


def _issues(
    part: StoredPart, programme: Programme, waivers: tuple[Waiver, ...], folder: Path
) -> Iterator[Issue]:
    """What was found, errors that a waiver covers as notes."""
    issues = _table(part, "issues", ISSUES)
    if waivers and "rows" in part.tables:
        rows = Stored(rows_schema(programme.value_fields), (part.tables["rows"],))
        (entry,) = _table(part, "inputs", INPUTS).to_pylist()
        with Engine(folder) as engine:
            periods = [entry["period"]] if entry["period"] else []
            issues, _ = waive(issues, rows, waivers_table(waivers), periods, engine)
    return issues_of(issues)


def _table(part: StoredPart, name: str, schema: pa.Schema) -> pa.Table:
    import pyarrow.parquet as pq

    if name not in part.tables:
        return schema.empty_table()
    return pq.read_table(part.tables[name], schema=schema)
