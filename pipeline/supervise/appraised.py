"""绩效评价: how each county stands, part by part, every point with its reason; no evidence is no zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.model import Figures
from pipeline.programme import Appraisal, Programme
from pipeline.values import month_end

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("unit", "part", "label", "value", "points", "of", "why")


class Evidence(NamedTuple):
    """What a part of an appraisal rests on: its value, None where there is none, and the words for it."""

    value: float | None
    why: str


Measured = Callable[[str], Evidence]  # unit -> what one part of its appraisal rests on


def performance(
    measured: Mapping[str, Measured], figures: Figures, programme: Programme
) -> pa.Table:
    """performance.csv: for each county a line a part of [[appraisals]], then one for the whole (part '').

    value: what was measured; points: what it earned of `of`; why: in words. A part without evidence has
    neither value nor points, and why says what is missing; the whole is `points` of what could be
    appraised, and its value is that on a hundred.
    """
    import pyarrow as pa

    lines: list[dict[str, Any]] = []
    parts = programme.appraisals
    for unit in programme.gazetteer.counties(month_end(figures.period)) if parts else ():
        own = [_line(unit.code, part, measured[part.name](unit.code)) for part in parts]
        lines += [*own, _whole(unit.code, own)]
    numbers = {"value": pa.float64(), "points": pa.float64(), "of": pa.int64()}
    schema = pa.schema([(name, numbers.get(name, pa.string())) for name in COLUMNS])
    return pa.Table.from_pylist(lines, schema=schema)


def _line(unit: str, part: Appraisal, found: Evidence) -> dict[str, Any]:
    line = {"unit": unit, "part": part.name, "label": part.label, "why": found.why}
    if found.value is None:
        return {**line, "value": None, "points": None, "of": None}
    value = round(found.value, 1)
    return {**line, "value": value, "points": part.earned(value), "of": part.points}


def _whole(unit: str, own: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    held = [line for line in own if line["of"] is not None]
    points, of = round(sum(line["points"] for line in held), 1), sum(line["of"] for line in held)
    lacking = [f"{line['label']}未评：{line['why']}" for line in own if line["of"] is None]
    whole: dict[str, Any] = {"unit": unit, "part": "", "label": "合计", "points": points, "of": of}
    return {
        **whole,
        "value": round(points * 100 / of, 1) if of else None,
        "why": "；".join(lacking),
    }
