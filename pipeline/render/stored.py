"""Tables on the disk taken in even pieces, whatever pieces they were written in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.model import Stored

if TYPE_CHECKING:
    import pyarrow as pa


def count_rows(table: Stored) -> int:
    """How many rows a table on the disk has."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(file).num_rows for file in table.files)


def pieces(table: Stored, rows: int) -> Iterator[pa.Table]:
    """The table in tables of so many rows; the last may be shorter, an empty table gives none."""
    import pyarrow as pa

    held: list[pa.Table] = []
    count = 0
    for batch in _batches(table, rows):
        held.append(pa.Table.from_batches([batch]))
        count += batch.num_rows
        if count >= rows:
            whole = pa.concat_tables(held)
            yield whole.slice(0, rows)
            held, count = [whole.slice(rows)], count - rows
    if count:
        yield pa.concat_tables(held)


def _batches(table: Stored, rows: int) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    for file in table.files:
        with pq.ParquetFile(file) as source:
            yield from source.iter_batches(rows)
