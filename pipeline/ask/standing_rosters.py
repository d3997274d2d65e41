"""The rosters that stand in a delivered month, row by row: what `pipeline forms --filled` begins with."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.ask.receipts import Delivered, delivered
from pipeline.model import Issue, Severity
from pipeline.model.stop import Exit, Stop
from pipeline.model.words import FIELD
from pipeline.programme import Programme

Place = tuple[str, str, int]  # file, sheet, row


@dataclass(frozen=True)
class Listed:
    """One person's row of a roster that stands: her cells as a form shows them, and what is still open."""

    kind: str
    cells: Mapping[str, str]  # field -> text; a day in ISO where it was read whole
    issues: tuple[Issue, ...] = field(default=())


def standing(
    outbox: Path, period: str, programme: Programme
) -> tuple[str, dict[str, list[Listed]]]:
    """The newest delivered month of the year up to a period, and by unit (entity) the rows that stand.

    Raises Stop where no month of the year was delivered, or rosters are not year-to-date.
    """
    if programme.scope != "year":
        raise Stop("本项目的名单只列本期新增，没有可以预填的名单", Exit.USAGE)
    months = {p: m for p, m in delivered(outbox) if p <= period and p[:4] == period[:4] and m}
    if not months:
        raise Stop(
            f"outbox 里还没有 {period[:4]} 年的结果，没有可以预填的名单。请先运行 pipeline run"
        )
    month = months[max(months)]
    if month is None:
        raise AssertionError("months whose receipt cannot be read were left out")
    return month.period, _by_unit(month, programme)


def _by_unit(month: Delivered, programme: Programme) -> dict[str, list[Listed]]:
    import pyarrow.parquet as pq

    texts: dict[tuple[Place, int], dict[str, str]] = {}
    for cell in pq.read_table(month.table("standing_cells.parquet")).to_pylist():
        texts.setdefault((_place(cell), cell["table"]), {})[cell["field"]] = cell["text"]
    open_issues = _open_issues(month)
    found: dict[str, list[Listed]] = {}
    for row in pq.read_table(month.table("standing.parquet")).to_pylist():
        place = _place(row)
        filed = texts.get((place, row["table"]), {})
        cells = {
            name: filed.get(name) or _shown(name, row[FIELD + name], programme)
            for name in programme.value_fields
        }
        issues = open_issues.get(place, ())
        found.setdefault(row["entity"], []).append(Listed(row["kind"], cells, tuple(issues)))
    return found


def _place(line: Mapping[str, Any]) -> Place:
    return line["file"], line["sheet"], line["row"]


def _shown(name: str, value: str, programme: Programme) -> str:
    """A value as a clerk would type it: the word for a code."""
    field_ = programme.field[name]
    return programme.code_labels[field_.codes].get(value, value) if field_.codes else value


def _open_issues(month: Delivered) -> dict[Place, list[Issue]]:
    """What issues.csv says of rows, by their place below inbox/."""
    inputs = {entry["path"] for entry in month.receipt["inputs"]}
    found: dict[Place, list[Issue]] = {}
    with month.table("issues.csv").open(encoding="utf-8-sig", newline="") as stream:
        for line in csv.DictReader(stream):
            if not line["row"] or line["severity"] not in (Severity.ERROR, Severity.WARNING):
                continue
            own = f"{month.period}/{line['file']}"
            file = own if own in inputs else line["file"]
            issue = Issue(
                line["rule"], Severity(line["severity"]), line["message"], field=line["field"]
            )
            found.setdefault((file, line["sheet"], int(line["row"])), []).append(issue)
    return found
