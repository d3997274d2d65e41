"""What clerks answered of columns (认列), and which files it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.workers import StoredPart

Header = tuple[str, str]  # unit, '' for all; header as compared


def answers_in(parts: Iterable[StoredPart]) -> dict[Header, str]:
    """What is answered of each header: of two answers that of the newest period, then of the last path."""
    given = [line for part in parts for line in _lines(part, "column_answers")]
    given.sort(key=lambda line: (line["period"], line["file"], line["row"]))
    return {(line["unit"], line["header"]): line["field"] for line in given}


def answers_about(parts: Iterable[StoredPart], answers: Mapping[Header, str]) -> dict[Header, str]:
    """The answers that speak of a column about which one of these parts has a question."""
    asked = {
        (unit, line["header"])
        for part in parts
        for line in _lines(part, "column_questions")
        for unit in (line["unit"], "")
    }
    return {key: answers[key] for key in sorted(asked & set(answers))}


def _lines(part: StoredPart, name: str) -> Iterator[dict[str, Any]]:
    file: Path | None = part.tables.get(name)
    if file is not None:
        import pyarrow.parquet as pq

        with pq.ParquetFile(file) as opened:
            yield from opened.read().to_pylist()
