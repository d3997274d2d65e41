"""One table -> a roster as filed: its rows, its units, and what is wrong with its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pipeline.ingest.columns import (
    Answers,
    Recognised,
    answers_for,
    as_headed,
    missing,
    recognise,
    settle_columns,
    unread,
)
from pipeline.ingest.filing_date import filed_on
from pipeline.ingest.layout import Header, find_header, looks_like_roster
from pipeline.ingest.rosters.nobody import says_nil_word, says_nothing_new
from pipeline.ingest.rosters.not_taking_part import not_taking_part
from pipeline.ingest.rosters.one_each import one_column_each
from pipeline.ingest.rosters.rows import Persons, persons_of
from pipeline.ingest.rosters.sections import section_at, sections_of
from pipeline.ingest.rosters.stated import says_nil, says_unchanged, stated_totals
from pipeline.ingest.rosters.without_rows import units_without_rows
from pipeline.ingest.rosters.wording import in_units_of_header
from pipeline.ingest.unseen import hidden, struck_out
from pipeline.ingest.whose import Names, frame_lines, settled_unit, unit_of
from pipeline.model import Grid, Issue
from pipeline.model.as_filed import Table
from pipeline.programme import Programme
from pipeline.values import column_letters, compact, fold, is_nothing

_OF_WHAT_COUNTS = frozenset({"S10", "S15"})  # say that a column was read and counted


@dataclass(frozen=True)
class Around:
    """What a sheet's tables are read by and its cells do not say: what the file and its folders are called,
    the programme, the last day of the period, a clerk's answers on columns, and how many persons the tables
    above on the sheet hold."""

    names: Names
    programme: Programme
    day: date | None
    answers: Answers
    above: int = 0

    @property
    def year(self) -> int:
        """The year of the return, 0 where nobody knows it."""
        return self.day.year if self.day else 0


@dataclass(frozen=True)
class Roster:
    """What one sheet gave: the roster, or why it was refused, with the rows lost by that."""

    table: Table | None
    issues: tuple[Issue, ...]
    refused_rows: int = 0
    units: tuple[str, ...] = ()
    questions: tuple[Mapping[str, object], ...] = ()  # lines of column_questions
    header: Header | None = None  # what a sheet without one may go on below
    nobodys: bool = False  # a list of those who did not take part: it is set aside, and no fault


def read_roster(grid: Grid, recognised: Recognised, around: Around) -> Roster | None:
    """The roster below a header whose columns are recognised; None where they are no roster's."""
    header, programme, day = recognised.header, around.programme, around.day
    if not looks_like_roster(as_headed(recognised), programme):
        return None
    columns = settle_columns(header, grid, programme)
    persons = persons_of(grid, header, columns.fields, programme)
    lacking = missing(columns.fields, header.kind, recognised.asked, programme)
    bottom = persons.rows[-1] if persons.rows else header.bottom
    homes = _homes(persons, header.kind, programme, day)
    whose = settled_unit(grid, header.top, bottom, around.names, homes, programme, day)
    unit = whose.unit
    spoken_of = {i.column for i in recognised.issues}
    strange = unread(header, columns.fields, grid, programme)
    beside = (
        *recognised.issues,
        *columns.notes,
        *(i for i in strange if i.column not in spoken_of),
    )
    if (
        lacking
        or columns.faults
        or _waits(columns.fields, header.kind, recognised.asked, programme)
    ):
        beside = tuple(i for i in beside if i.rule not in _OF_WHAT_COUNTS)
        issues = [i.at(sheet=grid.name) for i in (*lacking, *columns.faults, *beside)]
        asked = _of_unit(recognised, unit)
        return Roster(None, tuple(issues), len(persons.rows), (unit,) if unit else (), asked)
    units, lost = _units(persons, unit, header.kind, columns.fields, programme, day)
    if any(units) and not _one_for_all(units, unit):
        whose = replace(whose, issues=())  # a column or section lines name the units row by row
    day_filed, undated = filed_on(grid, header.top, bottom, programme, day)
    named = around.names.file.rsplit(".", 1)[0]
    unchanged = not persons.rows and (
        says_unchanged(grid, header, programme) or says_nothing_new(named, programme)
    )
    headers = {name: compact(header.leaves.get(c, "")) for c, name in columns.fields.items()}
    in_units_of_header(persons.texts, headers, programme)
    table = Table(
        sheet=grid.name,
        kind=header.kind,
        rows=persons.rows,
        texts=persons.texts,
        types=persons.types,
        letters={name: header.letters(c) for c, name in columns.fields.items()},
        headers=headers,
        units=units,
        filed_on=day_filed,
        nil=not persons.rows
        and not unchanged
        and (says_nil(grid, header, programme) or says_nil_word(named, programme)),
        unit=unit,
        nobody=units_without_rows(persons, unit, header.kind, columns.fields, programme, day),
        unchanged=unchanged,
    )
    of_rows = tuple(dict.fromkeys(u for u in units if u)) or ((unit,) if unit else ())
    looks = (
        *hidden(grid, persons.rows, programme),
        *struck_out(grid, persons.rows, columns.fields, programme),
        *not_taking_part(grid, header, columns.fields, persons.rows, programme),
    )
    notes = (*whose.issues, *undated, *lost, *beside, *persons.issues, *looks)
    noted = (*notes, *stated_totals(grid, header, persons, programme, around.above))
    asked = _of_unit(recognised, unit)
    return Roster(table, noted, units=of_rows, questions=asked, header=header)


def _whose(grid: Grid, header: Header, around: Around) -> str:
    """The unit a table says it comes from, before its rows are known."""
    return unit_of(grid, header.top, grid.last_row, around.names, around.programme, around.day)


def _of_unit(recognised: Recognised, unit: str) -> tuple[Mapping[str, object], ...]:
    return tuple({**line, "unit": unit} for line in recognised.questions)


def recognised_table(grid: Grid, first: int, around: Around) -> Recognised | None:
    """The columns of a table that begins at row `first`, as recognised; None for an empty one."""
    header = find_header(grid, around.programme, first)
    if header is None:
        return None
    grid, header, _ = one_column_each(grid, header, around.programme)
    return recognised_under(header, grid, around)


def recognised_under(header: Header, grid: Grid, around: Around, kind: str = "") -> Recognised:
    """The columns below a header for one kind, or for the kind that they fit best."""
    programme, day, answers = around.programme, around.day, around.answers
    period = f"{day:%Y-%m}" if day else ""
    own = answers_for(answers, _whose(grid, header, around)) if answers else {}
    every = [k.name for k in programme.kinds]
    by_columns = kind or header.kind
    titled = by_columns or _titled(header, grid, around.names, programme)
    first = recognise(header, grid, [titled] if titled else every, period, programme, own)
    if kind or not header.kind or len(every) == 1 or not lacks(first, programme):
        return first
    # a column or two of one kind (发证编号) do not outvote what the sheet is called
    called = _titled(header, grid, around.names, programme)
    if called in ("", first.header.kind):
        return first
    return recognise(header, grid, [called], period, programme, own)


def lacks(recognised: Recognised, programme: Programme) -> bool:
    """Whether a required field has no column, or only one that may be it."""
    fields, kind = recognised.header.fields, recognised.header.kind
    return bool(missing(fields, kind, frozenset(), programme))


def _titled(header: Header, grid: Grid, names: Names, programme: Programme) -> str:
    """The one kind that the title or the sheet's name speaks of, else the one the file's name does; '' for
    none or several."""
    above = [text for _, _, text in frame_lines(grid, header.top)]
    for title in ("".join([*above, grid.name]), *names.all):
        named = [k.name for k in programme.kinds if any(w in fold(title) for w in k.title_words)]
        if len(named) == 1:
            return named[0]
    return ""


def _waits(
    columns: Mapping[int, str], kind: str, asked: frozenset[str], programme: Programme
) -> bool:
    """Whether a required field has no column, but one that may be it."""
    held = set(columns.values())
    held |= {filled for name in held for filled in programme.field[name].fills}
    of = {name for f in asked for name in (f, *programme.field[f].fills)}
    return any(programme.field[f].required for f in of - held)


def _units(
    persons: Persons,
    unit: str,
    kind: str,
    columns: Mapping[int, str],
    programme: Programme,
    day: date | None,
) -> tuple[list[str], list[Issue]]:
    """Each row's unit: a county's own filing line for all; in a bundle, the column of units, else the
    section lines between the rows."""
    gazetteer = programme.gazetteer
    by_name = {name: column for column, name in columns.items()}
    named = programme.kind[kind].role("unit")
    sections = sections_of(persons.others, programme, day)
    if sections and (named not in by_name or all(map(is_nothing, persons.texts[named]))):
        return _by_section(persons.rows, unit, sections, programme)
    if named not in by_name or (unit and gazetteer.is_county(unit)):
        return [unit] * len(persons.rows), []
    blank = {text: is_nothing(text) for text in set(persons.texts[named])}
    bundle = not all(blank.values())
    # in a bundle a blank names nobody: it is not the office's own
    whose = {
        text: ("" if bundle else unit) if blank[text] else gazetteer.find_unit(text, day, unit)
        for text in blank
    }
    letters = column_letters(by_name[named])
    strangers = {t for t, u in whose.items() if u and not gazetteer.is_below(u, unit)}
    whose |= dict.fromkeys(strangers, "")
    issues = [
        _lost(text, row, blank[text] and bundle, text in strangers, unit, programme).at(
            row=row, column=letters, field=named
        )
        for row, text in zip(persons.rows, persons.texts[named], strict=True)
        if not whose[text]
    ]
    return [whose[text] for text in persons.texts[named]], issues


def _lost(
    text: str, row: int, blank: bool, stranger: bool, filer: str, programme: Programme
) -> Issue:
    """Why a row of a bundle belongs to nobody."""
    if stranger:
        return programme.issue("S26", text=text, filer=programme.gazetteer.name(filer))
    return programme.issue("S18" if blank else "S07", row=row, text=text)


def _by_section(
    rows: list[int], filer: str, sections: list[tuple[int, int, str]], programme: Programme
) -> tuple[list[str], list[Issue]]:
    """Each row's unit by the section line above it; what is not below the filer is nobody's."""
    gazetteer = programme.gazetteer
    units, issues = [], {}
    for row, column, unit in section_at(sections, rows):
        if unit and not gazetteer.is_below(unit, filer):
            slots = {"text": gazetteer.name(unit), "filer": gazetteer.name(filer)}
            issue = programme.issue("S26", **slots)
            issues[row] = issue.at(row=row, column=column_letters(column))
            units.append("")
        else:
            units.append(unit or filer)
    return units, list(issues.values())


def _one_for_all(units: Iterable[str], unit: str) -> bool:
    return set(units) <= {unit}


def _homes(persons: Persons, kind: str, programme: Programme, day: date | None) -> list[str]:
    """The unit in which each person's registered address lies; the home address where no such column
    exists."""
    texts = [persons.texts.get(programme.kind[kind].role(r)) for r in ("residence", "home")]
    addresses = texts[0] if texts[0] is not None else texts[1]
    if addresses is None or day is None:
        return [""] * len(persons.rows)
    return programme.gazetteer.homes(addresses, day)
