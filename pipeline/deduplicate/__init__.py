"""Counts each person once: which returns stand, who counts where, and what people must decide."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.deduplicate.claimed import claims_of, ranked, rows_with_fates, unit_codes
from pipeline.deduplicate.judged import decide
from pipeline.deduplicate.standing import standing_returns
from pipeline.deduplicate.suspected import suspected
from pipeline.deduplicate.told import (
    claimed_by_several,
    different_names,
    labelled,
    tell_claimants,
    tell_reopened,
)
from pipeline.model import Claims, Reading, Records
from pipeline.programme import Programme

__all__ = ["deduplicate"]


def deduplicate(
    records: Records, readings: Iterable[Reading], programme: Programme, period: str
) -> Claims:
    """Who counts where: for every row its fate, for every person the unit she counts for."""
    readings = tuple(readings)
    standing = standing_returns(records, readings, programme)
    rows = rows_with_fates(records, standing, programme)
    sound = rows[(rows["fate"] == "")]
    known = frozenset(sound["id_no"])
    judgements = [j for r in readings for j in r.judgements]
    decisions = decide(judgements, known, programme)
    claims = claims_of(sound, decisions, programme, period)
    places = ranked(claims, programme)
    yearly = places[places["span"] != "cumulative"]
    fates = dict(zip(yearly["claim"], yearly["place"].eq(1), strict=True))
    keepers = dict(zip(yearly["claim"], yearly["keeper"], strict=True))
    rows = rows.assign(
        fate=[
            fate or ("counted" if fates[index] else "merged")
            for index, fate in zip(rows.index, rows["fate"], strict=True)
        ],
        counted_for=[keepers.get(index, "") for index in rows.index],
        person=[
            decisions.person(i) if i else p
            for i, p in zip(rows["id_no"], rows["person"], strict=True)
        ],
    )
    rows["counted_for"] = unit_codes(rows, programme)
    people = rows[rows["fate"].isin(["counted", "merged"])]
    several = claimed_by_several(yearly, people, decisions)
    suspicions = suspected(people, decisions, programme)
    open_pairs = suspicions[
        suspicions["probable"].astype(bool) & (suspicions["judgement"] != "same")
    ]
    return Claims(
        rows=rows,
        people=labelled(people, programme),
        claims=several,
        probable=open_pairs.sort_values(["id_a", "id_b"]).reset_index(drop=True),
        suspicions=suspicions,
        cumulative=places[places["span"] == "cumulative"].assign(
            file=places.loc[places["span"] == "cumulative", "claim"].map(rows["file"])
        ),
        stands=standing.stands,
        superseded_by=standing.superseded_by,
        issues=(
            *records.issues,
            *standing.issues,
            *decisions.issues,
            *tell_reopened(suspicions, several, decisions, programme),
            *different_names(people, programme),
            *tell_claimants(several, people, programme),
        ),
    )
