"""Records and reviewed claims for the stages before the tables; goes when the last of them goes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.checks import Rule
from pipeline.ingest.old import table_of
from pipeline.model import Claims, Issue, Reading, Records, Severity
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.validate.checked import Checked, check_roster
from pipeline.validate.typed import TypedRows, persons_sharing
from pipeline.validate.verdicts import failures, verdicts_of


@dataclass
class _Waived:
    """Which waivers were of use so far."""

    programme: Programme
    waivers: tuple[Waiver, ...]
    used: set[Waiver] = field(default_factory=set)
    run_out: set[Waiver] = field(default_factory=set)

    def by(self, code: str, row: Mapping[str, Any]) -> Waiver | None:
        """The waiver that covers a row for a rule; one that has run out covers nothing."""
        for waiver in self.waivers:
            if waiver.rule == code and waiver.covers(row):
                if not waiver.has_run_out(row):
                    self.used.add(waiver)
                    return waiver
                self.run_out.add(waiver)
        return None

    def issues(self) -> Iterator[Issue]:
        """A waiver that touched nothing, or that ran out where it was still wanted, is said."""
        for waiver in self.waivers:
            code = "U09" if waiver in self.run_out else "" if waiver in self.used else "U08"
            if code:
                yield self.programme.issue(
                    code, rule=waiver.rule, line=waiver.line, until=waiver.until.isoformat()
                ).at(unit=waiver.unit)


def validate(
    readings: Iterable[Reading], programme: Programme, waivers: Iterable[Waiver] = ()
) -> Records:
    """All rosters as typed rows, one frame, with every fault as an Issue at its Excel cell."""
    readings = tuple(readings)
    waived = _Waived(programme, tuple(waivers))
    frames, issues = [], [i for r in readings for i in r.issues]
    for kind in programme.kinds:
        for reading in readings:
            said = frozenset((i.sheet, i.row, i.column) for i in reading.issues)
            file = reading.submission.path
            for sheet in reading.sheets:
                if sheet.kind == kind.name and len(sheet.text):
                    checked = check_roster(table_of(sheet), file, reading.period, programme, said)
                    frame = _frame(checked, file)
                    issues += checked.issues
                    issues += _settle(checked, frame, waived)
                    frames.append(frame)
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return Records(whole, (*issues, *waived.issues()))


def _settle(checked: Checked, frame: pd.DataFrame, waived: _Waived) -> Iterator[Issue]:
    """The findings that are listed; errors that are waived return no row."""
    faulty = np.array(frame["unit"] == "")
    rows = frame.iloc[sorted({f.at for f in checked.findings})].to_dict("index")
    for finding in checked.findings:
        issue, waiver = finding.issue, None
        if issue.severity == Severity.ERROR:
            waiver = waived.by(issue.rule, rows[finding.at])
            faulty[finding.at] |= waiver is None
        if finding.listed and waiver:
            message = f"{issue.message}。已豁免：{waiver.note}"
            yield issue.at(
                severity=Severity.INFO, message=message, suggestion="", suggested="",
                waiver=waiver.note,
            )  # fmt: skip
        elif finding.listed:
            yield issue
    frame["fault"] = faulty  # the column is there


def _frame(checked: Checked, file: str) -> pd.DataFrame:
    rows, table = checked.rows, checked.rows.table
    columns: dict[str, Any] = {
        "row": table.rows, "unit": table.units, "file": file, "sheet": table.sheet,
        "kind": table.kind, "period": rows.period, "year": rows.period[:4],
        "period_end": rows.period_end,
        "filed_on": table.filed_on.isoformat() if table.filed_on else "",
    }  # fmt: skip
    for name, column in rows.columns.items():
        columns |= {
            name: column.values.tolist(),
            f"{name}.fault": column.faults.tolist(),
            f"{name}.last": column.lasts.tolist(),
            f"{name}.text": list(column.texts),
            f"{name}.at": column.letters,
        }
        if rows.programme.field[name].kind == "id":
            columns[f"{name}.filled_down"] = rows.filled_down(name)
            columns[f"{name}.birth"] = rows.births(name).tolist()
            columns["age_at_start"] = rows.ages(name)
        if derivation := rows.programme.field[name].derive:
            told = rows.derived(name, derivation.source).tolist()
            columns[f"{derivation.source}.{name}"] = told
    start = rows.columns.get(rows.kind.start)
    columns["start"] = start.values.tolist() if start else ""
    columns["person"] = rows.persons.tolist()
    columns["fault"] = False
    full = {
        n: list(v) if not isinstance(v, (str, bool)) else [v] * rows.size
        for n, v in columns.items()
    }
    return pd.DataFrame(full, dtype=object)


class _FrameRows(TypedRows):
    """What checks ask of a frame."""

    def __init__(self, frame: pd.DataFrame, programme: Programme) -> None:
        self.frame, self.programme, self.size = frame, programme, len(frame)

    def _column(self, name: str) -> Any:
        return self.frame[name].to_numpy()

    def values(self, field: str) -> Any:
        return self._column(field)

    def lasts(self, field: str) -> Any:
        return self._column(f"{field}.last")

    def faults(self, field: str) -> Any:
        return self._column(f"{field}.fault")

    def texts(self, field: str) -> Any:
        return self._column(f"{field}.text")

    def held(self, field: str) -> Any:
        return self._column(f"{field}.at") != ""

    def filled_down(self, field: str) -> Any:
        return self._column(f"{field}.filled_down").astype(bool)

    def ages(self, field: str) -> Any:
        return self._column("age_at_start").astype(float)

    def derived(self, field: str, other: str) -> Any:
        return self._column(f"{other}.{field}")

    def years(self) -> Any:
        return self._column("year")

    def period_ends(self) -> Any:
        return self._column("period_end")

    def sharing(self, field: str) -> Any:
        names = ["unit", "kind", "year", field]
        keys: Iterable[Hashable] = zip(*(self._column(name) for name in names), strict=True)
        return persons_sharing(keys, self._column("person"))


def review(claims: Claims, programme: Programme) -> Claims:
    """The rules over a whole return (tier `return`), once it is known which returns stand."""
    if claims.rows.empty:
        return claims
    rows = claims.rows[claims.rows["fate"] != "superseded"]
    issues = list(claims.issues)
    for kind in programme.kinds:
        frame = rows[rows["kind"] == kind.name].reset_index(drop=True)
        rules = programme.rules_of("return", kind.name)
        if not frame.empty and rules:
            periods = frame["period"].tolist()
            verdicts = verdicts_of(_FrameRows(frame, programme), len(frame), rules, periods)
            failing = failures(verdicts)
            issues += _reviewed(
                frame, {c: np.flatnonzero(f) for c, f in failing.items()}, programme
            )
    return replace(claims, issues=tuple(issues))


def _reviewed(
    frame: pd.DataFrame, failing: Mapping[str, Any], programme: Programme
) -> Iterator[Issue]:
    taken: set[tuple[int, str]] = set()
    cells = sorted((at, nth, code) for nth, code in enumerate(failing) for at in failing[code])
    for at, _, code in cells:
        rule, row = programme.rule[code], frame.loc[at]
        where = _place(row, rule)
        if (at, where) not in taken:
            taken.add((at, where))
            yield Issue(
                rule.code, rule.severity, rule.worded(""), row["file"], row["sheet"],
                int(row["row"]), row[f"{where}.at"], where, row["unit"],
            )  # fmt: skip


def _place(row: Mapping[str, Any], rule: Rule) -> str:
    there = [f for f in rule.at if row[f"{f}.at"]]
    return ([f for f in there if row[f"{f}.text"]] or there or [rule.at[0]])[0]
