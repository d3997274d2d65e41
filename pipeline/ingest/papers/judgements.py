"""People's judgements: 待裁定.xlsx as it comes back, its two questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import NamedTuple

from pipeline.ingest.layout import Lexicon
from pipeline.ingest.papers.answer_sheets import AnswerSheet, answer_sheets
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.model import Issue
from pipeline.numbers import compact_no
from pipeline.programme import Programme
from pipeline.values import compact

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
    lines: Lines = []
    issues: list[Issue] = []
    sheets = list(answer_sheets(book, _HEADERS, lambda names: _question(names) is not None))
    for sheet in sheets:
        answer = _question(sheet.columns.keys())
        if answer is not None:
            _read_rows(sheet, answer, lines, issues)
    return Paper({"judgements": lines}, tuple(issues)) if sheets else None


def _question(names: Set[str]) -> _Read | None:
    """How the rows below these headers are read, where they ask one of the questions."""
    return next((answer for header, answer in _QUESTIONS if header <= names), None)


def _read_rows(sheet: AnswerSheet, answer: _Read, lines: Lines, issues: list[Issue]) -> None:
    period, file = sheet.period, sheet.book.file.path
    for row, line in sheet.lines():
        given = answer(line, sheet.book.programme)
        if given.column:
            issues.append(sheet.issue("U07", row, given.column, text=given.text))
        elif given.judgement:
            about = {
                "reason": line.get("理由", ""),
                "decided_by": line.get("裁定人", ""),
                "fingerprint": line.get("核对码", ""),
            }
            lines.append({**given.judgement, **about, "file": file, "row": row, "period": period})


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
