"""退回/<unit>/: for each unit with findings, its own files marked, and a notice that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.model import Figures, Input, Issue, Severity, Status, issues_of
from pipeline.model.papers import Papers
from pipeline.model.words import SEVERITY_WORDS
from pipeline.office.fill import fill_letter
from pipeline.office.mark import Front, Line
from pipeline.programme import Programme
from pipeline.render.grouped import Group, grouped

_GONE = frozenset({Status.SUPERSEDED, Status.TASK_TABLE, Status.JUDGEMENTS, Status.SAME_CONTENT})
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')  # what Windows refuses in a file's name
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_NOTICE, _LONGEST_NAME = "退回通知.docx", 80
_MOST_LINES = 14  # of a notice of one page
_LONGEST_RANGE = 24
_RANK = list(Severity)


@dataclass(frozen=True)
class Marking:
    """One file to be sent back marked: its path below inbox/, what is wrong, and where it goes."""

    path: str
    issues: tuple[Issue, ...]
    front: Front
    target: Path
    origin: Mapping[str, str]  # what the copy says of itself where nobody sees it


# marks files in any order, each with why it could not be marked, or nothing
Mark = Callable[[Iterable[Marking]], Iterable[tuple[Marking, str]]]


@dataclass(frozen=True)
class _Sent:
    """One file of a unit with the findings the unit must see; under what name it goes back."""

    entry: Input
    issues: tuple[Issue, ...]
    name: str = ""


def returned(
    figures: Figures,
    programme: Programme,
    templates: Path,
    view: Mapping[str, Any],
    papers: Papers,
    mark: Mark,
) -> list[dict[str, str]]:
    """Per unit: the files it sent, marked, and its notice. A bundle goes to who filed it; the
    counties in it get a notice with their own rows only.

    What could not be marked is given back, as `path` and `why`; its notice says so.
    """
    units = {unit: _named(unit, files) for unit, files in sorted(_by_unit(figures).items())}
    failed = _mark(units, figures, programme, view, papers, mark)
    heading = {k: view[k] for k in ("office", "period_label", "short_title", "year")}
    for unit, files in units.items():
        listed, room = [], _MOST_LINES
        for sent in files:
            entry = _listed(sent, room, failed.get(sent.entry.path, ""))
            room -= len(entry["issues"])
            listed.append(entry)
        notice = {
            **heading,
            "unit": programme.gazetteer.name(unit),
            "files": listed,
            "changes": figures.changes.get(unit),
            **_sums(files),
        }
        content = fill_letter(templates / _NOTICE, notice)
        papers.add(f"{_folder(unit, programme)}/{_NOTICE}", unit, content)
    return [{"path": path, "why": why} for path, why in sorted(failed.items())]


def _folder(unit: str, programme: Programme) -> str:
    return f"退回/{unit}_{programme.gazetteer.name(unit)}"


def _named(unit: str, files: Iterable[_Sent]) -> list[_Sent]:
    """The unit's own files with cells to mark get the names under which they go back."""
    taken: dict[str, int] = {}
    return [
        replace(sent, name=_own_name(sent.entry.path, taken))
        if sent.entry.unit == unit and any(i.cell for i in sent.issues)
        else sent
        for sent in files
    ]


def _mark(
    units: Mapping[str, Iterable[_Sent]],
    figures: Figures,
    programme: Programme,
    view: Mapping[str, Any],
    papers: Papers,
    mark: Mark,
) -> dict[str, str]:
    """Has the marked copies written into their places; which files failed, and why."""
    names = _names(figures)
    wanted: dict[Path, tuple[str, str]] = {}
    markings = []
    for unit, files in units.items():
        for sent in files:
            if sent.name:
                path = f"{_folder(unit, programme)}/{sent.name}"
                target = papers.place(path)
                front = _front(sent, names, programme, view)
                origin = _origin(sent.entry, programme)
                markings.append(Marking(sent.entry.path, sent.issues, front, target, origin))
                wanted[target] = (path, unit)
    failed = {}
    done = {marking.target: (marking.path, why) for marking, why in mark(markings)}
    for target, paper in wanted.items():
        path, why = done[target]
        if why:
            target.unlink(missing_ok=True)
            failed[path] = why
        else:
            papers.enter(*paper)
    return failed


def _origin(entry: Input, programme: Programme) -> dict[str, str]:
    """What the copy was made from, and what it files when it comes back under whatever name."""
    return {
        "programme": programme.name,
        "unit": entry.unit if programme.gazetteer.is_county(entry.unit) else "",
        "period": entry.period,
        "kinds": ";".join(entry.kinds),
        "made_from": ";".join((entry.sha256, *entry.made_from)),
    }


def _by_unit(figures: Figures) -> dict[str, list[_Sent]]:
    gone = {i.path for i in figures.inputs if i.status in _GONE}
    found: dict[str, list[Issue]] = {}
    for issue in issues_of(figures.issues):
        if issue.file not in gone:
            found.setdefault(issue.file, []).append(issue)
    by_unit: dict[str, list[_Sent]] = {}
    for entry in figures.inputs:
        issues = found.get(entry.path, [])
        if entry.unit and any(map(_calls_for_return, issues)):
            by_unit.setdefault(entry.unit, []).append(_Sent(entry, tuple(issues)))
        for unit in sorted({i.unit for i in issues} - {entry.unit, ""}):
            own = tuple(i for i in issues if i.unit == unit)
            by_unit.setdefault(unit, []).append(_Sent(entry, own))
    return by_unit


def _calls_for_return(issue: Issue) -> bool:
    """A note on a whole sheet alone is no reason to send anything back."""
    return issue.severity != Severity.INFO or issue.row is not None


def _names(figures: Figures) -> dict[tuple[str, str, int], str]:
    columns = (figures.named[c].to_pylist() for c in ("file", "sheet", "row", "name"))
    return {(file, sheet, row): name for file, sheet, row, name in zip(*columns, strict=True)}


def _front(
    sent: _Sent,
    names: Mapping[tuple[str, str, int], str],
    programme: Programme,
    view: Mapping[str, Any],
) -> Front:
    """What the front sheet says, in the order a clerk works: the gravest first, then row by row."""
    errors = sum(i.severity == Severity.ERROR for i in sent.issues)
    ordered = sorted(sent.issues, key=lambda i: (_RANK.index(i.severity), i.sheet, i.row or 0, len(i.column), i.column))  # fmt: skip
    lines = [
        Line(
            who=names.get((i.file, i.sheet, i.row or 0), ""),
            sheet=i.sheet,
            place=i.cell,
            severity=i.severity,
            word=SEVERITY_WORDS[i.severity],
            message=i.message,
            suggested=i.suggested,
            evidence=i.suggestion,
            source=programme.rule[i.rule].source,
        )
        for i in ordered
    ]
    advice = (
        f"{errors} 处应退回（红色，所在行未计入），{len(lines) - errors} 处请核实或知悉（黄色、蓝色，已计入）。"
        "点“哪一格”可跳到该格，格上批注写明原因。",
        "请在本文件里直接改正，存盘后把本文件整份报回（本表不用删，汇总时会自动跳过）。"
        "建议值是程序推测的，务必对照证件核对后再填。",
    )
    title = f"{view['period_label']}报表核对结果（{view['office']}）"
    return Front(title, advice, lines)


def _own_name(path: str, taken: dict[str, int]) -> str:
    """The file's own name as .xlsx; two of one name are told apart by a number."""
    name = path.rsplit("!", 1)[-1].rsplit("/", 1)[-1]
    stem = _NOT_IN_NAMES.sub("_", name.rsplit(".", 1)[0][:_LONGEST_NAME]).strip(" .") or "报表"
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    key = stem.casefold()  # Windows takes A.xlsx and a.xlsx for one
    taken[key] = taken.get(key, 0) + 1
    return f"{stem}.xlsx" if taken[key] == 1 else f"{stem}（{taken[key]}）.xlsx"


def _listed(sent: _Sent, room: int, failed: str) -> dict[str, Any]:
    """A file as the notice lists it, in as many lines as there is room for."""
    groups = grouped(sent.issues)
    shown = groups[: max(room, 1)]
    return {
        "name": sent.entry.path.rsplit("!", 1)[-1].rsplit("/", 1)[-1],
        "counted": sent.entry.counted,
        "note": _note(failed) if sent.name else "",
        "issues": [dict(_in_words(g), seq=n) for n, g in enumerate(shown, 1)],
        "rest": sum(g.count for g in groups[len(shown) :]),
    }


def _note(failed: str) -> str:
    if failed:
        return f"（标注稿没有做成：{failed}。请按下表在原文件中改正）"
    return "（已标注，随附）"


def _in_words(group: Group) -> dict[str, str]:
    cells = group.cells
    if len(cells) > _LONGEST_RANGE:
        cells = f"{cells[:_LONGEST_RANGE].rsplit('、', 1)[0]} 等"
    lone = group.issues[0] if group.count == 1 else None
    return {
        "sheet": group.sheet,
        "cell": cells + (f"（共 {group.count} 处）" if group.count > 1 else ""),
        "word": SEVERITY_WORDS[group.severity],
        "message": group.message,
        "suggestion": _suggested(lone) if lone else "",
    }


def _suggested(issue: Issue) -> str:
    if issue.suggested:
        return f"建议值 {issue.suggested}：{issue.suggestion}"
    return issue.suggestion


def _sums(files: Iterable[_Sent]) -> dict[str, int]:
    issues = [i for sent in files for i in sent.issues]
    rows = {(i.file, i.sheet, i.row) for i in issues if i.severity == Severity.ERROR and i.row}
    return {
        "errors": sum(i.severity == Severity.ERROR for i in issues),
        "warnings": sum(i.severity == Severity.WARNING for i in issues),
        "returned_rows": len(rows),
    }
