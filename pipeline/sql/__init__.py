"""What deduplicate and aggregate ask, one file a question; run by the embedded DuckDB."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def query(
    question: str, *, words: dict[str, str] | None = None, **tables: pd.DataFrame
) -> pd.DataFrame:
    """The answer to sql/<question>.sql over the tables named in it.

    `words` fills places the SQL marks as {word}; they come from closed lists, never from data.
    """
    import duckdb
    import pyarrow as pa

    text = (
        resources.files("pipeline.engine").joinpath(f"{question}.sql").read_text(encoding="utf-8")
    )
    for word, meant in (words or {}).items():
        text = text.replace(f"{{{word}}}", meant)
    with duckdb.connect(":memory:") as connection:
        connection.execute("set threads to 2")
        for name, frame in tables.items():
            connection.register(name, pa.Table.from_pandas(frame, preserve_index=False))
        answer: pd.DataFrame = connection.execute(text).df()
    return answer
