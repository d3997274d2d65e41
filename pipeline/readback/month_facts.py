"""What a paper of the month may say, worked out from the figures anew: by unit, indicator and measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.model import Claims, Figures
from pipeline.model.papers import NOBODY, Contact
from pipeline.programme import Programme
from pipeline.programme.reports import TOPICS
from pipeline.values import month_end

Key = tuple[str, str, str]  # unit's name, indicator, scope
_HALF = 1e-9  # a rate on the edge between two tenths is printed as either side's arithmetic falls


@dataclass(frozen=True)
class Standing:
    """One figure with what follows from it."""

    target: int | None
    done: int
    attendances: int
    expected: float  # 0–1
    more: int | None  # than a month ago; None where that is not known

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

    standings: by the unit's name; short names lead to names in `names`. counts: how many there are of
    what is counted in 个市（州）, 个县（市、区）, 个单位, 处, 行, 对: by the word, and of one
    indicator where that is of one. ranges: 暂计, least and most by indicator; gaps: what all units that
    are behind lack together; several: persons claimed by several units. concerns: places and units by
    name; sayings: how many units say a text; topics: how many themes each has. texts: what stands as
    others wrote it, and is not ours to hold.
    """

    top: str
    names: Mapping[str, str]
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
    texts: tuple[str, ...] = field(default=(), repr=False)

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
        return frozenset(
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
        full = self.names.get(name, name)
        return [s for i in indicators for s in self.standings.get((full, i, scope), ())]


def facts_of(
    figures: Figures, claims: Claims, programme: Programme, contact: Contact = NOBODY
) -> Facts:
    """The facts of one month. `contact`: whom papers name for questions; its numbers are no figures."""
    lines = figures.table.to_pylist()
    gazetteer = programme.gazetteer
    top, end = gazetteer.name(gazetteer.top), month_end(figures.period)
    more = {
        (c["unit"], c["level"], c["indicator"]): c["over_month"]
        for c in figures.comparisons.to_pylist()
        if (c["scope"], c["basis"]) == ("year", "listed")
    }
    standings: dict[Key, tuple[Standing, ...]] = {}
    for line in lines:
        key = line["unit_name"], line["indicator"], line["scope"]
        key_of_more = line["unit"], line["level"], line["indicator"]
        standing = Standing(
            line["target"], line["counted"], line["attendances"],
            figures.expected_rates[line["scope"]],
            more.get(key_of_more) if line["scope"] == "year" else None,
        )  # fmt: skip
        standings[key] = (*standings.get(key, ()), standing)
    here = {line["unit"] for line in lines}
    names = {
        alias: unit.name
        for unit in gazetteer.units
        if unit.code in here
        for alias in (*unit.aliases, unit.name)
    }
    return Facts(
        top=top,
        names=names,
        labels={i.label: i.name for i in programme.indicators},
        unit_words=frozenset(i.unit_word for i in programme.indicators),
        standings=standings,
        months=_months(figures, programme),
        counts=_counts(figures, claims, programme),
        ranges=_ranges(figures),
        gaps=_gaps(figures, programme),
        several=len({(c["indicator"], c["year"], c["id_no"]) for c in claims.claims.to_pylist()}),
        concerns={c.name: (c.places, len(c.units)) for c in figures.concerns if c.name},
        sayings=tuple((s.text, len(s.units)) for t in figures.themes for s in t.sayings),
        topics=tuple(sum(t.topic == topic for t in figures.themes) for topic in TOPICS),
        filing=_filing(figures),
        rates=_rates(figures),
        lagging=programme.lagging,
        years=programme.years,
        year=end.year, month=end.month, day=end.day,
        texts=_texts(figures, programme, contact),
    )  # fmt: skip


def _months(figures: Figures, programme: Programme) -> dict[tuple[str, int], int]:
    year, last = figures.period[:4], int(figures.period[5:])
    top = figures.table.to_pylist()[0]
    begun = {
        (m["indicator"], int(m["month"][5:])): m["persons"]
        for m in figures.monthly.to_pylist()
        if (m["unit"], m["level"], m["basis"], m["year"]) == (top["unit"], top["level"], "began", year)
        and m["month"][:4] == year
    }  # fmt: skip
    return {
        (i.name, month): sum(begun.get((i.name, m), 0) for m in range(1, month + 1))
        for i in programme.indicators
        for month in range(1, last + 1)
    }


def _counts(
    figures: Figures, claims: Claims, programme: Programme
) -> dict[tuple[str, str], frozenset[int]]:
    """How many there are of everything that papers count."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    lines = [line for line in figures.table.to_pylist() if line["scope"] == "year"]
    top = lines[0]
    expected = figures.expected_rates["year"]
    for level, word in (("prefecture", "个市（州）"), ("county", "个县（市、区）")):
        for indicator in programme.indicators:
            rates = [
                line["counted"] / line["target"]
                for line in lines
                if line["level"] == level and line["indicator"] == indicator.name and line["target"]
                and line["unit"] != top["unit"]
            ]  # fmt: skip
            behind = [r for r in rates if r < expected]
            lagging = {
                sum((r - expected) * 100 <= -programme.lagging + edge for r in rates)
                for edge in (0, _HALF)
            }
            met = [r for r in rates if r >= 1]
            ahead = len(rates) - len(behind)
            found[word, indicator.name] |= {len(rates), len(behind), ahead, len(met), *lagging}
            found["个", indicator.name] |= {len(behind), ahead, len(met)}
    total, filed = _filing(figures)
    concerned = {unit for c in figures.concerns for unit in c.units}
    returning = {unit for c in figures.concerns if c.returned for unit in c.units}
    found["个单位", ""] |= {total, filed, total - filed, len(concerned), len(returning)}
    found["个单位", ""] |= {len(c.units) for c in figures.concerns}
    found["个单位", ""] |= {c["month_without"] for c in figures.comparisons.to_pylist()}
    found["个县（市、区）", ""] |= {total, 0} | {len(t.units) for t in figures.themes}
    found["个县（市、区）", ""] |= {len(s.units) for t in figures.themes for s in t.sayings}
    found["个", ""].add(len({u for t in figures.themes if t.topic == "practice" for u in t.units}))
    found["处", ""] |= {n for c in figures.concerns for n in (c.returned, c.doubtful)}
    found["处", ""] |= {sum(c.returned for c in figures.concerns), 0}
    found["处", ""] |= {sum(c.doubtful for c in figures.concerns)}
    found["处", ""] |= {
        sum(c.places for c in figures.concerns[n:]) for n in range(len(figures.concerns))
    }
    for measure in ("rows_read", "returned", "merged"):
        found["行", ""].add(sum(x[measure] for x in lines if _same(x, top)))
    found["行", ""] |= _waived(figures)
    found["对", ""].add(claims.probable.num_rows)
    return {key: frozenset(numbers) for key, numbers in found.items()}


def _same(line: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return (line["unit"], line["level"]) == (other["unit"], other["level"])


def _waived(figures: Figures) -> set[int]:
    rows: dict[tuple[str, ...], set[tuple[object, ...]]] = defaultdict(set)
    for issue in figures.open.to_pylist():
        if issue["waiver"] and issue["listed"]:
            place = issue["file"], issue["sheet"], issue["row"]
            rows[issue["rule"], issue["unit"], issue["waiver"]].add(place)
    return {len(places) for places in rows.values()}


def _ranges(figures: Figures) -> dict[str, tuple[int, int]]:
    top = figures.table.to_pylist()[0]
    return {
        line["indicator"]: (line["least"], line["most"])
        for line in figures.coverage.to_pylist()
        if _same(line, top) and line["scope"] == "year"
    }


def _gaps(figures: Figures, programme: Programme) -> dict[str, frozenset[int]]:
    lines = [line for line in figures.table.to_pylist() if line["scope"] == "year"]
    top, expected = lines[0], figures.expected_rates["year"]
    return {
        indicator.name: frozenset(
            sum(
                line["target"] - line["counted"]
                for line in lines
                if line["indicator"] == indicator.name and line["level"] == level
                and not _same(line, top) and line["target"]
                and line["counted"] / line["target"] < expected
            )
            for level in ("prefecture", "county")
        )
        for indicator in programme.indicators
    }  # fmt: skip


def _filing(figures: Figures) -> tuple[int, int]:
    lines = figures.table.to_pylist()
    counties = {
        x["unit"] for x in lines if x["level"] == "county" and x["unit"] != lines[0]["unit"]
    }
    return len(counties), len(counties) - len(figures.not_filed)


def _rates(figures: Figures) -> frozenset[float]:
    """Rates of the whole that are no unit's: 序时进度, and how many have filed."""
    total, filed = _filing(figures)
    return frozenset({*figures.expected_rates.values(), filed / total if total else 0.0})


def _texts(figures: Figures, programme: Programme, contact: Contact) -> tuple[str, ...]:
    """What stands in papers as somebody wrote it: no number in it is a figure of ours."""
    titles = [programme.rule[i["rule"]].title for i in figures.open.to_pylist() if i["waiver"]]
    waivers = [i["waiver"] for i in figures.open.to_pylist() if i["waiver"]]
    asked = [c.ask for c in figures.concerns]
    own = [programme.notice, programme.notice_title, programme.answer_by, programme.deadline,
           programme.title, programme.short_title, programme.office]  # fmt: skip
    asked += [contact.name, contact.phone, contact.send_to]
    written = [account.text for account in figures.accounts]
    found = {t for t in (*titles, *waivers, *asked, *own, *written) if t}
    return tuple(sorted(found, key=lambda t: (-len(t), t)))
