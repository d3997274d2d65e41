"""What one file says in the nouns of the stages before the tables; goes when the last of them goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

import pandas as pd

from pipeline.model.as_filed import Filed, Table
from pipeline.ingest.files import as_filed
from pipeline.limits import LIMITS, Limits
from pipeline.model import (
    Judgement,
    Narrative,
    Reading,
    ReferenceList,
    Sheet,
    StatedTotal,
    Status,
    Submission,
    Target,
    TaskTable,
)
from pipeline.programme import Programme

T = TypeVar("T")


def read_file(
    file: Submission,
    programme: Programme,
    passwords: Iterable[str] = (),
    limits: Limits = LIMITS,
) -> Reading:
    """What one file said; a file that cannot be read is a reading with an issue that says so."""
    return reading_of(as_filed(file, programme, passwords, limits))


def reading_of(filed: Filed) -> Reading:
    """The same as a Reading."""

    def lines(name: str) -> list[dict[str, Any]]:
        return filed.lines.get(name, [])

    targets = tuple(_noun(Target, line) for line in lines("targets"))
    return Reading(
        filed.file,
        filed.status,
        filed.period,
        filed.reason,
        sheets=tuple(map(sheet_of, filed.tables)),
        totals=tuple(_noun(StatedTotal, _dated(line)) for line in lines("stated")),
        narratives=tuple(_noun(Narrative, line) for line in lines("narratives")),
        task_table=TaskTable(targets) if filed.status == Status.TASK_TABLE else None,
        judgements=tuple(_noun(Judgement, line) for line in lines("judgements")),
        references=tuple(_list(line, lines("reference_lines")) for line in lines("references")),
        issues=filed.issues,
        units=filed.units,
        refused_rows=filed.refused_rows,
    )


def sheet_of(table: Table) -> Sheet:
    """One roster with its columns as frames."""
    index = pd.Index(table.rows, name="row", dtype="int64")
    return Sheet(
        name=table.sheet,
        kind=table.kind,
        text=pd.DataFrame(dict(table.texts), index=index, dtype=object),
        types=pd.DataFrame(dict(table.types), index=index, dtype=object),
        columns=table.letters,
        units=pd.Series(table.units, index=index, dtype=object),
        filed_on=table.filed_on,
        nil=table.nil,
    )


def table_of(sheet: Sheet) -> Table:
    """One roster column by column, from frames."""
    return Table(
        sheet=sheet.name,
        kind=sheet.kind,
        rows=[int(row) for row in sheet.text.index],
        texts={name: list(sheet.text[name]) for name in sheet.text},
        types={name: list(sheet.types[name]) for name in sheet.types},
        letters=sheet.columns,
        headers={},
        units=list(sheet.units),
        filed_on=sheet.filed_on,
        nil=sheet.nil,
    )


def _noun(noun: type[T], line: dict[str, Any]) -> T:
    names = [f.name for f in fields(noun)]  # type: ignore[arg-type]
    return noun(**{name: line.get(name, "") for name in names})


def _dated(line: dict[str, Any]) -> dict[str, Any]:
    day = line["filed_on"]
    return {**line, "filed_on": date.fromisoformat(day) if day else None}


def _list(line: dict[str, Any], lines: list[dict[str, Any]]) -> ReferenceList:
    own = [one for one in lines if (one["sheet"], one["name"]) == (line["sheet"], line["name"])]
    columns = ["key", "meaning", "since", "row"]
    frame = pd.DataFrame([[one[c] for c in columns] for one in own], columns=columns)
    frame = frame.rename(columns={"since": "on"})
    return ReferenceList(
        line["name"],
        line["sheet"],
        frame.astype({"key": str, "meaning": "int64", "on": str, "row": "int64"}),
        tuple(filter(None, line["units"].split(";"))),
        line["as_of"],
        line["unread"],
    )
