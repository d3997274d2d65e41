"""Sheets beside the rosters: self-reported totals, what counties write, and people's judgements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from pipeline.ingest.headers import plain
from pipeline.ingest.whose import filed_on, frame_lines, unit_of
from pipeline.model import Cell, Grid, Issue, Judgement, Narrative, StatedTotal
from pipeline.numbers import compact_no
from pipeline.periods import period_in
from pipeline.programme import Programme
from pipeline.values import column_letters, compact, fold, read_count

_SAME, _DIFFERENT, _OPEN = "same", "different", "open"
_VERDICTS = {
    "同一人": _SAME, "是同一人": _SAME, "不同人": _DIFFERENT, "不是同一人": _DIFFERENT,
    "非同一人": _DIFFERENT, "待核实": _OPEN, "": "",
}  # fmt: skip


def read_totals(
    grid: Grid, names: list[str], file: str, programme: Programme, day: date | None
) -> tuple[StatedTotal, ...]:
    """任务完成情况汇总表: for each indicator the cell that says what was done."""
    head = _totals_header(grid, programme)
    if head is None:
        return ()
    top, done, covers = head
    unit = unit_of(grid, top, grid.last_row, names, programme, day)
    when = filed_on(grid, top, top, programme)
    totals = []
    for row in range(top + 1, grid.last_row + 1):
        label = next(
            (grid.cells[row, c].text for c in range(1, done) if (row, c) in grid.cells), ""
        )
        indicator = next(
            (i.name for i in programme.indicators if fold(label) in map(fold, i.total_words)), ""
        )
        cell = grid.cells.get((row, done))
        count = read_count(cell.text) if cell else None
        if unit and indicator and count is not None:
            place = (file, grid.name, row, column_letters(done))
            totals.append(StatedTotal(unit, indicator, count, *place, when, covers))
    return tuple(totals)


def _totals_header(grid: Grid, programme: Programme) -> tuple[int, int, str] | None:
    """The header's row, the column of what is done, and what that covers: 指标 | 年度任务 | 累计完成.

    本期完成 is read only where each return lists what is new, and only where no 累计完成 stands.
    """
    for row in range(1, min(grid.last_row, 15) + 1):
        line = {
            c: plain(grid.cells[row, c].text)
            for c in range(1, min(grid.last_column, 60) + 1)
            if (row, c) in grid.cells
        }
        if not any(text in programme.words["total_rows"] for text in line.values()):
            continue
        for column, text in line.items():
            if text in programme.words["total_done"]:
                of_year = any(word in text for word in programme.words["total_of_year"])
                return row, column, "year" if of_year else ""
        for column, text in line.items():
            if programme.scope == "period" and text in programme.words["total_new"]:
                return row, column, "period"
    return None


def read_narratives(
    grid: Grid, names: list[str], file: str, programme: Programme, day: date | None
) -> tuple[Narrative, ...]:
    """典型经验举措 and 存在突出问题: the text beside or below each heading."""
    topics = {**dict.fromkeys(programme.words["practice"], "practice")}
    topics |= dict.fromkeys(programme.words["problem"], "problem")
    headings = {
        (row, column): topics[plain(cell.text)]
        for (row, column), cell in sorted(grid.cells.items())
        if plain(cell.text) in topics
    }
    if not headings:
        return ()
    first = min(row for row, _ in headings)
    unit = unit_of(grid, first, grid.last_row, names, programme, day)
    told = []
    for (row, column), topic in headings.items():
        text = _beside(grid, row, column) or _below(grid, row, column, headings)
        if unit and text:
            told.append(Narrative(unit, topic, text, file, grid.name, row))
    return tuple(told)


def _beside(grid: Grid, row: int, column: int) -> str:
    beside = sorted(c for r, c in grid.cells if r == row and c > column)
    return "\n".join(grid.cells[row, c].text.strip() for c in beside)


def _below(grid: Grid, row: int, column: int, headings: Mapping[tuple[int, int], str]) -> str:
    end = min((r for r, _ in headings if r > row), default=grid.last_row + 1)
    below = sorted(r for r, c in grid.cells if c == column and row < r < end)
    return "\n".join(grid.cells[r, column].text.strip() for r in below)


def read_judgements(
    grid: Grid, file: str, programme: Programme
) -> tuple[tuple[Judgement, ...], tuple[Issue, ...]] | None:
    """待裁定.xlsx as it comes back; None where the sheet is none of its two."""
    for row in range(1, min(grid.last_row, 10) + 1):
        line = {
            plain(grid.cells[row, c].text): c
            for c in range(1, grid.last_column + 1)
            if (row, c) in grid.cells
        }
        for header, read in _QUESTIONS:
            if header <= set(line):
                judgements, issues = _read_rows(grid, row, line, file, programme, read)
                when = period_in(text for _, _, text in frame_lines(grid, row))
                return tuple(replace(j, period=when) for j in judgements), issues
    return None


def _read_rows(
    grid: Grid, top: int, line: Mapping[str, int], file: str, programme: Programme, read: _Answer
) -> tuple[tuple[Judgement, ...], tuple[Issue, ...]]:
    judgements, issues = [], []
    for row in range(top + 1, grid.last_row + 1):
        said = {
            name: grid.cells.get((row, c), Cell("", "")).text.strip() for name, c in line.items()
        }
        judgement, wrong = read(said, file, row, programme)
        if wrong:
            name, text = wrong
            issue = programme.issue("U07", text=text)
            issues.append(
                issue.at(file=file, sheet=grid.name, row=row, column=column_letters(line[name]))
            )
        elif judgement:
            judgements.append(judgement)
    return tuple(judgements), tuple(issues)


def _pair(
    said: Mapping[str, str], file: str, row: int, programme: Programme
) -> tuple[Judgement | None, tuple[str, str] | None]:
    verdict = _VERDICTS.get(compact(said["裁定"]))
    if verdict is None:
        return None, ("裁定", said["裁定"])
    first, second = compact_no(said["身份证号甲"]), compact_no(said["身份证号乙"])
    if not verdict or not first or not second:
        return None, None
    reason, by = said.get("理由", ""), said.get("裁定人", "")
    mark = said.get("核对码", "")
    return Judgement(first, second, verdict, "", "", "", reason, by, file, row, "", mark), None


def _keeper(
    said: Mapping[str, str], file: str, row: int, programme: Programme
) -> tuple[Judgement | None, tuple[str, str] | None]:
    wanted = compact(said["改计入单位"])
    if not wanted:
        return None, None
    known = programme.gazetteer.by_code
    unit = wanted[:6] if wanted[:6] in known else programme.gazetteer.find_one(wanted)
    if not unit:
        return None, ("改计入单位", said["改计入单位"])
    label = compact(said.get("指标", ""))
    indicator = next((i.name for i in programme.indicators if label in (i.label, i.name)), "")
    year = compact(said.get("年度", "")).rstrip("年")
    reason, by = said.get("理由", ""), said.get("裁定人", "")
    id_no = compact_no(said["身份证号"])
    mark = said.get("核对码", "")
    return Judgement(id_no, "", "", unit, indicator, year, reason, by, file, row, "", mark), None


_Answer = Callable[
    [Mapping[str, str], str, int, Programme], tuple[Judgement | None, tuple[str, str] | None]
]
_QUESTIONS: tuple[tuple[frozenset[str], _Answer], ...] = (
    (frozenset({"身份证号甲", "身份证号乙", "裁定"}), _pair),
    (frozenset({"身份证号", "现计入", "改计入单位"}), _keeper),
)
