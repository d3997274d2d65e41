"""The second run on an inbox (everything cached) against the first (nothing cached), in turns."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from pipeline.collect import collect, kept_passwords
from pipeline.home import open_home
from pipeline.ingest import ReadingApart, ingest
from pipeline.run import run
from pipeline.sample import make_province

ROUNDS, PERIOD = 3, "2018-11"


def timed(work: object) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start


def main() -> None:
    """Prints seconds and ratios of the whole run and of its reading."""
    with tempfile.TemporaryDirectory() as folder:
        home = open_home(Path(folder))
        place = os.environ.get("PIPELINE_RETURNS")
        programme = home.programme()
        if place:
            shutil.copytree(Path(place) / "inbox", home.inbox)
        else:
            make_province(home.root, programme, seed=20181201)

        def whole() -> None:
            with ReadingApart(programme, kept_passwords(home.inbox), cache=home.cache) as read:
                run(home.inbox, home.outbox, PERIOD, programme, home.templates, read)

        def reading() -> None:
            with ReadingApart(programme, kept_passwords(home.inbox), cache=home.cache) as read:
                ingest(collect(home.inbox, PERIOD), programme, read)

        for name, work in (("run", whole), ("collect + ingest", reading)):
            first, second = [], []
            for _ in range(ROUNDS):
                shutil.rmtree(home.cache, ignore_errors=True)
                first.append(timed(work))
                second.append(timed(work))
            a, b = statistics.median(first), statistics.median(second)
            sys.stdout.write(f"{name}: first {a:.2f} s, second {b:.2f} s, ratio {b / a:.2f}\n")


if __name__ == "__main__":
    main()
