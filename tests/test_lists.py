"""Tables in bulk: what leaves as CSV and Parquet, and the name lists."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.engine import Engine
from pipeline.model.tables import ISSUES, table_of
from pipeline.render.data import issues_table
from pipeline.render.safe_csv import write_csv


def written(table: pa.Table) -> list[list[str]]:
    """The table as a spreadsheet program reads it."""
    out = io.BytesIO()
    write_csv(table, out)
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def test_a_text_that_would_run_as_a_formula_is_led_by_an_apostrophe() -> None:
    texts = ["=1+1", "+86", "-1", "@x", "\tx", "a=1", "'", ""]
    numbers = [-1, 2, None, 4, 5, 6, 7, 8]
    lines = written(pa.table({"text": texts, "number": pa.array(numbers, pa.int64())}))
    assert [line[0] for line in lines[1:]] == [
        "'=1+1",
        "'+86",
        "'-1",
        "'@x",
        "'\tx",
        "a=1",
        "'",
        "",
    ]
    assert [line[1] for line in lines[1:]] == ["-1", "2", "", "4", "5", "6", "7", "8"]


def test_any_text_comes_back_from_a_csv_as_it_was() -> None:
    texts = ['a"b', "a,b", "a\nb", "a\r\nb", " a ", '"', ",", "汉字，“引”"]
    assert [line[0] for line in written(pa.table({"text": texts, "n": texts}))[1:]] == texts


def test_an_empty_table_is_its_header() -> None:
    empty = pa.table({"甲": pa.array([], pa.string()), "乙": pa.array([], pa.int64())})
    assert written(empty) == [["甲", "乙"]]


def test_a_long_table_keeps_its_order_and_every_line() -> None:
    numbers = list(range(150_000))
    lines = written(pa.table({"n": numbers}))
    assert [int(line[0]) for line in lines[1:]] == numbers


def test_issues_stand_at_their_cell_below_the_period() -> None:
    lines = [
        {"file": "2018-11/a.xlsx", "row": 7, "column": "F", "rule": "R23", "listed": True},
        {"file": "2018-10/b.xlsx", "row": 0, "column": "F", "listed": True},
        {"file": "2018-11/c.xlsx", "row": 9, "listed": True},
        {"file": "2018-11/d.xlsx", "row": 9, "column": "A", "listed": False},
    ]
    found = issues_table(table_of(ISSUES, lines), "2018-11").to_pylist()
    assert [(i["file"], i["cell"], i["row"]) for i in found] == [
        ("a.xlsx", "F7", 7), ("2018-10/b.xlsx", "", None), ("c.xlsx", "", 9),
    ]  # fmt: skip


@pytest.mark.parametrize("cuts", [(300_000,), (1, 299_999), (131_072, 168_928), (0, 300_000)])
def test_a_table_is_laid_in_the_same_bytes_however_it_was_cut(
    tmp_path: Path, cuts: tuple[int, ...]
) -> None:
    whole = pa.table({"n": range(300_000)})
    ends = [sum(cuts[:n]) for n in range(len(cuts) + 1)]
    pieces = (whole.slice(start, end - start) for start, end in pairwise(ends))
    with Engine(tmp_path) as engine:
        (one,) = engine.kept("one", whole.schema, [whole]).files
        (cut,) = engine.kept("cut", whole.schema, pieces).files
    assert cut.read_bytes() == one.read_bytes()
    groups = pq.ParquetFile(cut).metadata
    assert [groups.row_group(n).num_rows for n in range(3)] == [131_072, 131_072, 37_856]
    assert pq.read_table(cut) == whole


def test_an_empty_table_is_laid_with_its_columns(tmp_path: Path) -> None:
    schema = pa.schema([("n", pa.int64())])
    with Engine(tmp_path) as engine:
        (file,) = engine.kept("none", schema, []).files
    assert pq.read_table(file) == schema.empty_table()
