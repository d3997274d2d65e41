"""Keeps the register: every person's history over all returns, who left, and the reference lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.model import Claims, Month, Register, issue_lines
from pipeline.model.tables import ISSUES, table_of
from pipeline.programme import Programme
from pipeline.register.altered import alterations
from pipeline.register.compared import compare, standing_lists
from pipeline.register.departed import departures, links_of, tell_units
from pipeline.register.histories import events, people
from pipeline.register.recorded import records

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["register", "standing_lists"]


def register(month: Month, claims: Claims, programme: Programme, engine: Engine) -> Register:
    """The register as of the month's period.

    Computed from all returns up to the period, the superseded ones included. The issues grow by
    those who left a unit's roster and by what the reference lists say.
    """
    left = departures(claims, month.period, engine)
    links = links_of(left, claims, engine)
    changed = alterations(month, claims, links, programme, engine)
    found = compare(month, claims, programme, engine)
    persons = people(claims, left, links, changed, found, programme, engine)
    listed = persons.drop_columns(["lines"])
    notices = table_of(ISSUES, issue_lines((*tell_units(left, programme), *found.issues)))
    return Register(
        records=records(month, claims, links, persons, programme, engine),
        people=engine.kept("people", listed.schema, [listed]),
        events=events(month, claims, left, links, changed, found, persons, programme, engine),
        dropped=left,
        compared=found.compared,
        issues=_joined(claims.issues, notices),
    )


def _joined(*issues: pa.Table) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(issues)
