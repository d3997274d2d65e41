"""The job's core through the project's own doors: read, validate, count, figures, the two lists.

`python core.py HOME OUT` prints, as JSON, whom it counted and what each stage took (wall, CPU of the
whole tree).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from returns import PERIOD
from tree import spent

from pipeline.aggregate import aggregate
from pipeline.collect import collect
from pipeline.deduplicate import deduplicate
from pipeline.home import open_home
from pipeline.ingest import ReadingApart, ingest
from pipeline.office.fill import filled
from pipeline.render.view import view_of
from pipeline.validate import review, validate

STAGES: dict[str, tuple[float, float]] = {}


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Notes what happened inside."""
    wall, cpu = time.perf_counter(), spent()
    yield
    STAGES[name] = (time.perf_counter() - wall, spent() - cpu)


def main(root: Path, out: Path) -> None:
    """Runs the core on a home folder and leaves 完成名单.xlsx in `out`."""
    home = open_home(root)
    programme = home.programme()
    with ReadingApart(programme, cache=home.cache) as read:
        with stage("read"):
            readings = ingest(collect(home.inbox, PERIOD), programme, read)
        with stage("validate"):
            records = validate(readings, programme)
        with stage("count"):
            claims = review(deduplicate(records, readings, programme, PERIOD), programme)
        with stage("figures"):
            figures = aggregate(claims, readings, programme, PERIOD)
        with stage("lists"):
            out.mkdir(parents=True, exist_ok=True)
            view = view_of(figures, claims, readings, programme)
            content = filled(home.templates / "完成名单.xlsx", view)
            (out / "完成名单.xlsx").write_bytes(content)
    table = figures.table[figures.table["scope"] == "year"]
    counted = {
        f"{unit} {indicator}": int(count)
        for unit, indicator, count in table[["unit", "indicator", "counted"]].itertuples(
            index=False
        )
        if count
    }
    sys.stdout.write(json.dumps({"counted": counted, "stages": STAGES}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
