"""The rows as read beside what became of them, file by file: no wide row is ever joined or sorted.

The rows of `claims.rows` lie in the order of files, sheets, tables and rows; the parts' own rows are laid
beside them in that order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model import Claims, Month, Stored

if TYPE_CHECKING:
    import pyarrow as pa

IN_FILE = ("sheet", "table", "row")  # what tells the rows of a file apart


def side_by_side(
    month: Month, claims: Claims, known: Sequence[str], wanted: Sequence[str] = ()
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """For each file what became of its rows (`known`: columns of claims.rows), and the rows as read
    (`wanted`: of their columns; all without), both in the order of places."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = month.tables["rows"]
    parts = sorted(by_file(rows).items()) if isinstance(rows, Stored) else []
    batches = (
        batch
        for path in claims.rows.files
        for batch in pq.ParquetFile(path).iter_batches(columns=list(known))
    )
    held = pa.table({})
    for _, path in parts:
        columns = list(wanted) or None
        own = _in_order(pq.ParquetFile(path).read(columns, use_threads=False))
        while len(held) < len(own):
            held = pa.concat_tables([*([held] if len(held) else []), pa.table(next(batches))])
        yield held.slice(0, len(own)), own
        held = held.slice(len(own))


def by_file(table: Stored) -> dict[str, Path]:
    """Where each file's part of a table lies."""
    import pyarrow.parquet as pq

    found = {}
    for path in table.files:
        batches = pq.ParquetFile(path).iter_batches(1, columns=["file"], use_threads=False)
        found[str(next(batches).column(0)[0])] = path
    return found


def _in_order(own: pa.Table) -> pa.Table:
    """A file's rows in the order of sheets, their tables and rows; as they mostly lie already."""
    import pyarrow as pa
    import pyarrow.compute as pc

    order = pc.sort_indices(own, sort_keys=[(column, "ascending") for column in IN_FILE])
    return own if order.equals(pa.array(range(len(own)), order.type)) else own.take(order)
