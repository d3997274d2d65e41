"""进度: points ahead or behind, what it comes to at this pace, and the rank among equals."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from pipeline.aggregate.pace import Span, progress


def figure(unit: str, target: int | None, counted: int) -> dict[str, object]:
    return {
        "unit": unit, "level": "county", "indicator": "training", "scope": "year",
        "target": target, "counted": counted,
    }  # fmt: skip


@pytest.fixture
def lines() -> dict[str, dict[str, Any]]:
    figures = [figure("a", 10, 10), figure("b", 20, 10), figure("c", 4, 2), figure("d", None, 9)]
    before = {(unit, "county", "training", "year"): n for unit, n in (("a", 3), ("b", 10))}
    spans = {"year": Span("2018-01", 12, 11)}
    table = progress(pa.Table.from_pylist(figures), spans, before, "2018-11")
    return {line["unit"]: line for line in table.to_pylist()}


def test_points_are_the_distance_from_the_expected_share(
    lines: dict[str, dict[str, Any]],
) -> None:
    assert lines["a"]["points"] == pytest.approx(100 / 12, abs=1e-3)
    assert lines["b"]["points"] == pytest.approx(50 - 1100 / 12, abs=1e-3)


def test_equal_rates_share_a_rank(lines: dict[str, dict[str, Any]]) -> None:
    assert [lines[unit]["rank"] for unit in "abc"] == [1, 2, 2]
    assert lines["a"]["of"] == 3


def test_what_has_no_task_has_no_line(lines: dict[str, dict[str, Any]]) -> None:
    assert "d" not in lines


def test_the_pace_is_carried_to_the_end_of_the_span(lines: dict[str, dict[str, Any]]) -> None:
    assert lines["b"]["at_this_pace"] == pytest.approx(10 * 12 / 11, abs=1e-3)


def test_a_rank_is_held_against_the_one_a_month_ago(lines: dict[str, dict[str, Any]]) -> None:
    """c had filed nothing then: on last month's table it was the last."""
    assert [lines[unit]["rank_before"] for unit in "abc"] == [2, 1, 3]
    assert [lines[unit]["rank_change"] for unit in "abc"] == [1, -1, 1]


def test_without_earlier_returns_there_is_no_rank_to_compare() -> None:
    table = progress(
        pa.Table.from_pylist([figure("a", 10, 5)]), {"year": Span("2018-01", 12, 1)}, {}, "2018-01"
    )
    (line,) = table.to_pylist()
    assert (line["rank"], line["rank_before"], line["rank_change"]) == (1, None, None)


def test_the_task_is_met_when_the_pace_says(lines: dict[str, dict[str, Any]]) -> None:
    assert lines["a"]["done_by"] == "2018-11"  # is met
    assert lines["b"]["done_by"] == "2019-10"  # 10 in 11 months: 20 take 22
    nobody = progress(
        pa.Table.from_pylist([figure("a", 10, 0)]), {"year": Span("2018-01", 12, 11)}, {}, "2018-11"
    )
    assert nobody.to_pylist()[0]["done_by"] == ""
