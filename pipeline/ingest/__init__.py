"""Reads each file into text exactly as filed, knowing nothing of the other files."""

from pipeline.ingest.filed import Filed, Table
from pipeline.ingest.files import as_filed

__all__ = ["Filed", "Table", "as_filed"]
