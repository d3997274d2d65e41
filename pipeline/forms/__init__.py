"""Blank returns that check themselves, made from the programme: one workbook a unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.forms.book import addressed, blank_form
from pipeline.forms.formulas import FORMULAS
from pipeline.model import Document, Unit
from pipeline.programme import Programme
from pipeline.values import month_end

__all__ = ["FORMULAS", "forms", "units_for"]

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
        name = _NOT_IN_NAMES.sub("_", f"{unit.code}_{unit.name}_{period}_报表.xlsx")
        yield Document(name, unit.code, addressed(blank, unit), private=False)
