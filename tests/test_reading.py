"""Laws of reading, for cells drawn by hypothesis: the same cells at the same coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from drawing import workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from test_layouts import HEADER, ROW, TITLE, A, persons, read

from pipeline.model import Cell
from pipeline.office.read import read_grids
from pipeline.programme import Programme
from pipeline.sample.pages import Page
from pipeline.sample.workbooks import write

BOUNDED = settings(max_examples=40, derandomize=True, deadline=None)
FORMATS = ("xlsx", "xls", "ods", "csv")

texts = st.one_of(
    st.sampled_from(
        ["姓名", "王秀英", "220102197801050026", "'22010219780105002X", "5月1日", "无"]
    ),
    st.text("身份证号王〇㐂𠮷abc 123-/、（）\"'<&", min_size=1, max_size=12).filter(
        lambda t: t.strip() == t and not t.startswith("=")
    ),
)
values = st.one_of(
    texts,
    st.integers(0, 10**15 - 1),
    st.dates(date(1950, 1, 1), date(2030, 12, 31)),
)
places = st.tuples(st.integers(1, 12), st.integers(1, 9))
tables = st.dictionaries(places, values, min_size=2, max_size=20)


def page_of(cells: Mapping[tuple[int, int], object], name: str = "表") -> Page:
    page = Page(name)
    for (row, column), value in cells.items():
        page.put(row, column, value)  # type: ignore[arg-type]
    return page


def expected(value: object, suffix: str) -> Cell:
    """What a format can tell of a value: text tables know text only."""
    if isinstance(value, date):
        return Cell(value.isoformat(), "s" if suffix == "csv" else "d")
    return Cell(str(value), "n" if isinstance(value, int) and suffix != "csv" else "s")


@pytest.mark.parametrize("suffix", FORMATS)
@BOUNDED
@given(cells=tables)
def test_every_cell_reads_back_at_its_place(
    suffix: str, cells: dict[tuple[int, int], object]
) -> None:
    if suffix == "csv":  # one column, or none that needs a comma, is running text
        cells = {**cells, (1, 1): "序号", (1, 2): "姓名"}
    content = write([page_of(cells)], suffix)
    (grid,) = read_grids(content)
    assert dict(grid.cells) == {place: expected(v, suffix) for place, v in cells.items()}


@BOUNDED
@given(above=st.integers(0, 6), left=st.integers(0, 4), name=st.sampled_from(["甲.xlsx", "x.xls"]))
def test_blank_rows_and_columns_and_names_change_nothing(
    above: int, left: int, name: str, programme: Programme
) -> None:
    lines = [TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A)]
    picture = "\n".join(["== 表", *[""] * above, *(" | " * left + line for line in lines)])
    found = persons(read(workbook(picture), programme, name))
    assert found == [("training", 3 + above, "王秀英", A)]


@BOUNDED
@given(order=st.permutations(["培训", "说明", "空", "就业"]))
def test_the_order_of_sheets_changes_nothing(order: list[str], programme: Programme) -> None:
    drawn = {
        "培训": "\n".join([TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A)]),
        "就业": f"{TITLE}\n序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 就业单位 | 就业时间\n"
        f"1 | 王秀英 | 女 | {A} | {A}43 | 巧手社 | 2018-10-01",
        "说明": "请于每月 25 日前报送",
        "空": "",
    }
    picture = "\n".join(f"== {name}\n{drawn[name]}" for name in order)
    found = persons(read(workbook(picture), programme))
    assert sorted(found) == [("employment", 3, "王秀英", A), ("training", 3, "王秀英", A)]
