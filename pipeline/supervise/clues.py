"""提请关注: patterns that are no proof of anything, ranked, each with its rows; never errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import starmap
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine, Valued
from pipeline.model import Claims, Month, Stored, cell_at
from pipeline.model.words import FIELD
from pipeline.programme import Clue, Kind, Programme
from pipeline.values import masked_column

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (
    "rank", "clue", "label", "evidence", "persons", "unit", "indicator", "file", "sheet", "row", "cell",
)  # fmt: skip
# which question seeks it, and which part of a roster it looks at
_ASKED = {
    "shared_phones": ("shared_phones", "phone"),
    "number_runs": ("consecutive", "person"),
    "phone_runs": ("consecutive", "phone"),
    "copied_blocks": ("copied_blocks", "phone"),
    "equal_amounts": ("equal_amounts", ""),
    "one_day": ("one_day", "start"),
}
_STEPS = {"number_runs": ("id", 2), "phone_runs": ("phone", 1)}
Found = Mapping[str, Any]


def to_look_at(month: Month, claims: Claims, programme: Programme, engine: Engine) -> pa.Table:
    """A line a row of everything that is to be looked at, of the standing returns of the period's year.

    rank: the same for the rows of one finding; evidence: what was seen, numbers masked; persons: how many
    it touches; cell: where it is seen.
    """
    import pyarrow as pa

    found = [_found(n, clue, month, claims, engine) for n, clue in enumerate(programme.clues)]
    if not sum(len(table) for table in found):
        return _table({name: [] for name in COLUMNS})
    asked = {
        "found": pa.concat_tables(found),
        "rows": claims.rows,
        "columns": month.table("columns"),
        "looked": _looked(programme),
    }
    lines = engine.ask("to_look_at", asked)
    words = dict(_in_words(lines, programme))
    ranks, own = lines["rank"].to_pylist(), lines["clue"].to_pylist()
    cells = zip(lines["letters"].to_pylist(), lines["row"].to_pylist(), strict=True)
    return _table(
        {
            **{name: lines[name] for name in ("rank", "persons", "unit", "indicator", "file", "sheet", "row")},
            "clue": [programme.clues[n].check for n in own],
            "label": [programme.clues[n].label for n in own],
            "evidence": [words[rank] for rank in ranks],
            "cell": list(starmap(cell_at, cells)),
        }
    )  # fmt: skip


def _found(nth: int, clue: Clue, month: Month, claims: Claims, engine: Engine) -> pa.Table:
    """The rows of one clue: clue, cluster, place, value, persons, whole."""
    import pyarrow as pa

    question, _ = _ASKED[clue.check]
    number, step = _STEPS.get(clue.check, ("", 0))
    about = {
        "year": month.period[:4], "least": clue.least, "share": clue.share, "number": number,
        "step": step,
    }  # fmt: skip
    tables: dict[str, Any] = {"rows": claims.rows, "about": pa.Table.from_pylist([about])}
    if clue.field:
        filed = month.tables["rows"]
        if not isinstance(filed, Stored):
            raise TypeError("the rows of a month lie on the disk")
        tables["filled"] = Valued(filed, FIELD + clue.field)
    found = engine.ask(question, tables)
    return found.append_column("clue", pa.array([nth] * len(found), pa.int64())).cast(
        pa.schema(
            [
                ("place", pa.int64()), ("cluster", pa.string()), ("value", pa.string()),
                ("persons", pa.int64()), ("whole", pa.int64()), ("clue", pa.int64()),
            ]
        )
    )  # fmt: skip


def _looked(programme: Programme) -> pa.Table:
    """Which field each clue looks at in each kind of roster."""
    import pyarrow as pa

    lines = [
        {"clue": n, "kind": kind.name, "field": _field(clue, kind)}
        for n, clue in enumerate(programme.clues)
        for kind in programme.kinds
    ]
    schema = pa.schema([("clue", pa.int64()), ("kind", pa.string()), ("field", pa.string())])
    return pa.Table.from_pylist(lines, schema=schema)


def _field(clue: Clue, kind: Kind) -> str:
    return clue.field or kind.role(_ASKED[clue.check][1])


def _in_words(lines: pa.Table, programme: Programme) -> Iterator[tuple[int, str]]:
    """What was seen, by rank."""
    import pyarrow as pa

    first = lines.group_by("rank").aggregate(
        [(name, "min") for name in ("clue", "value", "persons", "whole")]
        + [("unit", "count_distinct")]
    )
    masked = masked_column("phone", pa.array(first["value_min"].to_pylist(), pa.string()))
    for line, phone in zip(first.to_pylist(), masked.to_pylist(), strict=True):
        clue = programme.clues[line["clue_min"]]
        yield line["rank"], _seen(clue, line, phone, programme)


def _seen(clue: Clue, line: Found, phone: str, programme: Programme) -> str:
    persons, whole, value = line["persons_min"], line["whole_min"], line["value_min"]
    share = f"，占该单位该项的 {persons * 100 // whole}%" if whole else ""
    if clue.check == "shared_phones":
        units = line["unit_count_distinct"]
        return f"电话 {phone} 登记给 {persons} 人" + (f"，涉及 {units} 个单位" if units > 1 else "")
    if clue.check == "number_runs":
        return f"{persons} 人的证件号（不看末位）依次相连"
    if clue.check == "phone_runs":
        return f"{persons} 人的电话依次相连，从 {phone} 起"
    if clue.check == "copied_blocks":
        return f"连续 {persons} 行的电话与另一处连续 {persons} 行依次相同，人不同"
    if clue.check == "equal_amounts":
        return f"{programme.field[clue.field].label}都是 {value}，共 {persons} 人{share}"
    day, _, finish = value.partition(" ")
    return f"{persons} 人都在 {day} {'当天开始、当天结束' if finish else '开始'}{share}"


def _table(columns: Mapping[str, Any]) -> pa.Table:
    import pyarrow as pa

    whole = {"rank", "persons", "row"}
    types = {name: pa.int64() if name in whole else pa.string() for name in COLUMNS}
    arrays = {
        name: columns[name].cast(types[name])
        if isinstance(columns[name], pa.ChunkedArray)
        else pa.array(columns[name], types[name])
        for name in COLUMNS
    }
    return pa.table(arrays)
