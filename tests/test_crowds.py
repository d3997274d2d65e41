"""A name or a number dragged down a whole column says nothing: it costs no more than any other column."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.engine import Engine

MANY = 4_000  # their pairs are eight millions
Column = list[object]


def table(count: int, **columns: object) -> pa.Table:
    """So many rows; a column is given by its values, or by the one that stands in all."""
    whole = {n: v if isinstance(v, list) else [v] * count for n, v in columns.items()}
    return pa.table({name: pa.array(values) for name, values in whole.items()})


def asked(question: str, folder: Path, tables: Mapping[str, pa.Table]) -> list[dict[str, object]]:
    with Engine(folder) as engine:
        lines: list[dict[str, object]] = engine.ask(question, tables).to_pylist()
        return lines


def numbers(count: int) -> Column:
    return [f"22012219{50 + n // 1000}0303{n % 1000:03}0" for n in range(count)]


@pytest.mark.parametrize(("count", "least", "most"), [(40, 780, 780), (MANY, MANY // 2, MANY)])
def test_bearers_of_one_name_are_paired_all_or_where_whole_lists_bear_it_each_with_the_next(
    tmp_path: Path, count: int, least: int, most: int
) -> None:
    rows = table(count, number=numbers(count), name="王秀英", phone="", fate="counted")
    names = table(1, folded="王秀英", name=0, sound=0, shape=0)
    found = asked("suspected", tmp_path, {"rows": rows, "names": names})
    assert least <= len(found) <= most


@pytest.mark.parametrize(("count", "led"), [(50, 2_500), (MANY, 0)])
def test_whom_a_person_gone_has_become_is_not_asked_of_a_crowd(
    tmp_path: Path, count: int, led: int
) -> None:
    whole = numbers(2 * count)
    group = {"entity": "220122", "kind": "training", "span": "2018"}
    columns = {"name": "王秀英", "certificate": "", "phone": "", "unit": "220122", "file": "a", "sheet": "", "number_at": "A"}  # fmt: skip
    rows = table(
        2 * count, **group, **columns, person=whole, row=list(range(2 * count)), place=list(range(2 * count)),
        edition=[1] * count + [2] * count,
    )  # fmt: skip
    departures = table(count, **group, gone_in=2, last_in=1, person=whole[:count])
    assert len(asked("corrections", tmp_path, {"rows": rows, "departures": departures})) == led


def test_how_many_two_files_share_is_counted_by_name_without_pairing_all(tmp_path: Path) -> None:
    group = {"entity": "220122", "kind": "training"}
    filed = [f"{n}" for n in range(2 * MANY)]
    rows = table(
        2 * MANY, **group, file=["a"] * MANY + ["b"] * MANY, filed_as=filed, number="", certificate="",
        name="王秀英",
    )  # fmt: skip
    pairs = table(1, **group, n=1, file_a="a", file_b="b")
    (line,) = asked("alike", tmp_path, {"rows": rows, "pairs": pairs})
    assert (line["persons"], line["shared"]) == (MANY, MANY)


def test_files_that_are_many_have_the_memory_their_pairs_need(tmp_path: Path) -> None:
    group = {"entity": "220122", "kind": "training", "unit": "220122", "sheet": "", "fault": False}
    texts = ("certificate", "phone", "home", "start", "finish", "activity")
    count, files = 800, 40
    rows = table(
        count, **group, **dict.fromkeys(texts, "x" * 20), name=numbers(count), filed_as=numbers(count),
        number=numbers(count), row=list(range(count)), file=[f"{n % files}" for n in range(count)],
    )  # fmt: skip
    issues = table(1, file="", sheet="", row=0, severity="note")
    held = list(combinations(range(files), 2))
    pairs = table(
        len(held), entity="220122", kind="training", n=list(range(len(held))),
        file_a=[f"{a}" for a, _ in held], file_b=[f"{b}" for _, b in held],
    )  # fmt: skip
    with Engine(tmp_path, memory_mb=10) as engine:
        found = engine.ask("differing", {"rows": rows, "issues": issues, "pairs": pairs})
    assert found.num_rows == 2 * len(held)
