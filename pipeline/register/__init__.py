"""Keeps the register: every person's history over all returns, who left, and the reference lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from pipeline.model import Claims, Reading, Register
from pipeline.programme import Programme
from pipeline.register.changes import changes
from pipeline.register.departures import departures, people_linked, tell_units
from pipeline.register.histories import events, people
from pipeline.register.lists import compare
from pipeline.register.sightings import returns_in_order, sightings

__all__ = ["register"]


def register(
    claims: Claims, readings: Iterable[Reading], programme: Programme, period: str
) -> Claims:
    """The claims with the register as of the period, and people with first_seen, last_seen, changed.

    Computed from all returns up to the period, the superseded ones included. The issues grow by
    those who left a unit's roster and by what the reference lists say.
    """
    readings = tuple(readings)
    editions = returns_in_order(claims, readings, programme)
    seen = sightings(claims, editions, programme)
    left = departures(seen, editions, programme, period)
    seen["person"] = people_linked(seen, left)
    changed = changes(seen, programme)
    found = compare(claims, readings, programme, period)
    persons = people(seen, left, changed, found, programme)
    kept = Register(
        people=persons,
        events=events(seen, left, changed, found, claims, readings, programme),
        dropped=left,
        compared=found.compared,
    )
    return replace(
        claims,
        people=_with_history(claims.people, seen, persons),
        register=kept,
        issues=(*claims.issues, *tell_units(left, programme), *found.issues),
    )


def _with_history(rows: pd.DataFrame, seen: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """people.parquet with what the register knows of each row's person."""
    place = ["file", "sheet", "row"]
    who = dict(zip(zip(*(seen[p] for p in place), strict=True), seen["person"], strict=True))
    own = pd.Series([who[at] for at in zip(*(rows[p] for p in place), strict=True)], dtype=object)
    about = persons.set_index("id_no")
    columns = ("first_seen", "last_seen", "changed")
    return rows.assign(**{name: own.map(about[name]).to_numpy() for name in columns})
