"""What an inspection (专项检查) found: its sheets for the telephone and for the spot, as they come back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.ingest.layout import Lexicon, OfProgramme, plain
from pipeline.ingest.papers.answer_sheets import AnswerSheet, answer_sheets
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.model import Grid, Issue
from pipeline.model.words import INSPECTION_VERDICTS, INSPECTION_WAYS, NOT_ASKED
from pipeline.programme import Programme
from pipeline.values import compact, read_day, read_name

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)", re.ASCII)
_ASKED = frozenset({"单位", "姓名", "证件号码", "项目"})
_MORE = ("说明", "检查人", "检查日期", "接通情况")
# beside the words of the drop-down those that inspectors write by hand; 基本属实 is neither
_SPELLINGS = {
    "sound": ("情况属实", "真实", "相符"),
    "unsound": ("情况不属实", "不实", "失实", "虚假", "不真实", "不符"),
    "open": ("未核实", "无法核实", "联系不上", "存疑"),
}
_VERDICTS = {plain(word): verdict for verdict, word in INSPECTION_VERDICTS.items()} | {"": ""}
_VERDICTS |= {plain(word): verdict for verdict, words in _SPELLINGS.items() for word in words}
_WAYS = {plain(header): way for way, header in INSPECTION_WAYS.items()}
_HEADERS = OfProgramme(
    lambda programme: Lexicon(
        plain(word) for word in (*_ASKED, *_MORE, *_WAYS, *(a.label for a in programme.archives))
    )
)


def read(book: Book) -> Paper | None:
    """The results of every sheet that asks for them; None where none does.

    A line that nobody has filled in says nothing. What cannot be understood is said at its cell (U12).
    """
    lines: Lines = []
    issues: list[Issue] = []
    sheets = list(
        answer_sheets(
            book,
            _HEADERS(book.programme),
            lambda names: names >= _ASKED and bool(names & set(_WAYS)),
        )
    )
    for sheet in sheets:
        _read_rows(sheet, lines, issues)
    return Paper({"inspections": lines}, tuple(issues)) if sheets else None


def _read_rows(sheet: AnswerSheet, lines: Lines, issues: list[Issue]) -> None:
    programme = sheet.book.programme
    verdict = next(word for word in sheet.columns if word in _WAYS)
    days = _days(sheet.grid, sheet.top, sheet.columns)
    for row, line in sheet.lines():
        archives = [
            f"{archive.name}={state}"
            for archive in programme.archives
            if (state := line.get(plain(archive.label), "")) not in ("", NOT_ASKED)
        ]
        if not line[verdict] and not archives:
            continue
        unit = _unit(line["单位"], programme)
        indicator = _indicator(line["项目"], programme)
        state = plain(line[verdict].rstrip("。.,，"))
        wrong = _wrong({verdict: state in _VERDICTS, "单位": unit, "项目": indicator})
        if wrong:
            issues.append(sheet.issue("U12", row, wrong, text=line[wrong]))
            continue
        day = read_day(*days[row - sheet.top - 1])
        lines.append(
            {
                "file": sheet.book.file.path, "sheet": sheet.grid.name, "row": row, "period": sheet.period,
                "unit": unit, "indicator": indicator, "name": read_name(line["姓名"]),
                "number": compact(line["证件号码"]), "way": _WAYS[verdict],
                "verdict": _VERDICTS[state], "archives": ";".join(archives),
                "reason": " ".join(filter(None, (line.get("接通情况", ""), line.get("说明", "")))),
                "decided_by": line.get("检查人", ""), "day": day.first.isoformat() if day else "",
            }
        )  # fmt: skip


def _days(grid: Grid, top: int, columns: Mapping[str, int]) -> list[tuple[str, str]]:
    """When each row was inspected, as typed: text and type of the cell."""
    if "检查日期" not in columns:
        return [("", "")] * (grid.last_row - top)
    return list(zip(*grid.column(columns["检查日期"], top + 1, grid.last_row), strict=True))


def _wrong(understood: Mapping[str, object]) -> str:
    return next((name for name, found in understood.items() if not found), "")


def _unit(text: str, programme: Programme) -> str:
    code = _CODE.search(text)
    if code and code[0] in programme.gazetteer.by_code:
        return code[0]
    return programme.gazetteer.find_one(compact(text))


def _indicator(text: str, programme: Programme) -> str:
    """The indicator that is called so; its name in the programme or what it is labelled."""
    wanted = compact(text)
    return next((i.name for i in programme.indicators if wanted in (i.label, i.name)), "")
