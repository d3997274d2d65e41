"""Checks returns without filing them: what a county can do before it sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from operator import itemgetter
from pathlib import Path
from typing import Any

from pipeline.collect import found_file, visible
from pipeline.limits import LIMITS, Limits
from pipeline.model import Issue, Severity, Status
from pipeline.parts import read
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.values import month_end
from pipeline.workers import Store, StoredPart, scratch


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
            yield _verdict(part, waivers)


def _verdict(part: StoredPart, waivers: tuple[Waiver, ...]) -> Verdict:
    (entry,) = _lines(part, "inputs")
    issues = tuple(_issues(part, waivers))
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


def _issues(part: StoredPart, waivers: tuple[Waiver, ...]) -> Iterator[Issue]:
    """What was found, errors that a waiver covers as notes."""
    names = [field.name for field in fields(Issue)]
    places: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in _lines(part, "rows") if waivers else ():
        places.setdefault((row["sheet"], row["row"]), []).append(row)
    for line in filter(itemgetter("listed"), _lines(part, "issues")):
        said = {name: line[name] for name in names} | {"row": line["row"] or None}
        issue = Issue(**{**said, "severity": Severity(line["severity"])})
        rows = places.get((line["sheet"], line["row"]), [])
        rows = [row for row in rows if line["table"] in (0, row["table"])]
        held = (w for w in waivers if any(_covers(w, issue, row) for row in rows))
        yield _as_note(issue, waiver.note) if (waiver := next(held, None)) else issue


def _as_note(issue: Issue, note: str) -> Issue:
    message = f"{issue.message}。已豁免：{note}"
    return issue.at(
        severity=Severity.INFO, message=message, suggestion="", suggested="", waiver=note
    )


def _covers(waiver: Waiver, issue: Issue, row: Mapping[str, Any]) -> bool:
    who = {row["number"], row["filed_as"], row["certificate"][:18]}
    return (
        issue.severity == Severity.ERROR
        and waiver.rule == issue.rule
        and waiver.unit in ("", row["unit"])
        and waiver.period in ("", row["period"])
        and (not waiver.person or waiver.person in who)
        and month_end(row["period"]) <= waiver.until
    )


def _lines(part: StoredPart, table: str) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    lines: list[dict[str, Any]] = []
    if table in part.tables:
        lines = pq.read_table(part.tables[table]).to_pylist()
    return lines
