"""A blank form with a unit's standing roster typed into it, what is still open in it marked."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol
from xml.sax.saxutils import escape

from pipeline.forms.placed import FIRST, Roster
from pipeline.forms.worked_out import worked_out
from pipeline.model import Issue, Severity
from pipeline.model.words import SEVERITY_WORDS
from pipeline.office import printable
from pipeline.office.mark import Front, Line, mark
from pipeline.office.zipped import in_one, packed, packed_parts
from pipeline.programme import Programme

_CELL = re.compile(r'<c r="([A-Z]{1,3})(\d+)" s="(\d+)"/>')
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_DAYS = frozenset({"day", "birth"})
_EPOCH = date(1899, 12, 30)
_APART = "资格核实"


class Listed(Protocol):
    """One person's row: her cells by field, and the issues still open in it."""

    @property
    def kind(self) -> str: ...
    @property
    def cells(self) -> Mapping[str, str]: ...
    @property
    def issues(self) -> tuple[Issue, ...]: ...


def prefilled(
    form: bytes,
    rosters: Sequence[Roster],
    listed: Iterable[Listed],
    month: str,
    programme: Programme,
) -> bytes:
    """The form with its rosters filled from the top, and the open issues marked at their cells.

    month: in words, the month whose rosters these are. The form must have rows enough.
    """
    parts = packed_parts(form)
    people = list(listed)
    issues: list[Issue] = []
    lines: list[Line] = []
    labels = {roster.kind.name: roster.kind.label for roster in rosters}
    for nth, roster in enumerate(rosters, 1):
        own = [p for p in people if p.kind == roster.kind.name]
        name = f"xl/worksheets/sheet{nth}.xml"
        with zipfile.ZipFile(io.BytesIO(form)) as package:
            sheet = package.read(name).decode("utf-8")
        parts[name] = packed(name, _typed(sheet, roster, own).encode("utf-8"))
        for row, person in enumerate(own, FIRST):
            for issue in person.issues:
                placed = _placed(issue, roster, row)
                issues.append(placed)
                lines.append(_line(placed, person, roster, programme))
    standing = Counter(labels[p.kind] for p in people if p.kind in labels)
    filled = worked_out(in_one(parts.values()), rosters, standing)
    if not issues:
        return filled
    return mark(filled, issues, _front(lines, month))


def _typed(sheet: str, roster: Roster, people: Sequence[Listed]) -> str:
    """The sheet's XML with one person a row, on the looks that its cells have."""
    if not people:
        return sheet
    start = sheet.index(f'<row r="{FIRST}"')
    end = sheet.find(f'<row r="{FIRST + len(people)}"')
    end = end if end >= 0 else sheet.index("</sheetData>")
    fields = {roster.letters(f.name): f for f in roster.fields}

    def cell(match: re.Match[str]) -> str:
        letters, row, style = match[1], int(match[2]), match[3]
        field = fields.get(letters)
        if field is None:
            return match[0]
        nth = row - FIRST
        text = str(nth + 1) if field.name == "seq" else people[nth].cells.get(field.name, "")
        if not text:
            return match[0]
        if field.kind in _DAYS and (serial := _serial(text)):
            return f'<c r="{letters}{row}" s="{style}"><v>{serial}</v></c>'
        shown = escape(printable(text))
        return (
            f'<c r="{letters}{row}" s="{style}" t="inlineStr">'
            f'<is><t xml:space="preserve">{shown}</t></is></c>'
        )

    return sheet[:start] + _CELL.sub(cell, sheet[start:end]) + sheet[end:]


def _serial(text: str) -> int:
    """A day in ISO as Excel counts it; 0 for what is none (as filed: 2018-02-30, 待定)."""
    try:
        day = date.fromisoformat(text) if _ISO.fullmatch(text) else _EPOCH
    except ValueError:
        return 0
    return max((day - _EPOCH).days, 0)


def _placed(issue: Issue, roster: Roster, row: int) -> Issue:
    """The issue at the form's own cell; at the first that tells who she is, where the form has no such column."""
    name = issue.field if roster.has(issue.field) else roster.telling[0]
    return issue.at(sheet=roster.kind.label, row=row, column=roster.letters(name))


def _line(issue: Issue, person: Listed, roster: Roster, programme: Programme) -> Line:
    rule = programme.rule[issue.rule]
    return Line(
        who=person.cells.get(roster.playing("name"), ""),
        sheet=issue.sheet,
        place=issue.cell,
        severity=issue.severity,
        word=_APART if rule.eligibility else SEVERITY_WORDS[issue.severity],
        message=issue.message,
        source=rule.source,
    )


def _front(lines: Sequence[Line], month: str) -> Front:
    errors = sum(line.severity == Severity.ERROR for line in lines)
    advice = (
        f"名单已按你单位{month}以前报送、现行有效的名单填好，请在其后接着填写新增人员，并逐条处理下列问题："
        f"{errors} 处应退回（红色，所在行未计入），{len(lines) - errors} 处请核实（黄色）。点“单元格”一栏可跳到该格。",
        f"标“{_APART}”的，所填内容不属于本项目对象，请对照证件核实并书面说明，所填属实的不要改动。"
        "全部填好后看“自检”表；本表不用删，汇总时会自动跳过。",
    )
    return Front("现有名单中待处理的问题", advice, lines)
