"""The county's own file back: only the faulty cells marked and explained, a front sheet before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from pipeline.limits import LIMITS, Limits
from pipeline.model import Issue, Severity
from pipeline.model.front_sheet import Front, Line
from pipeline.office.mark.comments import comment
from pipeline.office.mark.edited import Edited, NotEditable
from pipeline.office.mark.front import add_front
from pipeline.office.mark.origin import add_origin, is_ours
from pipeline.office.mark.own_fills import OwnFills, fills_under_marks
from pipeline.office.mark.rebuilding import rebuilt
from pipeline.office.mark.spliced import Place, Spliced
from pipeline.office.mark.styles import RANK, Styles
from pipeline.office.mark.unmarking import unmark
from pipeline.office.places import area
from pipeline.office.read import decrypted, read_grids

__all__ = ["WORDS", "Front", "Line", "mark"]

WORDS = {Severity.ERROR: "退回", Severity.WARNING: "核实", Severity.INFO: "告知"}
_CONVERTED = (
    "原文件不是普通的 xlsx（{what}），已按原样逐格抄成 xlsx；{lost}没有带过来，人员和内容没有变。"
)
_LOST = "字体、颜色、图片、公式和宏等"
_LOST_OF_XLS = "图片、图表、公式、条件格式和宏等"
_FOLLOWED = frozenset({Severity.ERROR, Severity.WARNING})
_MOST_NOTES = 5_000  # on one sheet, the gravest first: more make Excel slow; colours and lines stay


def mark(
    content: bytes,
    issues: Iterable[Issue],
    front: Front,
    origin: Mapping[str, str] | None = None,
    passwords: Sequence[str] = (),
    limits: Limits = LIMITS,
) -> bytes:
    """The file as filed with marks, as xlsx: for a worker under limits, it touches only its arguments.

    content: the file's bytes, of any format that is read; origin: what the copy says of itself in a
    hidden sheet, by name; passwords: to open it with, where it is locked. What cannot be edited in place is rebuilt cell by cell, and the front sheet says so; in
    place nothing but the marks changes. Raises Unreadable where the file cannot be read at all.
    """
    issues, facts = tuple(issues), origin or {}
    plain = decrypted(content, passwords) or content
    try:
        return _in_place(plain, None, issues, front, facts, limits)
    except NotEditable as why:
        return _copied(plain, issues, front, facts, limits, str(why))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        # a package of another shape than any program writes: what could be read of it is copied
        return _copied(plain, issues, front, facts, limits, "写法不规范")


def _copied(
    content: bytes,
    issues: Sequence[Issue],
    front: Front,
    origin: Mapping[str, str],
    limits: Limits,
    why: str,
) -> bytes:
    copy, names, dressed = rebuilt(read_grids(content, limits=limits), content)
    note = _CONVERTED.format(what=why, lost=_LOST_OF_XLS if dressed else _LOST)
    converted = Front(front.title, (*front.advice, note), front.lines)
    return _in_place(copy, names, issues, converted, origin, limits)


def _in_place(
    content: bytes,
    copied: Mapping[str, str] | None,
    issues: Sequence[Issue],
    front: Front,
    origin: Mapping[str, str],
    limits: Limits,
) -> bytes:
    """copied: in a copy of ours, what each sheet is called there; it has all that were read."""
    names = copied or {}
    package = Edited(content, limits)
    parts, styles = package.sheets(), Styles(package)
    by_sheet: dict[str, dict[Place, list[Issue]]] = {name: {} for name in parts}
    for issue in issues:
        if not issue.cell:
            continue
        name = names.get(issue.sheet, issue.sheet)
        if name not in parts:
            if copied is not None:
                continue
            raise NotEditable("工作表对不上")
        row, column, _, _ = area(issue.cell)
        by_sheet[name].setdefault((row, column), []).append(issue)
    again = is_ours(package)
    fills = fills_under_marks(read_grids(content, limits=limits) if again else ())
    for name, found in by_sheet.items():
        _mark_sheet(package, name, found, styles, fills, again=again)
    lines = [_renamed(line, names) for line in front.lines]
    shown = add_front(package, styles, Front(front.title, front.advice, lines))
    if origin:
        hidden = {**_findings(issues, lines, names), **dict(fills.facts())}
        add_origin(package, {**origin, "front": shown, **hidden})
    return package.saved()


def _findings(
    issues: Iterable[Issue], lines: Iterable[Line], names: Mapping[str, str]
) -> dict[str, str]:
    """What is to be mended, for the copy to say when it comes back: rule, field, sheet, cell and name
    (no sheet's name holds a slash)."""
    who = {(line.sheet, line.place): line.who for line in lines}
    found = (
        (issue, names.get(issue.sheet, issue.sheet))
        for issue in issues
        if issue.cell and issue.severity in _FOLLOWED
    )
    return {
        f"finding{n}": "/".join(
            (issue.rule, issue.field, sheet, issue.cell, who.get((sheet, issue.cell), ""))
        )
        for n, (issue, sheet) in enumerate(found, 1)
    }


def _mark_sheet(
    package: Edited,
    name: str,
    found: Mapping[Place, Sequence[Issue]],
    styles: Styles,
    fills: OwnFills,
    *,
    again: bool,
) -> None:
    """A fill for the gravest, a comment that says each; on a merged range, at its first cell. In a
    workbook sent out before, the marks of that time go first."""
    part = package.sheets()[name]
    was = package.content(part)
    if not found and not again and b"tabSelected" not in was:
        return
    sheet = Spliced(was)
    if again:
        unmark(package, part, sheet, styles, fills.before.get(name, {}))
    sheet.deselect()
    at: dict[Place, list[Issue]] = {}
    for place, anchor in sheet.anchors(found).items():
        at.setdefault(anchor, []).extend(found[place])
    gravest = {place: min((i.severity for i in here), key=RANK.index) for place, here in at.items()}

    def marked(base: int, place: Place, severity: Severity) -> int:
        fills.keep(name, place, styles.own_fill(base))
        return styles.marked(base, severity)

    sheet.restyle(
        {place: partial(marked, place=place, severity=worst) for place, worst in gravest.items()}
    )
    noted = sorted(at, key=lambda place: (RANK.index(gravest[place]), place))[:_MOST_NOTES]
    texts = {place: "\n".join(map(worded, at[place])) for place in noted}
    comment(package, part, sheet, texts)
    package.replace(part, sheet.content())


def worded(issue: Issue) -> str:
    """An issue as the comment on its cell says it."""
    value = f"建议值 {issue.suggested}：" if issue.suggested else ""
    suggestion = f"（{value}{issue.suggestion}）" if issue.suggestion else ""
    return f"【{WORDS[issue.severity]}】{issue.message}{suggestion}"


def _renamed(line: Line, names: Mapping[str, str]) -> Line:
    sheet = names.get(line.sheet, line.sheet)
    return line if sheet == line.sheet else Line(**{**vars(line), "sheet": sheet})
