"""A month's whole job and its core against the two scripts a user would write instead.

    python benchmarks/month.py FOLDER --size S --size M --rounds 2
    python benchmarks/month.py FOLDER --size M --again        # re-runs against the first run

FOLDER keeps the made-up returns from one benchmark to the next. Every round runs all sides in turn,
each in a fresh home; medians and their ratios are printed as a Markdown table. All sides must count
the same persons for every unit and indicator, or nothing is printed.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import platform
import re
import shutil
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from returns import COUNTIES, PERIOD, SIZES, home_of
from tree import Cost, measured

HERE = Path(__file__).resolve().parent
SIDES = ("job", "core", "naive", "good")
LIBRARIES = ("pandas", "duckdb", "pyarrow", "openpyxl", "XlsxWriter", "python-calamine", "pandera")
FLOOR_OF = {
    "read and validate": "read",
    "lists": "write",
}  # a stage of the core, and the floor it stands on
say = sys.stdout.write


@contextmanager
def fresh_home(made: Path) -> Iterator[Path]:
    """A new home folder with the same inbox, its files linked rather than copied."""
    with tempfile.TemporaryDirectory(dir=made.parent) as folder:
        home = Path(folder)
        shutil.copytree(made / "inbox", home / "inbox", copy_function=os.link)
        yield home


def pipeline_run(home: Path) -> Cost:
    """The whole job as a clerk starts it."""
    command = [sys.executable, "-m", "pipeline", "run", PERIOD, "--home", str(home)]
    cost = measured(command, home)
    if cost.code not in (0, 1):
        raise SystemExit(f"the job ended with {cost.code}: {cost.output}")
    return cost


def script(name: str, *arguments: Path, folder: Path) -> Cost:
    """One of the scripts beside this one."""
    command = [sys.executable, "-W", "ignore", str(HERE / f"{name}.py"), *map(str, arguments)]
    cost = measured(command, folder)
    if cost.code:
        raise SystemExit(f"{name}.py ended with {cost.code}")
    return cost


def counted_by_job(home: Path) -> dict[str, int]:
    """Persons of the year by unit and indicator, as figures.csv has them."""
    file = home / "outbox" / PERIOD / "data" / "figures.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return {
            f"{row['unit']} {row['indicator']}": int(row["counted"])
            for row in csv.DictReader(stream)
            if row["scope"] == "year" and row["counted"] not in ("", "0")
        }


def run_side(side: str, made: Path) -> tuple[Cost, dict[str, int]]:
    """One side on one size: what it cost, and whom it counted."""
    with fresh_home(made) as home:
        if side == "job":
            cost = pipeline_run(home)
            return cost, counted_by_job(home)
        source = home if side == "core" else home / "inbox"
        cost = script(side, source, home / "out", folder=home)
        return cost, json.loads(cost.output)["counted"]


def run_rounds(made: Path, sides: Sequence[str], rounds: int) -> dict[str, list[Cost]]:
    """Every side in turn, as often as asked; refuses to go on where two sides count differently."""
    costs: dict[str, list[Cost]] = {side: [] for side in sides}
    agreed: tuple[str, dict[str, int]] | None = None
    for _ in range(rounds):
        for side in sides:
            cost, counted = run_side(side, made)
            agreed = agreed or (side, counted)
            if counted != agreed[1]:
                differ = {
                    k
                    for k in counted.keys() | agreed[1].keys()
                    if counted.get(k) != agreed[1].get(k)
                }
                raise SystemExit(f"{side} and {agreed[0]} count differently: {sorted(differ)[:5]}")
            costs[side].append(cost)
            sys.stderr.write(
                f"{made.name} {side}: {cost.wall:.1f} s, CPU {cost.cpu:.1f} s, {cost.peak:.0f} MB\n"
            )
    return costs


def median(costs: Sequence[Cost], measure: str) -> float:
    """The middle one of a measure."""
    return float(statistics.median(getattr(cost, measure) for cost in costs))


def table(size: str, costs: Mapping[str, Sequence[Cost]]) -> None:
    """One size: each side's seconds and MB, and its ratios to the two scripts."""
    rows = COUNTIES * SIZES[size]
    say(f"\n{size}: {COUNTIES} × {SIZES[size]:,} = {rows:,} rows\n\n")
    say("| side | wall s | CPU s | tree MB | root MB | CPU / naive | CPU / good | wall / naive |\n")
    say("|---|---|---|---|---|---|---|---|\n")
    for side, own in costs.items():
        ratios = [
            f"{median(own, m) / median(costs[other], m):.2f}" if other in costs else ""
            for m, other in (("cpu", "naive"), ("cpu", "good"), ("wall", "naive"))
        ]
        figures = [f"{median(own, m):.1f}" for m in ("wall", "cpu")]
        figures += [f"{median(own, m):.0f}" for m in ("peak", "parent")]
        say(f"| {side} | {' | '.join((*figures, *ratios))} |\n")


def stages(made: Path, core: Sequence[Cost]) -> None:
    """Each stage of the core, beside the least it can cost."""
    floors = json.loads(script("floors", made / "inbox", made / "floor", folder=made).output)
    shutil.rmtree(made / "floor")
    say(
        "\n| stage of the core | wall s | CPU s | floor CPU s | times the floor |\n|---|---|---|---|---|\n"
    )
    runs = [json.loads(cost.output)["stages"] for cost in core]
    for name in runs[0]:
        wall = statistics.median(run[name][0] for run in runs)
        cpu = statistics.median(run[name][1] for run in runs)
        floor = floors.get(FLOOR_OF.get(name, ""))
        beside = f"{floor:.2f} | {cpu / floor:.1f}" if floor else " | "
        say(f"| {name} | {wall:.2f} | {cpu:.2f} | {beside} |\n")


def growth(small: str, large: str, costs: Mapping[str, Mapping[str, Sequence[Cost]]]) -> None:
    """By which power of the rows the CPU grows from one size to the next."""
    rows = math.log(SIZES[large] / SIZES[small])
    for side in costs[small]:
        times = median(costs[large][side], "cpu") / median(costs[small][side], "cpu")
        say(
            f"{side}: {small} → {large} takes {times:.1f} times the CPU, rows^{math.log(times) / rows:.2f}\n"
        )


def change_one_county(inbox: Path) -> None:
    """One woman of the first county has another phone number."""
    file = min((inbox / PERIOD).glob("*.xlsx"))
    with zipfile.ZipFile(file) as package:
        parts = {info: package.read(info) for info in package.infolist()}
    file.unlink()  # a link: the returns that are kept must stay as they are
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for info, content in parts.items():
            if info.filename == "xl/sharedStrings.xml":
                content, times = re.subn(
                    rb"<t>1[35789]\d{9}</t>", b"<t>13800000000</t>", content, count=1
                )
                assert times == 1, "no phone number in this county's file"
            package.writestr(info, content)


def again(made: Path, rounds: int) -> None:
    """The second run with nothing new, and with one county changed, against the first."""
    runs_of: dict[str, list[Cost]] = {"first run": [], "nothing new": [], "one county changed": []}
    for _ in range(rounds):
        with fresh_home(made) as home:
            runs_of["first run"].append(pipeline_run(home))
            runs_of["nothing new"].append(pipeline_run(home))
            change_one_county(home / "inbox")
            runs_of["one county changed"].append(pipeline_run(home))
    say(f"\n{made.name}: {COUNTIES * SIZES[made.name]:,} rows, run again\n\n")
    say("| run | wall s | CPU s | wall / first | CPU / first |\n|---|---|---|---|---|\n")
    first = runs_of["first run"]
    for name, own in runs_of.items():
        ratios = [f"{median(own, m) / median(first, m):.3f}" for m in ("wall", "cpu")]
        figures = [f"{median(own, m):.1f}" for m in ("wall", "cpu")]
        say(f"| {name} | {' | '.join((*figures, *ratios))} |\n")


def main() -> None:
    """Reads the command line, and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="keeps the made-up returns")
    parser.add_argument("--size", action="append", choices=list(SIZES), default=None)
    parser.add_argument("--side", action="append", choices=SIDES, default=None)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="re-runs instead of sides")
    asked = parser.parse_args()
    folder, sizes = asked.folder.absolute(), asked.size or ["S"]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE.parent), str(HERE)])
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    say(f"Python {platform.python_version()}, {versions}; {os.cpu_count()} cores\n")
    if asked.again:
        for size in sizes:
            again(home_of(folder, size), asked.rounds)
        return
    costs = {}
    for size in sizes:
        made = home_of(folder, size)
        costs[size] = run_rounds(made, asked.side or SIDES, asked.rounds)
        table(size, costs[size])
        if "core" in costs[size]:
            stages(made, costs[size]["core"])
    say("\n")
    for small, large in pairwise(sizes):
        growth(small, large, costs)


if __name__ == "__main__":
    main()
