"""Reads each file into text exactly as filed, knowing nothing of the other files."""

from pipeline.ingest.files import read_file

__all__ = ["read_file"]
