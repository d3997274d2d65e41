"""Headers nobody has seen before: what a column may be, by its words and by what it holds.

Never a silent guess: a column taken on likeness is always listed, with the line to paste into the
programme; two readings of one column, or two columns for one field, are an error that names both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from pipeline.ingest.headers import WIDEST, Header
from pipeline.ingest.holds import share, values_of
from pipeline.ingest.plain import plain
from pipeline.model import Grid, Issue
from pipeline.programme import Field, Programme
from pipeline.values import column_letters, compact, is_nothing

# how much of a column must read as the field, and how alike the header must be, by kind of field
_NEEDS: Mapping[str, tuple[float, float]] = {
    "id": (0.6, 0.0),
    "certificate": (0.6, 0.0),
    "name": (0.8, 0.5),
    "code": (0.8, 0.45),
    "category_grade": (0.8, 0.45),
    "day": (0.8, 0.5),
    "span": (0.8, 0.5),
    "birth": (0.8, 0.5),
    "phone": (0.8, 0.4),
    "text": (0.0, 0.8),
}
_MARGIN = 0.08
_VERY_ALIKE, _SHORT = 0.85, 4


@dataclass(frozen=True)
class Guess:
    """The header with unseen columns taken on likeness; `unclear` are fields read in two ways."""

    header: Header
    issues: tuple[Issue, ...] = ()
    unclear: frozenset[str] = frozenset()


def guess(header: Header, grid: Grid, programme: Programme) -> Guess:
    """Takes unseen and nameless columns on likeness, with an issue for each."""
    open_columns = _open_columns(header, grid, programme)
    kinds = [header.kind] if header.kind else [k.name for k in programme.kinds]
    fields = _missing_fields(header, kinds, programme) if open_columns else []
    scores = {
        (column, field.name): score
        for column, leaf in open_columns.items()
        for values in [values_of(grid, header.bottom, column)]
        for field in fields
        if (score := _score(leaf, values, field, programme)) > 0
    }
    taken: dict[int, str] = {}
    issues: list[Issue] = []
    unclear: set[str] = set()
    for column in open_columns:
        best = _best(column, scores)
        if not best:
            continue
        names, rivals = best
        if len(names) == 1 and not rivals:
            taken[column] = names[0]
            issues.append(_listed(names[0], header, column, programme))
        elif any(programme.field[n].required for n in names):
            unclear |= set(names)
            issues.append(_ambiguous(names, rivals, header, column, programme))
    whole = replace(header, fields={**header.fields, **taken})
    return Guess(whole, tuple(issues), frozenset(unclear))


def _open_columns(header: Header, grid: Grid, programme: Programme) -> dict[int, str]:
    """Columns no field claims: header by column, empty for one without; another person's left out."""
    other_person = programme.words["other_person"]
    found = {}
    for column in range(1, min(grid.last_column, WIDEST) + 1):
        leaf = header.leaves.get(column, "")
        if column in header.fields or any(w in plain(leaf) for w in other_person):
            continue
        if (column not in header.leaves) or not is_nothing(leaf):
            found[column] = leaf
    return found


def _missing_fields(header: Header, kinds: list[str], programme: Programme) -> list[Field]:
    """Fields no column holds yet; those another column fills count as held."""
    held = set(header.fields.values())
    held |= {filled for name in held for filled in programme.field[name].fills}
    of_kinds = {f.name: f for kind in kinds for f in programme.fields_of(kind)}
    return [f for f in of_kinds.values() if f.name not in held and not set(f.fills) & held]


def _best(
    column: int, scores: Mapping[tuple[int, str], float]
) -> tuple[list[str], list[int]] | None:
    """The fields this column reads as about equally well, and other columns as good for the first."""
    own = sorted(((s, f) for (c, f), s in scores.items() if c == column), reverse=True)
    if not own:
        return None
    top = own[0][0]
    names = [f for s, f in own if s > top - _MARGIN]
    others = {c: s for (c, f), s in scores.items() if f == names[0] and c != column}
    if any(s > top + _MARGIN for s in others.values()):
        return None  # another column holds this field better
    return names, [c for c, s in others.items() if s > top - _MARGIN]


def _score(leaf: str, values: list[tuple[str, str]], field: Field, programme: Programme) -> float:
    """0 where the column cannot be the field; else how well header and values fit, up to 1."""
    holds, alike = _NEEDS[field.kind]
    likeness = max(
        (_alike(plain(leaf), plain(h)) for h in (field.label, *field.headers)), default=0
    )
    if likeness < alike:
        return 0
    if field.kind == "text":
        return likeness / 2
    held = share(values, field, programme)
    if likeness >= _VERY_ALIKE:
        # a short list may hold little else than faults: they must not hide what the header says
        holds = 0.0 if len(values) <= _SHORT else holds / 2
    return (held + likeness) / 2 if held >= holds else 0


@lru_cache(maxsize=65536)
def _alike(header: str, known: str) -> float:
    """Ratio of common text; a known header inside a longer one, or cut short, is very alike."""
    if len(known) >= 2 and (known in header or header in known) and len(header) >= 2:
        return max(0.85, SequenceMatcher(None, header, known).ratio())
    return SequenceMatcher(None, header, known).ratio()


def _listed(name: str, header: Header, column: int, programme: Programme) -> Issue:
    field, letters = programme.field[name], column_letters(column)
    if column in header.leaves:
        slots = {"header": header.named(column), "label": field.label, "field": name}
        issue = programme.issue("S10", **slots)
    else:
        issue = programme.issue("S15", column=letters, label=field.label)
    return issue.at(row=header.bottom, column=letters, field=name)


def _ambiguous(
    names: list[str], rivals: list[int], header: Header, column: int, programme: Programme
) -> Issue:
    readings = "、".join(f"“{programme.field[n].label}”" for n in names)
    if rivals:
        others = "、".join(f"{column_letters(c)} 列" for c in rivals)
        readings += f"（{others}也像）"
    shown = compact(header.leaves.get(column, "")) or "（空）"
    issue = programme.issue("S11", header=shown, readings=readings)
    return issue.at(row=header.bottom, column=column_letters(column))
