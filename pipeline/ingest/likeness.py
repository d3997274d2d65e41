"""Headers nobody has seen before: what a column may be, by its words and by what it holds.

Never a silent guess: a column taken on likeness is always listed, with the line to paste into the
programme; two readings of one column, or two columns for one field, are an error that names both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache

from pipeline.identifiers import compact_no, id_fault, read_certificate
from pipeline.ingest.headers import Header, plain
from pipeline.model import Grid, Issue
from pipeline.programme import Field, Programme
from pipeline.values import (
    column_letters,
    compact,
    fold,
    is_nothing,
    is_phone,
    read_day,
    read_phones,
    read_span,
)

_SAMPLE = 200  # rows looked at
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
_MARGIN = 0.1
_VERY_ALIKE, _SHORT = 0.85, 4


def guess(header: Header, grid: Grid, programme: Programme) -> tuple[Header, tuple[Issue, ...]]:
    """The header with unseen columns taken on likeness, and an issue for each."""
    open_columns = {
        c: leaf
        for c, leaf in header.leaves.items()
        if c not in header.fields and not is_nothing(leaf) and compact(leaf)
    }
    if not open_columns:
        return header, ()
    kinds = [header.kind] if header.kind else [k.name for k in programme.kinds]
    fields = _missing_fields(header, kinds, programme)
    scores = {
        (column, field.name): score
        for column, leaf in open_columns.items()
        for values in [_values(grid, header, column)]
        for field in fields
        if (score := _score(leaf, values, field, programme)) > 0
    }
    taken: dict[int, str] = {}
    issues: list[Issue] = []
    for column, leaf in open_columns.items():
        best = _best(column, scores)
        if not best:
            continue
        names, rivals = best
        if len(names) == 1 and not rivals:
            taken[column] = names[0]
            issues.append(_listed(leaf, names[0], header, column, programme))
        elif any(programme.field[n].required for n in names):
            issues.append(_ambiguous(leaf, names, rivals, header, column, programme))
    return replace(header, fields={**header.fields, **taken}), tuple(issues)


def _missing_fields(header: Header, kinds: list[str], programme: Programme) -> list[Field]:
    """Fields no column holds yet; those another column fills count as held."""
    held = set(header.fields.values())
    held |= {filled for name in held for filled in programme.field[name].fills}
    of_kinds = {f.name: f for kind in kinds for f in programme.fields_of(kind)}
    return [f for f in of_kinds.values() if f.name not in held and not set(f.fills) & held]


def _values(grid: Grid, header: Header, column: int) -> list[str]:
    below = range(header.bottom + 1, min(grid.last_row, header.bottom + _SAMPLE) + 1)
    texts = (grid.cells[r, column].text for r in below if (r, column) in grid.cells)
    return [t for t in texts if not is_nothing(t)]


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


def _score(leaf: str, values: list[str], field: Field, programme: Programme) -> float:
    """0 where the column cannot be the field; else how well header and values fit, up to 1."""
    holds, alike = _NEEDS[field.kind]
    likeness = max(
        (_alike(plain(leaf), plain(h)) for h in (field.label, *field.headers)), default=0
    )
    if likeness < alike:
        return 0
    if field.kind == "text":
        return likeness / 2
    share = _share(values, _reads(field, programme))
    if likeness >= _VERY_ALIKE:
        # a short list may hold little else than faults: they must not hide what the header says
        holds = 0.0 if len(values) <= _SHORT else holds / 2
    return (share + likeness) / 2 if share >= holds else 0


@lru_cache(maxsize=65536)
def _alike(header: str, known: str) -> float:
    """Ratio of common text; a known header inside a longer one, or cut short, is very alike."""
    if len(known) >= 2 and (known in header or header in known) and len(header) >= 2:
        return max(0.85, SequenceMatcher(None, header, known).ratio())
    return SequenceMatcher(None, header, known).ratio()


def _share(values: list[str], reads: Callable[[str], bool]) -> float:
    return sum(map(reads, values)) / len(values) if values else 0


def _reads(field: Field, programme: Programme) -> Callable[[str], bool]:
    if field.kind == "code":
        words = programme.code_words[field.codes]
        return lambda text: fold(text) in words
    if field.kind == "category_grade":
        starts = tuple(w for f in field.fills for w in _words(programme, f) if len(w) > 1)
        return lambda text: fold(text).startswith(starts) and len(fold(text)) > 2
    return _READS[field.kind]


def _words(programme: Programme, field: str) -> Iterable[str]:
    return programme.code_words[programme.field[field].codes]


def _is_name(text: str) -> bool:
    name = compact(text)
    return 2 <= len(name) <= 12 and all("一" <= c <= "鿿" or c == "·" for c in name)


_READS: Mapping[str, Callable[[str], bool]] = {
    "id": lambda text: len(compact_no(text)) == 18 and not id_fault(compact_no(text)),
    "certificate": lambda text: bool(read_certificate(compact_no(text))),
    "name": _is_name,
    "day": lambda text: read_day(text, "s") is not None,
    "birth": lambda text: read_day(text, "s") is not None,
    "span": lambda text: read_span(text, "s") is not None,
    "phone": lambda text: any(is_phone(n) for n in read_phones(text)),
}


def _listed(leaf: str, name: str, header: Header, column: int, programme: Programme) -> Issue:
    field = programme.field[name]
    issue = programme.issue("S10", header=compact(leaf), label=field.label, field=name)
    return issue.at(row=header.bottom, column=column_letters(column), field=name)


def _ambiguous(
    leaf: str,
    names: list[str],
    rivals: list[int],
    header: Header,
    column: int,
    programme: Programme,
) -> Issue:
    readings = "、".join(f"“{programme.field[n].label}”" for n in names)
    if rivals:
        others = "、".join(f"{column_letters(c)} 列" for c in rivals)
        readings += f"（{others}也像）"
    issue = programme.issue("S11", header=compact(leaf), readings=readings)
    return issue.at(row=header.bottom, column=column_letters(column))
