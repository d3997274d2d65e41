"""Laws that hold for any roster, drawn by hypothesis: nothing is lost, and looks change no figure."""

from __future__ import annotations

from datetime import date

import pytest
from drawing import id_no, sheets, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from months import Totals, month

from pipeline.programme import Programme
from pipeline.values import read_day

PERIOD = "2018-11"
HEADER = "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"

# one line of a roster: sequence digit of the ID, and what is wrong with it
Line = tuple[int, str]
lines = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=40),
        st.sampled_from(["sound", "sound", "sound", "short id", "not poor", "no certificate"]),
    ),
    min_size=1,
    max_size=8,
)


def drawn(rows: list[Line], county: str = "南关区", *, blank: bool = False) -> str:
    lines_drawn = [f"填报单位：{county}残联 | | 填报日期：2018年11月26日", HEADER]
    for n, (who, fault) in enumerate(rows, 1):
        number = id_no(f"22010219780{1 + who % 9}{10 + who % 19:02d}{(who * 2) % 1000:03d}2"[:17])
        cert = "" if fault == "no certificate" else number + "43"
        lines_drawn.append(
            f"{n} | 王秀{'英兰芝梅'[who % 4]} | 女 | {number[:17] if fault == 'short id' else number} | {cert} | "
            f"{'否' if fault == 'not poor' else '是'} | 2018-09-01 | 2018-09-10"
        )
        if blank:
            lines_drawn.append("")
    return "== 培训花名册\n" + "\n".join(lines_drawn)


def counts_of(figures: Totals) -> list[list[object]]:
    return figures.table.astype(object).where(figures.table.notna(), None).to_numpy().tolist()


@given(rows=lines)
def test_books_balance_and_no_row_is_lost(rows: list[Line], programme: Programme) -> None:
    figures = month({"2018-11/a.xlsx": workbook(drawn(rows))}, programme, PERIOD)
    entry = figures.inputs[0]
    assert entry.rows_read == len(rows)
    assert entry.balances
    assert entry.returned == sum(fault != "sound" for _, fault in rows)


@given(rows=lines)
def test_counted_is_what_a_naive_count_says(rows: list[Line], programme: Programme) -> None:
    """The witness: distinct numbers among the sound rows, counted with a set."""
    picture = drawn(rows)
    sound = {
        cells[3]
        for cells in sheets(picture)[0][1][2:]
        if len(str(cells[3])) == 18 and cells[4] and cells[5] == "是"
    }
    figures = month({"2018-11/a.xlsx": workbook(picture)}, programme, PERIOD)
    top = figures.table[
        (figures.table["level"] == "province") & (figures.table["indicator"] == "training")
    ]
    assert top["counted"].tolist() == [len(sound), len(sound)]


@given(rows=lines)
def test_looks_change_no_figure(rows: list[Line], programme: Programme) -> None:
    """Blank rows between the lines, another file name, another folder below the period."""
    plain = month({"2018-11/a.xlsx": workbook(drawn(rows))}, programme, PERIOD)
    looks = month({"2018-11/报送/乙.xlsx": workbook(drawn(rows, blank=True))}, programme, PERIOD)
    assert counts_of(plain) == counts_of(looks)


@given(rows=lines, others=lines, swap=st.booleans())
def test_prefectures_add_up_and_file_order_is_nothing(
    rows: list[Line], others: list[Line], swap: bool, programme: Programme
) -> None:
    contents = [workbook(drawn(rows)), workbook(drawn(others, "宽城区"))]
    names = ["2018-11/b.xlsx", "2018-11/a.xlsx"] if swap else ["2018-11/a.xlsx", "2018-11/b.xlsx"]
    figures = month(dict(zip(names, contents, strict=True)), programme, PERIOD)
    table = figures.table[figures.table["scope"] == "year"]
    for _, of_indicator in table.groupby("indicator"):
        by_level = of_indicator.groupby("level")["counted"].sum()
        assert by_level["county"] == by_level["prefecture"] == by_level["province"]
    assert counts_of(figures) == counts_of(
        month(dict(zip(names[::-1], contents, strict=True)), programme, PERIOD)
    )


@settings(derandomize=True)
@given(day=st.dates(date(1930, 1, 1), date(2035, 12, 31)), spelling=st.sampled_from(
    ["{0}-{1:02d}-{2:02d}", "{0}.{1}.{2}", "{0}/{1}/{2}", "{0}年{1}月{2}日", "{0}{1:02d}{2:02d}", "{0} 年 {1} 月 {2} 日"]
))  # fmt: skip
def test_a_written_day_is_read_again(day: date, spelling: str) -> None:
    read = read_day(spelling.format(day.year, day.month, day.day), "s")
    assert read is not None
    assert (read.first, read.last) == (day, day)


@pytest.mark.parametrize("empty", [True, False])
def test_a_month_of_one_nil_return_counts_nobody(empty: bool, programme: Programme) -> None:
    picture = drawn([]) + ("\n零报告" if empty else "\n合计 | #0")
    figures = month({"2018-11/a.xlsx": workbook(picture)}, programme, PERIOD)
    assert figures.inputs[0].status == "accepted"
    assert "220102" not in figures.not_filed
    assert figures.table["counted"].sum() == 0
