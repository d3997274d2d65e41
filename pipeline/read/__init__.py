"""Files found -> their parts: each file read by a worker into declared tables, kept by digest."""

from pipeline.read.files import PRELOAD as PRELOAD
from pipeline.read.files import Job, Progress, make_ready, read, reader_sources, reader_version

__all__ = ["PRELOAD", "Job", "Progress", "make_ready", "read", "reader_sources", "reader_version"]
