"""Reads each file into text exactly as filed, knowing nothing of the other files."""

from pipeline.ingest.columns import NO_ANSWERS, Answers
from pipeline.ingest.one_file import as_filed

__all__ = ["NO_ANSWERS", "Answers", "as_filed"]
