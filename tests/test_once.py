"""Each person once: a second, naive reading of the rules as a witness, and the laws that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from random import Random
from typing import Any, NamedTuple

from drawing import id_no, workbook
from hypothesis import given
from hypothesis import strategies as st
from months import Totals, month
from side_by_side import counties
from test_laws import PERIOD, counts_of

from pipeline.programme import Programme

AT_ONCE = 6  # worlds in one month: each an example of its own
ELSEWHERE = 3
HEADER = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 户籍地址 | 开班时间 | 结业时间"
NAMES = ("王秀英", "李桂兰", "张淑芬", "赵玉梅", "金明玉")


class Claim(NamedTuple):
    """One line of one unit's roster, in a world of three units and five women."""

    person: int
    unit: int
    day: int
    home: int | None  # one of the three, a place elsewhere, or nothing


claims = st.lists(
    st.builds(
        Claim,
        person=st.integers(0, 4),
        unit=st.integers(0, 2),
        day=st.integers(1, 6),
        home=st.sampled_from([None, 0, 1, 2, ELSEWHERE]),
    ),
    min_size=1,
    max_size=12,
)


def is_varied(drawn: Iterable[list[Claim]]) -> bool:
    return len({claim for claims in drawn for claim in claims}) > 2 * AT_ONCE


class World:
    """Three units that file for one example alone, and the numbers of its women."""

    def __init__(self, units: list[tuple[str, str]]) -> None:
        self.codes, self.names = zip(*units, strict=True)

    def number(self, person: int) -> str:
        return id_no(f"{self.codes[0]}1978{person + 1:02d}05002")

    def roster(self, unit: int, lines: Iterable[Claim], day: int = 26) -> bytes:
        written = [
            f"== 培训花名册\n填报单位：{self.names[unit]}残联 | | 填报日期：2018年11月{day}日",
            HEADER,
        ]
        homes: dict[int | None, str] = {
            None: "",
            ELSEWHERE: "黑龙江省哈尔滨市",
            **dict(enumerate(self.names)),
        }
        for c in lines:
            number = self.number(c.person)
            written.append(
                f"{NAMES[c.person]} | 女 | {number} | {number}43 | 是 | {homes[c.home]} | "
                f"2018-09-{c.day:02d} | 2018-09-{c.day + 3:02d}"
            )
        return workbook("\n".join(written))

    def filed(self, lines: Iterable[Claim]) -> dict[str, bytes]:
        by_unit: dict[int, list[Claim]] = defaultdict(list)
        for line in lines:
            by_unit[line.unit].append(line)
        return {f"2018-11/{self.names[u]}.xlsx": self.roster(u, own) for u, own in by_unit.items()}

    def witness(self, lines: Iterable[Claim]) -> dict[str, int]:
        """Who counts where, as the rules say it and nothing cleverer: residence, start, code."""
        by_person: dict[int, list[Claim]] = defaultdict(list)
        for line in lines:
            by_person[line.person].append(line)
        found: dict[str, int] = defaultdict(int)
        for own in by_person.values():
            claimants = {c.unit for c in own}
            homes = {c.home for c in own}
            if len(homes) == 1 and homes <= claimants:
                keeper = claimants & homes
            else:
                first = {u: min(c.day for c in own if c.unit == u) for u in claimants}
                keeper = {min(claimants, key=lambda u: (first[u], self.codes[u]))}
            found[self.codes[keeper.pop()]] += 1
        return dict(found)

    # what may be done with a return without a figure changing

    def shuffled(self, lines: list[Claim], dice: Random) -> dict[str, bytes]:
        """Files, rows and units in another order, under other names."""
        lines, names = dice.sample(lines, len(lines)), dice.sample("abc", 3)
        place = f"2018-11/{self.codes[0]}"
        return {
            f"{place}{letter}/{letter}.xlsx": content
            for letter, content in zip(names, self.filed(lines).values(), strict=False)
        }

    def split(self, lines: list[Claim], dice: Random) -> dict[str, bytes]:
        """Two files of one filing date add up, unless they list mostly the same people."""
        unit, cut = lines[0].unit, dice.randrange(5)
        own = [c for c in lines if c.unit == unit]
        halves = [c for c in own if c.person < cut], [c for c in own if c.person >= cut]
        if not all(halves):
            return self.filed(lines)
        first, rest = (self.roster(unit, half) for half in halves)
        other = f"2018-11/{self.codes[0]}另一份.xlsx"
        return {**self.filed(lines), f"2018-11/{self.names[unit]}.xlsx": first, other: rest}

    def filed_again(self, lines: list[Claim], dice: Random) -> dict[str, bytes]:
        """The same return again, of the same day or the next."""
        unit = lines[0].unit
        again = self.roster(unit, [c for c in lines if c.unit == unit], day=dice.choice([26, 27]))
        return {
            **self.filed(lines),
            f"2018-11/{self.codes[0]}补报/再报一次（修改后）.xlsx": again,
        }


WAYS = (World.shuffled, World.split, World.filed_again)


def worlds(programme: Programme) -> list[World]:
    every = counties(programme)
    return [World(every[3 * n : 3 * n + 3]) for n in range(AT_ONCE)]


def counted(figures: Totals) -> dict[str, int]:
    table = figures.table
    mine = (
        (table["level"] == "county")
        & (table["scope"] == "year")
        & (table["indicator"] == "training")
    )
    return {u: int(n) for u, n in table[mine][["unit", "counted"]].itertuples(index=False) if n}


def of_all(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}


@given(
    drawn=st.lists(claims, min_size=AT_ONCE, max_size=AT_ONCE).filter(is_varied),
    ways=st.permutations([*WAYS, *WAYS]),
    dice=st.randoms(use_true_random=False),
)
def test_who_counts_where_is_what_a_naive_reading_says_however_it_is_filed(
    drawn: list[list[Claim]],
    ways: list[Callable[[World, list[Claim], Random], dict[str, bytes]]],
    dice: Random,
    programme: Programme,
) -> None:
    """In every world; then in another order, in two files and filed again, which changes nothing."""
    cast = list(zip(worlds(programme), drawn, strict=True))
    figures = month(of_all(world.filed(lines) for world, lines in cast), programme, PERIOD)
    assert counted(figures) == of_all(world.witness(lines) for world, lines in cast)
    for world, lines in cast:
        assert sum(world.witness(lines).values()) == len({c.person for c in lines})
    otherwise = of_all(
        way(world, lines, dice) for way, (world, lines) in zip(ways, cast, strict=True)
    )
    assert counts_of(figures) == counts_of(month(otherwise, programme, PERIOD))


@given(
    drawn=st.lists(
        st.tuples(claims, st.sampled_from([(0, 1), (1, 2), (3, 4)]), st.booleans()),
        min_size=AT_ONCE,
        max_size=AT_ONCE,
    ).filter(lambda drawn: is_varied(claims for claims, *_ in drawn))
)
def test_a_judgement_and_its_replay_give_the_same_result(
    drawn: list[tuple[list[Claim], tuple[int, int], bool]], programme: Programme
) -> None:
    cast = list(zip(worlds(programme), drawn, strict=True))
    files = of_all(world.filed(lines) for world, (lines, *_) in cast)
    answers = (
        f"甲 | {world.number(pair[0])} | 乙 | {world.number(pair[1])} | {'同一人' if same else '不同人'} | 查验 | 某某"
        for world, (_, pair, same) in cast
    )
    head = "== 疑似重复\n疑似重复人员（2018年11月）\n请裁定\n姓名甲 | 身份证号甲 | 姓名乙 | 身份证号乙 | 裁定 | 理由 | 裁定人"
    judged = workbook("\n".join([head, *answers]))
    once = month({**files, "待裁定.xlsx": judged}, programme, PERIOD)
    replayed = {**files, "待裁定.xlsx": judged, "2018-11/又一份裁定.xlsx": judged}
    assert counts_of(once) == counts_of(month(replayed, programme, PERIOD))
    expected: dict[str, int] = {}
    for world, (lines, pair, same) in cast:
        present = {c.person for c in lines}
        both = same and set(pair) <= present
        as_one = [c._replace(person=pair[0]) if both and c.person == pair[1] else c for c in lines]
        expected |= world.witness(as_one)
        assert sum(world.witness(as_one).values()) == len(present) - both
    assert counted(once) == expected
