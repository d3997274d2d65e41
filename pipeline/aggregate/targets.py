"""What the task breakdown tables set: of several for the same years the later stands, and differences are said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.model import Issue, Month
from pipeline.programme import Programme
from pipeline.versions import Marks, Version

Key = tuple[str, str, int]  # unit (entity), indicator, year


@dataclass(frozen=True)
class Targets:
    """The numbers that stand, and what must be said of tables that differ."""

    numbers: Mapping[Key, int]
    issues: tuple[Issue, ...]


def targets_of(month: Month, programme: Programme) -> Targets:
    """Targets by unit, indicator and year; a later table overrides an earlier one cell by cell.

    Later is: of a later period, then by the marks of name and folder, then by the path, which is told.
    """
    marks = Marks(programme.words["later_version"], programme.words["earlier_version"])
    periods = month.periods
    tables: dict[str, dict[Key, int]] = {}
    for line in month.table("targets").to_pylist():
        entity = programme.gazetteer.entity(line["unit"])
        key = entity, line["indicator"], line["year"]
        tables.setdefault(line["file"], {})[key] = line["count"]
    versions = {file: marks.version_of(file) for file in tables}
    ordered = sorted(tables, key=lambda f: (periods[f], versions[f].order, f))
    numbers: dict[Key, int] = {}
    issues: list[Issue] = []
    for nth, file in enumerate(ordered):
        issues += _differences(ordered[:nth], file, tables, versions, periods, programme)
        numbers |= tables[file]
    return Targets(numbers, tuple(issues))


def _differences(
    earlier: list[str],
    file: str,
    tables: Mapping[str, Mapping[Key, int]],
    versions: Mapping[str, Version],
    periods: Mapping[str, str],
    programme: Programme,
) -> Iterator[Issue]:
    """One line for each earlier table that says otherwise."""
    for other in earlier:
        own, its = tables[file], tables[other]
        differing = sum(1 for key, count in its.items() if own.get(key, count) != count)
        if differing:
            evident = (periods[file], versions[file].order) != (
                periods[other], versions[other].order,
            )  # fmt: skip
            why = "本表较新" if evident else "看不出哪一份在后，暂按文件名以本表为后"
            yield programme.issue("S28", other=other, count=differing, why=why).at(file=file)
