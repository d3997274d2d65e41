"""Every finding of a unit's files, one a line: the front sheet of a marked copy, and 核对结果.xlsx for who gets none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.model import Issue, Severity
from pipeline.model.front_sheet import Front, Line
from pipeline.model.words import SEVERITY_WORDS
from pipeline.office.fill import fill_workbook
from pipeline.programme import Programme
from pipeline.render.notices import Sent

LISTED = "核对结果.xlsx"
_APART = "资格核实"
_RANK = list(Severity)


def front_of(
    sent: Sent,
    names: Mapping[tuple[str, str, int], str],
    programme: Programme,
    view: Mapping[str, Any],
) -> Front:
    """What the front sheet says, in the order a clerk works: the gravest first, then row by row; what
    is to be verified and not to be mended stands apart at the end."""
    errors = sum(i.severity == Severity.ERROR for i in sent.issues)
    lines = _lines(sent.issues, names, programme)
    apart = sum(programme.rule[i.rule].eligibility for i in sent.issues)
    advice = [
        f"{errors} 处应退回（红色，所在行未计入），{len(lines) - errors} 处请核实或知悉（黄色、蓝色，已计入）。"
        "点“单元格”一栏可跳到该格，格上批注写明原因。",
        "请在本文件里直接改正，存盘后把本文件整份报回（本表不用删，汇总时会自动跳过）。"
        "建议值由程序推算，务必对照证件核对后填写。",
    ]
    if apart:
        advice.append(
            f"其中 {apart} 处标“{_APART}”，列在最后：所填内容不属于本项目对象，请对照证件核实并书面说明，"
            "不是填写格式的问题，所填属实的不要改动。"
        )
    title = f"{view['period_label']}报表核对结果（{view['office']}）"
    return Front(title, advice, lines)


def _lines(
    issues: Iterable[Issue], names: Mapping[tuple[str, str, int], str], programme: Programme
) -> list[Line]:
    def order(i: Issue) -> tuple[object, ...]:
        apart = programme.rule[i.rule].eligibility
        return (apart, _RANK.index(i.severity), i.sheet, i.row or 0, len(i.column), i.column)

    return [
        Line(
            who=names.get((i.file, i.sheet, i.row or 0), ""),
            sheet=i.sheet,
            place=i.cell,
            severity=i.severity,
            word=_APART if programme.rule[i.rule].eligibility else SEVERITY_WORDS[i.severity],
            message=i.message,
            suggested=i.suggested,
            evidence=i.suggestion,
            source=programme.rule[i.rule].source,
        )
        for i in sorted(issues, key=order)
    ]


def list_apart(
    unit: str,
    files: Iterable[Sent],
    names: Mapping[tuple[str, str, int], str],
    programme: Programme,
    templates: Path,
    view: Mapping[str, Any],
    stream: BinaryIO,
) -> None:
    """核对结果.xlsx: every finding in files that do not go along, for whom the letter has no room."""
    lines = [line for sent in files for line in _lines(sent.issues, names, programme)]
    apart = {
        **{word: view[word] for word in ("office", "period_label")},
        "unit": programme.office_of(unit),
        "found": [{**vars(line), "seq": n} for n, line in enumerate(lines, 1)],
    }
    fill_workbook(templates / LISTED, apart, stream)
