"""The register itself: one line a person, and one line for each thing that befell her."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine
from pipeline.model import Claims, Month, Stored
from pipeline.programme import Programme
from pipeline.programme.nouns import ROLES
from pipeline.register.compared import Found
from pipeline.register.departed import BACK, CORRECTED, GONE, MOVED

if TYPE_CHECKING:
    import pyarrow as pa

# what happened first where two things happened in one period
_ORDER = ("seen", "began", "changed", "corrected", "dropped", "moved", "back", "listed", "judged",
          "returned", "counted", "merged", "cumulative")  # fmt: skip
_EVENTS = {BACK: "dropped", CORRECTED: "corrected", MOVED: "moved", GONE: "dropped"}


def people(
    claims: Claims,
    left: pa.Table,
    links: pa.Table,
    changed: pa.Table,
    found: Found,
    programme: Programme,
    engine: Engine,
) -> pa.Table:
    """One line a person: first and last seen, each indicator's first activity, what changed, if she left.

    Columns: id_no, name, unit (that listed her last), first_seen, last_seen, for each indicator
    <name>_on, <name>_in, <name>_times; changed, left (the units' codes), left_since; and under the
    name of each reference list what it says of her. All text, blank where there is nothing; and
    `lines`, how many rows list her, which no reader of the register is told.
    """
    asked = {"rows": claims.rows, "links": links}
    whole = engine.ask("register", asked)
    persons = whole.column("id_no")
    for indicator in programme.indicators:
        about = _texts(("indicator",), [(indicator.name,)])
        done = engine.ask("undertaken", {**asked, "about": about})
        for column, name in (("start", "on"), ("counted_for", "in"), ("times", "times")):
            values = looked_up(persons, done.column("person"), done.column(column))
            whole = whole.append_column(f"{indicator.name}_{name}", values)
    fields = _joined((line["person"], line["field"]) for line in _sorted(changed, "field"))
    gone: dict[tuple[str, str], Mapping[str, Any]] = {}
    for line in _sorted(left, "since", "unit"):
        if line["way"] in (GONE, MOVED):
            gone.setdefault((line["person"], line["unit"]), line)
    columns = {
        "changed": fields,
        "left": _joined((p, u) for p, u in gone),
        "left_since": _joined(((p, line["since"]) for (p, _), line in gone.items()), once=False),
    }
    for name, values in columns.items():
        whole = whole.append_column(name, _of_few(persons, values))
    for reference in programme.references:
        listed = engine.ask(
            "labels", {"matches": found.matches, "about": _texts(("name",), [(reference.name,)])}
        )
        values = looked_up(persons, listed.column("person"), listed.column("label"))
        whole = whole.append_column(reference.name, values)
    return whole


def _sorted(table: pa.Table, *columns: str) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda line: tuple(line[c] for c in columns))


def _joined(pairs: Iterable[tuple[str, str]], *, once: bool = True) -> dict[str, str]:
    """What is said of each person, in the order given, joined by ;."""
    words: dict[str, list[str]] = {}
    for person, text in pairs:
        own = words.setdefault(person, [])
        if not once or text not in own:
            own.append(text)
    return {person: ";".join(own) for person, own in words.items()}


def _of_few(persons: pa.ChunkedArray, values: Mapping[str, str]) -> pa.ChunkedArray:
    import pyarrow as pa

    keys, found = (pa.array(x, pa.string()) for x in (values.keys(), values.values()))
    return looked_up(persons, keys, found)


def looked_up(
    wanted: pa.ChunkedArray, keys: pa.Array | pa.ChunkedArray, values: pa.Array | pa.ChunkedArray
) -> pa.ChunkedArray:
    """For each wanted key the value that stands beside it, as text; '' where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
    texts = values.cast(pa.string())
    if not len(texts):
        return pa.chunked_array([pa.nulls(len(wanted), pa.string()).fill_null("")])
    return pc.fill_null(pc.take(texts, pc.index_in(wanted, whole)), "")


def events(
    month: Month,
    claims: Claims,
    left: pa.Table,
    links: pa.Table,
    changed: pa.Table,
    found: Found,
    persons: pa.Table,
    programme: Programme,
    engine: Engine,
) -> Stored:
    """One line an event, at its source cell, in the order of time; `id_no` is who she is now.

    event: seen (first listed by a unit) | began (a sound activity) | changed | corrected (her
    number) | dropped | moved | back | listed (on a reference list) | judged | returned | counted |
    merged | cumulative (for whom she counts over all years).
    """
    import pyarrow as pa

    order = pa.table({"event": pa.array(_ORDER, pa.string()), "nth": list(range(len(_ORDER)))})
    return engine.ask_to(
        "events",
        {
            "rows": claims.rows,
            "counted": claims.counted,
            "claims": claims.claims,
            "links": links,
            "changed": changed,
            "columns": month.tables["columns"],
            "cells": month.tables["cells"],
            "matches": found.matches,
            "left_events": _left(left, links),
            "judged_about": _judged(month),
            "activity_words": _activity_words(programme),
            "roles": _roles(programme),
            "event_order": order,
            "persons": persons.select(["id_no", "lines"]),
        },
    )


def _left(left: pa.Table, links: pa.Table) -> pa.Table:
    """Each departure at the row that listed her last; a mended number under its new owner too."""
    now = dict(zip(links["person"].to_pylist(), links["linked"].to_pylist(), strict=True))
    lines = [event for line in left.to_pylist() for event in _departed(line, now)]
    texts = ("who", "since", "event", "unit", "indicator", "was", "other", "evidence", "last_period",
             "file", "sheet", "column")  # fmt: skip
    return _texts(texts, lines, "row")


def _departed(line: Mapping[str, Any], now: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    mended = line["way"] == CORRECTED
    person = line["person"]
    left = [
        now.get(person, person) if mended else person, line["since"], _EVENTS[line["way"]],
        line["unit"], line["indicator"], person if mended else "", line["other"],
        line["evidence"] if mended else "", line["last_period"], line["file"], line["sheet"],
        line["column"], line["row"],
    ]  # fmt: skip
    yield left
    if line["way"] == BACK:
        yield [left[0], line["back_in"], "back", *left[3:]]


def _judged(month: Month) -> pa.Table:
    """Each judgement under each of the numbers it speaks of, in the period of its workbook."""
    periods = month.periods
    texts = ("id_no", "period", "unit", "indicator", "year", "other", "reason", "verdict", "file")
    lines = [
        (id_no, periods[j["file"]], j["keeper"], j["indicator"], j["year"], other, j["reason"],
         j["verdict"], j["file"], j["row"])
        for j in month.table("judgements").to_pylist()
        for id_no, other in ((j["id_a"], j["id_b"]), (j["id_b"], j["id_a"]))
        if id_no
    ]  # fmt: skip
    return _texts(texts, lines, "row")


def _activity_words(programme: Programme) -> pa.Table:
    lines = [
        (kind.name, code, label)
        for kind in programme.kinds
        if kind.activity and (codes := programme.field[kind.activity].codes)
        for code, label in programme.code_labels[codes].items()
    ]
    return _texts(("kind", "code", "label"), lines)


def _roles(programme: Programme) -> pa.Table:
    lines = [
        (k.name, role, k.role(role)) for k in programme.kinds for role in ROLES if k.role(role)
    ]
    return _texts(("kind", "role", "field"), lines)


def _texts(names: Sequence[str], lines: Iterable[Sequence[Any]], *counts: str) -> pa.Table:
    import pyarrow as pa

    schema = pa.schema([*((n, pa.string()) for n in names), *((c, pa.int64()) for c in counts)])
    found = [dict(zip(schema.names, line, strict=True)) for line in lines]
    return pa.Table.from_pylist(found, schema=schema)
