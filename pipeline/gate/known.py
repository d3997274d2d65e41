"""Whom the gate looks for: the names, numbers and phones of everybody on any roster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.programme import Programme
from pipeline.values import compact, read_name, read_phones

if TYPE_CHECKING:
    import pyarrow as pa

_LEAST_PHONE = 7
_LONG_NAME = 3  # characters from which a name is looked for inside longer texts


@dataclass(frozen=True)
class Known:
    """Names without those that are also words of the programme, or stand in its titles and offices;
    numbers; phones as digits."""

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """How many characters names have that are looked for inside longer texts: three and more."""
        return tuple(sorted({len(name) for name in self.names if len(name) >= _LONG_NAME}))


def known_of(files: Iterable[Path], programme: Programme) -> Known:
    """Everybody in tables of rows as read (rows.parquet): counted, returned or superseded."""
    import pyarrow.parquet as pq

    names: set[str] = set()
    numbers: set[str] = set()
    phones: set[str] = set()
    columns = ["name", "number", "phone"]
    for file in files:
        with pq.ParquetFile(file) as rows:
            for batch in rows.iter_batches(131_072, columns=columns):
                names.update(map(read_name, _distinct(batch["name"])))
                numbers.update(_distinct(batch["number"]))
                phones.update(p for text in _distinct(batch["phone"]) for p in read_phones(text))
    written = "\n".join(_titles(programme))
    named = (n for n in names if len(n) > 1 and (len(n) < _LONG_NAME or n not in written))
    return Known(
        frozenset(named) - frozenset(_words(programme)),
        frozenset(n for n in numbers if len(n) >= 15),
        frozenset(p for p in phones if len(p) >= _LEAST_PHONE),
    )


def _distinct(column: pa.Array) -> list[str]:
    import pyarrow.compute as pc

    return [text for text in pc.unique(column.cast("string")).to_pylist() if text]


def _words(programme: Programme) -> Iterator[str]:
    """What papers say anyway: names of units, labels, words of lists."""
    for unit in programme.gazetteer.units:
        name = compact(unit.name)
        yield from (name, name[:-1], name[:-2])
    for labels in programme.code_labels.values():
        yield from labels.values()
    for field in programme.fields:
        yield from (field.label, *field.headers)
    for words in programme.words.values():
        yield from words


def _titles(programme: Programme) -> Iterator[str]:
    """What every paper says: whoever is called by a piece of it (残疾妇女 in a name's place) is nobody."""
    yield from (programme.title, programme.short_title, programme.notice_title, programme.office)
    yield from (agency.full_name for agency in programme.agencies)
    for kind in programme.kinds:
        yield from (kind.label, *kind.title_words)
    for report in programme.reports:
        yield from (*report.title, report.to, *report.signed, report.copied, report.basis)
    for concern in programme.concerns:
        yield from (concern.name, concern.ask)
    yield from (theme.name for theme in programme.themes)
    yield from (rule.title for rule in programme.rules)
