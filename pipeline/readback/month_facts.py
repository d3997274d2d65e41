"""What numbers in a paper of the month are held against: its figures by unit, indicator and measure, as nouns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Key = tuple[str, str, str]  # unit's name, indicator, scope


@dataclass(frozen=True)
class Standing:
    """One figure with what follows from it."""

    target: int | None
    done: int
    attendances: int
    expected: float  # 0–1
    more: int | None  # than a month ago; None where that is not known
    returned: int = 0  # rows

    @property
    def rate(self) -> float | None:
        """0–1; None without a target."""
        return self.done / self.target if self.target else None

    @property
    def short(self) -> int:
        """What is missing to the target."""
        return max((self.target or 0) - self.done, 0)

    @property
    def points(self) -> float | None:
        """Percentage points ahead of (+) or behind 序时进度, as a reader subtracts the printed rates."""
        return None if self.rate is None else printed(self.rate) - printed(self.expected)

    @property
    def points_more(self) -> float | None:
        """Percentage points that the printed rate moved since a month ago."""
        if not self.target or self.more is None or self.rate is None:
            return None
        return printed(self.rate) - printed((self.done - self.more) / self.target)


def printed(rate: float) -> float:
    """A rate in per cent, to one place, as papers print it.

    >>> printed(541 / 621)
    87.1
    """
    return float(f"{rate * 100:.1f}")


@dataclass(frozen=True)
class Facts:
    """Everything that numbers in a paper are held against.

    standings: by the unit's name; `names` leads from each of its names to that, and where two units
    are called alike for short, to both. counts: how many there are of
    what is counted in 个市（州）, 个县（市、区）, 个单位, 处, 行, 对: by the word, and of one
    indicator where that is of one. ranges: 暂计, least and most by indicator; gaps: what all units that
    are behind lack together; several: persons claimed by several units. concerns: places and units by
    name; sayings: how many units say a text; topics: how many themes each has. accounts: what units
    wrote, texts: what an office wrote, that holds digits: neither is ours to hold. others: numbers of the
    other tables, that a sentence of unusual wording may say.
    """

    top: str
    names: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]  # indicator's label -> its name
    unit_words: frozenset[str]
    standings: Mapping[Key, tuple[Standing, ...]]  # two units may bear one name
    months: Mapping[tuple[str, int], int]  # indicator, month -> begun up to its end
    counts: Mapping[tuple[str, str], frozenset[int]]  # word, indicator or ''
    ranges: Mapping[str, tuple[int, int]]
    gaps: Mapping[str, frozenset[int]]
    several: int
    concerns: Mapping[str, tuple[int, int]]
    sayings: tuple[tuple[str, int], ...]
    topics: tuple[int, ...]
    filing: tuple[int, int]  # how many are to file, and have
    rates: frozenset[float]
    lagging: int
    years: tuple[int, ...]
    year: int
    month: int
    day: int
    accounts: frozenset[str] = field(default=frozenset(), repr=False)
    texts: tuple[str, ...] = field(default=(), repr=False)
    others: frozenset[int] = field(default=frozenset(), repr=False)

    @cached_property
    def known(self) -> frozenset[int]:
        """Every whole number that the month knows: what a sentence of unusual wording may say."""
        figures = [
            n
            for own in self.standings.values()
            for s in own
            for n in (s.target, s.done, s.attendances, s.short, abs(s.more or 0))
        ]
        pairs = (*self.ranges.values(), *self.concerns.values(), self.filing)
        counted = (*self.counts.values(), *self.gaps.values())
        return self.others | frozenset(
            n
            for n in (
                *figures,
                *(n for pair in pairs for n in pair),
                *(n for numbers in counted for n in numbers),
                *(n for _, n in self.sayings),
                *self.topics,
                *self.months.values(),
                self.several,
                self.lagging,
            )
            if n is not None
        )

    def of(self, name: str, indicators: Iterable[str], scope: str) -> list[Standing]:
        """The figures of a unit, by any of its names."""
        keys = [(full, i, scope) for i in indicators for full in self.names.get(name, (name,))]
        return [s for key in dict.fromkeys(keys) for s in self.standings.get(key, ())]
