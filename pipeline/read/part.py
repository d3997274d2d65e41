"""One file -> its part: what it says as declared tables, which follow from it and the programme alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from pipeline.ingest import NO_ANSWERS, Answers, as_filed
from pipeline.limits import LIMITS, Limits
from pipeline.model import Severity, Submission
from pipeline.model.as_filed import Filed
from pipeline.model.tables import CELLS, PART, Part, rows_schema, table_of
from pipeline.programme import Programme
from pipeline.validate import Checked, check_roster
from pipeline.validate.declared import cells_table, rows_table


def part_of(
    file: Submission,
    programme: Programme,
    passwords: Iterable[str] = (),
    limits: Limits = LIMITS,
    answers: Answers = NO_ANSWERS,
) -> Part:
    """The tables of one file, read, typed and held against the rules of cells and rows.

    `answers` are a clerk's on columns. A file that cannot be read is a part with one line in `inputs`
    and the issue that says why.
    """
    return tables_of(as_filed(file, programme, passwords, limits, answers), programme)


def tables_of(filed: Filed, programme: Programme) -> Part:
    """The tables of what a file says."""
    file = filed.file
    spoken_of: dict[tuple[str, int | None, str], bool] = {}
    for issue in filed.issues:
        place = (issue.sheet, issue.row, issue.column)
        spoken_of[place] = spoken_of.get(place, False) or issue.severity == Severity.ERROR
    checked = {
        nth: check_roster(table, file.path, filed.period, programme, spoken_of)
        for nth, table in enumerate(filed.tables, 1)
        if table.rows
    }
    lines: dict[str, list[dict[str, Any]]] = {
        **filed.lines,
        "columns": list(_columns(filed)),
        "filings": list(_filings(filed, programme)),
        "issues": list(_issues(filed, checked)),
        "inputs": [_input(filed)],
    }
    rows = [rows_table(c.rows, file.path, n, c.faulty, programme) for n, c in checked.items()]
    cells = [cells_table(c.rows, file.path, n, programme) for n, c in checked.items()]
    return {
        "rows": pa.concat_tables([rows_schema(programme.value_fields).empty_table(), *rows]),
        **{name: table_of(schema, lines.get(name, ())) for name, schema in PART.items()},
        "cells": pa.concat_tables([CELLS.empty_table(), *cells]),
    }


def _input(filed: Filed) -> dict[str, Any]:
    return {
        "path": filed.file.path,
        "sha256": filed.file.sha256,
        "folder_period": filed.file.folder_period,
        "period": filed.period,
        "status": filed.status.value,
        "reason": filed.reason,
        "units": ";".join(filed.units),
        "descends": ";".join(filed.ancestors),
        "kinds": ";".join(dict.fromkeys(table.kind for table in filed.tables)),
        "rows_read": filed.rows_read,
        "refused_rows": filed.refused_rows,
    }


def _columns(filed: Filed) -> Iterator[dict[str, Any]]:
    for nth, table in enumerate(filed.tables, 1):
        for field, letters in table.letters.items():
            yield {
                "file": filed.file.path, "sheet": table.sheet, "table": nth, "kind": table.kind,
                "field": field, "letters": letters, "header": table.headers[field],
            }  # fmt: skip


def _filings(filed: Filed, programme: Programme) -> Iterator[dict[str, Any]]:
    """What the file files: by unit and kind, under the newest date that any sheet of the kind says."""
    dates: dict[str, str] = {}
    found: dict[tuple[str, str], str] = {}
    for table in filed.tables:
        day = table.filed_on.isoformat() if table.filed_on else ""
        dates[table.kind] = max(day, dates.get(table.kind, ""))
        for unit in sorted(set(table.units) - {""}):
            found[unit, table.kind] = ""
        for unit, nil in table.nobody.items():
            found.setdefault((unit, table.kind), "nil" if nil else "unchanged")
        if (table.nil or table.unchanged) and (unit := table.unit or "".join(filed.units[:1])):
            found.setdefault((unit, table.kind), "nil" if table.nil else "unchanged")
    for (unit, kind), nobody in found.items():
        yield {
            "file": filed.file.path, "unit": unit, "kind": kind, "nil": nobody == "nil",
            "unchanged": nobody == "unchanged", "entity": programme.gazetteer.entity(unit),
            "period": filed.period, "filed_on": dates[kind],
        }  # fmt: skip


def _issues(filed: Filed, checked: dict[int, Checked]) -> Iterator[dict[str, Any]]:
    """What reading and the rules found; not listed is what fails at a cell already spoken of."""
    for issue in filed.issues:
        yield issue.line()
    spoken = set[
        tuple[str, str, int | None, str]
    ]()  # a row of two kinds is told once of what both have
    for each in checked.values():
        for issue in each.issues:
            yield issue.line()
        for finding in each.findings:
            issue = finding.issue
            place = (issue.rule, issue.sheet, issue.row, issue.column)
            yield issue.line(listed=finding.listed and place not in spoken)
            spoken.add(place)
