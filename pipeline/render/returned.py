"""退回/<unit>/: for each unit with findings, its own files marked, and a notice that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.model import Document, Figures, Input, Issue, Reading, Severity, Status
from pipeline.programme import Programme
from pipeline.render.letters import fill_letter
from pipeline.render.marked import mark, place_of, said_in_words
from pipeline.workbooks import Unreadable, read_grids

_GONE = frozenset({Status.SUPERSEDED, Status.TASK_TABLE, Status.JUDGEMENTS, Status.SAME_CONTENT})
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')  # what Windows refuses in a file's name
_NOTICE, _LONGEST_NAME = "退回通知.docx", 80


def returned(
    figures: Figures,
    readings: Iterable[Reading],
    programme: Programme,
    templates: Path,
    view: Mapping[str, Any],
) -> Iterator[Document]:
    """Per unit: the files it sent, marked, and its notice. A bundle goes to who filed it; the
    counties in it get a notice with their own rows only."""
    found = _issues_by_file(figures)
    heading = {k: view[k] for k in ("office", "period_label", "short_title", "year")}
    contents = {r.submission.path: r.submission.content for r in readings}
    by_unit: dict[str, list[tuple[Input, list[Issue]]]] = {}
    for entry in figures.inputs:
        issues = found.get(entry.path, [])
        if entry.unit and issues:
            by_unit.setdefault(entry.unit, []).append((entry, issues))
        for unit in sorted({i.unit for i in issues} - {entry.unit, ""}):
            by_unit.setdefault(unit, []).append((entry, [i for i in issues if i.unit == unit]))
    for unit, files in sorted(by_unit.items()):
        folder = f"退回/{unit}_{programme.gazetteer.name(unit)}"
        names: dict[str, int] = {}
        listed = []
        for entry, issues in files:
            marked = None
            if entry.unit == unit and any(i.cell for i in issues):
                marked = _marked(contents[entry.path], issues)
            if marked is not None:
                name = _own_name(entry.path, names)
                yield Document(f"{folder}/{name}", unit, marked)
            listed.append(_listed(entry, issues, returned_file=marked is not None))
        notice = {
            **heading,
            "unit": programme.gazetteer.name(unit),
            "files": listed,
            **_sums(files),
        }
        yield Document(f"{folder}/{_NOTICE}", unit, fill_letter(templates / _NOTICE, notice))


def _issues_by_file(figures: Figures) -> dict[str, list[Issue]]:
    gone = {i.path for i in figures.inputs if i.status in _GONE}
    found: dict[str, list[Issue]] = {}
    for issue in figures.issues:
        if issue.file not in gone:
            found.setdefault(issue.file, []).append(issue)
    return found


def _marked(content: bytes, issues: list[Issue]) -> bytes | None:
    try:
        return mark(content, read_grids(content), issues)
    except Unreadable:
        return None


def _own_name(path: str, taken: dict[str, int]) -> str:
    """The file's own name as .xlsx; two of one name are told apart by a number."""
    name = path.rsplit("!", 1)[-1].rsplit("/", 1)[-1]
    stem = _NOT_IN_NAMES.sub("_", name.rsplit(".", 1)[0][:_LONGEST_NAME]).strip(" .") or "报表"
    taken[stem] = taken.get(stem, 0) + 1
    return f"{stem}.xlsx" if taken[stem] == 1 else f"{stem}（{taken[stem]}）.xlsx"


def _listed(entry: Input, issues: list[Issue], *, returned_file: bool) -> dict[str, Any]:
    ordered = sorted(issues, key=place_of)
    return {
        "name": entry.path.rsplit("!", 1)[-1].rsplit("/", 1)[-1],
        "counted": entry.counted,
        "marked": returned_file,
        "issues": [dict(said_in_words(i), seq=n) for n, i in enumerate(ordered, 1)],
    }


def _sums(files: Iterable[tuple[Input, list[Issue]]]) -> dict[str, int]:
    issues = [i for _, found in files for i in found]
    rows = {(i.file, i.sheet, i.row) for i in issues if i.severity == Severity.ERROR and i.row}
    return {
        "errors": sum(i.severity == Severity.ERROR for i in issues),
        "warnings": sum(i.severity == Severity.WARNING for i in issues),
        "returned_rows": len(rows),
    }
