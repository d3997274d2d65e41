"""Blank returns that check themselves, made from the programme: one workbook a unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.forms.blank import addressed, blank_form
from pipeline.forms.formulas import FORMULAS
from pipeline.forms.placed import rosters_of
from pipeline.forms.prefilling import Listed, prefilled
from pipeline.forms.split_paper import SPLIT, split_workbook
from pipeline.model import Document, Unit
from pipeline.programme import Programme
from pipeline.values import month_end

__all__ = ["FORMULAS", "SPLIT", "filled_forms", "forms", "split_workbook", "units_for"]

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')


def units_for(programme: Programme, period: str, codes: Iterable[str] = ()) -> list[Unit]:
    """The units that file for a period: those of the codes, or all counties."""
    known = programme.gazetteer.by_code
    return [known[c] for c in codes] or programme.gazetteer.counties(month_end(period))


def forms(
    programme: Programme, period: str, units: Iterable[Unit], rows: int = 300
) -> Iterator[Document]:
    """One form a unit; `rows` are set out for persons on each roster."""
    blank = blank_form(programme, period, rows)
    for unit in units:
        yield Document(_name(unit, period), unit.code, addressed(blank, unit), private=False)


def filled_forms(
    programme: Programme,
    period: str,
    units: Iterable[Unit],
    standing: Mapping[str, Sequence[Listed]],
    month: str,
    rows: int = 300,
) -> Iterator[Document]:
    """One form a unit with the rows that stand for it already in it, at least `rows` more set out.

    standing: by unit (entity); month: in words, the month in which these rows stand.
    """
    blanks: dict[int, bytes] = {}
    for unit in units:
        listed = standing.get(programme.gazetteer.entity(unit.code), ())
        most = max(Counter(p.kind for p in listed).values(), default=0)
        size = rows * (1 + -(-most // rows))
        if size not in blanks:
            blanks[size] = blank_form(programme, period, size)
        form = addressed(blanks[size], unit)
        if listed:
            form = prefilled(form, rosters_of(programme, size), listed, month, programme)
        yield Document(_name(unit, period), unit.code, form)


def _name(unit: Unit, period: str) -> str:
    return _NOT_IN_NAMES.sub("_", f"{unit.code}_{unit.name}_{period}_报表.xlsx")
