"""A month worked out without rendering: files in, figures or claims out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.aggregate import aggregate
from pipeline.collect import collect
from pipeline.deduplicate import deduplicate
from pipeline.ingest import ingest
from pipeline.model import Claims, Figures, Reading
from pipeline.programme import Programme
from pipeline.register import register
from pipeline.validate import review, validate


def claimed(
    files: Mapping[str, bytes], programme: Programme, period: str
) -> tuple[Claims, tuple[Reading, ...]]:
    """Who counts where, from files by their path below inbox/, whatever periods they are of."""
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        for name, content in files.items():
            file = inbox / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        readings = ingest(collect(inbox, period), programme)
    readings = tuple(r for r in readings if r.period <= period)
    records = validate(readings, programme)
    claims = review(deduplicate(records, readings, programme, period), programme)
    return register(claims, readings, programme, period), readings


def month(files: Mapping[str, bytes], programme: Programme, period: str) -> Figures:
    """The figures of one period."""
    claims, readings = claimed(files, programme, period)
    return aggregate(claims, readings, programme, period)
