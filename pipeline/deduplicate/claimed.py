"""Every sound row of a standing return is a claim; for whom each person counts is one SQL question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.deduplicate.judged import Decisions
from pipeline.deduplicate.standing import Standing
from pipeline.engine import Engine
from pipeline.model import Judgement, Month, Stored
from pipeline.programme import Programme
from pipeline.programme.nouns import ROLES

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Asked:
    """The tables that questions about claims are asked of."""

    tables: Mapping[str, pa.Table | Stored]

    def refusing(self, rows: pa.Table) -> Asked:
        """The same without the rows that a rule over whole returns sends back."""
        return replace(self, tables={**self.tables, "refused": rows})

    def and_(self, **others: pa.Table | Stored) -> dict[str, pa.Table | Stored]:
        """These tables and others."""
        return {**self.tables, **others}


def laid(month: Month, standing: Standing, programme: Programme, engine: Engine) -> Asked:
    """Rows, the numbered tables of their sheets, the returns in order, and who is excused."""
    import pyarrow as pa

    excused = month.table("excused")
    by_row = [(i.name,) for i in programme.indicators if not i.measure.counts_persons]
    roles = _table(
        ("kind", "role", "field"),
        ((k.name, role, k.role(role)) for k in programme.kinds for role in ROLES if k.role(role)),
    )
    sheets = engine.ask("sheets", {"columns": month.tables["columns"], "roles": roles})
    return Asked(
        {
            "rows": month.tables["rows"],
            "sheets": sheets,
            "editions": standing.editions,
            "stands": _table(("file", "entity", "kind"), sorted(standing.stands)),
            "excused": excused,
            "overtaken": standing.overtaken,
            "refused": excused.schema.empty_table(),
            "by_row": _table(("indicator",), by_row),
            "renamed": pa.table({"entity": pa.array(_renamed(programme), pa.string())}),
        }
    )


def _table(names: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> pa.Table:
    import pyarrow as pa

    found = [dict(zip(names, line, strict=True)) for line in lines]
    return pa.Table.from_pylist(found, schema=pa.schema([(name, pa.string()) for name in names]))


def _renamed(programme: Programme) -> list[str]:
    """The units that have lived under more than one code, by their first."""
    gazetteer = programme.gazetteer
    return sorted({root for u in gazetteer.units if (root := gazetteer.entity(u.code)) != u.code})


def claimants_of(
    judgements: Iterable[Judgement], asked: Asked, engine: Engine
) -> dict[str, frozenset[str]]:
    """By number, of those judged that stand in a sound row: the units (entities) that claim it."""
    numbers = sorted({n for j in judgements for n in (j.id_a, j.id_b) if n})
    if not numbers:
        return {}
    about = _table(("id_no",), ((n,) for n in numbers))
    claimed: dict[str, set[str]] = {}
    for line in engine.ask("judged_claimants", asked.and_(asked=about)).to_pylist():
        claimed.setdefault(line["id_no"], set()).add(line["entity"])
    return {number: frozenset(units) for number, units in claimed.items()}


def counted_for(asked: Asked, decisions: Decisions, programme: Programme, engine: Engine) -> Stored:
    """Every claim with the unit that keeps the person and its place, by year and over all years."""
    words = ("first", "second", "third", "fourth")
    order = (*programme.trust, "", "", "", "")[: len(words)]
    judged, same = decisions.judged(programme), decisions.same()
    claims = engine.ask_to("sound", asked.and_(judged=judged, same=same))
    return engine.ask_to("counted_for", {"claims": claims, "trust": _table(words, [order])})


def rows_with_fates(
    asked: Asked, counted: Stored, decisions: Decisions, programme: Programme, engine: Engine
) -> Stored:
    """Every row read and what became of it: see model.results.Claims."""
    return engine.ask_to("rows", asked.and_(counted=counted, same=decisions.same()))
