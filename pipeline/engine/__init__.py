"""Asks questions of tables: DuckDB, embedded; one file a question, its SQL static text.

The seam for other engines is `ask(question, tables)`: a question is the name of a `.sql` file here, a table
is in memory (Arrow) or on the disk (Parquet), and the answer is a table, in memory or (`ask_to`) on the
disk. No text is ever composed from names of a programme: what differs from programme to programme comes in
long form, or as one field's column under the name `value` (Valued).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.engine.even import ROW_GROUP, lay_even
from pipeline.engine.frameless import leave_pandas_out
from pipeline.model import Stored

if TYPE_CHECKING:
    import pyarrow as pa

Answer = TypeVar("Answer")
_THREADS = 2
_LEAST_MB, _MOST_MB, _MB_A_MILLION = 192, 768, 640
# what one question may have that spilling does not help: many pairs of small files
_UTMOST_MB = 6144


@dataclass(frozen=True)
class Valued:
    """A table of rows on the disk as `file, sheet, table, row` and one of its columns as `value`."""

    rows: Stored
    column: str


class Engine:
    """One embedded database with a memory limit, spilling into `folder`; use it in a with statement."""

    def __init__(self, folder: Path, memory_mb: int = _LEAST_MB, threads: int = _THREADS) -> None:
        self._folder, self._granted_mb, self._threads = folder, memory_mb, threads
        self._connection: Any = None
        self._views: set[str] = set()
        self._written = 0

    def __enter__(self) -> Engine:
        import duckdb
        import pyarrow as pa

        pa.set_memory_pool(pa.system_memory_pool())  # its own keeps what a question needed once
        leave_pandas_out()
        self._connection = duckdb.connect(
            config={
                "threads": self._threads,
                "memory_limit": f"{self._granted_mb}MB",
                "temp_directory": str(self._folder),
                "python_enable_replacements": False,
            }
        )
        self._connection.execute("set parquet_metadata_cache = true")  # no file of a run changes
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._connection.close()
        self._connection = None

    def ask(
        self,
        question: str,
        tables: Mapping[str, pa.Table | Stored | Valued],
        columns: Sequence[str] = (),
    ) -> pa.Table:
        """The answer to <question>.sql over the tables it names, in the order it asks for.

        `columns`: those wanted of a wide answer; what nobody wants is not read either.
        """

        def answered() -> pa.Table:
            answer = self._connection.sql(_text(question))
            if columns:
                answer = answer.project(", ".join(map(_quoted, columns)))
            return answer.to_arrow_table()

        try:
            self._lay(tables)
            return self._with_room(answered)
        finally:
            self._clear(tables)

    def ask_to(self, question: str, tables: Mapping[str, pa.Table | Stored | Valued]) -> Stored:
        """The same answer on the disk, in the engine's folder."""
        import pyarrow as pa

        def laid() -> Stored:
            answer = self._connection.sql(_text(question)).to_arrow_reader(ROW_GROUP)
            pieces = (pa.Table.from_batches([batch]) for batch in answer)
            return self.kept(question, answer.schema, pieces)

        try:
            self._lay(tables)
            return self._with_room(laid)
        finally:
            self._clear(tables)

    def kept(self, name: str, schema: pa.Schema, pieces: Iterable[pa.Table]) -> Stored:
        """Tables of one schema as one on the disk, in the engine's folder."""
        self._written += 1
        return lay_even(self._folder / f"{self._written:03d}_{name}.parquet", schema, pieces)

    def expect(self, rows: int) -> None:
        """Grants the memory that so many rows are worth: what does not fit is spilled to the disk."""
        self._granted_mb = max(self._granted_mb, min(_MOST_MB, rows * _MB_A_MILLION // 1_000_000))
        self._grant(self._granted_mb)

    def _with_room(self, answered: Callable[[], Answer]) -> Answer:
        """The answer, asked for again with twice the memory while what was granted does not hold it.

        Raises MemoryError where the utmost does not.
        """
        import duckdb

        granted = self._granted_mb
        try:
            while True:
                try:
                    return answered()
                except duckdb.OutOfMemoryException:
                    granted *= 2
                    if granted > _UTMOST_MB:
                        raise MemoryError from None  # what the engine says of it tells a clerk nothing
                    self._grant(granted)
        finally:
            if granted != self._granted_mb:
                self._grant(self._granted_mb)

    def _grant(self, memory_mb: int) -> None:
        self._connection.execute(f"set memory_limit = '{memory_mb}MB'")

    def _lay(self, tables: Mapping[str, pa.Table | Stored | Valued]) -> None:
        """Makes the tables known under their names."""
        for name, table in tables.items():
            stored = table.rows if isinstance(table, Valued) else table
            if isinstance(stored, Stored) and stored.files:
                chosen = _quoted(table.column) if isinstance(table, Valued) else ""
                files = ", ".join(map(_in_text, stored.files))
                self._connection.execute(
                    f"create view {_quoted(name)} as select *"
                    f"{f', {chosen} as value' if chosen else ''} from read_parquet([{files}])"
                )
                self._views.add(name)
            else:
                whole = stored.schema.empty_table() if isinstance(stored, Stored) else stored
                if isinstance(table, Valued):
                    whole = whole.append_column("value", whole.column(table.column))
                self._connection.register(name, whole)

    def _clear(self, tables: Mapping[str, object]) -> None:
        for name in tables:
            if name in self._views:
                self._connection.execute(f"drop view {_quoted(name)}")
            else:
                self._connection.unregister(name)
        self._views.clear()


def _quoted(name: str) -> str:
    """A name of a table or column where SQL wants one."""
    return '"' + name.replace('"', '""') + '"'


def _in_text(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


@cache
def _text(question: str) -> str:
    return resources.files(__name__).joinpath(f"{question}.sql").read_text(encoding="utf-8")
