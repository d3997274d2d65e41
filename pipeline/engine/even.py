"""Tables laid on the disk in even row groups: the same table gives the same bytes, however it came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model import Stored

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 131_072


def lay_even(file: Path, schema: pa.Schema, pieces: Iterable[pa.Table]) -> Stored:
    """Writes tables of one schema one after the other, as they come, holding one row group at most."""
    import pyarrow.parquet as pq

    with pq.ParquetWriter(file, schema, compression="lz4", write_statistics=False) as writer:
        for group in _even(pieces):
            writer.write_table(group.combine_chunks())
    return Stored(schema, (file,))


def _even(pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    import pyarrow as pa

    held: list[pa.Table] = []
    rows = 0
    for piece in pieces:
        held.append(piece)
        rows += piece.num_rows
        while rows >= ROW_GROUP:
            whole = pa.concat_tables(held)
            yield whole.slice(0, ROW_GROUP)
            held, rows = [whole.slice(ROW_GROUP)], rows - ROW_GROUP
    if rows:
        yield pa.concat_tables(held)
