"""Of which periods anything was filed, by the parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.model import Status
from pipeline.month.joined import StoredPart

_BESIDE = frozenset(
    status.value for status in (Status.TASK_TABLE, Status.JUDGEMENTS, Status.INSPECTIONS)
)


def newest_period(parts: Iterable[StoredPart], until: str = "") -> str:
    """The newest period of which anything was filed, '' where none was; what is no return sets none."""
    periods = (
        entry["period"]
        for part in parts
        for entry in _inputs(part)
        if entry["status"] not in _BESIDE and not entry["is_reference"]
    )
    return max((p for p in periods if not until or p <= until), default="")


def roster_periods(parts: Iterable[StoredPart]) -> list[str]:
    """The periods of which rosters were filed."""
    return sorted({e["period"] for part in parts for e in _inputs(part) if e["kinds"]} - {""})


def _inputs(part: StoredPart) -> Iterator[dict[str, Any]]:
    """The files of a part, each with whether it is a reference list, or counts to divide tasks by."""
    names = ("references", "bases")
    references = {line["file"] for name in names for line in _lines(part, name, ["file"])}
    for entry in _lines(part, "inputs", ["path", "period", "status", "kinds"]):
        yield {**entry, "is_reference": entry["path"] in references}


def _lines(part: StoredPart, name: str, columns: list[str]) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    if name not in part.tables:
        return []
    with pq.ParquetFile(part.tables[name]) as table:
        lines: list[dict[str, Any]] = table.read(columns).to_pylist()
    return lines
