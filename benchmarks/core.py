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
from pipeline.deduplicate import count
from pipeline.engine import Engine
from pipeline.home import open_home
from pipeline.month import tables
from pipeline.office.fill import fill_workbook
from pipeline.read import read
from pipeline.register import register
from pipeline.render.listed_names import name_lists
from pipeline.render.view import view_of
from pipeline.workers import Store, scratch

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
    with scratch() as folder, Store(home.cache) as store, Engine(folder) as engine:
        with stage("read and validate"):
            files = collect(home.inbox, PERIOD, home.limits)
            parts = read(files, programme, store, (), home.limits)
        with stage("count"):
            month = tables(parts, programme, PERIOD, (), engine)
            claims = count(month, programme, engine)
        with stage("register"):
            history = register(month, claims, programme, engine)
        with stage("figures"):
            figures = aggregate(month, claims, history, programme, engine)
        with stage("lists"):
            out.mkdir(parents=True, exist_ok=True)
            people = name_lists(history, programme, PERIOD, engine)
            view = view_of(claims, figures, people, programme)
            with (out / "完成名单.xlsx").open("wb") as stream:
                fill_workbook(home.templates / "完成名单.xlsx", view, stream)
    counted = {
        f"{row['unit']} {row['indicator']}": row["counted"]
        for row in figures.table.select(["unit", "indicator", "scope", "counted"]).to_pylist()
        if row["scope"] == "year" and row["counted"]
    }
    sys.stdout.write(json.dumps({"counted": counted, "stages": STAGES}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
