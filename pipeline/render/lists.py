"""The name lists: who is counted this year, by unit and number, as the lists print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.model import Register, Stored
from pipeline.office.fill import Lines
from pipeline.programme import Programme
from pipeline.render.stored import count_rows, pieces
from pipeline.units import Gazetteer

if TYPE_CHECKING:
    import pyarrow as pa

_AT_ONCE = 8_192
_OURS = "list_"


def name_lists(
    history: Register, programme: Programme, period: str, engine: Engine
) -> dict[str, Lines]:
    """By indicator: the fields of each person counted in the period's year, with `seq`, `unit_name` and
    `prefecture_name`; they lie on the disk until a template takes them."""
    import pyarrow as pa

    units, lists = _units(programme.gazetteer), {}
    for indicator in programme.indicators:
        asked = pa.table({"year": [period[:4]], "indicator": [indicator.name]})
        tables = {"records": history.records, "asked": asked, "units": units}
        found = engine.ask_to("name_list", tables)
        columns = _columns(found.schema.names)
        lists[indicator.name] = Lines(
            rows=count_rows(found), names=list(columns), batches=partial(_batches, found, columns)
        )
    return lists


def names_of(ids: Iterable[str], history: Register, engine: Engine) -> Mapping[str, str]:
    """The names under which these ID numbers are listed."""
    import pyarrow as pa

    asked = pa.table({"id_no": pa.array(sorted(ids), pa.string())})
    if not asked.num_rows:
        return {}
    found = engine.ask("names_of", {"records": history.records, "asked": asked})
    return dict(zip(found["id_no"].to_pylist(), found["name"].to_pylist(), strict=True))


def _units(gazetteer: Gazetteer) -> pa.Table:
    import pyarrow as pa

    codes = [unit.code for unit in gazetteer.units]
    above = [gazetteer.name(gazetteer.prefecture_of(code)) for code in codes]
    names = [gazetteer.name(code) for code in codes]
    return pa.table({"code": codes, "unit_name": names, "prefecture_name": above})


def _columns(names: Iterable[str]) -> dict[str, str]:
    """What a template may name -> the column; ours go before a field of the same name (序号)."""
    return {name: name for name in names} | {
        name.removeprefix(_OURS): name for name in names if name.startswith(_OURS)
    }


def _batches(found: Stored, columns: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
    for piece in pieces(found, _AT_ONCE):
        yield from piece.select(list(columns.values())).rename_columns(list(columns)).to_batches()
