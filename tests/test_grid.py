"""A grid kept column by column says what one kept cell by cell says, and touches only what is asked."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Cell, Columns, Grid
from pipeline.office.read.converted import column_of, packed, with_cells

BOUNDED = settings(max_examples=60, derandomize=True, deadline=None)
places = st.tuples(st.integers(1, 12), st.integers(1, 6))
cells = st.builds(Cell, st.text("甲乙1", min_size=1, max_size=3), st.sampled_from("sndbe"))
sheets = st.dictionaries(places, cells, min_size=1, max_size=30)


@BOUNDED
@given(sheets, places, places)
def test_columns_and_a_dictionary_of_cells_are_one_sheet(
    filed: dict[tuple[int, int], Cell], top: tuple[int, int], bottom: tuple[int, int]
) -> None:
    kept = packed(filed)
    assert isinstance(kept, Columns)
    one, other = Grid("表", filed), Grid("表", kept)
    assert dict(kept.items()) == filed
    assert list(kept) == sorted(filed)
    assert len(kept) == len(filed)
    assert all((place in kept) == (place in filed) for place in [top, bottom, (0, 0), (99, 99)])
    assert (one.last_row, one.last_column) == (other.last_row, other.last_column)
    assert list(one.lines(top[0], bottom[0])) == list(other.lines(top[0], bottom[0]))
    for column in (top[1], 99):
        wanted = one.column(column, top[0], bottom[0])
        assert other.column(column, top[0], bottom[0]) == wanted
        assert len(wanted[0]) == max(bottom[0] - top[0] + 1, 0)


@BOUNDED
@given(sheets, sheets)
def test_cells_laid_over_others_replace_them(
    below: dict[tuple[int, int], Cell], above: dict[tuple[int, int], Cell]
) -> None:
    assert dict(with_cells(packed(below), above)) == {**below, **above}


def test_a_stray_cell_far_away_is_not_laid_out() -> None:
    filed = {(1, 1): Cell("甲", "s"), (1_048_576, 16_384): Cell("乙", "s")}
    assert packed(filed) is filed
    grid = Grid("表", filed)
    assert list(grid.lines(2, 1_048_576)) == [(1_048_576, 16_384, Cell("乙", "s"))]


def test_a_column_is_typed_value_by_value() -> None:
    assert column_of(["甲", "", " ", "甲"]) == (["甲", "", "", "甲"], ["s", "", "", "s"])
    assert column_of([True, 1, 1.0, ""]) == (["是", "1", "1", ""], ["b", "n", "n", ""])


def test_a_cell_longer_than_excel_allows_is_cut_and_says_so() -> None:
    for text in (column_of(["长" * 40_000, ""])[0][0], column_of(["长" * 40_000, 1.5])[0][0]):
        assert text == "长" * 32_767 + "…（原文 40000 字，以下略）"
