"""The books: of every input, how many rows were read and where each of them went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.engine import Engine
from pipeline.model import Claims, Compared, Input, Month, Register, Severity, Status
from pipeline.model.stop import Stop
from pipeline.programme import Programme
from pipeline.values import month_end


class UnbalancedBooks(Stop):
    """Rows read do not equal rows counted, returned, merged and superseded: nothing is delivered."""


def inputs(
    month: Month, claims: Claims, register: Register, programme: Programme, engine: Engine
) -> tuple[Input, ...]:
    """One entry an input, in the order read. Raises UnbalancedBooks, naming the file."""
    lines = engine.ask("books", {"rows": claims.rows}).to_pylist()
    fates = Counter({(line["file"], line["fate"]): line["lines"] for line in lines})
    noted = _noted(register)
    standing = frozenset(file for file, _, _ in claims.stands)
    replaced = {file: by for (file, _, _), by in claims.superseded_by.items()}
    lists = _reference_lists(register.compared)
    entries = []
    for line in month.table("inputs").to_pylist():
        path = line["path"]
        by = replaced.get(path, "") if path not in standing else ""
        gone = fates[path, "superseded"]
        if gone and gone == line["rows_read"]:  # all its rows are said again by later files
            by = by or "同一单位后报的文件"
        status, reason = _status(line, by, fates[path, "returned"], path in noted)
        entry = Input(
            path=path,
            sha256=line["sha256"],
            unit=_unit(_split(line["units"]), programme),
            kinds=_split(line["kinds"]),
            status=status,
            rows_read=line["rows_read"],
            counted=fates[path, "counted"],
            returned=fates[path, "returned"] + line["refused_rows"],
            merged=fates[path, "merged"],
            superseded=fates[path, "superseded"],
            reason=lists.get(path, reason),
            period=line["period"],
            made_from=_split(line["descends"]),
        )
        if not entry.balances:
            raise UnbalancedBooks(
                f"账不平：{entry.path} 读入 {entry.rows_read} 行，计入 {entry.counted}、退回 "
                f"{entry.returned}、合并 {entry.merged}、被替代 {entry.superseded}。"
                "这是程序的错误，本次没有出结果，请联系维护人员"
            )
        entries.append(entry)
    return tuple(entries)


def _split(words: str) -> tuple[str, ...]:
    return tuple(filter(None, words.split(";")))


def _noted(register: Register) -> frozenset[str]:
    """The files of which a warning is said."""
    import pyarrow.compute as pc

    issues = register.issues
    warnings = issues.filter(
        pc.and_(pc.equal(issues["severity"], Severity.WARNING.value), issues["listed"])
    )
    return frozenset(warnings.column("file").to_pylist())


def _reference_lists(compared: Iterable[Compared]) -> dict[str, str]:
    """What each reference list came to, by file; a file may hold several."""
    reasons: dict[str, list[str]] = {}
    for found in compared:
        reasons.setdefault(found.path, []).append(found.reason)
    return {path: "；".join(of_file) for path, of_file in reasons.items()}


def _status(line: Mapping[str, Any], replaced: str, faulty: int, noted: bool) -> tuple[Status, str]:
    """What reading said, refined by what became of the rows."""
    if line["status"] != Status.ACCEPTED:
        return Status(line["status"]), line["reason"]
    if replaced and not line["refused_rows"]:
        return Status.SUPERSEDED, f"已由 {replaced} 替代"
    if returned := faulty + line["refused_rows"]:
        return Status.RETURNED, f"{returned} 行退回"
    if noted:
        return Status.ACCEPTED_WITH_NOTES, "有需要核实的事项"
    return Status.ACCEPTED, ""


def _unit(filed: Iterable[str], programme: Programme) -> str:
    """The unit an input comes from; for a bundle, the prefecture all its units lie in."""
    units = set(filed)
    if len(units) <= 1:
        return next(iter(units), "")
    above = {programme.gazetteer.prefecture_of(u) for u in units}
    return above.pop() if len(above) == 1 else programme.gazetteer.top


def not_filed(month: Month, programme: Programme) -> tuple[str, ...]:
    """County-level units of which no readable roster came in this period, by code."""
    accepted = {
        line["path"]
        for line in month.table("inputs").to_pylist()
        if line["period"] == month.period and line["status"] == Status.ACCEPTED
    }
    filings = month.table("filings").to_pylist()
    filed = {line["entity"] for line in filings if line["file"] in accepted}
    counties = programme.gazetteer.counties(month_end(month.period))
    entity = programme.gazetteer.entity
    return tuple(u.code for u in counties if entity(u.code) not in filed)
