"""What is told of claims: who is claimed by several, under which names, and the people as listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.deduplicate.judged import Decisions
from pipeline.deduplicate.suspected import changed_since, fingerprint
from pipeline.model import Issue
from pipeline.model.words import REASON_WORDS
from pipeline.programme import Programme
from pipeline.values import fold


def claimed_by_several(
    yearly: pd.DataFrame, people: pd.DataFrame, decisions: Decisions
) -> pd.DataFrame:
    """claims.csv: one line per person, indicator, year and unit that claims her with others.

    Beside its columns: name, person, and for her question the fingerprint of its evidence and what
    of it has changed since a judgement.
    """
    columns = ["indicator", "year", "id_no", "unit", "counted_for", "reason", "name", "person",
               "fingerprint", "changed"]  # fmt: skip
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
            "person": claimed["person"],
        }
    )
    lines = lines.drop_duplicates(["indicator", "year", "id_no", "unit"])
    key = ["indicator", "year", "person"]
    units = lines.groupby(key)["unit"].transform(lambda u: ";".join(sorted(set(u))))
    names = lines.groupby(key)["name"].transform(lambda n: ";".join(sorted(set(n))))
    lines["fingerprint"] = [fingerprint(n, u) for n, u in zip(names, units, strict=True)]
    decided = [decisions.kept(p, i, y) for i, y, p in lines[key].itertuples(index=False)]
    lines["changed"] = [
        changed_since(d.fingerprint, now) if d else ""
        for d, now in zip(decided, lines["fingerprint"], strict=True)
    ]
    return lines.sort_values(["indicator", "year", "id_no", "unit"]).reset_index(drop=True)


def different_names(people: pd.DataFrame, programme: Programme) -> list[Issue]:
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


def tell_claimants(
    several: pd.DataFrame, people: pd.DataFrame, programme: Programme
) -> list[Issue]:
    """Every claimant is told who else claims her, and for whom she counts."""
    if several.empty:
        return []
    name = programme.gazetteer.name
    key = ["indicator", "year", "person"]
    claimants = several.groupby(key)["unit"].agg(lambda u: sorted(set(u))).to_dict()
    reasons = dict(
        zip(several[key].itertuples(index=False, name=None), several["reason"], strict=True)
    )
    issues = []
    for row in people[people["person"].isin(set(several["person"]))].to_dict("records"):
        claim = (row["indicator"], row["begun"], row["person"])
        if claim in claimants:
            others = "、".join(name(u) for u in claimants[claim] if u != row["unit"])
            issue = programme.issue(
                "U03",
                others=others,
                reason=REASON_WORDS[reasons[claim]],
                keeper=name(row["counted_for"]),
            )
            issues.append(_at(issue, row, "id_no"))
    return issues


def tell_reopened(
    suspicions: pd.DataFrame, several: pd.DataFrame, decisions: Decisions, programme: Programme
) -> list[Issue]:
    """A judgement whose evidence has changed stands, and its question is put again (重新裁定)."""
    issues = []
    for pair in suspicions[suspicions["changed"] != ""].to_dict("records"):
        decided = decisions.pairs[frozenset((pair["id_a"], pair["id_b"]))]
        issue = programme.issue("U10", changed=pair["changed"])
        issues.append(issue.at(file=decided.file, row=decided.row))
    reopened = several[several["changed"] != ""].drop_duplicates(["indicator", "year", "person"])
    for claim in reopened.to_dict("records"):
        kept = decisions.kept(claim["person"], claim["indicator"], claim["year"])
        if kept:
            issue = programme.issue("U10", changed=claim["changed"])
            issues.append(issue.at(file=kept.file, row=kept.row))
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


def labelled(people: pd.DataFrame, programme: Programme) -> pd.DataFrame:
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
