"""What may be removed once its purpose has ended: old months, their drafts, what was read before."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from pipeline.home import Home
from pipeline.periods import is_period

REMOVED = "清除记录.jsonl"


def purgeable(home: Home, before: str) -> list[Path]:
    """Folders of months before a period, in outbox/ and in every folder beside the months (.previous,
    drafts, forms, inspections …), and the cache of parts.

    inbox/ is not among them: what counties filed is kept or removed by who keeps the files.
    """
    outbox = home.outbox
    # the copies first: were the month gone alone, the next run would put its copy back in its place
    places = [*(f for f in sorted(outbox.glob("*")) if not is_period(f.name)), outbox]
    months = [
        folder
        for place in places
        if place.is_dir()
        for folder in sorted(place.iterdir())
        if folder.is_dir() and is_period(folder.name) and folder.name < before
    ]
    return [*months, *([home.cache] if home.cache.is_dir() else [])]


def purge(home: Home, folders: Iterable[Path], at: str) -> int:
    """Removes the folders and writes into 清除记录.jsonl what and when; how many files they held."""
    total = 0
    for folder in folders:
        files = [f for f in folder.rglob("*") if f.is_file()]
        size = sum(f.stat().st_size for f in files)
        shutil.rmtree(folder)
        total += len(files)
        line = {
            "at": at, "removed": folder.relative_to(home.root).as_posix(),
            "files": len(files), "bytes": size,
        }  # fmt: skip
        handle = os.open(home.outbox / REMOVED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    return total
