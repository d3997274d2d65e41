"""退回/<unit>/: for each unit with findings, its own files marked, and a notice that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.model import Claims, Figures, Input, Issue, Month, Severity, Status, issues_of
from pipeline.model.front_sheet import Front
from pipeline.model.papers import Contact, Papers
from pipeline.office.fill import fill_letter
from pipeline.programme import Programme
from pipeline.render.listed_findings import LISTED, front_of, list_apart
from pipeline.render.notices import (
    QUESTIONED,
    RETURNED,
    URGED,
    About,
    Sent,
    letter_for,
    names_on_rows,
    notice,
    urging,
)
from pipeline.values import month_end

_GONE = frozenset(
    {
        Status.SUPERSEDED,
        Status.TASK_TABLE,
        Status.JUDGEMENTS,
        Status.INSPECTIONS,
        Status.SAME_CONTENT,
    }
)
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')  # what Windows refuses in a file's name
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LONGEST_NAME, _LONGEST_BYTES = 80, 200


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
class Letters:
    """What went to whom: units by the letter they get, those with something to note alone, and the
    files that could not be marked, as `path` and `why`."""

    urged: tuple[str, ...]
    returned: tuple[str, ...]
    questioned: tuple[str, ...]
    noted: tuple[str, ...]
    unmarked: tuple[dict[str, str], ...]


def returned(
    month: Month,
    claims: Claims,
    figures: Figures,
    programme: Programme,
    templates: Path,
    view: Mapping[str, Any],
    contact: Contact,
    papers: Papers,
    mark: Mark,
) -> Letters:
    """Per unit: the files it sent, marked, and the letter that fits the case. A bundle goes to who
    filed it; the counties in it get a letter with their own rows only.

    A unit that filed nothing this period is urged to, and gets no old file back.
    """
    silent = _silent(month, figures, programme)
    units = {
        unit: _named(unit, files)
        for unit, files in sorted(_by_unit(figures, silent, programme).items())
    }
    names = names_on_rows(figures)
    failed = _mark(units, names, programme, view, papers, mark)
    words = ("office", "period_label", "short_title", "as_of", "final_day")
    heading = {word: view[word] for word in words}
    about = About(figures, programme, heading, names, contact)
    letters: dict[str, list[str]] = {URGED: [], RETURNED: [], QUESTIONED: [], "": []}
    useless: dict[
        str, list[Sent]
    ] = {}  # what was received of those who are to be urged all the same
    for unit, files in units.items():
        letter = letter_for(files)
        if letter == QUESTIONED and programme.gazetteer.entity(unit) in silent:
            useless[unit] = files
            continue
        letters[letter].append(unit)
        written = notice(unit, files, failed, about)
        if letter:
            papers.add(f"{_folder(unit, programme)}/{letter}", unit, fill_letter(templates / letter, written))  # fmt: skip
        loose = [s for s in files if not s.name or s.entry.path in failed]
        if loose and (written["left_out"] or not letter):
            place = f"{_folder(unit, programme)}/{LISTED}"
            with papers.open(place, unit) as stream:
                list_apart(unit, loose, names, programme, templates, view, stream)
    for unit, basis in _urged(silent, month, claims, figures, programme):
        if unit not in letters[RETURNED]:
            letters[URGED].append(unit)
            received = useless.get(unit, ())
            written = urging(unit, basis, _rows_returned(unit, figures), received, about)
            path = f"催报/{unit}_{programme.gazetteer.name(unit)}/{URGED}"
            papers.add(path, unit, fill_letter(templates / URGED, written))
    unmarked = ({"path": path, "why": why} for path, why in sorted(failed.items()))
    urged, sent_back, asked, noted = (tuple(units) for units in letters.values())
    return Letters(urged, sent_back, asked, noted, tuple(unmarked))


def _silent(month: Month, figures: Figures, programme: Programme) -> frozenset[str]:
    """The units (entities) that filed nothing this period: counties, and others that filed before."""
    entity, filings = programme.gazetteer.entity, month.table("filings").to_pylist()
    before = {f["entity"] for f in filings if f["period"] < figures.period}
    now = {f["entity"] for f in filings if f["period"] == figures.period}
    counties = {entity(u.code) for u in programme.gazetteer.counties(month_end(figures.period))}
    return frozenset((before - now - counties) | set(map(entity, figures.not_filed)))


def _urged(
    silent: Iterable[str], month: Month, claims: Claims, figures: Figures, programme: Programme
) -> Iterator[tuple[str, dict[str, str]]]:
    """Whom to urge, and by kind the period of the earlier return that stands for her."""
    entity, periods = programme.gazetteer.entity, month.periods
    today = {entity(unit): unit for unit in figures.not_filed}
    basis: dict[str, dict[str, str]] = {}
    for file, of, kind in claims.stands:
        own = basis.setdefault(of, {})
        own[kind] = max(own.get(kind, ""), periods[file])
    year = figures.period[:4]
    for of in sorted(silent):
        own = {kind: p for kind, p in basis.get(of, {}).items() if p[:4] == year}
        if of in today or own:
            yield today.get(of, of), own


def _rows_returned(unit: str, figures: Figures) -> int:
    lines = figures.table.to_pylist()
    own = {line["indicator"]: line["returned"] for line in lines
           if line["unit"] == unit and line["scope"] == "year"}  # fmt: skip
    return sum(own.values())


def _folder(unit: str, programme: Programme) -> str:
    return f"退回/{unit}_{programme.gazetteer.name(unit)}"


def _named(unit: str, files: Iterable[Sent]) -> list[Sent]:
    """The unit's own files with cells to mark get the names under which they go back."""
    taken: dict[str, int] = {}
    return [
        replace(sent, name=_own_name(sent.entry.path, taken))
        if sent.entry.unit == unit and any(i.cell or i.sheet for i in sent.issues)
        else sent
        for sent in files
    ]


def _mark(
    units: Mapping[str, Iterable[Sent]],
    names: Mapping[tuple[str, str, int], str],
    programme: Programme,
    view: Mapping[str, Any],
    papers: Papers,
    mark: Mark,
) -> dict[str, str]:
    """Has the marked copies written into their places; which files failed, and why."""
    wanted: dict[Path, tuple[str, str]] = {}
    markings = []
    for unit, files in units.items():
        for sent in files:
            if sent.name:
                path = f"{_folder(unit, programme)}/{sent.name}"
                target = papers.place(path)
                front = front_of(sent, names, programme, view)
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


def _by_unit(
    figures: Figures, silent: frozenset[str], programme: Programme
) -> dict[str, list[Sent]]:
    """Each unit's files with what is found in them; of the silent ones none that lies in
    the past, and no notes for whoever adds up."""
    gone = {i.path for i in figures.inputs if i.status in _GONE}
    inside = {rule.code for rule in programme.rules if rule.audience}
    found: dict[str, list[Issue]] = {}
    for issue in issues_of(figures.open):
        if issue.file not in gone and issue.rule not in inside:
            found.setdefault(issue.file, []).append(issue)
    by_unit: dict[str, list[Sent]] = {}
    for entry in figures.inputs:
        issues = found.get(entry.path, [])
        if entry.unit and any(map(_calls_for_return, issues)):
            by_unit.setdefault(entry.unit, []).append(Sent(entry, tuple(issues)))
        for unit in sorted({i.unit for i in issues} - {entry.unit, ""}):
            own = tuple(i for i in issues if i.unit == unit)
            by_unit.setdefault(unit, []).append(Sent(entry, own))
    entity = programme.gazetteer.entity
    kept = {
        unit: [s for s in files if entity(unit) not in silent or s.entry.period == figures.period]
        for unit, files in by_unit.items()
    }
    return {unit: files for unit, files in kept.items() if files}


def _calls_for_return(issue: Issue) -> bool:
    """A note on a whole sheet alone is no reason to send anything back."""
    return issue.severity != Severity.INFO or issue.row is not None


def _short(name: str) -> str:
    """A name short enough for every file system, which count in bytes: rare characters are four."""
    return name[:_LONGEST_NAME].encode()[:_LONGEST_BYTES].decode(errors="ignore")


def _own_name(path: str, taken: dict[str, int]) -> str:
    """The file's own name as .xlsx; two of one name are told apart by a number."""
    name = path.rsplit("!", 1)[-1].rsplit("/", 1)[-1]
    stem = _NOT_IN_NAMES.sub("_", _short(name.rsplit(".", 1)[0])).strip(" .") or "报表"
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    key = stem.casefold()  # Windows takes A.xlsx and a.xlsx for one
    taken[key] = taken.get(key, 0) + 1
    return f"{stem}.xlsx" if taken[key] == 1 else f"{stem}（{taken[key]}）.xlsx"
