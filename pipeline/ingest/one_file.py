"""One file -> what it says: rosters, task tables, judgements, totals and narratives as filed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pipeline.ingest.columns import NO_ANSWERS, Answers
from pipeline.ingest.file_status import with_status
from pipeline.ingest.layout import Header, survey
from pipeline.ingest.marks import Marks, marks_of, sent_back
from pipeline.ingest.other_lists import sheets_of_others, without_other_lists
from pipeline.ingest.papers import (
    Book,
    Lines,
    bases,
    column_answers,
    file_answers,
    inspection_results,
    judgements,
    narratives,
    reference_lists,
    tasks,
    totals,
)
from pipeline.ingest.passed_over import beside_cells, passed_over
from pipeline.ingest.rosters import Around, Roster, names_passed_over, read_rosters, without_drafts
from pipeline.ingest.strays import without_strays
from pipeline.ingest.titles import of_another_period, period_inside
from pipeline.ingest.traditional_sheets import in_simplified
from pipeline.ingest.whose import Names
from pipeline.limits import LIMITS, Limits
from pipeline.model import Issue, Status, Submission
from pipeline.model.as_filed import Filed, Table
from pipeline.office.read import Unreadable, notes_on, read_grids
from pipeline.periods import day_of
from pipeline.programme import Programme
from pipeline.unread import unread
from pipeline.values import column_letters

_ANSWERED = (judgements.read, column_answers.read, file_answers.read)


def as_filed(
    file: Submission,
    programme: Programme,
    passwords: Iterable[str] = (),
    limits: Limits = LIMITS,
    answers: Answers = NO_ANSWERS,
) -> Filed:
    """What one file said; a file that cannot be read comes with an issue that says so.

    `answers` are a clerk's on columns (认列): they hold before any evidence but a contradiction.
    """
    if file.fault:
        return unreadable(file, programme, Unreadable("F01", file.fault))
    try:
        grids = read_grids(file.content, passwords, limits)
    except Unreadable as fault:
        return unreadable(file, programme, fault)
    marks, filled_in = marks_of(grids)
    near = [without_strays(grid, programme) for grid in filled_in]
    read = [in_simplified(grid, programme) for grid, _ in near]
    filled_in = tuple(grid for grid, _ in read)
    noticed = tuple(issue for _, issues in (*near, *read) for issue in issues)
    period = file.folder_period or period_inside(filled_in, file) or marks.period
    names = _names(file, marks, programme)
    surveys = tuple(survey(grid, programme) for grid in filled_in)
    prose = next((grid.prose for grid in filled_in if grid.prose), "")
    if prose and not any(found.topics for found in surveys):  # no account of its work either
        return unreadable(file, programme, Unreadable("F01", prose))
    book = Book(file, filled_in, surveys, names, day_of(period), programme, answers)
    filed = _other_than_made_for(_read(book, period), marks, programme)
    beside = (
        *noticed,
        *(programme.issue(code) for code in notes_on(file.content)),
        *_damaged(book),
    )
    issues = tuple(i.at(file=file.path) for i in (*beside, *filed.issues))
    lines = dict(filed.lines)
    if filed.tables and marks.ancestors:
        lines["sent_back"] = list(sent_back(marks, file.path))
    return replace(filed, issues=issues, ancestors=marks.ancestors, lines=lines)


def _names(file: Submission, marks: Marks, programme: Programme) -> Names:
    """What the file is called, where it lies, and what it says of itself where nobody sees it."""
    unit = (programme.gazetteer.name(marks.unit),) if marks.unit else ()
    kinds = [programme.kind[k].label for k in marks.kinds if k in programme.kind]
    folders = re.split("[/!]", file.path)[:-1]
    return Names(file.file_name, tuple(reversed(folders)), (*unit, *kinds[: len(kinds) == 1]))


def unreadable(file: Submission, programme: Programme, fault: Unreadable) -> Filed:
    """A file that cannot be read, with the issue that says why."""
    known = unread(file.path, file.folder_period, programme, fault.code, fault.reason)
    units = (known.unit,) if known.unit else ()
    return Filed(
        file, Status.UNREADABLE, known.period, known.reason, issues=(known.issue,), units=units
    )


def _damaged(book: Book) -> Iterator[Issue]:
    """What was lost on the way: sheets, each said; characters, said once with the first cells they are in."""
    for grid, _ in book.sheets:
        if grid.lost:
            reason = f"工作表“{grid.name}”的内容丢失"
            yield book.programme.issue("F10", reason=reason).at(sheet=grid.name)
    places = [
        f"{grid.name} {column_letters(column)}{row}".strip()
        for grid, found in book.sheets
        for row, column in found.damaged
    ]
    if places:
        shown = "、".join(places[:5]) + ("等" if len(places) > 5 else "")
        yield book.programme.issue("F10", reason=f"有 {len(places)} 格文字已损坏（{shown}）")


def _read(book: Book, period: str) -> Filed:
    """Judgements, inspection results, a reference list, a task table or a return: the first that it is."""
    file, programme = book.file, book.programme
    answered = [paper for read in _ANSWERED if (paper := read(book))]
    if answered:
        lines = {name: found for paper in answered for name, found in paper.lines.items()}
        issues = tuple(i for paper in answered for i in paper.issues)
        return Filed(file, Status.JUDGEMENTS, file.folder_period, lines=lines, issues=issues)
    if results := inspection_results.read(book):
        return Filed(
            file, Status.INSPECTIONS, file.folder_period, lines=results.lines, issues=results.issues
        )
    lists = reference_lists.read(book)
    if lists and not any(True for _ in _rosters(book, besides=lists.sheets)):
        reason = _reference_reason(lists.lines, programme)
        return Filed(file, Status.NOT_A_RETURN, file.folder_period, reason, lines=lists.lines)
    rosters = without_other_lists(
        without_drafts(list(_rosters(book)), programme), list(book.sheets), programme
    )
    read_one = any(
        r.table is not None for r in rosters
    )  # what waits for an answer may be no roster
    if not read_one and (paper := tasks.read(book)):
        return Filed(
            file, Status.TASK_TABLE, file.folder_period, lines=paper.lines, issues=paper.issues
        )
    if not rosters and (paper := bases.read(book)):
        return Filed(
            file,
            Status.NOT_A_RETURN,
            file.folder_period,
            "分解任务用的基数，不是报表",
            lines=paper.lines,
        )
    return of_another_period(book, _return(book, rosters, period))


def _rosters(book: Book, besides: frozenset[str] = frozenset()) -> Iterator[Roster]:
    """The rosters of every sheet; a sheet that says neither its columns nor its unit goes on where the
    one before it ended."""
    before: Header | None = None
    units: set[str] = set()
    for grid, found in book.sheets:
        if grid.name in besides:
            continue
        names = book.names
        if len(units) == 1:
            names = replace(names, known=(*names.known, *map(book.programme.gazetteer.name, units)))
        around = Around(names, book.programme, book.day, book.answers)
        for roster in read_rosters(grid, found, around, before):
            before = roster.header or before
            units |= set(roster.units)
            yield roster


def _other_than_made_for(filed: Filed, marks: Marks, programme: Programme) -> Filed:
    """A form of one unit that another fills in: what it says in sight stands, and the clash is said."""
    entity, made_for = programme.gazetteer.entity, marks.unit
    if not made_for or {entity(u) for u in filed.units} <= {entity(made_for)}:
        return filed
    name = programme.gazetteer.name
    issue = programme.issue("S21", made=name(made_for), stated="、".join(map(name, filed.units)))
    return replace(filed, issues=(*filed.issues, issue))


def _reference_reason(lines: Mapping[str, Lines], programme: Programme) -> str:
    """A list to hold the rosters against: no return, and said to be what it is."""
    first = lines["references"][0]["name"]
    label = next(r.label for r in programme.references if r.name == first)
    return f"参考名单：{label}，{len(lines['reference_lines'])} 人，不是报表"


def _return(book: Book, rosters: list[Roster], period: str) -> Filed:
    tables = [
        t for t in _dated([r.table for r in rosters if r.table]) if t.rows or t.nil or t.unchanged
    ]
    whose = [u for r in rosters for u in r.units]
    named = [book.programme.gazetteer.name(u) for u in dict.fromkeys(whose)]
    book = replace(book, names=replace(book.names, known=(*named, *book.names.known)))
    papers = [paper for read in (totals.read, narratives.read) if (paper := read(book))]
    lines = {name: found for paper in papers for name, found in paper.lines.items()}
    beside = [str(line["unit"]) for found in lines.values() for line in found]
    if questions := [line for r in rosters for line in r.questions]:
        at = {"file": book.file.path, "period": period}
        lines["column_questions"] = [{**line, **at} for line in questions]
    others = sheets_of_others(list(book.sheets), book.programme)
    left = (
        (
            *passed_over(book.grids, rosters, others, book.programme),
            *names_passed_over(book.grids, rosters, book.programme),
            *beside_cells(book.file.content, book.grids, book.programme),
        )
        if rosters or lines
        else ()
    )
    filed = Filed(
        book.file,
        Status.ACCEPTED,
        period,
        tables=tuple(tables),
        lines=lines,
        issues=(*_placed(rosters), *left),
        units=tuple(dict.fromkeys([*whose, *beside])),
        refused_rows=sum(r.refused_rows for r in rosters),
    )
    return with_status(filed, rosters, book)


def _placed(rosters: list[Roster]) -> Iterator[Issue]:
    for roster in rosters:
        name = roster.table.sheet if roster.table else ""
        unit = roster.units[0] if len(roster.units) == 1 else ""
        for issue in roster.issues:
            yield issue.at(sheet=issue.sheet or name, unit=issue.unit or unit)


def _dated(tables: list[Table]) -> list[Table]:
    """A sheet without a filing date takes the one its workbook says elsewhere."""
    days = [t.filed_on for t in tables if t.filed_on]
    return [replace(t, filed_on=t.filed_on or (days[0] if days else None)) for t in tables]
