"""进度: points ahead or behind, what it comes to at this pace, and the rank among equals."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pipeline.aggregate.pace import progress


def figure(unit: str, target: int | None, counted: int) -> dict[str, object]:
    return {
        "unit": unit, "level": "county", "indicator": "training", "scope": "year",
        "target": target, "counted": counted,
    }  # fmt: skip


@pytest.fixture
def lines() -> dict[str, dict[str, float]]:
    figures = [figure("a", 10, 10), figure("b", 20, 10), figure("c", 4, 2), figure("d", None, 9)]
    table = progress(pa.Table.from_pylist(figures), {"year": 11 / 12})
    return {line["unit"]: line for line in table.to_pylist()}


def test_points_are_the_distance_from_the_expected_share(
    lines: dict[str, dict[str, float]],
) -> None:
    assert lines["a"]["points"] == pytest.approx(100 / 12, abs=1e-3)
    assert lines["b"]["points"] == pytest.approx(50 - 1100 / 12, abs=1e-3)


def test_equal_rates_share_a_rank(lines: dict[str, dict[str, float]]) -> None:
    assert [lines[unit]["rank"] for unit in "abc"] == [1, 2, 2]
    assert lines["a"]["of"] == 3


def test_what_has_no_task_has_no_line(lines: dict[str, dict[str, float]]) -> None:
    assert "d" not in lines


def test_the_pace_is_carried_to_the_end_of_the_span(lines: dict[str, dict[str, float]]) -> None:
    assert lines["b"]["at_this_pace"] == pytest.approx(10 * 12 / 11, abs=1e-3)
