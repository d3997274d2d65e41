"""溯源: for each line of the task table the rows of the name lists that are its persons, and how to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.engine import Engine
from pipeline.model import Claims
from pipeline.office.fill import BESIDE, cited, lists_in
from pipeline.programme import Programme
from pipeline.values import month_end

_NOWHERE = {"first": "", "last": ""}
Line = Mapping[str, Any]


class _Listed(NamedTuple):
    """The rows of one unit in a name list, whatever code it had then, and the prefecture it lies in now."""

    entity: str
    prefecture: str
    first: int
    last: int


def sources(
    lines: Sequence[Line],
    claims: Claims,
    lists: Path,
    period: str,
    programme: Programme,
    engine: Engine,
) -> list[dict[str, Any]]:
    """The lines, each with `listed`: by indicator its first and last row in the workbook of name lists
    (drawn in the template `lists`), blank where its persons do not stand there one after the other; and
    `ask`: the command that lists every row behind a figure of it, without its indicator and year.

    A row is given only where as many persons stand between the two as the line counts.
    """
    import pyarrow as pa

    begins = lists_in(lists)
    asked = {"rows": claims.rows, "asked": pa.table({"year": [period[:4]]})}
    counts = engine.ask("counted_by_unit", asked).to_pylist()
    listed = {
        i.name: list(_rows(counts, i.name, begins.get(f"people.{i.name}"), period, programme))
        for i in programme.indicators
    }
    return [
        {
            **line,
            "listed": {name: _span(line, name, own, programme) for name, own in listed.items()},
            "ask": "" if line.get("own") else f"pipeline explain {line['code']}",
        }
        for line in lines
    ]


def _rows(
    counts: Iterable[Line],
    indicator: str,
    begins: tuple[str, int] | None,
    period: str,
    programme: Programme,
) -> Iterator[_Listed]:
    """Where each unit's persons stand in the list of an indicator, which is in the order of units."""
    if begins is None:
        return
    at, gazetteer, end = begins[1], programme.gazetteer, month_end(period)
    for line in counts:
        if line["indicator"] == indicator:
            unit = line["counted_for"]
            above = gazetteer.prefecture_of(gazetteer.on(unit, end))
            yield _Listed(gazetteer.entity(unit), above, at, at + line["persons"] - 1)
            at += line["persons"]


def _span(
    line: Line, indicator: str, listed: Sequence[_Listed], programme: Programme
) -> Mapping[str, Any]:
    own = [one for one in listed if _belongs(one, line, programme)]
    if not own:
        return _NOWHERE
    first, last = own[0].first, own[-1].last
    together = last - first + 1 == line[indicator]["year"]["done"]
    return {"first": cited(first, BESIDE), "last": cited(last, BESIDE)} if together else _NOWHERE


def _belongs(one: _Listed, line: Line, programme: Programme) -> bool:
    gazetteer, code = programme.gazetteer, line["code"]
    if code == gazetteer.top or one.entity == gazetteer.entity(code):
        return True
    return line["level"] == "prefecture" and not line.get("own") and one.prefecture == code
