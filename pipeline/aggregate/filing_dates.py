"""报送情况: who filed for the period, when, how often, and how sound it was at the first attempt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.aggregate.tabulated import Boundaries
from pipeline.engine import Engine
from pipeline.model import Changes, Claims, Month, Status
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

_TEXTS = ("unit", "level", "first_on", "last_on")
COLUMNS = ("unit", "level", "due", "filed", "files", "rounds", "first_on", "last_on",
           "first_rows", "first_sound")  # fmt: skip


def filed_when(
    month: Month,
    claims: Claims,
    issues: pa.Table,
    rounds: Mapping[str, Changes],
    boundaries: Boundaries,
    programme: Programme,
    engine: Engine,
) -> pa.Table:
    """filings.csv: one line a unit and level, the top first.

    due: county-level units that have to file, filed: those that did; files: that were taken in;
    rounds: returns of one kind filed for the period (of the unit that filed the most); first_on, last_on:
    the earliest and the latest filing date written in them, '' where none is; first_rows, first_sound:
    the rows of each unit's first return of the period, and those of them without an error.
    """
    import pyarrow as pa

    gazetteer = programme.gazetteer
    about = pa.table({"period": [month.period]})
    asked = {"rows": claims.rows, "issues": issues, "about": about}
    firsts = {line["entity"]: line for line in engine.ask("first_filed", asked).to_pylist()}
    dates, files = _filed(month)
    repeated = {gazetteer.entity(unit): found.rounds for unit, found in rounds.items()}
    counties = {gazetteer.entity(u.code) for u in gazetteer.counties(boundaries.day)}
    lines = []
    for code, level, entities in boundaries.lines():
        due = [e for e in entities if e in counties]
        days = sorted(day for e in entities for day in dates.get(e, ()))
        first = [firsts[e] for e in entities if e in firsts]
        lines.append(
            {
                "unit": code,
                "level": level,
                "due": len(due),
                "filed": sum(e in files for e in due),
                "files": len(set().union(*(files.get(e, set()) for e in entities))),
                "rounds": max((repeated.get(e, int(e in files)) for e in entities), default=0),
                "first_on": days[0] if days else "",
                "last_on": days[-1] if days else "",
                "first_rows": sum(line["lines"] for line in first),
                "first_sound": sum(line["sound"] for line in first),
            }
        )
    types = [(name, pa.string() if name in _TEXTS else pa.int64()) for name in COLUMNS]
    return pa.Table.from_pylist(lines, schema=pa.schema(types))


def _filed(month: Month) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By unit: the filing dates written in what it filed for the period, and the files."""
    inputs: list[dict[str, Any]] = month.table("inputs").to_pylist()
    accepted = {
        line["path"]
        for line in inputs
        if line["period"] == month.period and line["status"] == Status.ACCEPTED
    }
    dates: dict[str, set[str]] = {}
    files: dict[str, set[str]] = {}
    for line in month.table("filings").to_pylist():
        if line["file"] in accepted:
            files.setdefault(line["entity"], set()).add(line["file"])
            if line["filed_on"]:
                dates.setdefault(line["entity"], set()).add(line["filed_on"])
    return dates, files
