"""What changed in a person's rows from return to return: field, before, after, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.engine import Engine, Valued
from pipeline.model import Claims, Month, Stored
from pipeline.model.words import FIELD
from pipeline.programme import Field, Programme

if TYPE_CHECKING:
    import pyarrow as pa

_COLUMNS = ("person", "field", "before", "after", "from_period", "to_period")


def alterations(
    month: Month, claims: Claims, links: pa.Table, programme: Programme, engine: Engine
) -> pa.Table:
    """One line a field that changed between two returns of one unit, told once a return.

    Within a span all tracked fields of a row; from one span to the next only what is the person's
    own, not the activity's. Columns: place (of the row that says the new value), person, field, before,
    after, from_period, to_period.
    """
    import pyarrow as pa

    rows = month.tables["rows"]
    schema = pa.schema([("place", pa.int64()), *((name, pa.string()) for name in _COLUMNS)])
    if not _followed_anywhere(claims) or not isinstance(rows, Stored):
        return schema.empty_table()
    asked = {"rows": claims.rows, "editions": claims.editions, "links": links}
    pairs = engine.ask_to("followed", asked)
    shared = {"pairs": pairs, "columns": month.tables["columns"], "cells": month.tables["cells"]}
    found = [
        engine.ask(
            "changed",
            {
                **shared,
                "filled": Valued(rows, FIELD + field.name),
                "about": pa.table({"field": [field.name], "own": [0 if field.on else 1]}),
                "labels": _labels(field, programme),
            },
        ).cast(schema)
        for field in tracked(programme)
    ]
    return pa.concat_tables([schema.empty_table(), *found])


def _followed_anywhere(claims: Claims) -> bool:
    """Whether any unit has filed a kind more than once."""
    first: dict[tuple[str, str], tuple[str, int]] = {}
    return any(
        first.setdefault((e["entity"], e["kind"]), (e["span"], e["edition"]))
        != (e["span"], e["edition"])
        for e in claims.editions.to_pylist()
        if e["edition"]
    )


def tracked(programme: Programme) -> list[Field]:
    """The fields whose changes are noted: those that hold a value of their own."""
    return [f for f in programme.fields if f.tracked and not f.fills]


def _labels(field: Field, programme: Programme) -> pa.Table:
    import pyarrow as pa

    labels = programme.code_labels[field.codes] if field.codes else {}
    return pa.table(
        {
            "code": pa.array(labels.keys(), pa.string()),
            "label": pa.array(labels.values(), pa.string()),
        }
    )
