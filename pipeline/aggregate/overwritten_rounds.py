"""差错变化 where a county's corrected file was laid over the one before: what was wrong in that one the
corrected workbook says itself, in its hidden sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine
from pipeline.model import Change, Changes, Claims, Issue, Month, Severity, cell_at, issues_of
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

_SAID = frozenset({Severity.ERROR, Severity.WARNING})
Line = Mapping[str, Any]  # of model.tables.SENT_BACK, or a row


def with_overwritten(
    found: Mapping[str, Changes],
    month: Month,
    claims: Claims,
    issues: pa.Table,
    programme: Programme,
    engine: Engine,
) -> dict[str, Changes]:
    """The changes by unit, those of files whose round before is not in the inbox any more by what was
    written into them when they were sent back."""
    rounds = _overwritten(month, claims)
    findings = [f for f in month.table("sent_back").to_pylist() if f["file"] in rounds]
    if not findings:
        return dict(found)
    own: dict[tuple[str, str], list[Change]] = {}
    files: dict[str, set[str]] = {}
    for unit, kind, file, change in _changed(findings, claims, issues, programme, engine):
        own.setdefault((unit, kind), []).append(change)
        files.setdefault(unit, set()).add(file)
    whole = dict(found)
    for unit in sorted(files):
        before = found.get(unit, Changes(1, ()))
        kept = [c for c in before.found if (unit, c.kind) not in own]
        new = [c for (of, _), changes in sorted(own.items()) if of == unit for c in changes]
        filed = max(rounds[file] for file in files[unit])
        whole[unit] = Changes(max(before.rounds, filed), (*kept, *new))
    return dict(sorted(whole.items()))


def _overwritten(month: Month, claims: Claims) -> dict[str, int]:
    """Standing files of the period made from one that lies nowhere now, with the round that each is."""
    inputs = month.table("inputs").to_pylist()
    lying = {entry["sha256"] for entry in inputs}
    standing = {file for file, _, _ in claims.stands}
    return {
        entry["path"]: 1 + len(entry["descends"].split(";"))
        for entry in inputs
        if entry["descends"] and entry["descends"].split(";")[0] not in lying
        and entry["path"] in standing and entry["period"] == month.period
    }  # fmt: skip


def _changed(
    findings: Iterable[Line],
    claims: Claims,
    issues: pa.Table,
    programme: Programme,
    engine: Engine,
) -> Iterator[tuple[str, str, str, Change]]:
    """What became of each finding, under the unit and kind of its row; and what was found besides."""
    findings = list(findings)
    rows = _rows(findings, claims, engine)
    names = {kind.role("name") for kind in programme.kinds}
    by_row: dict[tuple[str, str, int], list[Issue]] = {}
    for issue in issues_of(issues):
        if issue.row and issue.severity in _SAID:
            by_row.setdefault((issue.file, issue.sheet, issue.row), []).append(issue)
    known = set()
    of_file: dict[str, Line] = {}
    for finding in findings:
        row = _row(finding, rows, names)
        about = row or next(iter(rows.get(finding["file"], ())), None)
        if about is None:
            continue
        of_file.setdefault(finding["file"], about)
        before = _place(finding["file"], finding["sheet"], finding["column"], finding["row"])
        after = None
        if row:
            now = by_row.get((row["file"], row["sheet"], row["row"]), [])
            after = next((i for i in now if i.field == finding["field"]), None)
            known.add((row["file"], row["sheet"], row["row"], finding["field"]))
        state = "gone" if row is None else "still" if after else "fixed"
        yield _change(about, state, finding["rule"], finding["field"], before, after)
    for (file, sheet, line), now in sorted(by_row.items()):
        for issue in now:
            if file in of_file and (file, sheet, line, issue.field) not in known:
                yield _change(of_file[file], "new", issue.rule, issue.field, "", issue)


def _rows(findings: list[Line], claims: Claims, engine: Engine) -> dict[str, list[Line]]:
    import pyarrow as pa

    asked = pa.table(
        {
            **{word: pa.array([f[word] for f in findings], pa.string())
               for word in ("file", "sheet", "name")},
            "row": pa.array([f["row"] for f in findings], pa.int32()),
        }
    )  # fmt: skip
    rows: dict[str, list[Line]] = {}
    for line in engine.ask("rows_of_findings", {"rows": claims.rows, "asked": asked}).to_pylist():
        rows.setdefault(line["file"], []).append(line)
    return rows


def _row(finding: Line, rows: Mapping[str, list[Line]], names: set[str]) -> Line | None:
    """Where she stands now: by name, else, where the name may be what was wrong, at the same place."""
    own = rows.get(finding["file"], [])
    at = [r for r in own if (r["sheet"], r["row"]) == (finding["sheet"], finding["row"])]
    named = [r for r in own if finding["name"] and r["name"] == finding["name"]]
    both = [r for r in at if r in named]
    if both or named:
        return (both or named)[0]
    by_name = finding["name"] and not any(c.isdigit() for c in finding["name"])
    if by_name and finding["field"] not in names:
        return None
    return at[0] if at else None


def _place(file: str, sheet: str, column: str, row: int) -> str:
    return " ".join(filter(None, (file, sheet, cell_at(column, row))))


def _change(
    row: Line, state: str, rule: str, field: str, before: str, after: Issue | None
) -> tuple[str, str, str, Change]:
    now = " ".join(filter(None, (after.file, after.sheet, after.cell))) if after else ""
    change = Change(row["unit"], row["kind"], row["year"], state, rule, field, before, now)
    return row["unit"], row["kind"], row["file"], change
