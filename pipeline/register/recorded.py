"""people.parquet: every sound standing record with its fields in words and her history, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine
from pipeline.model import Claims, Month, Stored
from pipeline.model.words import FIELD
from pipeline.month import IN_FILE, by_file, side_by_side
from pipeline.programme import Programme
from pipeline.register.histories import looked_up

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST = ("id_no", "indicator", "year", "unit", "counted_for", "fate", "start")
_PLACE = ("file", "sheet", "row")
_HISTORY = ("first_seen", "last_seen", "changed")
_OF_ROWS = ("place", "number", "indicator", "begun", "unit", "counted_for", "fate", "start")
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
    wanted = [*_PLACE, "table", *(FIELD + field for field in fields)]
    words = _Words(month, programme)
    who = _who(claims, links, persons)

    def pieces() -> Iterator[pa.Table]:
        place = 0
        for known, own in side_by_side(month, claims, _OF_ROWS, wanted):
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
        self._cells = by_file(cells) if isinstance(cells, Stored) else {}

    def typed(self, file: str) -> Mapping[str, Mapping[tuple[Any, ...], str]]:
        """By field of a code and place in the file (sheet, table, row): the text as filed."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        found: dict[str, dict[tuple[Any, ...], str]] = {name: {} for name in self.labels}
        if file in self._cells:
            columns = ["field", *IN_FILE, "text"]
            cells = pq.ParquetFile(self._cells[file]).read(columns, use_threads=False)
            coded = pc.is_in(cells.column("field"), pa.array(found.keys(), pa.string()))
            of_codes = cells.filter(coded)  # most cells are days that say a month
            for field, *at, text in zip(
                *(of_codes.column(c).to_pylist() for c in columns), strict=True
            ):
                found[field][tuple(at)] = text
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
    import pyarrow.compute as pc

    found = looked_up(codes, *labels)
    if not typed:
        return found
    blank = pc.equal(codes, "")
    unknown = own.select(IN_FILE).filter(blank)
    places = zip(*(unknown.column(c).to_pylist() for c in IN_FILE), strict=True)
    texts = pa.array([typed.get(at, "") for at in places], pa.string())
    words = pc.replace_with_mask(found.combine_chunks(), blank.combine_chunks(), texts)
    return pa.chunked_array([words])
