"""Asks questions of tables: DuckDB, embedded; one file a question, its SQL static text.

The seam for other engines is `ask(question, tables)`: a question is the name of a `.sql` file here, a table
is in memory (Arrow) or on the disk (Parquet), and the answer is a table. No text is ever composed from
names of a programme: what differs from programme to programme comes in long form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_THREADS = 2
_MEMORY_MB = 1024


@dataclass(frozen=True)
class Stored:
    """A table on the disk: Parquet files of one schema, in the order given; none: an empty table."""

    schema: pa.Schema
    files: tuple[Path, ...]


class Engine:
    """One embedded database with a memory limit, spilling into `folder`; use it in a with statement."""

    def __init__(self, folder: Path, memory_mb: int = _MEMORY_MB, threads: int = _THREADS) -> None:
        self._folder, self._memory_mb, self._threads = folder, memory_mb, threads
        self._connection: Any = None

    def __enter__(self) -> Engine:
        import duckdb

        self._connection = duckdb.connect(":memory:")
        for setting, value in (
            ("threads", self._threads),
            ("memory_limit", f"'{self._memory_mb}MB'"),
            ("temp_directory", f"'{str(self._folder).replace(chr(39), chr(39) * 2)}'"),
            ("preserve_insertion_order", "true"),
        ):
            self._connection.execute(f"set {setting} = {value}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._connection.close()
        self._connection = None

    def ask(self, question: str, tables: Mapping[str, pa.Table | Stored]) -> pa.Table:
        """The answer to <question>.sql over the tables it names, in the order it asks for."""
        text = resources.files(__name__).joinpath(f"{question}.sql").read_text(encoding="utf-8")
        views = [name for name, table in tables.items() if self._lay(name, table)]
        try:
            return self._connection.execute(text).to_arrow_table()
        finally:
            for name in tables:
                if name in views:
                    self._connection.execute(f'drop view "{name}"')
                else:
                    self._connection.unregister(name)

    def _lay(self, name: str, table: pa.Table | Stored) -> bool:
        """Makes a table known under its name; whether as a view over files."""
        if isinstance(table, Stored) and table.files:
            paths = ", ".join("'" + str(f).replace("'", "''") + "'" for f in table.files)
            self._connection.execute(
                f'create view "{name}" as select * from read_parquet([{paths}])'
            )
            return True
        whole = table.schema.empty_table() if isinstance(table, Stored) else table
        self._connection.register(name, whole)
        return False
