"""Turns text into values and holds every record against the programme's rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.checks import Rule
from pipeline.identifiers import id_fault
from pipeline.model import Claims, Issue, Reading, Records, Severity
from pipeline.programme import Programme
from pipeline.validate.rules import BrokenCheck, failures
from pipeline.validate.typed import derive, person_key, type_rows
from pipeline.values import mask_digits

__all__ = ["BrokenCheck", "review", "validate"]

_LONGEST_QUOTE = 24


def validate(readings: Iterable[Reading], programme: Programme) -> Records:
    """All rosters as typed rows, one frame, with every fault as an Issue at its Excel cell."""
    readings = tuple(readings)
    frames, issues = [], [i for r in readings for i in r.issues]
    said = frozenset((i.file, i.sheet, i.row, i.column) for i in issues)
    for kind in programme.kinds:
        frame = _rows_of(readings, kind.name, programme)
        if frame.empty:
            continue
        faulty, found = _check_tier(frame, "cell", kind.name, programme, said)
        issues += found
        frame = derive(frame, kind, programme)
        faulty_rows, found = _check_tier(frame, "row", kind.name, programme, said)
        issues += found
        frame["fault"] = faulty | faulty_rows | (frame["unit"] == "")
        rows: Iterable[Any] = frame.to_dict("records")
        frame["person"] = [person_key(row) for row in rows]
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return Records(whole, tuple(issues))


def _rows_of(readings: Iterable[Reading], kind: str, programme: Programme) -> pd.DataFrame:
    frames = []
    for reading in readings:
        for sheet in reading.sheets:
            if sheet.kind != kind or sheet.text.empty:
                continue
            path = reading.submission.path
            frames.append(type_rows(sheet, path, reading.period, programme))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _check_tier(
    frame: pd.DataFrame,
    tier: str,
    kind: str,
    programme: Programme,
    said: frozenset[tuple[str, str, int | None, str]] = frozenset(),
) -> tuple[pd.Series, list[Issue]]:
    """Which rows an error returns, and the issues: the first rule that fails at a cell.

    `said` are the cells (file, sheet, row, column) that reading has spoken of already.
    """
    rules = programme.rules_of(tier, kind)
    found = failures(frame, rules)
    faulty = pd.Series(False, index=frame.index)
    issues, taken = [], set()
    for index, code in found.itertuples(index=False):
        rule = programme.rule[code]
        row = frame.loc[index]
        field = _place(row, rule)
        cell = (index, row[f"{field}.at"])
        if rule.severity == Severity.ERROR:
            faulty[index] = True
        place = (row["file"], row["sheet"], int(row["row"]), row[f"{field}.at"])
        if cell not in taken and place not in said:
            taken.add(cell)
            issues.append(_issue(row, rule, field, programme))
    return faulty, issues


def _place(row: pd.Series, rule: Rule) -> str:
    """The field whose cell the filer must act on: the first of `at` that holds something."""
    there = [f for f in rule.at if row[f"{f}.at"]]
    filled = [f for f in there if row[f"{f}.text"]]
    return (filled or there or [rule.at[0]])[0]


def _issue(row: pd.Series, rule: Rule, field: str, programme: Programme) -> Issue:
    quoted = "" if programme.field[field].sensitive else mask_digits(str(row[f"{field}.text"]))
    if len(quoted) > _LONGEST_QUOTE:
        quoted = quoted[:_LONGEST_QUOTE] + "…"
    return Issue(
        rule=rule.code,
        severity=rule.severity,
        message=_worded(rule, quoted),
        file=row["file"],
        sheet=row["sheet"],
        row=int(row["row"]),
        column=row[f"{field}.at"],
        field=field,
        unit=row["unit"],
        suggestion=_suggestion(row, rule),
    )


def _worded(rule: Rule, quoted: str) -> str:
    """The rule's message with what the cell says and the rule's own numbers in it."""
    message = rule.message.replace("{value}", quoted)
    for name, number in rule.options.items():
        message = message.replace(f"{{{name}}}", str(number))
    return message


def _suggestion(row: pd.Series, rule: Rule) -> str:
    """An ID rebuilt from the certificate's first 18 characters, with its evidence; never applied."""
    first18 = row["cert_no"][:18]
    if rule.field != "id_no" or rule.tier != "cell" or not first18 or id_fault(first18):
        return ""
    return f"残疾人证号前 18 位为 {first18}，校验正确，请对照身份证核对后填写"


def review(claims: Claims, programme: Programme) -> Claims:
    """The rules over a whole return (tier `return`), once it is known which returns stand."""
    if claims.rows.empty:
        return claims
    rows = claims.rows[claims.rows["fate"] != "superseded"]
    issues = list(claims.issues)
    for kind in programme.kinds:
        frame = rows[rows["kind"] == kind.name]
        if not frame.empty:
            issues += _check_tier(frame, "return", kind.name, programme)[1]
    return replace(claims, issues=tuple(issues))
