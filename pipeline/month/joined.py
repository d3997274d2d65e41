"""The month's tables: all parts up to a period side by side, and what depends on more than one file settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.engine import Engine
from pipeline.model import Issue, Month, Status, Stored, issue_lines
from pipeline.model.tables import ISSUES, PART, ROWS, rows_schema, table_of
from pipeline.month.waiving import waive, waivers_table
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver

if TYPE_CHECKING:
    import pyarrow as pa

_ON_DISK = ("rows", "cells", "reference_lines")  # what grows with the number of persons


class StoredPart(Protocol):
    """A part as the store keeps it: its tables by name, and the period of the folder it lay in."""

    @property
    def tables(self) -> Mapping[str, Path]: ...


def tables(
    parts: Iterable[StoredPart],
    programme: Programme,
    period: str,
    waivers: Sequence[Waiver],
    engine: Engine,
) -> Month:
    """All that was filed up to `period`, the parts in the order given.

    Of files of one folder with the same bytes and the same units the first files; the others keep
    their line in `inputs` and the finding that says so. A waived error is a note; its row stands
    among `excused` where no other error remains.
    """
    filed = _up_to(period, [(part, _read(part.tables["inputs"], PART["inputs"])) for part in parts])
    first: dict[tuple[str, ...], str] = {}
    taken, inputs, notices = [], [], []
    for part, entry in filed:
        key = tuple(entry[word] for word in ("sha256", "folder_period", "units"))
        other = first.setdefault(key, entry["path"])
        # of what could not be opened each says why: it has no content to be the same
        if other == entry["path"] or entry["status"] == Status.UNREADABLE.value:
            taken.append(part)
            inputs.append(entry)
        else:
            inputs.append(_same_content(entry, other))
            issue = programme.issue("F08", other=other)
            notices.append(issue.at(file=entry["path"]))
    notices += _filed_before(inputs, programme)
    schemas = {**PART, "rows": rows_schema(programme.value_fields)}
    found: dict[str, Any] = {
        name: _stored(taken, name, schema) if name in _ON_DISK else _joined(taken, name, schema)
        for name, schema in schemas.items()
        if name != "inputs"
    }
    found["columns"] = _with_filled(found["columns"], programme)
    found["inputs"] = table_of(PART["inputs"], inputs)
    found["issues"] = _joined(taken, "issues", ISSUES, table_of(ISSUES, issue_lines(notices)))
    engine.expect(sum(int(entry["rows_read"]) for entry in inputs if "rows_read" in entry))
    return _with_waivers(Month(period, found), waivers, engine)


def _filed_before(inputs: Iterable[Mapping[str, Any]], programme: Programme) -> Iterator[Issue]:
    """Rosters whose very bytes were filed for an earlier period."""
    rosters = [entry for entry in inputs if entry.get("rows_read") and entry.get("kinds")]
    earliest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for entry in sorted(rosters, key=lambda e: str(e["period"])):
        other = earliest.setdefault((entry["sha256"], entry["units"]), entry)
        if other["period"] < entry["period"]:
            yield programme.issue("F12", other=other["path"]).at(file=entry["path"])


def _up_to(
    period: str, parts: Iterable[tuple[StoredPart, pa.Table]]
) -> list[tuple[StoredPart, dict[str, Any]]]:
    lines = [(part, line) for part, table in parts for line in table.to_pylist()]
    return [(part, line) for part, line in lines if line["period"] <= period]


def _same_content(entry: Mapping[str, Any], other: str) -> dict[str, Any]:
    """What stands in `inputs` for a file that says again what another says."""
    return {
        **{word: entry[word] for word in ("path", "sha256", "folder_period")},
        "period": entry["folder_period"],
        "status": Status.SAME_CONTENT.value,
        "reason": f"与 {other} 内容相同",
    }


def _read(file: Path, schema: pa.Schema) -> pa.Table:
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as opened:
        return opened.read(use_threads=False).cast(schema)  # a part's tables are small


def _joined(
    parts: Iterable[StoredPart], name: str, schema: pa.Schema, *others: pa.Table
) -> pa.Table:
    import pyarrow as pa

    own = [_read(part.tables[name], schema) for part in parts if name in part.tables]
    return pa.concat_tables([schema.empty_table(), *own, *others])


def _stored(parts: Iterable[StoredPart], name: str, schema: pa.Schema) -> Stored:
    import pyarrow.parquet as pq

    files = [part.tables[name] for part in parts if name in part.tables]
    return Stored(schema, tuple(f for f in files if pq.read_metadata(f).num_rows))


def _with_filled(columns: pa.Table, programme: Programme) -> pa.Table:
    """A column that fills other fields (a course's time, 残疾类别等级) is theirs where they have none."""
    lines = columns.to_pylist()
    own = {(c["file"], c["sheet"], c["table"], c["field"]) for c in lines}
    filled = [
        {**c, "field": target}
        for c in lines
        for target in programme.field[c["field"]].fills
        if (c["file"], c["sheet"], c["table"], target) not in own
    ]
    return table_of(columns.schema, [*lines, *filled])


def _with_waivers(month: Month, waivers: Sequence[Waiver], engine: Engine) -> Month:
    """The errors that a waiver covers as notes, the rows it keeps from being returned, the waivers."""
    import pyarrow as pa

    issues, rows = month.table("issues"), month.tables["rows"]
    held = waivers_table(waivers)
    excused = pa.schema(
        [ROWS.field(name) for name in ("file", "sheet", "table", "row")]
    ).empty_table()
    if waivers and isinstance(rows, Stored):
        periods = sorted({p for p in month.periods.values() if p})
        issues, held = waive(issues, rows, held, periods, engine)
        excused = engine.ask("excused", {"issues": issues, "rows": rows})
    return Month(
        month.period, {**month.tables, "issues": issues, "waivers": held, "excused": excused}
    )
