"""Which of two files is the later one, by what their names and folders say: 修改后, （1）, v2, 11-29/."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.values import fold

_EDITION = re.compile(r"(?<![a-z])v(\d{1,2})(?:\.(\d{1,2}))?(?!\d)")  # v2, v1.1
_NUMBERED = re.compile(
    r"\((\d{1,2})\)|第([一二三四五六七八九]|\d{1,2})[版稿次]|([二三四五六七八九])[稿版]|([二三四])次|(再)次?(?=修|改|更正|订正)"
)
_NUMERALS = {c: n for n, c in enumerate("一二三四五六七八九", 1)} | {"再": 2}
_COUNTED = re.compile(r"(\d{1,2})(?![\d人名个位条处行份号期批户]|万)")  # 修改2, but not 更正2人
_DATED = re.compile(
    r"(?<!\d)(?:(?P<year>20\d{2})[-._年]?)?(?P<month>0?[1-9]|1[0-2])(?:[-._月])(?P<day>[12]\d|3[01]|0?[1-9])日?(?![\d月])"
    r"|(?<!\d)(?P<year4>20\d{2})?(?P<month4>0[1-9]|1[0-2])(?P<day4>0[1-9]|[12]\d|3[01])(?![\d月])"
)
_MONTH = re.compile(r"20\d{2}(?:[-._/年]\s*)?(?:0?[1-9]|1[0-2])月?(?!\d)", re.ASCII)
_PERIOD = re.compile(r"(20\d{2})\D?(\d{1,2})", re.ASCII)
_SEPARATORS = re.compile(r"[\s_\-—－·.。,，、()（）【】\[\]]+")
_CUT = "_"  # stands for what was read out of a name
_EARLIER, _UNMARKED, _LATER = -1, 0, 1


@dataclass(frozen=True)
class Version:
    """What a path says of a file's place among the versions of one return; later ones sort higher.

    rank: -1 (作废, 旧), 0, or 1 (修改后, 终稿, （1）); number: of （2）, v1.1 or 修改3; folder: the day of a
    dated sub-folder as 11-29, '' for none, which is earlier than any; named_on: the day in the file's own
    name (农安县20181129), '' for none.
    """

    rank: int
    number: tuple[int, int]
    folder: str
    named_on: str
    stem: str

    @property
    def order(self) -> tuple[int, tuple[int, int], str, str]:
        """What two files of one return are ordered by."""
        return self.rank, self.number, self.folder, self.named_on

    def tells_apart(self, other: Version) -> bool:
        """Whether anything in the two paths says which is the later. A day in one of the two names alone
        is a guess: the other may be of any day."""
        if self.order[:3] != other.order[:3]:
            return True
        return bool(self.named_on and other.named_on) and self.named_on != other.named_on


@dataclass(frozen=True)
class Marks:
    """The programme's words for later and earlier versions."""

    later: Iterable[str]
    earlier: Iterable[str]

    @cached_property
    def _sorted(self) -> tuple[tuple[re.Pattern[str], int], ...]:
        words = [(fold(w), _LATER) for w in self.later] + [
            (fold(w), _EARLIER) for w in self.earlier
        ]
        words.sort(key=lambda pair: (-len(pair[0]), pair[0]))
        return tuple((_wording(word), rank) for word, rank in words)

    def version_of(self, path: str) -> Version:
        """What the path of an input says, below its period's folder; members of archives likewise.

        The container (its suffix, the archive) decides nothing, but its folder and name do.

        >>> marks = Marks(("修改后", "改"), ("作废",))
        >>> marks.version_of("2018-11/农安县培训（修改后）.xlsx").order
        (1, (0, 0), '', '')
        >>> marks.version_of("2018-11/11-29/农安县培训(2).xls").order
        (1, (2, 0), '11-29', '')
        >>> marks.version_of("2018-11/农安县培训1128改.xls").order
        (1, (0, 0), '', '2018-11-28')
        """
        parts = [fold(p) for p in re.split(r"[!/]", path)]
        names = [re.sub(r"\.[a-z]{2,5}$", "", p) for p in parts]
        own = names[1:] or names
        found = [self._spoken(name) for name in own]
        ranks = [rank for ranks, _, _ in found for rank in ranks]
        number = max(n for _, numbers, _ in found for n in (*numbers, (0, 0)))
        folders = [d for name in names[1:-1] if (d := _day(name))]
        rank = _EARLIER if _EARLIER in ranks else max(ranks, default=_UNMARKED)
        period = _PERIOD.match(names[0])
        named_on = _named_on(own[-1], period)
        return Version(rank, number, max(folders, default=""), named_on, found[-1][2])

    def _spoken(self, name: str) -> tuple[list[int], list[tuple[int, int]], str]:
        """Ranks and numbers that one name says, and what is left of it."""
        ranks: list[int] = []
        numbers: list[tuple[int, int]] = []
        rest = name
        for match in _EDITION.finditer(rest):
            ranks.append(_LATER)
            numbers.append((int(match[1]), int(match[2] or 0)))
        rest = _MONTH.sub(_CUT, _DATED.sub(_CUT, _EDITION.sub(_CUT, rest)))
        for match in _NUMBERED.finditer(rest):
            n = _number(next(g for g in match.groups() if g))
            if n > 1 or match[1]:
                ranks.append(_LATER)
                numbers.append((n, 0))
        rest = _NUMBERED.sub(_CUT, rest)
        for word, rank in self._sorted:
            while spoken := word.search(rest):
                ranks.append(rank)
                counted = _COUNTED.match(rest, spoken.end())
                if counted and rank == _LATER:
                    numbers.append((int(counted[1]), 0))
                end = counted.end() if counted else spoken.end()
                rest = rest[: spoken.start()] + _CUT + rest[end:]
        return ranks, numbers, _SEPARATORS.sub("", rest)


def _wording(word: str) -> re.Pattern[str]:
    """A word anywhere in a name; of one character at the end of a part of it (名单改, but not 改新村), in
    Latin letters between others than those."""
    text = re.escape(word)
    if word.isascii():
        return re.compile(rf"(?<![a-z]){text}(?![a-z])")
    return re.compile(rf"{text}(?![^\W\d_])" if len(word) == 1 else text)


def _number(text: str) -> int:
    return _NUMERALS[text] if text in _NUMERALS else int(text)


def _day(folder: str) -> str:
    """The day a folder's name is, and nothing else but separators and 日: 11-29, 1129, 11月29日."""
    match = _DATED.search(folder)
    if match is None:
        return ""
    return "-".join(f"{n:02d}" for n in _month_and_day(match))


def _named_on(name: str, period: re.Match[str] | None) -> str:
    """The one day that a file's name says, where it is one on which a return of the period is filed: in
    its month or the next. Two days are a span of something else."""
    found = list(_DATED.finditer(name))
    if len(found) != 1 or period is None:
        return ""
    month, day = _month_and_day(found[0])
    of, year = int(period[2]), int(period[1])
    later = month != of
    if month not in (of, of % 12 + 1):
        return ""
    year += later and month == 1
    written = found[0]["year"] or found[0]["year4"]
    return f"{year}-{month:02d}-{day:02d}" if written in (None, str(year)) else ""


def _month_and_day(match: re.Match[str]) -> tuple[int, int]:
    month, day = match["month"] or match["month4"], match["day"] or match["day4"]
    return int(month), int(day)
