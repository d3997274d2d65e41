"""A table whose rows a template repeats over: written column by column, read as lines where asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 8_192  # rows made into XML at once: what is then in hand fits a processor's cache


class Lines:
    """A pyarrow.Table, or anything whose batches can be asked for again, as a list for templates.

    `{% row p in people.training %}` over Lines whose cells are plain (`{{ p.name }}`, `{{ p.a or p.b or '' }}`,
    fixed text) is written in whole columns; other cells and `if` still work, line by line.
    """

    def __init__(
        self,
        table: pa.Table | None = None,
        *,
        rows: int = 0,
        names: Sequence[str] = (),
        batches: Callable[[Sequence[str]], Iterator[pa.RecordBatch]] | None = None,
    ) -> None:
        """Either a table, or the number of rows, the columns' names and what yields the batches of
        those columns that are wanted."""
        self._rows = rows
        if table is not None:
            self._rows, self.names = int(table.num_rows), tuple(table.column_names)
            self._batches: Callable[[Sequence[str]], Iterator[Any]] = lambda names: iter(
                table.select(list(names)).to_batches(max_chunksize=BATCH)
            )
        elif batches is not None:
            self.names, self._batches = tuple(names), batches
        else:
            raise TypeError("Lines needs a table or batches")

    def __len__(self) -> int:
        return self._rows

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self._batches(self.names):
            yield from batch.to_pylist()

    def read(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The named columns from the first row on, in whatever pieces the table is cut."""
        return self._batches(names)

    def batches(self, names: Sequence[str]) -> Batches:
        """The named columns from the first row on, to be taken in pieces of any size."""
        return Batches(self._batches(names))


class Batches:
    """Rows taken one after the other: the same pieces however the table happens to be cut."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self._left: pa.Table | None = None

    def take(self, count: int) -> pa.RecordBatch:
        """The next rows, so many or fewer at the end, as one batch."""
        import pyarrow as pa

        held = [] if self._left is None else [self._left]
        rows = sum(t.num_rows for t in held)
        while rows < count and (batch := next(self._batches, None)) is not None:
            held.append(pa.Table.from_batches([batch]))
            rows += batch.num_rows
        if not held:
            return pa.RecordBatch.from_pylist([])
        whole = pa.concat_tables(held) if len(held) > 1 else held[0]
        self._left = whole.slice(count)
        return _as_one(whole.slice(0, count))


def _as_one(table: pa.Table) -> pa.RecordBatch:
    import pyarrow as pa

    whole = table.combine_chunks()
    columns = [c.chunk(0) if c.num_chunks else pa.array([], c.type) for c in whole.columns]
    return pa.RecordBatch.from_arrays(columns, schema=whole.schema)
