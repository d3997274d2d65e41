"""What a column holds: how much of it reads as a field would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from pipeline.model import Grid
from pipeline.numbers import compact_no, id_fault, read_certificate
from pipeline.programme import Field, Programme
from pipeline.values import compact, fold, is_nothing, is_phone, read_day, read_phones, read_span

_AMOUNT = re.compile(r"-?\d[\d,.]*", re.ASCII)
_SAMPLE = 200  # rows looked at
Reads = Callable[[str, str], bool]  # text and type of a cell


def values_of(grid: Grid, below: int, column: int) -> list[tuple[str, str]]:
    """Text and type of the first cells of a column below a row, those that say nothing left out."""
    texts, kinds = grid.column(column, below + 1, min(grid.last_row, below + _SAMPLE))
    return [
        (text, kind)
        for text, kind in zip(texts, kinds, strict=True)
        if kind and not is_nothing(text)
    ]


def share(values: list[tuple[str, str]], field: Field, programme: Programme) -> float:
    """How much of the column reads as the field: 0 to 1; 0 for an empty one."""
    reads = _reads(field, programme)
    return sum(reads(*value) for value in values) / len(values) if values else 0.0


def _reads(field: Field, programme: Programme) -> Reads:
    if field.kind == "code":
        words = programme.code_words[field.codes]
        return lambda text, kind: fold(text) in words
    if field.kind == "category_grade":
        starts = tuple(w for f in field.fills for w in _words(programme, f) if len(w) > 1)
        return lambda text, kind: fold(text).startswith(starts) and len(fold(text)) > 2
    return _READS.get(field.kind, _anything)


def _words(programme: Programme, field: str) -> Iterable[str]:
    return programme.code_words[programme.field[field].codes]


def _anything(text: str, kind: str) -> bool:
    return True


def _is_name(text: str, kind: str) -> bool:
    name = compact(text)
    return 2 <= len(name) <= 12 and all("一" <= c <= "鿿" or c == "·" for c in name)


def _is_id(text: str, kind: str) -> bool:
    number = compact_no(text)
    return len(number) == 18 and not id_fault(number)


def _is_span(text: str, kind: str) -> bool:
    return read_day(text, kind) is None and read_span(text, kind) is not None


_READS: Mapping[str, Reads] = {
    "id": _is_id,
    "certificate": lambda text, kind: bool(read_certificate(compact_no(text))),
    "name": _is_name,
    "day": lambda text, kind: read_day(text, kind) is not None,
    "birth": lambda text, kind: read_day(text, kind) is not None,
    "span": _is_span,
    "phone": lambda text, kind: any(is_phone(n) for n in read_phones(text)),
    "number": lambda text, kind: _AMOUNT.fullmatch(compact(text)) is not None,
}
