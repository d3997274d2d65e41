"""The county's own file back: only the faulty cells marked and explained, a front sheet before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from pipeline.model import Grid, Issue, Severity
from pipeline.render.marked.cells import Cells
from pipeline.render.marked.comments import comment
from pipeline.render.marked.front import Front, Line, add_front
from pipeline.render.marked.package import NotEditable, Package
from pipeline.render.marked.rebuilt import rebuilt
from pipeline.render.marked.styles import RANK, Styles

__all__ = ["WORDS", "Front", "Line", "mark"]

WORDS = {Severity.ERROR: "退回", Severity.WARNING: "核实", Severity.INFO: "告知"}
_CONVERTED = (
    "原文件不是普通的 xlsx（{what}），已按原样逐格抄成 xlsx；{lost}没有带过来，人员和内容没有变。"
)
_LOST = "字体、颜色、图片、公式和宏等"
_LOST_OF_XLS = "图片、图表、公式、条件格式和宏等"


def mark(content: bytes, grids: Sequence[Grid], issues: Iterable[Issue], front: Front) -> bytes:
    """The workbook as filed with marks. What cannot be edited in place is rebuilt cell by cell, and
    the front sheet says so; in place nothing but the marks changes."""
    issues = tuple(issues)
    try:
        return _in_place(content, {g.name: g.name for g in grids}, issues, front)
    except NotEditable as why:
        plain, names, dressed = rebuilt(grids, content)
        said = _CONVERTED.format(what=why, lost=_LOST_OF_XLS if dressed else _LOST)
        converted = Front(front.title, (*front.advice, said), front.lines)
        return _in_place(plain, names, issues, converted)


def _in_place(
    content: bytes, names: Mapping[str, str], issues: Sequence[Issue], front: Front
) -> bytes:
    package = Package(content)
    parts, styles = package.sheets(), Styles(package)
    if not set(names.values()) <= set(parts):
        raise NotEditable("工作表对不上")
    by_sheet: dict[str, dict[str, list[Issue]]] = {}
    for issue in issues:
        if issue.cell and issue.sheet in names:
            cells = by_sheet.setdefault(names[issue.sheet], {})
            cells.setdefault(issue.cell, []).append(issue)
    for name, found in by_sheet.items():
        _mark_sheet(package, parts[name], found, styles)
    lines = [_renamed(line, names) for line in front.lines]
    add_front(package, styles, Front(front.title, front.advice, lines))
    return package.saved()


def _mark_sheet(
    package: Package, part: str, found: Mapping[str, Sequence[Issue]], styles: Styles
) -> None:
    """A fill for the gravest, a comment that says each; on a merged range, at its first cell."""
    cells = Cells(package.tree(part))
    at: dict[str, list[Issue]] = {}
    for place, issues in found.items():
        at.setdefault(cells.anchor(place), []).extend(issues)
    texts = {}
    for place, issues in at.items():
        gravest = min((i.severity for i in issues), key=RANK.index)
        cells.restyle(place, partial(styles.marked, severity=gravest))
        texts[cells.position(place)] = (place, "\n".join(map(said, issues)))
    comment(package, part, texts)


def said(issue: Issue) -> str:
    """An issue as the comment on its cell says it."""
    value = f"建议值 {issue.suggested}：" if issue.suggested else ""
    suggestion = f"（{value}{issue.suggestion}）" if issue.suggestion else ""
    return f"【{WORDS[issue.severity]}】{issue.message}{suggestion}"


def _renamed(line: Line, names: Mapping[str, str]) -> Line:
    sheet = names.get(line.sheet, line.sheet)
    return line if sheet == line.sheet else Line(**{**vars(line), "sheet": sheet})
