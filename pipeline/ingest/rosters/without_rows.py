"""Lines of a bundle that stand for a county without a person: 宽城区 零报告."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipeline.ingest.rosters.nobody import says_nobody, says_nothing_new
from pipeline.ingest.rosters.rows import Persons
from pipeline.programme import Programme


def units_without_rows(
    persons: Persons,
    filer: str,
    kind: str,
    columns: Mapping[int, str],
    programme: Programme,
    day: date | None,
) -> dict[str, bool]:
    """The units below the filer of which a line says that there is nobody (true: 零报告) or nobody new."""
    by_name = {name: column for column, name in columns.items()}
    column = by_name.get(programme.kind[kind].role("unit"))
    if column is None:
        return {}
    gazetteer = programme.gazetteer
    found = {}
    for line in persons.others.values():
        texts = [cell.text for at, cell in line.items() if at != column]
        nil = next((t for t in texts if says_nobody(t, programme)), "")
        unit = gazetteer.find_unit(line[column].text, day, filer) if nil and column in line else ""
        if unit and gazetteer.is_below(unit, filer):
            found[unit] = not says_nothing_new(nil, programme)
    return found
