"""One file -> its part: what it says as declared tables, which follow from it and the programme alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import pandas as pd
import pyarrow as pa

from pipeline.ingest import read_file
from pipeline.limits import LIMITS, Limits
from pipeline.model import Reading, Submission
from pipeline.model.tables import PART, Part, rows_schema, table_of
from pipeline.programme import Kind, Programme
from pipeline.validate import validate
from pipeline.values import fold, month_end


def part_of(
    file: Submission,
    programme: Programme,
    passwords: Iterable[str] = (),
    limits: Limits = LIMITS,
) -> Part:
    """The tables of one file, read, typed and held against the rules of cells and rows.

    A file that cannot be read is a part with one line in `inputs` and the issue that says why.
    """
    reading = read_file(file, programme, passwords, limits)
    records = validate([reading], programme)
    tables = {(s.name, s.kind): nth for nth, s in enumerate(reading.sheets, 1)}
    frame = records.frame.fillna("")
    if len(frame):
        places = zip(frame["sheet"], frame["kind"], strict=True)
        frame = frame.assign(table=[tables[place] for place in places])
    lines: dict[str, list[dict[str, Any]]] = {
        "cells": list(_cells(frame, programme)),
        "columns": list(_columns(reading)),
        "filings": list(_filings(reading, programme)),
        "issues": [
            {**asdict(i), "severity": i.severity.value, "row": i.row or 0, "listed": True}
            for i in records.issues
        ],
        "inputs": [_input(reading)],
        "stated": [
            {**asdict(t), "filed_on": t.filed_on.isoformat() if t.filed_on else ""}
            for t in reading.totals
        ],
        "targets": [
            {**asdict(t), "file": file.path}
            for t in (reading.task_table.targets if reading.task_table else ())
        ],
        "narratives": [asdict(n) for n in reading.narratives],
        "judgements": [asdict(j) for j in reading.judgements],
        "references": [
            {"file": file.path, "sheet": r.sheet, "name": r.name, "units": ";".join(r.units),
             "as_of": r.as_of, "unread": r.unread}
            for r in reading.references
        ],
        "reference_lines": [
            {"file": file.path, "sheet": r.sheet, "name": r.name, "key": line["key"],
             "since": line["on"], "meaning": line["meaning"], "row": line["row"]}
            for r in reading.references
            for line in r.lines.to_dict("records")
        ],
    }  # fmt: skip
    part = {
        name: table_of(schema, [{k: line[k] for k in schema.names if k in line} for line in lines[name]])
        for name, schema in PART.items()
    }  # fmt: skip
    return {"rows": _rows(frame, programme), **part}


def _input(reading: Reading) -> dict[str, Any]:
    return {
        "path": reading.submission.path,
        "sha256": reading.submission.sha256,
        "folder_period": reading.submission.folder_period,
        "period": reading.period,
        "status": reading.status.value,
        "reason": reading.reason,
        "units": ";".join(reading.units),
        "kinds": ";".join(dict.fromkeys(s.kind for s in reading.sheets)),
        "rows_read": sum(len(s.text) for s in reading.sheets) + reading.refused_rows,
        "refused_rows": reading.refused_rows,
    }


def _columns(reading: Reading) -> Iterator[dict[str, Any]]:
    for nth, sheet in enumerate(reading.sheets, 1):
        for field, letters in sheet.columns.items():
            yield {
                "file": reading.submission.path, "sheet": sheet.name, "table": nth,
                "kind": sheet.kind, "field": field, "letters": letters,
            }  # fmt: skip


def _filings(reading: Reading, programme: Programme) -> Iterator[dict[str, Any]]:
    """What the file files: by unit and kind, under the newest date that any sheet of the kind says."""
    dates: dict[str, str] = {}
    for sheet in reading.sheets:
        day = sheet.filed_on.isoformat() if sheet.filed_on else ""
        dates[sheet.kind] = max(day, dates.get(sheet.kind, ""))
    found: dict[tuple[str, str], bool] = {}
    for sheet in reading.sheets:
        for unit in sorted(set(sheet.units) - {""}):
            found[unit, sheet.kind] = False
        for unit in reading.units[:1] if sheet.nil else ():
            found.setdefault((unit, sheet.kind), True)
    for (unit, kind), nil in found.items():
        yield {
            "file": reading.submission.path, "unit": unit, "kind": kind, "nil": nil,
            "entity": programme.gazetteer.entity(unit), "period": reading.period,
            "filed_on": dates[kind],
        }  # fmt: skip


def _rows(frame: pd.DataFrame, programme: Programme) -> pa.Table:
    schema = rows_schema(programme.value_fields)
    if frame.empty:
        return schema.empty_table()
    parts = [_rows_of(rows, programme.kind[str(kind)], programme) for kind, rows in frame.groupby("kind", sort=False)]  # fmt: skip
    whole = pd.concat(parts).sort_index()
    return pa.Table.from_pandas(whole, schema=schema, preserve_index=False)


def _rows_of(rows: pd.DataFrame, kind: Kind, programme: Programme) -> pd.DataFrame:
    blank = pd.Series("", index=rows.index, dtype=object)

    def said(column: str) -> pd.Series:
        return rows.get(column, blank)

    place = said(kind.role("residence"))
    if not said(f"{kind.role('residence')}.at").any():
        place = said(kind.role("home"))
    gazetteer = programme.gazetteer
    days = {p: month_end(p) for p in rows["period"].unique()}
    activity = said(kind.activity)
    activity = activity.where(
        activity != "", said(f"{kind.activity}.text").map(lambda t: fold(str(t)))
    )
    name = said(kind.role("name"))
    return pd.DataFrame(
        {
            "file": rows["file"], "sheet": rows["sheet"], "unit": rows["unit"],
            "entity": rows["unit"].map(gazetteer.entity), "period": rows["period"],
            "year": rows["year"],
            "begun": rows["start"].str[:4].where(~rows["fault"].astype(bool), rows["year"]),
            "filed_on": rows["filed_on"], "kind": kind.name,
            "indicator": programme.indicator_of[kind.name].name,
            "number": said(kind.role("person")), "filed_as": rows["person"], "name": name,
            "certificate": said(kind.role("certificate")), "phone": said(kind.role("phone")),
            "home": [
                gazetteer.entity(gazetteer.residence(a, days[p])) if a else ""
                for a, p in zip(place, rows["period"], strict=True)
            ],
            "start": said(kind.start), "finish": said(f"{kind.finish}.last"), "activity": activity,
            "table": rows["table"], "row": rows["row"], "fault": rows["fault"].astype(bool),
            **{f"f_{f}": said(f) for f in programme.value_fields},
        }
    )  # fmt: skip


def _cells(frame: pd.DataFrame, programme: Programme) -> Iterator[dict[str, Any]]:
    """Only what says more than its value: an unknown word, a doubtful date, a month for a day."""
    for line in frame.to_dict("records"):
        for field in programme.value_fields:
            fault = line.get(f"{field}.fault") or ""
            value, last = line.get(field) or "", line.get(f"{field}.last") or ""
            text = str(line.get(f"{field}.text") or "")
            if fault in ("", "blank") and last in ("", value):
                continue
            yield {
                "file": line["file"], "sheet": line["sheet"], "table": line["table"], "row": line["row"],
                "field": field, "text": text, "fault": fault, "last": "" if last == value else last,
            }  # fmt: skip
