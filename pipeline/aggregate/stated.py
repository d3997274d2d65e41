"""Self-reported totals (自报数) held against the distinct persons filed, after all files are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.model import Claims, Issue, Reading, StatedTotal
from pipeline.programme import Programme

Key = tuple[str, str, str]  # entity, indicator, year


def compare_stated(
    readings: Iterable[Reading], claims: Claims, programme: Programme
) -> Iterator[Issue]:
    """A warning at the stated cell wherever the newest total of a unit differs from its rosters."""
    filed = persons_filed(claims)
    for key, totals in _newest(readings, claims, programme).items():
        _, name, _ = key
        label = next(i.counted_label for i in programme.indicators if i.name == name)
        for total in totals:
            there = filed.get(key, 0)
            if total.count != there:
                yield programme.issue(
                    "S06", label=label, stated=total.count, filed=there,
                    difference=abs(total.count - there),
                ).at(file=total.file, sheet=total.sheet, row=total.row,
                     column=total.column, unit=total.unit)  # fmt: skip


def persons_filed(claims: Claims) -> dict[Key, int]:
    """Distinct persons of standing returns, returned rows included; without any number, as one."""
    rows = claims.rows
    rows = rows[rows["fate"] != "superseded"] if len(rows) else rows
    if rows.empty:
        return {}
    own = rows["file"] + "\0" + rows["sheet"] + "\0" + rows["row"].astype(str)
    person = rows["person"].where(rows["person"] != "", own)
    counted = person.groupby([rows["entity"], rows["indicator"], rows["year"]]).nunique()
    found: Iterable[Any] = counted.items()
    return {(str(e), str(i), str(y)): int(n) for (e, i, y), n in found}


def _newest(
    readings: Iterable[Reading], claims: Claims, programme: Programme
) -> dict[Key, list[StatedTotal]]:
    """The totals that stand beside the standing returns: the newest period, then filing date."""
    gone = {file for file, _, _ in claims.superseded_by} - {file for file, _, _ in claims.stands}
    dated: dict[Key, dict[tuple[str, str], list[StatedTotal]]] = {}
    for reading in readings:
        if reading.submission.path in gone:
            continue
        for total in reading.totals:
            key = (programme.gazetteer.entity(total.unit), total.indicator, reading.period[:4])
            when = (reading.period, total.filed_on.isoformat() if total.filed_on else "")
            dated.setdefault(key, {}).setdefault(when, []).append(total)
    return {key: by_date[max(by_date)] for key, by_date in dated.items()}
