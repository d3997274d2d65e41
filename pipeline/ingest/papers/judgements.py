"""People's judgements: 待裁定.xlsx as it comes back, its two questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from pipeline.ingest.lexicon import Lexicon
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.ingest.whose import frame_lines
from pipeline.model import Grid, Issue
from pipeline.numbers import compact_no
from pipeline.periods import period_in
from pipeline.programme import Programme
from pipeline.values import column_letters, compact

_DEEPEST = 10
_SAME, _DIFFERENT, _OPEN = "same", "different", "open"
_VERDICTS = {
    "同一人": _SAME, "是同一人": _SAME, "不同人": _DIFFERENT, "不是同一人": _DIFFERENT,
    "非同一人": _DIFFERENT, "待核实": _OPEN, "": "",
}  # fmt: skip


class _Answer(NamedTuple):
    """What one row says: the judgement, or the column and text that cannot be understood."""

    judgement: Mapping[str, object] | None = None
    column: str = ""
    text: str = ""


def read(book: Book) -> Paper | None:
    """The judgements of every sheet that asks one of the questions; None where none does."""
    found = [paper for grid in book.grids if (paper := _of_sheet(grid, book))]
    if not found:
        return None
    lines = [line for paper in found for line in paper.lines["judgements"]]
    return Paper({"judgements": lines}, tuple(i for paper in found for i in paper.issues))


def _of_sheet(grid: Grid, book: Book) -> Paper | None:
    for row in range(1, min(grid.last_row, _DEEPEST) + 1):
        names = {_HEADERS.find(cell.text): column for _, column, cell in grid.lines(row, row)}
        for header, answer in _QUESTIONS:
            if header <= set(names):
                columns = {name: column for name, column in names.items() if name}
                when = period_in(text for _, _, text in frame_lines(grid, row))
                period = when or book.file.folder_period
                lines, issues = _read_rows(grid, row, columns, answer, book)
                return Paper({"judgements": [{**line, "period": period} for line in lines]}, issues)
    return None


def _read_rows(
    grid: Grid, top: int, columns: Mapping[str, int], answer: _Read, book: Book
) -> tuple[Lines, tuple[Issue, ...]]:
    lines: Lines = []
    issues: list[Issue] = []
    for row, line in _lines(grid, top, columns):
        given = answer(line, book.programme)
        if given.column:
            issue = book.programme.issue("U07", text=given.text)
            letters = column_letters(columns[given.column])
            issues.append(issue.at(file=book.file.path, sheet=grid.name, row=row, column=letters))
        elif given.judgement:
            about = {
                "reason": line.get("理由", ""),
                "decided_by": line.get("裁定人", ""),
                "fingerprint": line.get("核对码", ""),
            }
            lines.append({**given.judgement, **about, "file": book.file.path, "row": row})
    return lines, tuple(issues)


def _lines(
    grid: Grid, top: int, columns: Mapping[str, int]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row below the header, by the names of its columns."""
    texts = {name: grid.column(c, top + 1, grid.last_row)[0] for name, c in columns.items()}
    for at in range(grid.last_row - top):
        yield top + 1 + at, {name: column[at].strip() for name, column in texts.items()}


def _pair(line: Mapping[str, str], programme: Programme) -> _Answer:
    """Whether two numbers are one person."""
    verdict = _VERDICTS.get(compact(line["裁定"]))
    if verdict is None:
        return _Answer(None, "裁定", line["裁定"])
    first, second = compact_no(line["身份证号甲"]), compact_no(line["身份证号乙"])
    if not verdict or not first or not second:
        return _Answer()
    return _Answer({"id_a": first, "id_b": second, "verdict": verdict})


def _keeper(line: Mapping[str, str], programme: Programme) -> _Answer:
    """Whose count a person is."""
    wanted = compact(line["改计入单位"])
    if not wanted:
        return _Answer()
    known = programme.gazetteer.by_code
    unit = wanted[:6] if wanted[:6] in known else programme.gazetteer.find_one(wanted)
    if not unit:
        return _Answer(None, "改计入单位", line["改计入单位"])
    label = compact(line.get("指标", ""))
    indicator = next((i.name for i in programme.indicators if label in (i.label, i.name)), "")
    year = compact(line.get("年度", "")).rstrip("年")
    number = compact_no(line["身份证号"])
    return _Answer({"id_a": number, "keeper": unit, "indicator": indicator, "year": year})


_Read = Callable[[Mapping[str, str], Programme], _Answer]
_QUESTIONS: tuple[tuple[frozenset[str], _Read], ...] = (
    (frozenset({"身份证号甲", "身份证号乙", "裁定"}), _pair),
    (frozenset({"身份证号", "现计入", "改计入单位"}), _keeper),
)
_HEADERS = Lexicon(
    {"理由", "裁定人", "核对码", "指标", "年度"}.union(*(header for header, _ in _QUESTIONS))
)
