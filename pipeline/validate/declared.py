"""Rows as typed -> lines of the declared tables `rows` and `cells`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.checks import part_of_each
from pipeline.model.tables import CELLS, rows_schema
from pipeline.model.words import FIELD
from pipeline.programme import Programme
from pipeline.validate.columns import Column
from pipeline.validate.typed import TypedRows
from pipeline.values import fold, month_end

Texts = npt.NDArray[Any]


def rows_table(
    rows: TypedRows, file: str, nth: int, faulty: npt.NDArray[np.bool_], programme: Programme
) -> pa.Table:
    """One roster's lines of `rows`; `nth` numbers the tables of a file, `faulty` marks what an error
    returns."""
    size, table, kind = rows.size, rows.table, rows.kind
    schema = rows_schema(programme.value_fields)
    nothing = np.zeros(size, "U1")

    def texts_of(field: str) -> Texts:
        return rows.values(field) if field in rows.columns else nothing

    def all_of(value: object) -> pa.Array:
        return pa.repeat(pa.scalar(value), size)

    def role(name: str) -> Texts:
        return texts_of(kind.role(name))

    start = role("start")
    finish = rows.columns.get(kind.finish)
    entity = {unit: programme.gazetteer.entity(unit) for unit in set(table.units)}
    columns: dict[str, Any] = {
        "file": all_of(file),
        "sheet": all_of(table.sheet),
        "unit": table.units,
        "entity": [entity[unit] for unit in table.units],
        "period": all_of(rows.period),
        "year": all_of(rows.period[:4]),
        "begun": _begun(rows, start, faulty),
        "filed_on": all_of(table.filed_on.isoformat() if table.filed_on else ""),
        "kind": all_of(kind.name),
        "indicator": all_of(programme.indicator_of[kind.name].name),
        "number": role("person"),
        "filed_as": rows.persons,
        "name": role("name"),
        "certificate": role("certificate"),
        "phone": role("phone"),
        "home": _homes(rows, programme),
        "start": start,
        "finish": finish.lasts if finish else nothing,
        "activity": _activities(rows),
        "table": pa.repeat(pa.scalar(nth, pa.int32()), size),
        "row": table.rows,
        "fault": faulty,
        **{FIELD + name: texts_of(name) for name in programme.value_fields},
    }
    made: dict[int, pa.Array] = {}  # a field that plays a role is two columns of one array
    for field in schema:
        values = columns[field.name]
        if id(values) not in made:
            made[id(values)] = _array(values, field.type)
    return pa.table([made[id(columns[f.name])] for f in schema], schema=schema)


def _begun(rows: TypedRows, start: Texts, faulty: npt.NDArray[np.bool_]) -> Texts:
    """The year in which the activity began: the return's own for what is returned, or says no start."""
    year = rows.period[:4]
    if not rows.kind.start:
        return np.full(rows.size, year)
    return np.where(faulty, year, part_of_each(start, 0, 4))


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    return pa.array(values.tolist() if isinstance(values, np.ndarray) else values, kind)


def _homes(rows: TypedRows, programme: Programme) -> list[str]:
    """The unit in which the registered address lies; the home address where no such column exists."""
    residence, home = (rows.columns.get(rows.kind.role(r)) for r in ("residence", "home"))
    place = residence if residence and residence.letters else home
    if place is None:
        return [""] * rows.size
    addresses = place.values.tolist()
    return programme.gazetteer.homes(addresses, month_end(rows.period))


def _activities(rows: TypedRows) -> Texts:
    """The code of the course; where it has none, the words as compared."""
    column = rows.columns.get(rows.kind.activity)
    if column is None:
        return np.zeros(rows.size, "U1")
    blank = np.flatnonzero(column.values == "")
    if not len(blank) or not any(column.texts):
        return column.values
    found = column.values.astype(object)
    for at in blank.tolist():
        found[at] = fold(column.texts[at])
    return found


def cells_table(rows: TypedRows, file: str, nth: int, programme: Programme) -> pa.Table:
    """What says more than its value: an unknown word, a doubtful date, a month for a day."""
    parts = [
        _cells_of(name, rows.columns[name], rows, file, nth)
        for name in programme.value_fields
        if name in rows.columns
    ]
    return pa.concat_tables([CELLS.empty_table(), *filter(None, parts)])


def _cells_of(name: str, column: Column, rows: TypedRows, file: str, nth: int) -> pa.Table | None:
    more = (column.lasts != "") & (column.lasts != column.values)
    wrong = (column.faults != "") & (column.faults != "blank")
    places = np.flatnonzero(wrong | more)
    if not len(places):
        return None
    columns: dict[str, Any] = {
        "file": [file] * len(places),
        "sheet": [rows.table.sheet] * len(places),
        "field": [name] * len(places),
        "text": [column.texts[at] for at in places.tolist()],
        "fault": column.faults[places],
        "last": np.where(more, column.lasts, "")[places],
        "table": np.full(len(places), nth, np.int32),
        "row": [rows.table.rows[at] for at in places.tolist()],
    }
    return pa.table([_array(columns[f.name], f.type) for f in CELLS], schema=CELLS)
