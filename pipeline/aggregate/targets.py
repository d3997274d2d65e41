"""What the task breakdown tables set: of several for the same years the later stands, and what changed is listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.model import Issue, Month
from pipeline.programme import Programme
from pipeline.versions import Marks, Version

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("unit", "unit_name", "indicator", "year", "target", "file", "sheet", "cell", "before",
           "before_file", "before_sheet", "before_cell")  # fmt: skip
Key = tuple[str, str, int]  # unit (entity), indicator, year


@dataclass(frozen=True)
class Targets:
    """The numbers that stand, what must be said of tables that differ, and targets.csv.

    table: a line a task at the cell that says it, and beside it what another table said that was
    replaced (`before`, null where it is the same or there is none).
    """

    numbers: Mapping[Key, int]
    issues: tuple[Issue, ...]
    table: pa.Table


def targets_of(month: Month, programme: Programme) -> Targets:
    """Targets by unit, indicator and year; a later table overrides an earlier one cell by cell.

    Later is: of a later period, then by the marks of name and folder, then by the path, which is told.
    """
    marks = Marks(programme.words["later_version"], programme.words["earlier_version"])
    periods = month.periods
    tables: dict[str, dict[Key, dict[str, Any]]] = {}
    for line in month.table("targets").to_pylist():
        entity = programme.gazetteer.entity(line["unit"])
        key = entity, line["indicator"], line["year"]
        tables.setdefault(line["file"], {})[key] = line
    versions = {file: marks.version_of(file) for file in tables}
    ordered = sorted(tables, key=lambda f: (periods[f], versions[f].order, f))
    stands: dict[Key, dict[str, Any]] = {}
    replaced: dict[Key, dict[str, Any]] = {}
    issues: list[Issue] = []
    for nth, file in enumerate(ordered):
        issues += _differences(ordered[:nth], file, tables, versions, periods, programme)
        for key, line in tables[file].items():
            if key in stands and stands[key]["count"] != line["count"]:
                replaced[key] = stands[key]
        stands |= tables[file]
    numbers = {key: line["count"] for key, line in stands.items()}
    if len(ordered) > 1:
        issues += _unequal(stands, programme)
    return Targets(numbers, tuple(issues), _table(stands, replaced, programme))


def _differences(
    earlier: list[str],
    file: str,
    tables: Mapping[str, Mapping[Key, Mapping[str, Any]]],
    versions: Mapping[str, Version],
    periods: Mapping[str, str],
    programme: Programme,
) -> Iterator[Issue]:
    """One line for each earlier table that says otherwise."""
    for other in earlier:
        own, its = tables[file], tables[other]
        differing = sum(
            1 for key, line in its.items() if key in own and own[key]["count"] != line["count"]
        )
        if differing:
            evident = periods[file] != periods[other] or versions[file].tells_apart(versions[other])
            why = "本表较新" if evident else "看不出哪一份在后，暂按文件名以本表为后"
            yield programme.issue("S28", other=other, count=differing, why=why).at(file=file)


def _unequal(stands: Mapping[Key, Mapping[str, Any]], programme: Programme) -> Iterator[Issue]:
    """Prefectures of one table whose counties stand in others and do not add up to them."""
    gazetteer, labels = programme.gazetteer, {i.name: i.label for i in programme.indicators}
    below: dict[str, dict[str, None]] = {}
    for lower in gazetteer.units:
        if lower.parent in gazetteer.by_code and gazetteer.is_prefecture(lower.parent):
            below.setdefault(lower.parent, {})[gazetteer.entity(lower.code)] = None
    for (unit, indicator, year), line in stands.items():
        counties = [stands.get((e, indicator, year)) for e in below.get(unit, ())]
        given = [one for one in counties if one]
        if not given or all(one["file"] == line["file"] for one in given):
            continue  # its own table's sums are checked where it is read
        if (summed := sum(one["count"] for one in given)) != line["count"]:
            what = f"{gazetteer.name(unit)}{labels[indicator]}{year}年各地之和"
            issue = programme.issue("S08", what=what, summed=summed, stated=line["count"])
            last = max(given, key=lambda one: (one["file"], one["row"]))
            yield issue.at(
                file=last["file"], sheet=last["sheet"], row=last["row"], column=last["column"]
            )


def _table(
    stands: Mapping[Key, Mapping[str, Any]],
    replaced: Mapping[Key, Mapping[str, Any]],
    programme: Programme,
) -> pa.Table:
    import pyarrow as pa

    lines = []
    for key in sorted(stands):
        line, before = stands[key], replaced.get(key)
        lines.append(
            {
                "unit": line["unit"], "unit_name": programme.gazetteer.name(line["unit"]),
                "indicator": line["indicator"], "year": line["year"], "target": line["count"],
                "file": line["file"], "sheet": line["sheet"], "cell": _cell(line),
                "before": before["count"] if before else None,
                "before_file": before["file"] if before else "",
                "before_sheet": before["sheet"] if before else "",
                "before_cell": _cell(before) if before else "",
            }
        )  # fmt: skip
    whole = ("year", "target", "before")
    types = [(name, pa.int64() if name in whole else pa.string()) for name in COLUMNS]
    return pa.Table.from_pylist(lines, schema=pa.schema(types))


def _cell(line: Mapping[str, Any]) -> str:
    return f"{line['column']}{line['row']}"
