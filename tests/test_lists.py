"""Tables in bulk: what leaves as CSV and Parquet, and the name lists."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.model import Stored
from pipeline.model.tables import ISSUES, table_of
from pipeline.render.data import issues_table
from pipeline.render.safe_csv import write_csv
from pipeline.render.stored import count_rows, pieces


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


@pytest.mark.parametrize("cuts", [(10,), (1, 9), (3, 3, 4), (0, 10)])
def test_a_stored_table_is_taken_in_even_pieces_however_it_was_cut(
    tmp_path: Path, cuts: tuple[int, ...]
) -> None:
    whole = pa.table({"n": range(10)})
    files, at = [], 0
    for nth, rows in enumerate(cuts):
        files.append(tmp_path / f"{nth}.parquet")
        pq.write_table(whole.slice(at, rows), files[-1], row_group_size=2)
        at += rows
    stored = Stored(whole.schema, tuple(files))
    assert count_rows(stored) == 10
    taken = [piece["n"].to_pylist() for piece in pieces(stored, 4)]
    assert taken == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_an_empty_stored_table_has_no_pieces() -> None:
    stored = Stored(pa.schema([("n", pa.int64())]), ())
    assert (count_rows(stored), list(pieces(stored, 4))) == (0, [])
