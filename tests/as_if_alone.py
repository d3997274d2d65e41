"""Small cases, each drawn as if it were alone in the month, many of them in one month.

A case is a generator that yields its workbooks as text, each perhaps with what is then done to it, and
is given what the month says of it. It is drawn in 长春市, of which it may use the counties below, and is
moved to counties, women and a folder of its own; what it is given is under the names it was drawn with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from drawing import workbook
from months import Registered, Totals, Worked, filed, submissions, worked
from side_by_side import counties

from pipeline.model import Changes, Input, Issue
from pipeline.numbers import check_digit
from pipeline.programme import Programme

NEAR = {"220102": "南关区", "220103": "宽城区", "220122": "农安县"}  # of one prefecture
FAR = {"220283": "舒兰市", "222403": "敦化市"}  # of others
_LETTERS = "甲乙丙丁戊己庚辛壬癸"
_NUMBER = re.compile(r"(22\d{4})((?:19|20)\d{6})(\d{3})([\dX]?)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")

Changed = tuple[str, Callable[[bytes], bytes]]  # a workbook as text, and what is made of it
Drawn = Mapping[str, str | Changed]  # workbooks, by their path below inbox/
Case = Generator[Drawn, "Seen", None]
Units = list[tuple[str, str]]  # codes and names
Drawing = TypeVar("Drawing", bound=Callable[..., Case])


class Cases(dict[str, Callable[[], Case]]):
    """The cases of a module by name; as a decorator it takes down one for each of the words it is drawn with."""

    def __call__(
        self, words: Sequence[str | tuple[Any, ...]] = ((),)
    ) -> Callable[[Drawing], Drawing]:
        def noted(case: Drawing) -> Drawing:
            for n, word in enumerate(words):
                label = word if isinstance(word, str) else n
                name = f"{case.__name__}[{label}]" if len(words) > 1 else case.__name__
                self[name] = partial(case, *([word] if isinstance(word, str) else word))
            return case

        return noted

    def faults(self, programme: Programme, period: str) -> dict[str, Exception | None]:
        """What failed in each; None where all is well."""
        return seen_together({name: case() for name, case in self.items()}, programme, period)


@dataclass(frozen=True)
class Seen:
    """What a month of many cases says of one."""

    worked: Worked
    paths: Mapping[str, str]  # in the month -> as drawn
    codes: Mapping[str, str]  # as drawn -> in the month
    moves: Mapping[str, str]  # numbers, phones, codes, names and paths: as drawn -> in the month

    @property
    def figures(self) -> Totals:
        return self.worked.figures

    @property
    def register(self) -> Registered:
        return self.worked.claims.register

    def drawn(self, text: str) -> str:
        """What the month says, in the words the case was drawn with."""
        back = {moved: drawn for drawn, moved in self.moves.items()}
        every = "|".join(map(re.escape, sorted(back, key=len, reverse=True)))
        return re.sub(every, lambda match: back[match[0]], text)

    def counted(self, unit: str = "220102") -> int:
        """Trained women counted for a county in the year."""
        table = self.figures.table
        own = (table.unit == self.codes[unit]) & (table.indicator == "training")
        return int(table[own & (table.scope == "year")].counted.sum())

    @property
    def inputs(self) -> list[Input]:
        """The case's own files, under their paths as drawn and in the order of those."""
        own = [i for i in self.figures.inputs if i.path in self.paths]
        named = [replace(i, path=self.paths[i.path]) for i in own]
        return sorted(named, key=lambda i: i.path)

    @property
    def issues(self) -> list[Issue]:
        """What was found in its own files."""
        return [i for i in self.figures.issues if i.file in self.paths]

    @property
    def rules(self) -> set[str]:
        """The rules by which something was found."""
        return {issue.rule for issue in self.issues}

    @property
    def not_filed(self) -> set[str]:
        """Its counties that have not filed."""
        return {drawn for drawn, code in self.codes.items() if code in self.figures.not_filed}

    @property
    def changes(self) -> dict[str, Changes]:
        """What has changed in its counties' findings."""
        every = self.figures.changes
        return {drawn: every[code] for drawn, code in self.codes.items() if code in every}


def seen_together(
    cases: Mapping[str, Case], programme: Programme, period: str
) -> dict[str, Exception | None]:
    """Every case to its end, as many in one month as there are counties for; by name what failed in each."""
    faults: dict[str, Exception | None] = dict.fromkeys(cases)
    left = {name: next(case) for name, case in cases.items()}
    while left:
        free, files, taken = _free(programme), dict[str, bytes](), dict[str, _Moved]()
        for name, drawn in left.items():
            moved = _taken(drawn, free, len(taken), programme)
            if moved:
                taken[name] = moved
                files |= {moved.path(p): moved.content(w) for p, w in drawn.items()}
        assert taken, f"no counties for {next(iter(left))}"
        with filed(submissions(files, period), programme) as parts:
            outcome = worked(parts, programme, period, with_tables=False)
        for name, moved in taken.items():
            drawn = left.pop(name)
            try:
                paths = {moved.path(path): path for path in drawn}
                moves = moved.moves | {path: placed for placed, path in paths.items()}
                cases[name].send(Seen(outcome, paths, moved.codes, moves))
                raise AssertionError("a case yields once")
            except StopIteration:
                continue
            except Exception as fault:  # its own test raises it again
                faults[name] = fault
    return faults


@dataclass(frozen=True)
class _Moved:
    """Where a case went."""

    nth: int
    codes: Mapping[str, str]
    names: Mapping[str, str]
    moves: dict[str, str]

    def path(self, drawn: str) -> str:
        """In a folder that says nothing of counties, days or versions; one of no period stays of none."""
        *period, rest = drawn.split("/", 1)
        folder = f"报送{_LETTERS[self.nth // 10]}{_LETTERS[self.nth % 10]}"
        return "/".join([*period, folder, self.text(rest)])

    def content(self, drawn: str | Changed) -> bytes:
        picture, change = drawn if isinstance(drawn, tuple) else (drawn, bytes)
        return change(workbook(self.text(picture)))

    def text(self, drawn: str) -> str:
        """With other counties, and women born some days later."""
        names = re.compile("|".join(map(re.escape, self.names)))
        drawn = names.sub(lambda match: self.names[match[0]], drawn)
        return _PHONE.sub(self._phone, _NUMBER.sub(self._number, drawn))

    def _number(self, match: re.Match[str]) -> str:
        try:
            born = date.fromisoformat(match[2]) + timedelta(days=self.nth)
        except ValueError:
            return match[0]
        was = f"{match[1]}{match[2]}{match[3]}"
        first17 = f"{self.codes.get(match[1], match[1])}{born:%Y%m%d}{match[3]}"
        digit, sound = match[4], check_digit(first17)
        if digit and digit == check_digit(was):
            digit = sound
        elif digit:  # it stays wrong
            digit = next(d for d in "98" if d != sound)
        self.moves[was + check_digit(was)] = first17 + sound
        self.moves[match[0]] = first17 + digit
        return first17 + digit

    def _phone(self, match: re.Match[str]) -> str:
        self.moves[match[0]] = str(int(match[0]) + 10_000 * self.nth)
        return self.moves[match[0]]


def _free(programme: Programme) -> dict[str, Units]:
    """By prefecture the counties whose names are like no other's."""
    by_prefecture: dict[str, Units] = {}
    for code, name in counties(programme):
        if len(name) == 3 and name not in ("西安区", "通化县", "朝阳区"):
            by_prefecture.setdefault(f"{code[:4]}00", []).append((code, name))
    return by_prefecture


def _taken(drawn: Drawn, free: dict[str, Units], nth: int, programme: Programme) -> _Moved | None:
    """Counties for a case out of those that are free; None where there are too few, or the folders are used up."""
    pictures = (one[0] if isinstance(one, tuple) else one for one in drawn.values())
    text = "\n".join([*drawn, *pictures])
    near = [code for code in NEAR if NEAR[code] in text]
    far = [code for code in FAR if FAR[code] in text]
    prefecture, *others = sorted(free, key=lambda code: (-len(free[code]), code))
    if len(free[prefecture]) < len(near) or nth >= len(_LETTERS) ** 2:
        return None
    if len(free[others[0]]) < len(far):
        return None
    own = {code: free[prefecture].pop() for code in near}
    own |= {code: free[others[0]].pop() for code in far}
    called = NEAR | FAR
    codes = {drawn_code: code for drawn_code, (code, _) in own.items()}
    names = {called[drawn_code]: name for drawn_code, (_, name) in own.items()}
    names["长春市"] = programme.gazetteer.name(prefecture)
    return _Moved(nth, codes, names, codes | names)
