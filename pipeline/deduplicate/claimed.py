"""Every sound row of a standing return is a claim; for whom each person counts is one SQL question."""

from __future__ import annotations

import pandas as pd

from pipeline.deduplicate.judged import Decisions
from pipeline.deduplicate.standing import Standing
from pipeline.model import Records
from pipeline.programme import Programme
from pipeline.sql import query
from pipeline.values import month_end

_TRUST = {
    "judgement": "not_judged",
    "residence": "not_home",
    "start": "start",
    "code": "unit",
}


def rows_with_fates(records: Records, standing: Standing, programme: Programme) -> pd.DataFrame:
    """Every row read, with the fate that is already known: superseded or returned."""
    rows = records.frame
    if rows.empty:
        return pd.DataFrame(columns=["file", "sheet", "row", "kind", "unit", "entity", "person",
                                     "id_no", "name", "start", "year", "fate", "indicator", "begun"])  # fmt: skip
    entity = rows["unit"].map(programme.gazetteer.entity)
    stands = [
        unit == "" or (file, e, kind) in standing.stands
        for file, e, kind, unit in zip(
            rows["file"], entity, rows["kind"], rows["unit"], strict=True
        )
    ]
    fate = [
        "superseded" if not s else "returned" if f else ""
        for s, f in zip(stands, rows["fault"], strict=True)
    ]
    indicator = rows["kind"].map({k: i.name for k, i in programme.indicator_of.items()})
    begun = rows["start"].str[:4].where(rows["fault"] == False, rows["year"])  # noqa: E712
    return rows.assign(entity=entity, fate=fate, indicator=indicator, begun=begun)


def claims_of(
    sound: pd.DataFrame, decisions: Decisions, programme: Programme, period: str
) -> pd.DataFrame:
    """What the question counted_for.sql asks about: one line per sound row of a standing return."""
    person = sound["id_no"].map(decisions.person)
    find, entity = programme.gazetteer.residence, programme.gazetteer.entity
    address = sound.get("registered_address", pd.Series("", index=sound.index))
    home = sound.get("home_address", pd.Series("", index=sound.index))
    if "registered_address.at" in sound:
        address = address.where(sound["registered_address.at"] != "", home)
    homes = {a: entity(find(a, month_end(period))) for a in sorted(set(address))}
    judged = [
        entity(decisions.keeper(p, i, y))
        for p, i, y in zip(person, sound["indicator"], sound["begun"], strict=True)
    ]
    return pd.DataFrame(
        {
            "claim": sound.index,
            "indicator": sound["indicator"].astype(str),
            "year": sound["begun"].astype(str),
            "person": person.astype(str),
            "unit": sound["unit"].astype(str),
            "entity": sound["entity"].astype(str),
            "start": sound["start"].astype(str),
            "home": address.map(homes).astype(str),
            "judged": pd.Series(judged, index=sound.index, dtype=str),
            "of_another_year": (sound["begun"] != sound["year"]).astype(int),
            "file": sound["file"].astype(str),
            "sheet": sound["sheet"].astype(str),
            "row": sound["row"].astype("int64"),
        }
    )


def ranked(claims: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """Every claim with the unit that keeps the person and its place, by year and over all years."""
    trust = ", ".join(_TRUST[name] for name in programme.trust)
    if claims.empty:
        columns = ["claim", "indicator", "span", "person", "unit", "entity", "keeper", "claimants", "reason", "place"]  # fmt: skip
        return pd.DataFrame(columns=columns)
    return query("counted_for", words={"trust": trust}, claims=claims)


def unit_codes(rows: pd.DataFrame, programme: Programme) -> pd.Series:
    """The code under which the keeping unit filed her: its own row's where it has one."""
    codes = {
        (i, y, p, e): u
        for i, y, p, e, u in rows[["indicator", "begun", "person", "entity", "unit"]].itertuples(
            index=False
        )
    }
    return pd.Series(
        [
            codes.get((i, y, p, keeper), keeper) if keeper else ""
            for i, y, p, keeper in rows[["indicator", "begun", "person", "counted_for"]].itertuples(
                index=False
            )
        ],
        index=rows.index,
        dtype=object,
    )
