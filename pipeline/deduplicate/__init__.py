"""Counts each person once: which returns stand, who counts where, and what people must decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.deduplicate.claimants import (
    claimed_by_several,
    different_names,
    tell_claimants,
    tell_reopened,
)
from pipeline.deduplicate.claimed import claimants_of, counted_for, laid, rows_with_fates
from pipeline.deduplicate.judged import decide, judgements_of
from pipeline.deduplicate.standing import standing_returns
from pipeline.deduplicate.suspicions import suspected
from pipeline.deduplicate.whole_returns import hold
from pipeline.engine import Engine
from pipeline.model import Claims, Month, issue_lines
from pipeline.model.tables import ISSUES, table_of
from pipeline.month import tell_idle
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["count"]


def count(month: Month, programme: Programme, engine: Engine) -> Claims:
    """Who counts where: for every row its fate, for every person the unit she counts for.

    What a whole return breaks (rules of tier `return`) is known before anybody is counted.
    """
    standing = standing_returns(month, programme, engine)
    asked = laid(month, standing, programme, engine)
    judgements = judgements_of(month.table("judgements"))
    decisions = decide(judgements, claimants_of(judgements, asked, engine), programme)
    held = hold(month, asked, decisions, programme, engine)
    if len(held.refused):
        asked = asked.refusing(held.refused)
        decisions = decide(judgements, claimants_of(judgements, asked, engine), programme)
    counted = counted_for(asked, decisions, programme, engine)
    rows = rows_with_fates(asked, counted, decisions, programme, engine)
    several = claimed_by_several(rows, decisions, engine)
    suspicions = suspected(rows, decisions, programme, engine)
    found = (
        *standing.issues,
        *decisions.issues,
        *tell_idle(held.waivers, programme),
        *tell_reopened(suspicions, several, decisions, programme),
        *different_names(rows, programme, engine),
        *tell_claimants(several, rows, programme, engine),
    )
    return Claims(
        rows=rows,
        claims=several,
        probable=_probable(suspicions),
        suspicions=suspicions,
        counted=counted,
        editions=standing.editions,
        files=standing.files,
        stands=standing.stands,
        superseded_by=standing.superseded_by,
        issues=_joined(month.table("issues"), held.issues, table_of(ISSUES, issue_lines(found))),
    )


def _probable(suspicions: pa.Table) -> pa.Table:
    """The open pairs alike by name and number, in the order of their numbers."""
    import pyarrow.compute as pc

    judged_same = pc.equal(suspicions["judgement"], "same")
    own = suspicions.filter(pc.and_(suspicions["probable"], pc.invert(judged_same)))
    return own.sort_by([("id_a", "ascending"), ("id_b", "ascending")])


def _joined(*issues: pa.Table) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(issues)
