"""The name lists: who is counted this year, by unit and number, as the lists print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.model import Register
from pipeline.office.fill import Lines
from pipeline.programme import Programme
from pipeline.units import Gazetteer

if TYPE_CHECKING:
    import pyarrow as pa

_AT_ONCE = 8_192
_PREFIX = "list_"
_OURS = ("list_unit_name", "list_prefecture_name", "list_seq")


def name_lists(
    history: Register, programme: Programme, period: str, engine: Engine
) -> dict[str, Lines]:
    """By indicator: the fields of each person counted in the period's year, with `seq`, `unit_name` and
    `prefecture_name`; nothing is asked for before a template takes it, and then what it names alone."""
    import pyarrow as pa

    names = [indicator.name for indicator in programme.indicators]
    asked = pa.table({"year": [period[:4]] * len(names), "indicator": names})
    counts = engine.ask("list_lengths", {"records": history.records, "asked": asked})
    lengths = dict(zip(*(counts[c].to_pylist() for c in ("indicator", "persons")), strict=True))
    units = _units(programme.gazetteer)
    columns = _columns((*history.records.schema.names, *_OURS))

    def batches(nth: int, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        tables = {"records": history.records, "asked": asked.slice(nth, 1), "units": units}
        held = dict.fromkeys(columns[name] for name in wanted)
        found = engine.ask("name_list", tables, tuple(held))
        renamed = found.select([columns[name] for name in wanted]).rename_columns(list(wanted))
        return iter(renamed.to_batches(_AT_ONCE))

    return {
        name: Lines(rows=lengths.get(name, 0), names=list(columns), batches=partial(batches, nth))
        for nth, name in enumerate(names)
    }


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
        name.removeprefix(_PREFIX): name for name in names if name.startswith(_PREFIX)
    }
