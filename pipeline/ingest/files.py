"""One file -> its reading: rosters, task tables, judgements, totals and narratives as filed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pipeline.ingest.marks import marks_of
from pipeline.ingest.papers import read_judgements, read_narratives, read_totals
from pipeline.ingest.references import read_references
from pipeline.ingest.rosters import Roster, read_rosters
from pipeline.ingest.tasks import read_task_table
from pipeline.ingest.whose import frame_lines
from pipeline.limits import LIMITS, Limits
from pipeline.model import Grid, Issue, Reading, ReferenceList, Sheet, Status, Submission
from pipeline.office.read import Unreadable, notes_on, read_grids
from pipeline.periods import day_of, period_in
from pipeline.programme import Programme
from pipeline.unread import unread
from pipeline.values import column_letters


def read_file(
    file: Submission,
    programme: Programme,
    passwords: Iterable[str] = (),
    limits: Limits = LIMITS,
) -> Reading:
    """What one file said; a file that cannot be read is a reading with an issue that says so."""
    if file.fault:
        return unreadable(file, programme, Unreadable("F01", file.fault))
    try:
        grids = read_grids(file.content, passwords, limits)
    except Unreadable as fault:
        return unreadable(file, programme, fault)
    damaged = _damaged(grids, programme)
    said, grids = marks_of(grids)
    period = file.folder_period or _period_inside(grids, file) or said.get("period", "")
    reading = _read_grids(grids, file, period, programme, said.get("unit", ""))
    beside = (*(programme.issue(code) for code in notes_on(file.content)), *damaged)
    return replace(reading, issues=tuple(i.at(file=file.path) for i in (*beside, *reading.issues)))


def _damaged(grids: Iterable[Grid], programme: Programme) -> Iterable[Issue]:
    """Said once a file: characters that were lost on the way, with the first cells they are in."""
    places = [
        f"{grid.name} {column_letters(column)}{row}".strip()
        for grid in grids
        for (row, column), cell in grid.cells.items()
        if "\ufffd" in cell.text
    ]
    if places:
        shown = "、".join(places[:5]) + ("等" if len(places) > 5 else "")
        yield programme.issue("F10", reason=f"有 {len(places)} 格文字已损坏（{shown}）")


def unreadable(file: Submission, programme: Programme, fault: Unreadable) -> Reading:
    """The reading of a file that cannot be read, with the issue that says why."""
    known = unread(file.path, file.folder_period, programme, fault.code, fault.reason)
    return Reading(
        file,
        Status.UNREADABLE,
        known.period,
        known.reason,
        issues=(known.issue,),
        units=(known.unit,) if known.unit else (),
    )


def _period_inside(grids: Iterable[Grid], file: Submission) -> str:
    """For files outside a period's folder: the title or filing line, else the file's name."""
    texts = [text for grid in grids for _, _, text in frame_lines(grid, 6) if len(text) < 80]
    dated = [t for t in texts if "日期" in t or "时间" in t or "月" in t]
    return period_in(dated) or period_in([file.file_name])


def _read_grids(
    grids: tuple[Grid, ...], file: Submission, period: str, programme: Programme, made_for: str
) -> Reading:
    day = day_of(period)
    own = [programme.gazetteer.name(made_for)] if made_for else []
    names = [*own, file.file_name, *reversed(file.path.split("/")[:-1])]
    judged = [found for g in grids if (found := read_judgements(g, file.path, programme))]
    if judged:
        return Reading(
            file,
            Status.JUDGEMENTS,
            file.folder_period,
            judgements=tuple(
                replace(j, period=j.period or file.folder_period)
                for found, _ in judged
                for j in found
            ),
            issues=tuple(i for _, issues in judged for i in issues),
        )
    lists = read_references(grids, file.file_name, programme, file.folder_period)
    others = [g for g in grids if g.name not in {found.sheet for found in lists}]
    if lists and not any(True for g in others for _ in read_rosters(g, names, programme, day)):
        return _reference(file, lists, programme)
    rosters = [r for g in grids for r in read_rosters(g, names, programme, day)]
    table = None if rosters else read_task_table(grids, file.file_name, programme, day)
    if table:
        plain = replace(table, issues=())
        return Reading(
            file, Status.TASK_TABLE, file.folder_period, task_table=plain, issues=table.issues
        )
    reading = _return(grids, rosters, file, period, names, programme, day)
    return _other_than_made_for(reading, made_for, programme)


def _other_than_made_for(reading: Reading, made_for: str, programme: Programme) -> Reading:
    """A form of one unit that another fills in: what it says in sight stands, and the clash is said."""
    entity = programme.gazetteer.entity
    if not made_for or {entity(u) for u in reading.units} <= {entity(made_for)}:
        return reading
    name = programme.gazetteer.name
    issue = programme.issue("S21", made=name(made_for), said="、".join(map(name, reading.units)))
    return replace(reading, issues=(*reading.issues, issue))


def _reference(file: Submission, lists: tuple[ReferenceList, ...], programme: Programme) -> Reading:
    """A list to hold the rosters against: no return, and said to be what it is."""
    label = next(r.label for r in programme.references if r.name == lists[0].name)
    reason = f"参考名单：{label}，{sum(len(found.lines) for found in lists)} 人"
    return Reading(
        file, Status.NOT_A_RETURN, file.folder_period, f"{reason}，不是报表", references=lists
    )


def _return(
    grids: tuple[Grid, ...],
    rosters: list[Roster],
    file: Submission,
    period: str,
    names: list[str],
    programme: Programme,
    day: date | None,
) -> Reading:
    sheets = [s for s in _dated([r.sheet for r in rosters if r.sheet]) if len(s.text) or s.nil]
    whose = [u for r in rosters for u in r.units]
    names = [*(programme.gazetteer.name(u) for u in dict.fromkeys(whose)), *names]
    totals = [t for g in grids for t in read_totals(g, names, file.path, programme, day)]
    told = [n for g in grids for n in read_narratives(g, names, file.path, programme, day)]
    units = tuple(dict.fromkeys([*whose, *(t.unit for t in totals), *(n.unit for n in told)]))
    reading = Reading(
        file,
        Status.ACCEPTED,
        period,
        sheets=tuple(sheets),
        totals=tuple(totals),
        narratives=tuple(told),
        issues=tuple(_placed(rosters, grids, programme)),
        units=units,
        refused_rows=sum(r.refused_rows for r in rosters),
    )
    return _judge(reading, rosters, grids, programme)


def _placed(
    rosters: list[Roster], grids: tuple[Grid, ...], programme: Programme
) -> Iterable[Issue]:
    for roster in rosters:
        name = roster.sheet.name if roster.sheet else ""
        unit = roster.units[0] if len(roster.units) == 1 else ""
        for issue in roster.issues:
            yield issue.at(sheet=issue.sheet or name, unit=issue.unit or unit)


def _dated(sheets: list[Sheet]) -> list[Sheet]:
    """A sheet without a filing date takes the one its workbook says elsewhere."""
    days = [s.filed_on for s in sheets if s.filed_on]
    return [replace(s, filed_on=s.filed_on or (days[0] if days else None)) for s in sheets]


def _judge(
    reading: Reading, rosters: list[Roster], grids: tuple[Grid, ...], programme: Programme
) -> Reading:
    """The status as far as the file alone tells it, with the issue that explains it."""

    def refused(code: str, status: Status, why: str, **slots: object) -> Reading:
        issue = programme.issue(code, **slots)
        rows = reading.refused_rows + sum(len(s.text) for s in reading.sheets)
        return replace(
            reading, status=status, reason=why, sheets=(), refused_rows=rows,
            issues=(*reading.issues, issue),
        )  # fmt: skip

    if not rosters and not reading.totals and not reading.narratives:
        what = "工作簿里没有内容" if not any(g.cells for g in grids) else "没有姓名、证件号码等列"
        return refused("F03", Status.NOT_A_RETURN, f"不是报表：{what}", reason=what)
    if reading.sheets and any((s.units == "").all() for s in reading.sheets if len(s.text)):
        if other := _of_another_office(grids, reading.submission, programme):
            return refused("F11", Status.NOT_A_RETURN, f"{other}不归本单位汇总", other=other)
        return refused("F04", Status.RETURNED, "认不出填报单位")
    if reading.sheets and not reading.period:
        return refused("F09", Status.RETURNED, "看不出报告期", example="2018-11")
    if not reading.sheets and rosters:
        lost = any(r.sheet is None for r in rosters)
        reason = "缺少必需的列" if lost else "表中没有人员"
        status = Status.RETURNED if lost else Status.NOT_A_RETURN
        return replace(reading, status=status, reason=reason, totals=())  # a form not filled in
    return reading


def _of_another_office(grids: tuple[Grid, ...], file: Submission, programme: Programme) -> str:
    """The unit a file comes from where that unit is known but lies below another office."""
    said = [text for grid in grids for _, _, text in frame_lines(grid, 6) if len(text) < 80]
    named = (u for text in (*said, file.file_name) for u in programme.gazetteer.elsewhere_in(text))
    return next((u.name for u in named if u.parent), "")
