"""What inspections found, person by person: joined to whom the month lists, and summed up by unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine
from pipeline.model import Claims, Month
from pipeline.programme import Programme
from pipeline.supervise.appraised import Evidence, Measured
from pipeline.values import mask_id

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (
    "unit", "indicator", "year", "name", "id_no", "way", "verdict", "archives", "reason", "decided_by", "day",
    "state", "file", "sheet", "row", "listed_file", "listed_sheet", "listed_row",
)  # fmt: skip
_WHOLE = frozenset({"row", "listed_row"})
Line = Mapping[str, Any]


def inspections(month: Month, claims: Claims, programme: Programme, engine: Engine) -> pa.Table:
    """inspections.csv: a line a result of the period's year, in the order of files and rows.

    A person is known by unit, indicator, name and what her masked number shows, and only where one person
    is all that. state: counted | not_counted (she no longer counts) | unknown | several (nobody, or more
    than one person, is all that). Of two results of one person and way the later one stands, by its date,
    then by its file.
    """
    import pyarrow as pa

    results = _results(month, programme)
    found: dict[int, list[Line]] = defaultdict(list)
    if results:
        columns = ("n", "indicator", "year", "name", "entity")
        asked = pa.Table.from_pylist([{word: line[word] for word in columns} for line in results])
        for row in engine.ask("inspected", {"results": asked, "rows": claims.rows}).to_pylist():
            if mask_id(row["number"]) == results[row["n"]]["number"]:
                found[row["n"]].append(row)
    lines = [{**line, **_listed(found[line["n"]])} for line in results]
    types = [(c, pa.int64() if c in _WHOLE else pa.string()) for c in COLUMNS]
    kept = [{word: line[word] for word in COLUMNS} for line in lines]
    return pa.Table.from_pylist(kept, schema=pa.schema(types))


def inspected(found: pa.Table, programme: Programme) -> Measured:
    """Of the persons whom inspections came to a verdict about, the share found as reported."""
    entity = programme.gazetteer.entity
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for unit, verdict in persons(found.to_pylist()):
        verdicts[entity(unit)][verdict] += 1

    def of(unit: str) -> Evidence:
        own = verdicts[entity(unit)]
        concluded = own["sound"] + own["unsound"]
        if not concluded:
            return Evidence(None, "没有报回检查结论")
        waiting = f"，另有 {own['open']} 人待核实" if own["open"] else ""
        why = f"查了 {concluded} 人，属实 {own['sound']} 人{waiting}"
        return Evidence(own["sound"] * 100 / concluded, why)

    return of


def persons(lines: Iterable[Line]) -> Iterable[tuple[str, str]]:
    """Unit and verdict of every person and indicator inspected: what was seen on the spot goes before what was
    said on the telephone, a verdict before none."""
    best: dict[tuple[str, str, str, str], tuple[int, str]] = {}
    for line in lines:
        if line["state"] in ("unknown", "several"):
            continue
        key = line["unit"], line["indicator"], line["year"], line["id_no"] or line["name"]
        weight = 2 * (line["verdict"] in ("sound", "unsound")) + (line["way"] == "on_site")
        if key not in best or best[key][0] <= weight:
            best[key] = weight, line["verdict"]
    return [(unit, verdict) for (unit, *_), (_, verdict) in best.items()]


def _results(month: Month, programme: Programme) -> list[dict[str, Any]]:
    """The results of the period's year, numbered; of one person and way the last."""
    year = month.period[:4]
    lines = [
        {**line, "year": line["period"][:4], "entity": programme.gazetteer.entity(line["unit"])}
        for line in month.table("inspections").to_pylist()
        if line["period"][:4] == year and line["period"] <= month.period
    ]
    last: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in sorted(lines, key=lambda one: (one["day"], one["file"], one["sheet"], one["row"])):
        keys = ("entity", "indicator", "name", "number", "way")
        last[tuple(line[word] for word in keys)] = line
    kept = sorted(last.values(), key=lambda one: (one["file"], one["sheet"], one["row"]))
    return [{**line, "n": n} for n, line in enumerate(kept)]


def _listed(rows: list[Line]) -> dict[str, Any]:
    """Who is meant, and the row by which she counts, or stands."""
    listed = {"id_no": "", "listed_file": "", "listed_sheet": "", "listed_row": None}
    if len({row["person"] for row in rows}) != 1:
        return {**listed, "state": "several" if rows else "unknown"}
    first = rows[0]
    return {
        "id_no": first["number"], "state": "counted" if first["fate"] == "counted" else "not_counted",
        "listed_file": first["file"], "listed_sheet": first["sheet"], "listed_row": first["row"],
    }  # fmt: skip
