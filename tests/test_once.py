"""Each person once: a second, naive reading of the rules as a witness, and the laws that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from drawing import id_no, workbook
from hypothesis import given
from hypothesis import strategies as st
from months import Totals, month
from test_laws import PERIOD, counts_of

from pipeline.programme import Programme

UNITS = {"220102": "南关区", "220103": "宽城区", "220183": "德惠市"}
HEADER = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 户籍地址 | 开班时间 | 结业时间"
NAMES = ("王秀英", "李桂兰", "张淑芬", "赵玉梅", "金明玉")


class Claim(NamedTuple):
    """One line of one unit's roster."""

    person: int
    unit: str
    day: int
    home: str  # a unit's name, a place elsewhere, or nothing


claims = st.lists(
    st.builds(
        Claim,
        person=st.integers(0, 4),
        unit=st.sampled_from(sorted(UNITS)),
        day=st.integers(1, 6),
        home=st.sampled_from(["", *UNITS.values(), "黑龙江省哈尔滨市"]),
    ),
    min_size=1,
    max_size=12,
)


def number(person: int) -> str:
    return id_no(f"2201021978{person + 1:02d}05002")


def roster(unit: str, lines: Iterable[Claim], day: int = 26) -> bytes:
    written = [
        f"== 培训花名册\n填报单位：{UNITS[unit]}残联 | | 填报日期：2018年11月{day}日",
        HEADER,
    ]
    for c in lines:
        written.append(
            f"{NAMES[c.person]} | 女 | {number(c.person)} | {number(c.person)}43 | 是 | {c.home} | "
            f"2018-09-{c.day:02d} | 2018-09-{c.day + 3:02d}"
        )
    return workbook("\n".join(written))


def filed(lines: Iterable[Claim]) -> dict[str, bytes]:
    by_unit: dict[str, list[Claim]] = defaultdict(list)
    for line in lines:
        by_unit[line.unit].append(line)
    return {f"2018-11/{UNITS[u]}.xlsx": roster(u, own) for u, own in by_unit.items()}


def counted(figures: Totals) -> dict[str, int]:
    table = figures.table
    mine = (
        (table["level"] == "county")
        & (table["scope"] == "year")
        & (table["indicator"] == "training")
    )
    return {u: int(n) for u, n in table[mine][["unit", "counted"]].itertuples(index=False) if n}


def witness(lines: Iterable[Claim]) -> dict[str, int]:
    """Who counts where, as the rules say it and nothing cleverer: residence, start, code."""
    by_person: dict[int, list[Claim]] = defaultdict(list)
    for line in lines:
        by_person[line.person].append(line)
    found: dict[str, int] = defaultdict(int)
    codes = {name: code for code, name in UNITS.items()}
    for own in by_person.values():
        claimants = {c.unit for c in own}
        homes = {codes.get(c.home, "") for c in own}
        if len(homes) == 1 and homes <= claimants:
            (keeper,) = homes
        else:
            first = {u: min(c.day for c in own if c.unit == u) for u in claimants}
            keeper = min(claimants, key=lambda u: (first[u], u))
        found[keeper] += 1
    return dict(found)


@given(lines=claims)
def test_who_counts_where_is_what_a_naive_reading_says(
    lines: list[Claim], programme: Programme
) -> None:
    figures = month(filed(lines), programme, PERIOD)
    assert counted(figures) == witness(lines)
    assert sum(witness(lines).values()) == len({c.person for c in lines})


@given(lines=claims, order=st.permutations(range(12)), seed=st.permutations("abc"))
def test_the_order_of_files_rows_and_units_changes_nothing(
    lines: list[Claim], order: list[int], seed: list[str], programme: Programme
) -> None:
    shuffled = [lines[n] for n in order if n < len(lines)]
    renamed = {
        f"2018-11/{letter}/{letter}.xlsx": content
        for letter, content in zip(seed, filed(shuffled).values(), strict=False)
    }
    assert counts_of(month(filed(lines), programme, PERIOD)) == counts_of(
        month(renamed, programme, PERIOD)
    )


@given(lines=claims, cut=st.integers(0, 12))
def test_a_return_split_in_two_is_the_same_return(
    lines: list[Claim], cut: int, programme: Programme
) -> None:
    """Two files of one filing date add up, unless they list mostly the same people."""
    unit = lines[0].unit
    own = [c for c in lines if c.unit == unit]
    first = [c for c in own if c.person < cut % 5]
    rest = [c for c in own if c.person >= cut % 5]
    files = filed(lines)
    split = {
        **files,
        f"2018-11/{UNITS[unit]}.xlsx": roster(unit, first),
        "2018-11/另一份.xlsx": roster(unit, rest),
    }
    if not first or not rest:
        split = files
    assert counts_of(month(files, programme, PERIOD)) == counts_of(month(split, programme, PERIOD))


@given(lines=claims, later=st.booleans())
def test_filing_the_same_return_again_changes_nothing(
    lines: list[Claim], later: bool, programme: Programme
) -> None:
    unit = lines[0].unit
    again = roster(unit, [c for c in lines if c.unit == unit], day=27 if later else 26)
    files = filed(lines)
    twice = {**files, "2018-11/补报/再报一次（修改后）.xlsx": again}
    assert counts_of(month(files, programme, PERIOD)) == counts_of(month(twice, programme, PERIOD))


@given(lines=claims, pair=st.sampled_from([(0, 1), (1, 2), (3, 4)]), same=st.booleans())
def test_a_judgement_and_its_replay_give_the_same_result(
    lines: list[Claim], pair: tuple[int, int], same: bool, programme: Programme
) -> None:
    judged = workbook(
        "== 疑似重复\n疑似重复人员（2018年11月）\n请裁定\n姓名甲 | 身份证号甲 | 姓名乙 | 身份证号乙 | 裁定 | 理由 | 裁定人\n"
        f"甲 | {number(pair[0])} | 乙 | {number(pair[1])} | {'同一人' if same else '不同人'} | 查验 | 某某"
    )
    once = month({**filed(lines), "待裁定.xlsx": judged}, programme, PERIOD)
    assert counts_of(once) == counts_of(
        month(
            {**filed(lines), "待裁定.xlsx": judged, "2018-11/又一份裁定.xlsx": judged},
            programme,
            PERIOD,
        )
    )
    present = {c.person for c in lines}
    both = same and set(pair) <= present
    as_one = [c._replace(person=pair[0]) if both and c.person == pair[1] else c for c in lines]
    assert sum(counted(once).values()) == len(present) - both
    assert counted(once) == witness(as_one)
