"""A function over things in processes with limits; the store of parts; files that are files.

The parent imports this room, so nothing here loads pandas or a reader of workbooks.
"""

from pipeline.workers.processes import Apart, start_server
from pipeline.workers.regular import NotRegular, digest_of, open_regular, read_regular
from pipeline.workers.scratch_folder import scratch
from pipeline.workers.store import Store, StoredPart, Tables, stored_at, write_parts
from pipeline.workers.worker import Died

__all__ = [
    "Apart",
    "Died",
    "NotRegular",
    "Store",
    "StoredPart",
    "Tables",
    "digest_of",
    "open_regular",
    "read_regular",
    "scratch",
    "start_server",
    "stored_at",
    "write_parts",
]
