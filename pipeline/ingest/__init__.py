"""Reads each file into text exactly as filed, knowing nothing of the other files."""

from pipeline.ingest.one_file import as_filed
from pipeline.ingest.recognised import NO_ANSWERS, Answers

__all__ = ["NO_ANSWERS", "Answers", "as_filed"]
