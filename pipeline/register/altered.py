"""What changed in a person's rows from return to return: field, before, after, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.engine import Engine
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
    read = {"rows": rows, "cells": month.tables["cells"]}
    pairs = engine.ask_to("unlike", {**read, "pairs": engine.ask_to("followed", asked)})
    fields = tracked(programme)
    about = {
        "nth": range(len(fields)),
        "field": [f.name for f in fields],
        "filled": [FIELD + f.name for f in fields],
        "own": [0 if f.on else 1 for f in fields],
    }
    words = {"columns": month.tables["columns"], "labels": _labels(fields, programme)}
    return engine.ask("changed", {**read, **words, "pairs": pairs, "about": pa.table(about)})


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


def _labels(fields: Iterable[Field], programme: Programme) -> pa.Table:
    import pyarrow as pa

    words = [
        (field.name, code, label)
        for field in fields
        if field.codes
        for code, label in programme.code_labels[field.codes].items()
    ]
    names = ("field", "code", "label")
    return pa.table({n: pa.array([w[i] for w in words], pa.string()) for i, n in enumerate(names)})
