"""Two simulated months with their truth: every county's figure, every fault at its cell.

PIPELINE_RETURNS names the folder that holds inbox/ and truth.json; without it these tests skip.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from recounted import bridge_faults, figure_faults, sum_faults

from pipeline.gate import in_words, known_of, search
from pipeline.home import open_home
from pipeline.programme import Programme
from pipeline.run import run


@pytest.fixture(scope="module")
def home(returns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for both months, as an office has."""
    home = tmp_path_factory.mktemp("home")
    (home / "inbox").symlink_to(returns / "inbox")
    return home


@pytest.fixture(scope="module", params=["2018-10", "2018-11"])
def month(request: pytest.FixtureRequest, home: Path, programme: Programme) -> Path:
    return run(open_home(home), request.param, programme)[1].folder


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_county_and_the_province_count_right(month: Path, returns: Path) -> None:
    truth = json.loads((returns / "truth.json").read_text(encoding="utf-8"))["periods"][month.name]
    table = _table(month / "data" / "figures.csv")
    counted = {
        (f["unit"], f["indicator"]): int(f["counted"])
        for f in table
        if f["level"] == "county" and f["scope"] == "year"
    }
    for indicator, by_unit in truth["counted"].items():
        for (unit, name), count in counted.items():
            if name == indicator:
                assert count == by_unit.get(unit, 0), (unit, indicator)
    top = {f["indicator"]: f for f in table if f["level"] == "province" and f["scope"] == "year"}
    assert {i: int(f["counted"]) for i, f in top.items()} == truth["province"]
    assert {i: int(f["attendances"]) for i, f in top.items()} == truth["person_times"]


def test_every_planted_fault_is_found_at_its_row_and_no_sound_row_returned(
    month: Path, returns: Path
) -> None:
    truth = json.loads((returns / "truth.json").read_text(encoding="utf-8"))["periods"][month.name]
    issues = _table(month / "data" / "issues.csv")
    found = {(i["file"], i["row"]): set() for i in issues}  # type: dict[tuple[str, str], set[str]]
    for i in issues:
        found[i["file"], i["row"]].add(i["severity"])
    missed = [
        d
        for d in truth["defects"]
        if d["severity"] not in found.get((d["file"], str(d["row"])), set())
    ]
    assert missed == []
    faulty = {(d["file"], str(d["row"])) for d in truth["defects"]}
    ours = {r["file"] for r in truth["returns"]} - {
        f for r in truth["resubmitted"] for f in r["superseded"]
    }
    false = {
        (i["file"], i["row"], i["rule"])
        for i in issues
        if i["severity"] == "error"
        and i["file"] in ours
        and i["row"]
        and (i["file"], i["row"]) not in faulty
    }
    assert false == set()


def test_the_scorer_that_came_with_the_returns_is_content(month: Path, returns: Path) -> None:
    scorer = returns.parent / "score.py"
    if not scorer.is_file():
        pytest.skip("no scorer lies beside the returns")
    result = subprocess.run(
        [sys.executable, str(scorer), str(returns / "truth.json"), str(month)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout
    assert "MISS" not in result.stdout


def test_figures_sums_and_the_bridge_hold_for_every_county(
    month: Path, programme: Programme
) -> None:
    assert bridge_faults(month) == []
    assert sum_faults(month, programme) == []
    assert figure_faults(month, programme) == []


def test_a_clean_month_tells_nobody_in_any_open_paper(month: Path, programme: Programme) -> None:
    known = known_of([month / "data" / "rows.parquet"], programme)
    leaks = []
    for file in sorted(month.rglob("*")):
        if file.is_file() and file.stat().st_mode & 0o077:
            leaks += search(file.name, file.read_bytes(), known)
    assert in_words(leaks) == ""
    assert len(known.names) > 100
