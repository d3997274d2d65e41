"""Reads each file into text exactly as filed, knowing nothing of the other files."""

from pipeline.ingest.files import as_filed

__all__ = ["as_filed"]
