"""people.parquet: every sound standing record with its fields in words and her history, part by part.

The rows of `claims.rows` lie in the order of files, sheets and rows; the parts' own rows are laid beside
them in that order, so that no wide row is ever joined or sorted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine
from pipeline.model import Claims, Month, Stored
from pipeline.model.words import FIELD
from pipeline.programme import Programme
from pipeline.register.histories import looked_up

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST = ("id_no", "indicator", "year", "unit", "counted_for", "fate", "start")
_PLACE = ("file", "sheet", "row")
_HISTORY = ("first_seen", "last_seen", "changed")
_KNOWN = {"number": "id_no", "begun": "year"}


def records(
    month: Month,
    claims: Claims,
    links: pa.Table,
    persons: pa.Table,
    programme: Programme,
    engine: Engine,
) -> Stored:
    """One line a sound standing row: id_no, indicator, year, unit, counted_for, fate, start, the other
    fields with words for codes (as typed where a word is unknown), file, sheet, row, first_seen,
    last_seen, changed. `persons` is register.parquet."""
    import pyarrow as pa

    fields = [f for f in programme.value_fields if f not in (*_FIRST, *_PLACE, *_HISTORY)]
    schema = pa.schema(
        [(name, pa.int64() if name == "row" else pa.string())
         for name in (*_FIRST, *fields, *_PLACE, *_HISTORY)]
    )  # fmt: skip
    words = _Words(month, programme)
    who = _who(claims, links, persons)

    def pieces() -> Iterator[pa.Table]:
        place = 0
        for known, own in _side_by_side(month, claims, fields):
            at = who.slice(place, len(own))
            place += len(own)
            yield _typed_rows(known, own, fields, words, persons, at).cast(schema)

    return engine.kept("records", schema, pieces())


def _who(claims: Claims, links: pa.Table, persons: pa.Table) -> pa.ChunkedArray:
    """For every row, in the order of places, the line of `persons` that her history stands on."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    column = pq.ParquetFile(claims.rows.files[0]).read(columns=["person"]).column("person")
    if len(links):
        now = looked_up(column, links.column("person"), links.column("linked"))
        column = pc.if_else(pc.equal(now, ""), column, now)
    return pc.index_in(column, persons.column("id_no").combine_chunks())


def _side_by_side(
    month: Month, claims: Claims, fields: list[str]
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """For each file what became of its rows, and the rows as read, both in the order of places."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = month.tables["rows"]
    parts = (
        sorted((_file_of(path), path) for path in rows.files) if isinstance(rows, Stored) else []
    )
    wanted = [*_PLACE, "table", *(FIELD + field for field in fields)]
    columns = ["place", "number", "indicator", "begun", "unit", "counted_for", "fate", "start"]
    batches = (
        batch
        for path in claims.rows.files
        for batch in pq.ParquetFile(path).iter_batches(columns=columns)
    )
    held = pa.table({})
    for _, path in parts:
        own = _in_order(pq.ParquetFile(path).read(wanted))
        while len(held) < len(own):
            held = pa.concat_tables([*([held] if len(held) else []), pa.table(next(batches))])
        yield held.slice(0, len(own)), own
        held = held.slice(len(own))


def _file_of(part: Path) -> str:
    import pyarrow.parquet as pq

    column = next(pq.ParquetFile(part).iter_batches(1, columns=["file"])).column(0)
    return str(column[0])


def _in_order(own: pa.Table) -> pa.Table:
    """A file's rows in the order of sheets, their tables and rows; as they mostly lie already."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = [("sheet", "ascending"), ("table", "ascending"), ("row", "ascending")]
    order = pc.sort_indices(own, sort_keys=keys)
    return own if order.equals(pa.array(range(len(own)), order.type)) else own.take(order)


class _Words:
    """The words of codes, and what was typed where no code is known."""

    def __init__(self, month: Month, programme: Programme) -> None:
        import pyarrow as pa

        cells = month.tables["cells"]
        self.labels = {
            f.name: (pa.array(known.keys(), pa.string()), pa.array(known.values(), pa.string()))
            for f in programme.fields
            if f.codes and (known := programme.code_labels[f.codes])
        }
        self._cells = (
            {_file_of(path): path for path in cells.files} if isinstance(cells, Stored) else {}
        )

    def typed(self, file: str) -> Mapping[str, Mapping[tuple[Any, ...], str]]:
        """By field of a code and place in the file (sheet, table, row): the text as filed."""
        import pyarrow.parquet as pq

        found: dict[str, dict[tuple[Any, ...], str]] = {name: {} for name in self.labels}
        if file in self._cells:
            for cell in pq.ParquetFile(self._cells[file]).read().to_pylist():
                if cell["field"] in found:
                    at = (cell["sheet"], cell["table"], cell["row"])
                    found[cell["field"]][at] = cell["text"]
        return found


def _typed_rows(
    known: pa.Table,
    own: pa.Table,
    fields: list[str],
    words: _Words,
    persons: pa.Table,
    at: pa.ChunkedArray,
) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    sound = pc.is_in(known.column("fate"), pa.array(["counted", "merged"]))
    file = str(own.column("file")[0])
    known, own = known.filter(sound), own.filter(sound)
    columns: dict[str, Any] = {_KNOWN.get(n, n): known.column(n) for n in known.column_names}
    columns = {name: columns[name] for name in _FIRST}
    typed = words.typed(file)
    for field in fields:
        value = own.column(FIELD + field)
        if field in words.labels:
            value = _in_words(value, words.labels[field], typed[field], own)
        columns[field] = value
    columns |= {name: own.column(name) for name in _PLACE}
    at = at.filter(sound)
    columns |= {name: pc.take(persons.column(name), at) for name in _HISTORY}
    return pa.table(columns)


def _in_words(
    codes: pa.ChunkedArray,
    labels: tuple[pa.Array, pa.Array],
    typed: Mapping[tuple[Any, ...], str],
    own: pa.Table,
) -> pa.ChunkedArray:
    import pyarrow as pa

    found = looked_up(codes, *labels)
    if not typed:
        return found
    places = zip(*(own.column(c).to_pylist() for c in ("sheet", "table", "row")), strict=True)
    coded = zip(codes.to_pylist(), found.to_pylist(), places, strict=True)
    return pa.chunked_array(
        [pa.array([word if code else typed.get(at, "") for code, word, at in coded], pa.string())]
    )
