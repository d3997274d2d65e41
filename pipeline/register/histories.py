"""The register itself: one line a person, and one line for each thing that befell her."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.model import Claims, Judgement, Reading
from pipeline.programme import Programme
from pipeline.register.departures import BACK, CORRECTED, MOVED
from pipeline.register.lists import Found
from pipeline.sql import query

EVENTS = [
    "id_no", "period", "on", "event", "unit", "indicator", "year", "field", "before", "after",
    "other", "reason", "note", "file", "sheet", "row", "cell",
]  # fmt: skip
# what happened first where two things happened in one period
_ORDER = ["seen", "began", "changed", "corrected", "dropped", "moved", "back", "listed", "judged",
          "returned", "counted", "merged", "cumulative"]  # fmt: skip
_ASKED = ["person", "id_no", "shown_name", "unit", "period", "filed_on", "stands", "kind", "indicator",
          "start", "activity", "counted_for", "fate", "sound", "file", "sheet", "row"]  # fmt: skip


def people(
    seen: pd.DataFrame,
    left: pd.DataFrame,
    changed: pd.DataFrame,
    found: Found,
    programme: Programme,
) -> pd.DataFrame:
    """One line a person: first and last seen, each indicator's first activity, what changed, if she left.

    Columns: id_no, name, unit (that listed her last), first_seen, last_seen, for each indicator
    <name>_on, <name>_in, <name>_times; changed, left (the units' codes), left_since; and under the
    name of each reference list what it says of her.
    """
    asked = seen[_ASKED]
    whole = query("register", sightings=asked) if len(seen) else _blank("person", "name", "unit", "first_seen", "last_seen")  # fmt: skip
    done = query("undertaken", sightings=asked) if len(seen) else _blank("person", "indicator")
    for indicator in programme.indicators:
        own = done[done["indicator"] == indicator.name].set_index("person")
        for column, name in (("start", "on"), ("counted_for", "in"), ("times", "times")):
            told = own[column] if column in own else pd.Series(dtype=object)
            whole[f"{indicator.name}_{name}"] = whole["person"].map(told.astype(object))
    fields = changed.groupby("person")["field"].agg(lambda f: ";".join(sorted(set(f))))
    whole["changed"] = whole["person"].map(fields)
    gone = left[left["way"].isin(["gone", MOVED])].sort_values(["since", "unit"])
    gone = gone.drop_duplicates(["person", "unit"])
    whole["left"] = whole["person"].map(gone.groupby("person")["unit"].agg(";".join))
    whole["left_since"] = whole["person"].map(gone.groupby("person")["since"].agg(";".join))
    for reference in programme.references:
        own = found.matches[found.matches["reference"] == reference.name]
        labels = own.drop_duplicates("person").set_index("person")["label"]
        whole[reference.name] = whole["person"].map(labels)
    return _as_text(whole.rename(columns={"person": "id_no"}))


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every column as text, blank where there is nothing; whole numbers without a point."""
    told = frame.astype(object)
    told = told.where(told.notna(), "")
    return told.map(lambda v: str(int(v)) if isinstance(v, float) else str(v))


def _blank(*columns: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns), dtype=object)


def events(
    seen: pd.DataFrame,
    left: pd.DataFrame,
    changed: pd.DataFrame,
    found: Found,
    claims: Claims,
    readings: Iterable[Reading],
    programme: Programme,
) -> pd.DataFrame:
    """One line an event, at its source cell, in the order of time; `id_no` is who she is now.

    event: seen (first listed by a unit) | began (a sound activity) | changed | corrected (her
    number) | dropped | moved | back | listed (on a reference list) | judged | returned | counted |
    merged | cumulative (for whom she counts over all years).
    """
    parts = [
        _firsts(seen),
        _began(seen),
        _changed(changed, seen, claims),
        _left(left, seen),
        _listed(found.matches, seen),
        _judged(readings, seen),
        _fates(seen, claims),
        _cumulative(claims, seen),
    ]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=EVENTS)
    whole = pd.concat(filled, ignore_index=True).reindex(columns=EVENTS)
    whole["row"] = whole["row"].fillna(0).astype("int64")
    texts = [c for c in EVENTS if c != "row"]
    whole[texts] = whole[texts].astype(object).where(whole[texts].notna(), "")
    whole["rank"] = whole["event"].map({event: n for n, event in enumerate(_ORDER)})
    order = ["id_no", "period", "rank", "on", "unit", "indicator", "field", "file", "sheet", "row"]
    return whole.sort_values(order)[EVENTS].reset_index(drop=True)


def _at_cell(rows: pd.DataFrame, column: pd.Series | None = None) -> pd.DataFrame:
    """The rows with the Excel cell they are read from, under the person's number."""
    letters = rows["column"] if column is None else column.where(column != "", rows["column"])
    cell = letters.where(letters == "", letters + rows["row"].astype(str))
    return rows.assign(cell=cell, id_no=rows["person"])


def _firsts(seen: pd.DataFrame) -> pd.DataFrame:
    ordered = seen.sort_values(["period", "filed_on", "file", "sheet", "row"])
    first = ordered.drop_duplicates(["person", "entity", "kind"])
    return _at_cell(first).assign(event="seen", year="")


def _began(seen: pd.DataFrame) -> pd.DataFrame:
    sound = seen[seen["sound"] == 1]
    once = sound.sort_values(["period", "file", "sheet", "row"])
    once = once.drop_duplicates(["person", "entity", "kind", "start", "activity"])
    return _at_cell(once, once["start_column"]).assign(
        event="began", on=once["start"], year=once["begun"], note=once["activity"]
    )


def _changed(changed: pd.DataFrame, seen: pd.DataFrame, claims: Claims) -> pd.DataFrame:
    """Each change at the cell that says the new value."""
    rows = seen.set_index("sighting").loc[changed["sighting"]].reset_index()
    letters = [
        str(claims.rows.at[sighting, f"{field}.at"])
        for sighting, field in zip(changed["sighting"], changed["field"], strict=True)
    ]
    told = _at_cell(rows, pd.Series(letters, index=rows.index, dtype=object))
    told = told.assign(event="changed", year="", note=changed["from_period"].to_numpy())
    for name in ("field", "before", "after"):
        told[name] = changed[name].to_numpy()
    return told


def _left(left: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Each departure at the row that listed her last; a mended number under its new owner too."""
    words = {BACK: "dropped", CORRECTED: "corrected", MOVED: "moved", "gone": "dropped"}
    was = dict(zip(seen["id_no"], seen["person"], strict=True))
    told = left.assign(
        event=left["way"].map(words),
        period=left["since"],
        note=left["last_period"],
        reason=left["evidence"].where(left["way"] == CORRECTED, ""),
        before=left["person"].where(left["way"] == CORRECTED, ""),
        year="",
    )
    told["person"] = [
        was.get(i, p) if w == CORRECTED else p
        for i, p, w in zip(told["id_no"], told["person"], told["way"], strict=True)
    ]
    again = told[told["way"] == BACK].assign(event="back", period=lambda t: t["back_in"])
    return _at_cell(pd.concat([told, again], ignore_index=True))


def _listed(matches: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    rows = seen.set_index("sighting").loc[matches["sighting"]].reset_index()
    told = _at_cell(rows).assign(event="listed", year="", on=matches["since"].to_numpy())
    told["note"], told["other"] = matches["label"].to_numpy(), matches["list"].to_numpy()
    told["reason"] = matches["doubtful"].map({True: "doubtful", False: ""}).to_numpy()
    return told.drop_duplicates(["person", "other"])


def _judged(readings: Iterable[Reading], seen: pd.DataFrame) -> pd.DataFrame:
    was = dict(zip(seen["id_no"], seen["person"], strict=True))
    lines = [
        _judgement(judgement, id_no, was[id_no], reading.period)
        for reading in readings
        for judgement in reading.judgements
        for id_no in (judgement.id_a, judgement.id_b)
        if id_no in was
    ]
    return pd.DataFrame(lines)


def _judgement(judged: Judgement, id_no: str, person: str, period: str) -> Mapping[str, Any]:
    other = judged.id_b if id_no == judged.id_a else judged.id_a
    return {
        "id_no": person, "period": period, "event": "judged", "unit": judged.keeper,
        "indicator": judged.indicator, "year": judged.year, "other": other,
        "note": judged.verdict, "reason": judged.reason, "file": judged.file, "row": judged.row,
    }  # fmt: skip


def _fates(seen: pd.DataFrame, claims: Claims) -> pd.DataFrame:
    """What became of each row of a standing return, and why she counts where she does."""
    rows = seen[seen["fate"] != "superseded"]
    reasons = _reasons(claims)
    keys = zip(rows["indicator"], rows["begun"], rows["id_no"], strict=True)
    return _at_cell(rows).assign(
        event=rows["fate"],
        year=rows["begun"],
        other=rows["counted_for"],
        reason=[reasons.get(key, "") for key in keys],
    )


def _reasons(claims: Claims) -> dict[tuple[str, str, str], str]:
    told = claims.claims
    keys = zip(told["indicator"], told["year"], told["id_no"], strict=True)
    return dict(zip(keys, told["reason"], strict=True))


def _cumulative(claims: Claims, seen: pd.DataFrame) -> pd.DataFrame:
    """For whom she counts over all years, where she was claimed by several."""
    kept = claims.cumulative
    if kept.empty:
        return pd.DataFrame()
    kept = kept[(kept["place"] == 1) & (kept["claimants"] > 1)]
    at = seen.set_index("sighting")
    kept = kept[kept["claim"].isin(at.index)]
    rows = at.loc[kept["claim"]].reset_index()
    told = _at_cell(rows).assign(event="cumulative", year="cumulative", on="")
    told["other"], told["reason"] = kept["unit"].to_numpy(), kept["reason"].to_numpy()
    return told
