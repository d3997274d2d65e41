"""The declared tables: what one file says (a part), and what is between the stages of a month.

Every table's columns stand here and nowhere else. A field of a programme is a column only under the
prefix `f_`, so that no name in a programme can ever meet one of ours. Text is never null: what is not
there is ''. Days are ISO text, `row` is the Excel row.

A roster's row is found by `file, sheet, table, row`: a sheet may hold several tables, numbered from 1 in
reading order, and one line of a sheet may be a row of two kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from pipeline.model.words import FIELD

_TEXT, _ROW, _COUNT, _YES = pa.string(), pa.int32(), pa.int64(), pa.bool_()

Part = Mapping[str, pa.Table]  # the tables that one file gave, under the names below


def _schema(texts: str, **others: pa.DataType) -> pa.Schema:
    """Columns of text, then the others; none may be null."""
    columns = dict.fromkeys(texts.split(), _TEXT) | others
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in columns.items()])


# one line a person's row of a roster, as typed; `rows_schema` adds one value column a field
#   unit, entity   whose it is, '' where nobody's; the first code of a unit that lived on under others
#   period, year   of the return; begun: the year in which the activity began ('' where no sound start)
#   number         the sound number by which the person is counted ('' where there is none)
#   filed_as       who the filed row is, sound or not: her number, else her certificate's, else ''
#   name … activity  what the kind's roles say: as read, '' where the form has no such column;
#                  activity is the code of the course, or the employer folded; home is the unit (entity)
#                  in which the registered address lies, or the home address where no such column exists
#   fault          an error returns the row (before any waiver)
ROWS = _schema(
    "file sheet unit entity period year begun filed_on kind indicator number filed_as name certificate"
    " phone home start finish activity",
    table=_ROW,
    row=_ROW,
    fault=_YES,
)
# sparse: only the cells that say more than their value
#   text  as filed, where it is not the value (an unknown word, an unreadable date)
#   fault what reading found wrong; last  the last day meant, where it is not the value
CELLS = _schema("file sheet field text fault last", table=_ROW, row=_ROW)
COLUMNS = _schema("file sheet kind field letters header", table=_ROW)
# what is filed: one line a file, unit and kind; nil: 零报告, files and
# supersedes without a row; unchanged: 本月无新增, files and supersedes nothing
FILINGS = _schema("file unit entity kind period filed_on", nil=_YES, unchanged=_YES)
# listed = false: fails a rule at a cell of which another issue speaks already (one cause, one issue)
ISSUES = _schema(
    "rule severity message file sheet column field unit suggestion suggested waiver",
    table=_ROW,
    row=_ROW,  # 0: of the whole sheet or file
    listed=_YES,
)
INPUTS = _schema(
    # units, kinds, and the digests of the files it was made from (descends): joined by ;
    "path sha256 folder_period period status reason units kinds descends",
    rows_read=_COUNT,
    refused_rows=_COUNT,  # of sheets that could not be taken in whole
)
STATED = _schema("file sheet column unit indicator filed_on covers", row=_ROW, count=_COUNT)
# each at its cell
TARGETS = _schema("file unit indicator sheet column filed_on", year=_ROW, count=_COUNT, row=_ROW)
# what a task may be divided by: survey (摸底) or registered, by place
BASES = _schema("file basis unit sheet column", row=_ROW, count=_COUNT)
NARRATIVES = _schema("file sheet unit topic text", row=_ROW)
JUDGEMENTS = _schema(
    "id_a id_b verdict keeper indicator year reason decided_by file period fingerprint", row=_ROW
)
# columns whose reading is a question for the clerk (认列), and the county's own ones
#   state     asked (the sheet waits while a required field is among its readings) | doubtful (counts with
#             a warning) | refuted (its cells say otherwise than its header) | own (none of ours)
#             | unread (likewise, of a table that lacks a required column)
#   readings  the fields it may be, joined by ;, the likeliest first; samples: masked, joined by ⏐
COLUMN_QUESTIONS = _schema(
    "file sheet unit period kind letters header readings samples state",
    table=_ROW,
    row=_ROW,
    waits=_YES,
)
# what a clerk answered: unit '' for all units; field '' for a column of the county's own
COLUMN_ANSWERS = _schema("unit header field reason decided_by file period", row=_ROW)
# what inspections found, a line a person and way: number as masked on the sheet; archives: name=word, joined by ;
INSPECTIONS = _schema(
    "file sheet unit indicator name number period way verdict archives reason decided_by day",
    row=_ROW,
)
# what was found in the file that this one was made from, as its hidden sheet says: sheet and cell as they
# were in the copy sent back; name: on the row, or what stood for it
SENT_BACK = _schema("file sheet column field rule name", row=_ROW)
# which of two files of one return stands, as a clerk answered: verdict a | b | both; the digests of the
# files' bytes at that time
FILE_ANSWERS = _schema(
    "file_a file_b digest_a digest_b verdict reason decided_by file period", row=_ROW
)
# the questions behind these answers, worked out over all parts: one line a unit, kind and pair of files.
#   lines, faulty  rows of each, and those an error returns; stands: a | b | both, as it is taken now
#   less, more     by how many persons another answer could move the unit's count
#   open           not answered, or answered of files that say something else now (changed: 甲、乙)
FILE_QUESTIONS = _schema(
    "unit entity kind period file_a file_b digest_a digest_b filed_on_a filed_on_b differs stands"
    " changed answer_file",
    lines_a=_COUNT, lines_b=_COUNT, faulty_a=_COUNT, faulty_b=_COUNT, less=_COUNT, more=_COUNT,
    open=_YES, answer_row=_ROW,
)  # fmt: skip
REFERENCES = _schema("file sheet name units as_of", unread=_COUNT)
REFERENCE_LINES = _schema("file sheet name key since unit", meaning=_ROW, row=_ROW)

# the tables of a part, but for rows, whose columns follow from the programme's fields
PART: Mapping[str, pa.Schema] = {
    "cells": CELLS,
    "columns": COLUMNS,
    "filings": FILINGS,
    "issues": ISSUES,
    "inputs": INPUTS,
    "stated": STATED,
    "targets": TARGETS,
    "bases": BASES,
    "narratives": NARRATIVES,
    "judgements": JUDGEMENTS,
    "column_questions": COLUMN_QUESTIONS,
    "column_answers": COLUMN_ANSWERS,
    "inspections": INSPECTIONS,
    "file_answers": FILE_ANSWERS,
    "sent_back": SENT_BACK,
    "references": REFERENCES,
    "reference_lines": REFERENCE_LINES,
}


def rows_schema(fields: Iterable[str]) -> pa.Schema:
    """The schema of `rows` under a programme whose fields that hold values are these."""
    own = [pa.field(FIELD + name, _TEXT, nullable=False) for name in fields]
    return pa.schema([*ROWS, *own])


def part_schemas(fields: Iterable[str]) -> dict[str, pa.Schema]:
    """Every table of a part under its name, `rows` first."""
    return {"rows": rows_schema(fields), **PART}


def table_of(schema: pa.Schema, lines: Iterable[Mapping[str, object]]) -> pa.Table:
    """A table of a few lines; a column a line does not name is '', 0 or false."""
    blank = {f.name: "" if f.type == _TEXT else False if f.type == _YES else 0 for f in schema}
    return pa.Table.from_pylist([{**blank, **line} for line in lines], schema=schema)


def faults_of(table: pa.Table, schema: pa.Schema) -> list[str]:
    """What keeps a table from being the one declared: columns, their types, nulls; [] if nothing does."""
    faults = [f"没有列 {name}" for name in schema.names if name not in table.column_names]
    faults += [f"多出列 {name}" for name in table.column_names if name not in schema.names]
    for field in schema:
        if field.name in table.column_names:
            column = table.column(field.name)
            if column.type != field.type:
                faults.append(f"列 {field.name} 是 {column.type}，应为 {field.type}")
            elif column.null_count:
                faults.append(f"列 {field.name} 有 {column.null_count} 个空值")
    return faults
