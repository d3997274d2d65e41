"""Who sends what in which period: the files of the made-up province, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from pipeline.programme import Programme
from pipeline.sample import pages, prose
from pipeline.sample.entries import Entry, Ledger, Season, seasons
from pipeline.sample.pages import Habit, Heading, Line, Page
from pipeline.sample.people import Registry
from pipeline.sample.planting import Entries, Planter
from pipeline.sample.roles import Roles, cast, habits
from pipeline.sample.tasks import Tasks, make_tasks, task_table
from pipeline.sample.witness import DoubleClaim, Filing
from pipeline.sample.workbooks import write, write_zip
from pipeline.values import month_end

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FEWEST, _MOST = 5, 12  # rows of a roster; plants add two or three
_TOO_MANY_STATED = 2
Sheet = tuple[Page, list[Line]]


@dataclass
class Province:
    """The made-up province: files by path below inbox/, and what was planted in them."""

    files: dict[str, bytes] = field(default_factory=dict)
    filings: list[Filing] = field(default_factory=list)
    claims: list[DoubleClaim] = field(default_factory=list)
    pairs: list[frozenset[str]] = field(default_factory=list)


def build(
    programme: Programme, seed: int, periods: Sequence[str], *, mended: bool = False
) -> Province:
    """Everything, from one row of random numbers; mended: with every fault put right that a county can."""
    rng = Random(seed)
    gazetteer = programme.gazetteer
    day = month_end(min(periods))
    years = seasons(periods)
    by_year = [[u.code for u in gazetteer.counties(month_end(s.first))] for s in years]
    counties = list(dict.fromkeys(code for codes in by_year for code in codes))
    tasks = make_tasks(programme, day, rng)
    roles = cast(counties, gazetteer, rng)
    registry = Registry(rng, programme)
    ledger = Ledger(rng, registry, programme)
    province = Province(files={"全省任务分解表.xlsx": task_table(programme, day, tasks)})
    habits_of = habits(counties, roles, rng)
    for season, codes in zip(years, by_year, strict=True):
        entries = {c: _entries(c, season, ledger, tasks, roles, rng, programme) for c in codes}
        if season is years[-1]:
            planter = Planter(entries, season, habits_of, roles, ledger, registry, rng, programme)
            province.claims, province.pairs = planter.plant()
        if mended:
            entries = {unit: [e.mended for e in own] for unit, own in entries.items()}
        office = _Office(programme, season, entries, habits_of, roles, tasks, rng, province)
        for period in season.periods:
            office.file(period, closing=period == max(periods))
    return province


def _entries(
    unit: str,
    season: Season,
    ledger: Ledger,
    tasks: Tasks,
    roles: Roles,
    rng: Random,
    programme: Programme,
) -> list[Entry]:
    """About as many as the county's task, some less, some more."""
    counts = {}
    for kind in programme.kind:
        task = tasks.counts.get((unit, kind, int(season.first[:4])), _FEWEST)
        counts[kind] = min(max(round(task * rng.uniform(0.7, 1.15)), _FEWEST), _MOST)
    if unit != roles.nil or len(season.periods) == 1:
        return ledger.year_of(unit, season, counts)
    first, *later = counts
    entries = ledger.year_of(unit, season, {first: counts[first]})
    women = [e.person for e in entries]
    return entries + [
        ledger.entry(kind, person, unit, season, season.last)
        for kind in later
        for person in women[: counts[kind]]
    ]


@dataclass(frozen=True)
class _Part:
    """One workbook of a return: its name, its rosters, and the sheets beside them."""

    name: str
    kinds: tuple[str, ...]
    sheets: Sequence[Sheet]
    beside: Sequence[Page] = ()
    differing: Sequence[tuple[str, str]] = ()  # sheet and cell of totals that differ


def _when(period: str) -> str:
    return f"{period[:4]}年{int(period[5:])}月"


@dataclass(frozen=True)
class _Office:
    """Writes one season's returns into the province."""

    programme: Programme
    season: Season
    entries: Entries
    habits: Mapping[str, Habit]
    roles: Roles
    tasks: Tasks
    rng: Random
    province: Province

    def file(self, period: str, *, closing: bool) -> None:
        """All returns of one period; in the closing one some things go wrong."""
        roles = self.roles
        for unit in self.entries:
            if unit == roles.absent or unit in roles.bundled or (closing and unit == roles.silent):
                continue
            again = closing and unit == roles.resubmitting
            self._county(unit, period, 1, closing=closing, hasty=again)
            if again:
                self._county(unit, period, 2, closing=closing)
        if roles.bundled:
            self._bundle(period)

    def _listed(self, units: Iterable[str], kind: str, period: str) -> list[Entry]:
        """The year so far, unit by unit, in the order in which it was first listed."""
        return [
            entry
            for unit in units
            for entry in sorted(self.entries[unit], key=lambda e: e.since)
            if entry.kind == kind and entry.since <= period
        ]

    def _county(
        self, unit: str, period: str, version: int, *, closing: bool, hasty: bool = False
    ) -> None:
        """One county's files; a hasty return leaves out the last woman of each roster."""
        heading = self._heading(unit, period, version, self.habits[unit].manner, hasty=hasty)
        folder, when = self._folder(unit, period), _when(period)
        packed = {}
        for part in self._parts(unit, heading, closing=closing, hasty=hasty):
            broken = (
                closing
                and unit == self.roles.broken
                and part.kinds == (self.programme.kinds[-1].name,)
            )
            suffix = "xls" if broken else self.habits[unit].suffix
            name = f"{heading.unit_name}{part.name}.{suffix}"
            content = write([*(page for page, _ in part.sheets), *part.beside], suffix)
            if broken:
                content = _OLE + self.rng.randbytes(4096)
            path = f"{folder}{name}"
            if unit == self.roles.zipped:
                packed[name] = content
                path = f"{folder}{heading.unit_name}{when}报表.zip!{name}"
            else:
                self.province.files[path] = content
            self._book(
                path, heading, part, {(unit, kind) for kind in part.kinds}, readable=not broken
            )
        if packed:
            archive = f"{folder}{heading.unit_name}{when}报表.zip"
            self.province.files[archive] = write_zip(packed)

    def _parts(self, unit: str, heading: Heading, *, closing: bool, hasty: bool) -> list[_Part]:
        """What goes into one workbook, or into one for each kind of roster."""
        habit, when = self.habits[unit], _when(heading.period)
        sheets = []
        for kind in self.programme.kinds:
            listed = self._listed([unit], kind.name, heading.period)
            listed = listed[:-1] if hasty else listed
            sheets.append(pages.roster(kind, listed, habit, heading, {}, self.programme))
        beside, differing = self._beside(unit, heading, sheets, closing=closing)
        if not habit.together:
            alone = [
                _Part(f"{when}{kind.label}", (kind.name,), [sheet])
                for kind, sheet in zip(self.programme.kinds, sheets, strict=True)
            ]
            return [replace(alone[0], beside=beside, differing=differing), *alone[1:]]
        name = f"残联报表{heading.filed_on:%Y%m%d}" if habit.manner == 1 else f"{when}报表"
        mark = "（修改后）" if heading.version > 1 else ""
        return [_Part(f"{name}{mark}", tuple(self.programme.kind), sheets, beside, differing)]

    def _beside(
        self, unit: str, heading: Heading, sheets: Sequence[Sheet], *, closing: bool
    ) -> tuple[list[Page], list[tuple[str, str]]]:
        """The sheets beside the rosters, and the stated totals that differ from them."""
        habit = self.habits[unit]
        beside, differing = [], []
        if habit.totals:
            done = {
                kind: len({line.entry.person.number for line in lines})
                for kind, (_, lines) in zip(self.programme.kind, sheets, strict=True)
            }
            wrong = closing and unit == self.roles.wrong_total
            first, year = next(iter(done)), int(heading.period[:4])
            if wrong:
                done[first] += _TOO_MANY_STATED
            tasks = {kind: self.tasks.counts.get((unit, kind, year)) for kind in done}
            page, cells = pages.totals(heading, done, tasks, self.programme)
            beside.append(page)
            differing = [(page.name, cells[first])] if wrong else []
        if habit.narrative:
            practice, problem = self.rng.choice(prose.PRACTICES), self.rng.choice(prose.PROBLEMS)
            beside.append(pages.narrative(heading, practice, problem))
        return beside, differing

    def _bundle(self, period: str) -> None:
        """A prefecture's own workbook for several of its counties."""
        prefecture, units = self.roles.bundler, self.roles.bundled
        habit = Habit("full", hand=2, manner=0)
        heading = self._heading(prefecture, period, 1, habit.manner)
        names = {code: self.programme.gazetteer.name(code) for code in units}
        sheets = [
            pages.roster(
                kind, self._listed(units, kind.name, period), habit, heading, names, self.programme
            )
            for kind in self.programme.kinds
        ]
        name = f"{_when(period)}{prose.TITLE}报表"
        path = f"{period}/{heading.unit_name}{name}.xlsx"
        self.province.files[path] = write([page for page, _ in sheets], "xlsx")
        self._book(path, heading, _Part(name, tuple(self.programme.kind), sheets), set())

    def _book(
        self,
        path: str,
        heading: Heading,
        part: _Part,
        covers: set[tuple[str, str]],
        *,
        readable: bool = True,
    ) -> None:
        """Notes what the file holds; of a file that cannot be read, nothing."""
        lines = tuple(line for _, own in part.sheets for line in own) if readable else ()
        covered = covers | {(line.entry.unit, line.entry.kind) for line in lines}
        self.province.filings.append(
            Filing(
                path=path,
                period=heading.period,
                version=heading.version,
                filed_on=heading.filed_on,
                covers=frozenset(covered),
                lines=lines,
                differing=tuple((path, sheet, cell) for sheet, cell in part.differing),
                readable=readable,
            )
        )

    def _heading(
        self, unit: str, period: str, version: int, manner: int, *, hasty: bool = False
    ) -> Heading:
        """Filed in the last week of the month; what is corrected later was filed a little early."""
        day = 23 if hasty else 28 if version > 1 else self.rng.randint(24, 27)
        filed_on = month_end(period).replace(day=day)
        return Heading(self.programme.gazetteer.name(unit), period, version, filed_on, manner)

    def _folder(self, unit: str, period: str) -> str:
        """Every other prefecture's returns were saved in a folder of its name."""
        gazetteer = self.programme.gazetteer
        prefecture = gazetteer.prefecture_of(unit)
        order = [p.code for p in gazetteer.prefectures(month_end(period))]
        sorted_in = prefecture != unit and prefecture in order[::2]
        return f"{period}/{gazetteer.name(prefecture)}/" if sorted_in else f"{period}/"
