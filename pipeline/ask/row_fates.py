"""What became of one row of a file, and which figures it entered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.ask.receipts import Delivered, newest
from pipeline.ask.traced import Row, Source, Tracer
from pipeline.model.stop import Exit, Stop
from pipeline.programme import Programme


class NoSuchRow(Stop):
    """The place holds no row of a roster; says how a row is written."""

    usual = Exit.USAGE


@dataclass(frozen=True)
class Fate:
    """One row as the books have it (rows.parquet), why, and the cells of the workbooks it adds to."""

    row: Row
    why: str
    cells: tuple[Source, ...]


def fates(outbox: Path, place: str, period: str, programme: Programme) -> list[Fate]:
    """The rows at `文件!表!行` (a line may be a row of several kinds). Raises NoSuchRow, Stop."""
    return fates_in(Tracer(newest(outbox, period), programme), place)


def fates_in(of: Tracer, place: str) -> list[Fate]:
    """The same of a month of which several rows are asked. Raises NoSuchRow."""
    period = of.month.period
    file, _, rest = place.partition("!")
    while rest.count("!") > 1 or ("!" in rest and not rest.rpartition("!")[2].isdigit()):
        head, _, rest = rest.partition("!")  # a member of an archive: x.zip!y.xlsx
        file = f"{file}!{head}"
    sheet, _, line = rest.rpartition("!")
    if not line.isdigit():
        raise NoSuchRow("行要写成 文件!表!行号，如：2018-11/某县.xlsx!花名册!7")
    found = _at(of.month, file, sheet, int(line))
    if not found:
        raise NoSuchRow(f"截至 {period}，{file} 的第 {line} 行不是名单里的一行")
    return [
        Fate(
            row,
            of.reasons.get((row["file"].removeprefix(f"{period}/"), row["sheet"], line), ""),
            tuple(_entered(row, of)),
        )
        for row in found
    ]


def _at(month: Delivered, file: str, sheet: str, line: int) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    wanted = [("file", "in", [file, f"{month.period}/{file}"]), ("row", "=", line)]
    if sheet:
        wanted.append(("sheet", "=", sheet))
    rows: list[dict[str, Any]] = pq.read_table(
        month.table("rows.parquet"), filters=wanted
    ).to_pylist()
    overall = {
        r["place"]: r["overall"]
        for r in pq.read_table(month.table("bridge_rows.parquet"), filters=wanted).to_pylist()
    }
    return [{**row, "overall": overall.get(row["place"], "")} for row in rows]


def _entered(row: Row, of: Tracer) -> list[Source]:
    """The cells that count the row: of its year where it counts, and over all years."""
    counts = row["fate"] == "counted" and row["begun"] == of.month.period[:4]
    keeper = {"year": row["entity"] if counts else "", "cumulative": row["overall"]}
    return [
        source
        for source in of.cells
        if source.measure == "counted"
        and source.indicator == row["indicator"]
        and keeper[source.scope]
        and keeper[source.scope] in of.members(source)
    ]
