"""退回/<unit>/: for each unit with findings, its own files marked, and a notice that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.model import Claims, Document, Figures, Input, Issue, Reading, Severity, Status
from pipeline.office.fill import fill_letter
from pipeline.office.read import Unreadable, decrypted, read_grids
from pipeline.programme import Programme
from pipeline.render.grouped import Group, grouped
from pipeline.render.marked import WORDS, Front, Line, mark

_GONE = frozenset({Status.SUPERSEDED, Status.TASK_TABLE, Status.JUDGEMENTS, Status.SAME_CONTENT})
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')  # what Windows refuses in a file's name
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_NOTICE, _LONGEST_NAME = "退回通知.docx", 80
_MOST_LINES = 14  # of a notice of one page
_LONGEST_RANGE = 24
_RANK = list(Severity)


@dataclass(frozen=True)
class _Sent:
    """One file of a unit with the findings the unit must see."""

    entry: Input
    issues: tuple[Issue, ...]


def returned(
    figures: Figures,
    claims: Claims,
    readings: Iterable[Reading],
    programme: Programme,
    templates: Path,
    view: Mapping[str, Any],
    passwords: Sequence[str] = (),
) -> Iterator[Document]:
    """Per unit: the files it sent, marked, and its notice. A bundle goes to who filed it; the
    counties in it get a notice with their own rows only."""
    heading = {k: view[k] for k in ("office", "period_label", "short_title", "year")}
    contents = {r.submission.path: r.submission.content for r in readings}
    names = _names(claims)
    for unit, files in sorted(_by_unit(figures).items()):
        folder = f"退回/{unit}_{programme.gazetteer.name(unit)}"
        taken: dict[str, int] = {}
        listed, room = [], _MOST_LINES
        for sent in files:
            own = sent.entry.unit == unit and any(i.cell for i in sent.issues)
            front = _front(sent, names, programme, view)
            marked = (
                _marked(contents[sent.entry.path], sent.issues, front, passwords) if own else None
            )
            if marked is not None:
                name = _own_name(sent.entry.path, taken)
                yield Document(f"{folder}/{name}", unit, marked)
            told = _listed(sent, room, returned_file=marked is not None)
            room -= len(told["issues"])
            listed.append(told)
        notice = {
            **heading,
            "unit": programme.gazetteer.name(unit),
            "files": listed,
            "changes": figures.changes.get(unit),
            **_sums(files),
        }
        yield Document(f"{folder}/{_NOTICE}", unit, fill_letter(templates / _NOTICE, notice))


def _by_unit(figures: Figures) -> dict[str, list[_Sent]]:
    gone = {i.path for i in figures.inputs if i.status in _GONE}
    found: dict[str, list[Issue]] = {}
    for issue in figures.issues:
        if issue.file not in gone:
            found.setdefault(issue.file, []).append(issue)
    by_unit: dict[str, list[_Sent]] = {}
    for entry in figures.inputs:
        issues = found.get(entry.path, [])
        if entry.unit and any(map(_to_be_told, issues)):
            by_unit.setdefault(entry.unit, []).append(_Sent(entry, tuple(issues)))
        for unit in sorted({i.unit for i in issues} - {entry.unit, ""}):
            own = tuple(i for i in issues if i.unit == unit)
            by_unit.setdefault(unit, []).append(_Sent(entry, own))
    return by_unit


def _to_be_told(issue: Issue) -> bool:
    """A note on a whole sheet alone is no reason to send anything back."""
    return issue.severity != Severity.INFO or issue.row is not None


def _names(claims: Claims) -> dict[tuple[str, str, int], str]:
    rows = claims.rows
    if rows.empty or "name" not in rows:
        return {}
    keys = zip(rows["file"], rows["sheet"], rows["row"], strict=True)
    return dict(zip(keys, rows["name"], strict=True))


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
            word=WORDS[i.severity],
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


def _marked(
    content: bytes, issues: Sequence[Issue], front: Front, passwords: Sequence[str]
) -> bytes | None:
    try:
        plain = decrypted(content, passwords) or content
        return mark(plain, read_grids(plain), issues, front)
    except Unreadable:
        return None


def _own_name(path: str, taken: dict[str, int]) -> str:
    """The file's own name as .xlsx; two of one name are told apart by a number."""
    name = path.rsplit("!", 1)[-1].rsplit("/", 1)[-1]
    stem = _NOT_IN_NAMES.sub("_", name.rsplit(".", 1)[0][:_LONGEST_NAME]).strip(" .") or "报表"
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    key = stem.casefold()  # Windows takes A.xlsx and a.xlsx for one
    taken[key] = taken.get(key, 0) + 1
    return f"{stem}.xlsx" if taken[key] == 1 else f"{stem}（{taken[key]}）.xlsx"


def _listed(sent: _Sent, room: int, *, returned_file: bool) -> dict[str, Any]:
    """A file as the notice lists it, in as many lines as there is room for."""
    groups = grouped(sent.issues)
    shown = groups[: max(room, 1)]
    return {
        "name": sent.entry.path.rsplit("!", 1)[-1].rsplit("/", 1)[-1],
        "counted": sent.entry.counted,
        "marked": returned_file,
        "issues": [dict(_in_words(g), seq=n) for n, g in enumerate(shown, 1)],
        "rest": sum(g.count for g in groups[len(shown) :]),
    }


def _in_words(group: Group) -> dict[str, str]:
    cells = group.cells
    if len(cells) > _LONGEST_RANGE:
        cells = f"{cells[:_LONGEST_RANGE].rsplit('、', 1)[0]} 等"
    lone = group.issues[0] if group.count == 1 else None
    return {
        "sheet": group.sheet,
        "cell": cells + (f"（共 {group.count} 处）" if group.count > 1 else ""),
        "word": WORDS[group.severity],
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
