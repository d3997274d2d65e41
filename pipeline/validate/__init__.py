"""Turns text into values and holds every record against the programme's rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from pipeline.model import Claims, Issue, Reading, Records, Severity, Sheet
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.validate.findings import Findings, find
from pipeline.validate.rules import BrokenCheck
from pipeline.validate.typed import derive, person_keys, type_sheets

__all__ = ["BrokenCheck", "review", "validate"]


def validate(
    readings: Iterable[Reading], programme: Programme, waivers: Iterable[Waiver] = ()
) -> Records:
    """All rosters as typed rows, one frame, with every fault as an Issue at its Excel cell."""
    readings, waivers = tuple(readings), tuple(waivers)
    frames, issues = [], [i for r in readings for i in r.issues]
    said = frozenset((i.file, i.sheet, i.row, i.column) for i in issues)
    findings = Findings(programme, waivers, said)
    for kind in programme.kinds:
        sheets = [
            (s, file, period) for s, file, period in _rosters(readings) if s.kind == kind.name
        ]
        issues += _unheld_rules(sheets, programme)
        frame = type_sheets(sheets, kind, programme)
        if frame.empty:
            continue
        faulty, found = find(frame, programme.rules_of("cell", kind.name), findings)
        issues += found
        frame = derive(frame)
        faulty_rows, found = find(frame, programme.rules_of("row", kind.name), findings)
        issues += found
        frame["fault"] = faulty | faulty_rows | (frame["unit"] == "")
        frame["person"] = person_keys(frame)
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return Records(whole, (*issues, *findings.of_waivers()))


def _rosters(readings: Iterable[Reading]) -> Iterator[tuple[Sheet, str, str]]:
    for reading in readings:
        for sheet in reading.sheets:
            if not sheet.text.empty:
                yield sheet, reading.submission.path, reading.period


def _unheld_rules(
    sheets: Iterable[tuple[Sheet, str, str]], programme: Programme
) -> Iterator[Issue]:
    """A rule that could not run is a finding: no column, and nothing it could be derived from."""
    for sheet, file, period in sheets:
        filled = {name for column in sheet.columns for name in programme.field[column].fills}
        missing: dict[str, list[str]] = {}
        for rule in programme.rules_of("row", sheet.kind):
            field = programme.field[rule.field]
            held = field.derive or field.name in filled or field.name in sheet.columns
            if rule.severity == Severity.ERROR and rule.in_force(period) and not held:
                missing.setdefault(field.label, []).append(rule.title)
        for label, titles in missing.items():
            issue = programme.issue("S20", label=label, rules="、".join(titles))
            yield issue.at(file=file, sheet=sheet.name)


def review(claims: Claims, programme: Programme) -> Claims:
    """The rules over a whole return (tier `return`), once it is known which returns stand."""
    if claims.rows.empty:
        return claims
    rows = claims.rows[claims.rows["fate"] != "superseded"]
    issues = list(claims.issues)
    for kind in programme.kinds:
        frame = rows[rows["kind"] == kind.name]
        if not frame.empty:
            rules = programme.rules_of("return", kind.name)
            issues += find(frame, rules, Findings(programme))[1]
    return replace(claims, issues=tuple(issues))
