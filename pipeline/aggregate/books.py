"""The books: of every input, how many rows were read and where each of them went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipeline.model import Claims, Input, Reading, Severity, Status
from pipeline.model.stop import Stop
from pipeline.programme import Programme
from pipeline.values import month_end


class UnbalancedBooks(Stop):
    """Rows read do not equal rows counted, returned, merged and superseded: nothing is delivered."""


def inputs(readings: Iterable[Reading], claims: Claims, programme: Programme) -> tuple[Input, ...]:
    """One entry an input, in the order read. Raises UnbalancedBooks, naming the file."""
    fates = Counter(zip(claims.rows["file"], claims.rows["fate"], strict=True))
    noted = frozenset(i.file for i in claims.issues if i.severity == Severity.WARNING)
    standing = frozenset(file for file, _, _ in claims.stands)
    replaced = {file: by for (file, _, _), by in claims.superseded_by.items()}
    lists = _reference_lists(claims)
    entries = []
    for reading in readings:
        path = reading.submission.path
        by = replaced.get(path, "") if path not in standing else ""
        status, reason = _status(reading, by, fates[path, "returned"], path in noted)
        entry = Input(
            path=path,
            sha256=reading.submission.sha256,
            unit=_unit(reading, programme),
            kinds=tuple(dict.fromkeys(s.kind for s in reading.sheets)),
            status=status,
            rows_read=sum(len(s.text) for s in reading.sheets) + reading.refused_rows,
            counted=fates[path, "counted"],
            returned=fates[path, "returned"] + reading.refused_rows,
            merged=fates[path, "merged"],
            superseded=fates[path, "superseded"],
            reason=lists.get(path, reason),
            period=reading.period,
        )
        if not entry.balances:
            raise UnbalancedBooks(
                f"账不平：{entry.path} 读入 {entry.rows_read} 行，计入 {entry.counted}、退回 "
                f"{entry.returned}、合并 {entry.merged}、被替代 {entry.superseded}。"
                "这是程序的错误，本次没有出结果，请联系维护人员"
            )
        entries.append(entry)
    return tuple(entries)


def _reference_lists(claims: Claims) -> dict[str, str]:
    """What each reference list came to, by file; a file may hold several."""
    told: dict[str, list[str]] = {}
    for found in claims.register.compared if claims.register else ():
        told.setdefault(found.path, []).append(found.reason)
    return {path: "；".join(reasons) for path, reasons in told.items()}


def _status(reading: Reading, replaced: str, faulty: int, noted: bool) -> tuple[Status, str]:
    """What ingest said, refined by what became of the rows."""
    if reading.status != Status.ACCEPTED:
        return reading.status, reading.reason
    if replaced and not reading.refused_rows:
        return Status.SUPERSEDED, f"已由 {replaced} 替代"
    if returned := faulty + reading.refused_rows:
        return Status.RETURNED, f"{returned} 行退回"
    if noted:
        return Status.ACCEPTED_WITH_NOTES, "有需要核实的事项"
    return Status.ACCEPTED, ""


def _unit(reading: Reading, programme: Programme) -> str:
    """The unit an input comes from; for a bundle, the prefecture all its units lie in."""
    units = set(reading.units)
    if len(units) <= 1:
        return next(iter(units), "")
    above = {programme.gazetteer.prefecture_of(u) for u in units}
    return above.pop() if len(above) == 1 else programme.gazetteer.top


def not_filed(readings: Iterable[Reading], programme: Programme, period: str) -> tuple[str, ...]:
    """County-level units of which no readable roster came in this period, by code."""
    entity = programme.gazetteer.entity
    filed = set()
    for reading in readings:
        if reading.period != period or reading.status != Status.ACCEPTED:
            continue
        for sheet in reading.sheets:
            filed |= {entity(u) for u in sheet.units if u}
            if sheet.nil:
                filed |= {entity(u) for u in reading.units[:1]}
    counties = programme.gazetteer.counties(month_end(period))
    return tuple(u.code for u in counties if entity(u.code) not in filed)
