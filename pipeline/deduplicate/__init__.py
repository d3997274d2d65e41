"""Counts each person once: which returns stand, who counts where, and what people must decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.deduplicate.judged import Decisions, decide
from pipeline.deduplicate.standing import Standing, standing_returns
from pipeline.model import Claims, Issue, Reading, Records
from pipeline.programme import Programme
from pipeline.sql import query
from pipeline.values import fold, month_end

__all__ = ["deduplicate"]

_TRUST = {
    "judgement": "not_judged",
    "residence": "not_home",
    "start": "start",
    "code": "unit",
}


def deduplicate(
    records: Records, readings: Iterable[Reading], programme: Programme, period: str
) -> Claims:
    """Who counts where: for every row its fate, for every person the unit she counts for."""
    readings = tuple(readings)
    standing = standing_returns(records, readings, programme)
    rows = _rows(records, standing, programme)
    sound = rows[(rows["fate"] == "")]
    known = frozenset(sound["id_no"])
    judgements = [j for r in readings for j in r.judgements]
    decisions = decide(judgements, known, programme)
    claims = _claims(sound, decisions, programme, period)
    ranked = _ranked(claims, programme)
    yearly = ranked[ranked["span"] != "cumulative"]
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
    rows["counted_for"] = _unit_codes(rows, programme)
    people = rows[rows["fate"].isin(["counted", "merged"])]
    several = _several(yearly, people, programme)
    return Claims(
        rows=rows,
        people=_labelled(people, programme),
        claims=several,
        probable=_probable(people, decisions, programme),
        cumulative=ranked[ranked["span"] == "cumulative"].assign(
            file=ranked.loc[ranked["span"] == "cumulative", "claim"].map(rows["file"])
        ),
        stands=standing.stands,
        superseded_by=standing.superseded_by,
        issues=(
            *records.issues,
            *standing.issues,
            *decisions.issues,
            *_different_names(people, programme),
            *_tell_claimants(several, people, programme),
        ),
    )


def _rows(records: Records, standing: Standing, programme: Programme) -> pd.DataFrame:
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


def _claims(
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


def _ranked(claims: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    trust = ", ".join(_TRUST[name] for name in programme.trust)
    if claims.empty:
        columns = ["claim", "indicator", "span", "person", "unit", "entity", "keeper", "claimants", "reason", "place"]  # fmt: skip
        return pd.DataFrame(columns=columns)
    return query("counted_for", words={"trust": trust}, claims=claims)


def _unit_codes(rows: pd.DataFrame, programme: Programme) -> pd.Series:
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


def _several(yearly: pd.DataFrame, people: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """claims.csv: one line per person, indicator, year and unit that claims her with others."""
    columns = ["indicator", "year", "id_no", "unit", "counted_for", "reason", "name"]
    claimed = yearly[yearly["claimants"] > 1] if len(yearly) else yearly
    if claimed.empty:
        return pd.DataFrame(columns=columns)
    lines = pd.DataFrame(
        {
            "indicator": claimed["indicator"],
            "year": claimed["span"],
            "id_no": [people.at[i, "id_no"] for i in claimed["claim"]],
            "unit": claimed["unit"],
            "counted_for": [people.at[i, "counted_for"] for i in claimed["claim"]],
            "reason": claimed["reason"],
            "name": [people.at[i, "name"] for i in claimed["claim"]],
        }
    )
    lines = lines.drop_duplicates(["indicator", "year", "id_no", "unit"])
    return lines.sort_values(["indicator", "year", "id_no", "unit"]).reset_index(drop=True)


def _probable(people: pd.DataFrame, decisions: Decisions, programme: Programme) -> pd.DataFrame:
    """probable.csv: pairs of equal name and nearly equal numbers, with the evidence in words."""
    columns = ["indicator", "id_a", "id_b", "evidence", "name_a", "name_b", "units_a", "units_b", "judgement"]  # fmt: skip
    if people.empty:
        return pd.DataFrame(columns=columns)
    names = pd.DataFrame(
        {"id_no": people["id_no"].astype(str), "name": people["name"].map(fold).astype(str)}
    )
    pairs = query("probable", names=names.drop_duplicates())
    about = people.groupby("id_no").agg(
        name=("name", "first"),
        indicators=("indicator", lambda s: set(s)),
        units=("unit", lambda s: ";".join(sorted(set(s)))),
    )
    lines = []
    for a, b, _, same_birth, slips in pairs.itertuples(index=False):
        verdict = decisions.verdicts.get(frozenset((a, b)), "")
        if verdict == "same" or decisions.person(a) == decisions.person(b):
            continue
        first, second = about.loc[a], about.loc[b]
        touched = [
            i.name
            for i in programme.indicators
            if i.name in first["indicators"] | second["indicators"]
        ]
        evidence = (
            "姓名相同，"
            + ("出生日期相同" if same_birth else "出生日期不同")
            + f"，身份证号前 17 位有 {slips} 位不同"
        )
        lines.append(
            (
                ";".join(touched),
                a,
                b,
                evidence,
                first["name"],
                second["name"],
                first["units"],
                second["units"],
                verdict,
            )
        )
    return pd.DataFrame(lines, columns=columns)


def _different_names(people: pd.DataFrame, programme: Programme) -> list[Issue]:
    """Same ID number under different names: both claims count and are listed."""
    if people.empty:
        return []
    named = people.assign(folded=people["name"].map(fold))
    several = named.groupby("id_no")["folded"].transform("nunique") > 1
    issues = []
    for _, group in named[several].groupby("id_no"):
        for row in group.to_dict("records"):
            other = next(r for r in group.to_dict("records") if r["folded"] != row["folded"])
            where = f"{programme.gazetteer.name(other['unit'])}（{other['sheet'] or '表'} 第 {other['row']} 行）"
            issues.append(_at(programme.issue("U01", where=where), row, "name"))
    return issues


_REASONS = {
    "judgement": "裁定",
    "residence": "户籍地",
    "start": "开始时间较早",
    "code": "单位代码在前",
}


def _tell_claimants(
    several: pd.DataFrame, people: pd.DataFrame, programme: Programme
) -> list[Issue]:
    """Every claimant is told who else claims her, and for whom she counts."""
    if several.empty:
        return []
    name = programme.gazetteer.name
    claimants = several.groupby(["indicator", "year", "id_no"])["unit"].agg(list).to_dict()
    reasons = several.set_index(["indicator", "year", "id_no"])["reason"].to_dict()
    issues = []
    for row in people.to_dict("records"):
        key = (row["indicator"], row["begun"], row["id_no"])
        if key in claimants:
            others = "、".join(name(u) for u in claimants[key] if u != row["unit"])
            issue = programme.issue(
                "U03", others=others, reason=_REASONS[reasons[key]], keeper=name(row["counted_for"])
            )
            issues.append(_at(issue, row, "id_no"))
    return issues


def _at(issue: Issue, row: Mapping[Any, Any], field: str) -> Issue:
    column = row.get(f"{field}.at") or row.get("cert_no.at") or ""
    return issue.at(
        file=row["file"],
        sheet=row["sheet"],
        row=row["row"],
        column=column,
        field=field,
        unit=row["unit"],
    )


def _labelled(people: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """people.parquet: code words in Chinese as the lists print them, texts as filed."""
    columns: dict[str, object] = {
        "id_no": people.get("id_no"), "indicator": people.get("indicator"),
        "year": people.get("begun"), "unit": people.get("unit"),
        "counted_for": people.get("counted_for"), "fate": people.get("fate"),
        "start": people.get("start"),
    }  # fmt: skip
    for field in programme.fields:
        if field.name in columns or field.name not in people or field.fills:
            continue
        value = people[field.name].fillna("")
        if field.codes:
            labels = programme.code_labels[field.codes]
            text = people[f"{field.name}.text"].fillna("")
            value = value.map(labels).where(value != "", text)
        columns[field.name] = value
    columns |= {"file": people.get("file"), "sheet": people.get("sheet"), "row": people.get("row")}
    return pd.DataFrame(columns).reset_index(drop=True)
