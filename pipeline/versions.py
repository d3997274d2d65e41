"""Which of two files is the later one, by what their names and folders say: 修改后, （1）, v2, 11-29/."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.values import fold

_NUMBERED = re.compile(
    r"\((\d{1,2})\)|(?<![a-z])v(\d{1,2})(?!\d)|第([二三四五六七八九]|\d{1,2})[版稿次]|([二三四五六七八九])[稿版]"
)
_NUMERALS = {c: n for n, c in enumerate("二三四五六七八九", 2)}
_DATED = re.compile(
    r"(?<!\d)(?:20\d{2}[-._年]?)?(?P<month>0?[1-9]|1[0-2])(?:[-._月])(?P<day>[12]\d|3[01]|0?[1-9])日?(?!\d)"
    r"|(?<!\d)(?:20\d{2})?(?P<month4>0[1-9]|1[0-2])(?P<day4>0[1-9]|[12]\d|3[01])(?!\d)"
)
_MONTH = re.compile(r"20\d{2}(?:[-._/年]\s*)?(?:0?[1-9]|1[0-2])月?(?!\d)", re.ASCII)
_SEPARATORS = re.compile(r"[\s_\-—－·.。,，、()（）【】\[\]]+")
_EARLIER, _UNMARKED, _LATER = -1, 0, 1


@dataclass(frozen=True)
class Version:
    """What a path says of a file's place among the versions of one return; later ones sort higher.

    rank: -1 (作废, 旧), 0, or 1 (修改后, 终稿, （1）); number: of （2） or v2; folder: the day of a dated
    sub-folder as 11-29, '' for none, which is earlier than any.
    """

    rank: int
    number: int
    folder: str
    stem: str

    @property
    def order(self) -> tuple[int, int, str]:
        """What two files of one return are ordered by."""
        return self.rank, self.number, self.folder


@dataclass(frozen=True)
class Marks:
    """The programme's words for later and earlier versions."""

    later: Iterable[str]
    earlier: Iterable[str]

    @cached_property
    def _sorted(self) -> tuple[tuple[str, int], ...]:
        words = [(fold(w), _LATER) for w in self.later] + [
            (fold(w), _EARLIER) for w in self.earlier
        ]
        return tuple(sorted(words, key=lambda pair: (-len(pair[0]), pair[0])))

    def version_of(self, path: str) -> Version:
        """What the path of an input says, below its period's folder; members of archives likewise.

        The container (its suffix, the archive) decides nothing, but its folder and name do.

        >>> marks = Marks(("修改后",), ("作废",))
        >>> marks.version_of("2018-11/农安县培训（修改后）.xlsx").order
        (1, 0, '')
        >>> marks.version_of("2018-11/11-29/农安县培训(2).xls").order
        (1, 2, '11-29')
        """
        parts = [fold(p) for p in re.split(r"[!/]", path)]
        names = [re.sub(r"\.[a-z]{2,5}$", "", p) for p in parts]
        ranks, numbers, stem = [], [0], ""
        for name in names[1:] or names:
            rest = name
            for word, rank in self._sorted:
                if word in rest:
                    ranks.append(rank)
                    rest = rest.replace(word, "")
            for match in _NUMBERED.finditer(rest):
                ranks.append(_LATER)
                numbers.append(_number(next(g for g in match.groups() if g)))
            stem = _SEPARATORS.sub("", _MONTH.sub("", _DATED.sub("", _NUMBERED.sub("", rest))))
        folders = [d for name in names[1:-1] if (d := _day(name))]
        rank = _EARLIER if _EARLIER in ranks else max(ranks, default=_UNMARKED)
        return Version(rank, max(numbers), max(folders, default=""), stem)


def _number(text: str) -> int:
    return _NUMERALS[text] if text in _NUMERALS else int(text)


def _day(folder: str) -> str:
    """The day a folder's name is, and nothing else but separators and 日: 11-29, 1129, 11月29日."""
    match = _DATED.search(folder)
    if match is None:
        return ""
    month = match["month"] or match["month4"]
    return f"{int(month):02d}-{int(match['day'] or match['day4']):02d}"
