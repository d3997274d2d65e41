"""Laws that hold for any roster, drawn by hypothesis: nothing is lost, and looks change no figure."""

from __future__ import annotations

from datetime import date

from drawing import id_no, sheets, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from months import Totals, month
from side_by_side import counties

from pipeline.programme import Programme
from pipeline.values import read_day

PERIOD = "2018-11"
HEADER = "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"

AT_ONCE = 4  # pairs of counties in one month: each an example of its own

# one line of a roster: sequence digit of the ID, and what is wrong with it
Line = tuple[int, str]
Pair = tuple[list[Line], list[Line]]  # the rosters of two counties that may list the same women
lines = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=40),
        st.sampled_from(["sound", "sound", "sound", "short id", "not poor", "no certificate"]),
    ),
    min_size=1,
    max_size=8,
)


def is_varied(drawn_pairs: list[Pair]) -> bool:
    return len({line for pair in drawn_pairs for rows in pair for line in rows}) > 2 * AT_ONCE


pairs = st.lists(st.tuples(lines, lines), min_size=AT_ONCE, max_size=AT_ONCE).filter(is_varied)


def drawn(
    rows: list[Line], county: str = "南关区", code: str = "220102", *, blank: bool = False
) -> str:
    lines_drawn = [f"填报单位：{county}残联 | | 填报日期：2018年11月26日", HEADER]
    for n, (who, fault) in enumerate(rows, 1):
        number = id_no(f"{code}19780{1 + who % 9}{10 + who % 19:02d}{(who * 2) % 1000:03d}2"[:17])
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


def pictures(
    drawn_pairs: list[Pair], programme: Programme, *, blank: bool = False
) -> dict[str, str]:
    """By county what it files; each pair in two counties, with the numbers of the first."""
    free, filed = iter(counties(programme)), {}
    for pair in drawn_pairs:
        first, second = next(free), next(free)
        for (code, name), rows in zip((first, second), pair, strict=True):
            filed[code] = drawn(rows, name, first[0], blank=blank)
    return filed


def sound_numbers(picture: str) -> set[object]:
    return {
        cells[3]
        for cells in sheets(picture)[0][1][2:]
        if len(str(cells[3])) == 18 and cells[4] and cells[5] == "是"
    }


@given(drawn_pairs=pairs, order=st.permutations(range(2 * AT_ONCE)))
def test_nothing_is_lost_each_counts_once_units_add_up_and_looks_change_nothing(
    drawn_pairs: list[Pair], order: list[int], programme: Programme
) -> None:
    """Many counties in one month; then the same with blank rows, in other files, of other folders, in another order."""
    filed = pictures(drawn_pairs, programme)
    plain = {f"2018-11/{n:02d}.xlsx": workbook(p) for n, p in enumerate(filed.values())}
    figures = month(plain, programme, PERIOD)

    # the books balance, and no row is lost
    for entry, rows in zip(figures.inputs, (r for pair in drawn_pairs for r in pair), strict=True):
        assert entry.rows_read == len(rows)
        assert entry.balances
        assert entry.returned == sum(fault != "sound" for _, fault in rows)

    # the witness: distinct numbers among the sound rows of two counties, counted with a set
    table = figures.table
    training = table[(table["level"] == "county") & (table["indicator"] == "training")]
    for scope in ("year", "cumulative"):
        counted = training[training["scope"] == scope].set_index("unit")["counted"]
        for one, other in zip(list(filed)[::2], list(filed)[1::2], strict=True):
            sound = sound_numbers(filed[one]) | sound_numbers(filed[other])
            assert counted[one] + counted[other] == len(sound)

    # counties add up to prefectures, and those to the province
    for _, of_indicator in table[table["scope"] == "year"].groupby("indicator"):
        by_level = of_indicator.groupby("level")["counted"].sum()
        assert by_level["county"] == by_level["prefecture"] == by_level["province"]

    # looks and order change no figure
    looks = [workbook(p) for p in pictures(drawn_pairs, programme, blank=True).values()]
    other_files = {f"2018-11/报送{n % 3}/{n:02d}.xlsx": looks[at] for n, at in enumerate(order)}
    assert counts_of(figures) == counts_of(month(other_files, programme, PERIOD))


@settings(max_examples=100)
@given(day=st.dates(date(1930, 1, 1), date(2035, 12, 31)), spelling=st.sampled_from(
    ["{0}-{1:02d}-{2:02d}", "{0}.{1}.{2}", "{0}/{1}/{2}", "{0}年{1}月{2}日", "{0}{1:02d}{2:02d}", "{0} 年 {1} 月 {2} 日"]
))  # fmt: skip
def test_a_written_day_is_read_again(day: date, spelling: str) -> None:
    read = read_day(spelling.format(day.year, day.month, day.day), "s")
    assert read is not None
    assert (read.first, read.last) == (day, day)


def test_nil_returns_file_and_count_nobody(programme: Programme) -> None:
    files = {
        "2018-11/a.xlsx": workbook(drawn([]) + "\n零报告"),
        "2018-11/b.xlsx": workbook(drawn([], "宽城区", "220103") + "\n合计 | #0"),
    }
    figures = month(files, programme, PERIOD)
    assert [entry.status for entry in figures.inputs] == ["accepted", "accepted"]
    assert not {"220102", "220103"} & set(figures.not_filed)
    assert figures.table["counted"].sum() == 0
