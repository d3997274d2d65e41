"""Every row of every return, superseded or not, under the return it stood in and in its order."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pipeline.model import Claims, Reading
from pipeline.programme import Programme
from pipeline.values import fold

PART = ["file", "entity", "kind"]
GROUP = ["entity", "kind", "span"]
_PARTS = [*PART, "span", "edition", "period", "filed_on", "stands"]


def returns_in_order(
    claims: Claims, readings: Iterable[Reading], programme: Programme
) -> pd.DataFrame:
    """The returns of each unit, kind and span, numbered from the oldest: one line a part of a file.

    What is filed on the same day is one return. An undated file goes with the newest of its period;
    of two versions of the same day, the one that gave way is the older.
    """
    periods = {r.submission.path: r.period for r in readings}
    dates = _filing_dates(readings)
    stood = [(*part, 1) for part in claims.stands] + [(*part, 0) for part in claims.superseded_by]
    if not stood:
        return pd.DataFrame(columns=_PARTS)
    parts = pd.DataFrame(sorted(stood), columns=[*PART, "stands"])
    parts["period"] = parts["file"].map(periods).astype(str)
    parts["filed_on"] = [
        dates.get(part, "") for part in zip(parts["file"], parts["kind"], strict=True)
    ]
    parts["span"] = parts["period"].str[:4] if programme.scope == "year" else parts["period"]
    newest = parts.groupby([*GROUP, "period"])["filed_on"].transform("max")
    parts["filed_on"] = parts["filed_on"].where(parts["filed_on"] != "", newest)
    when = parts["period"] + " " + parts["filed_on"] + " " + parts["stands"].astype(str)
    order = when.groupby([parts[name] for name in GROUP]).rank(method="dense")
    return parts.assign(edition=order.astype("int64"))[_PARTS]


def _filing_dates(readings: Iterable[Reading]) -> dict[tuple[str, str], str]:
    dates: dict[tuple[str, str], str] = {}
    for reading in readings:
        for sheet in reading.sheets:
            key = (reading.submission.path, sheet.kind)
            day = sheet.filed_on.isoformat() if sheet.filed_on else ""
            dates[key] = max(day, dates.get(key, ""))
    return dates


def sightings(claims: Claims, editions: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """One line a row of a roster that says who she is and whose she is.

    `sighting` is the row's place in claims.rows; the tracked fields come as f_<name>: the value as
    read, else the text as typed, nothing (None) where the form has no such column.
    """
    rows = claims.rows
    if rows.empty:
        return pd.DataFrame(columns=[*_COLUMNS, *(f"f_{f}" for f in tracked(programme))])
    rows = rows[(rows["person"] != "") & (rows["unit"] != "")]
    known = dict.fromkeys(PART)
    seen = rows[[*known, "sheet", "row", "unit", "indicator", "person", "id_no", "start", "fate",
                 "counted_for", "begun"]].copy()  # fmt: skip
    seen["sighting"] = rows.index
    seen["shown_name"] = rows["name"].where(rows["name"] != "", rows["name.text"])
    seen["name"] = _each(seen["shown_name"], fold)
    seen["certificate"] = rows["cert_no"].str[:18]
    seen["phone"] = rows.get("phone", "")
    seen["column"] = rows["id_no.at"].where(rows["id_no.at"] != "", rows["cert_no.at"])
    seen["start_column"] = _start_columns(rows, programme)
    seen["activity"] = _activities(rows, programme)
    seen["sound"] = seen["fate"].isin(["counted", "merged"]).astype("int64")
    for field in tracked(programme):
        seen[f"f_{field}"] = _as_told(rows, field, programme)
    return seen.merge(editions, on=PART, how="inner", validate="many_to_one").reset_index(drop=True)


_COLUMNS = [
    *PART, "sheet", "row", "unit", "indicator", "person", "id_no", "start", "fate", "counted_for",
    "begun", "sighting", "shown_name", "name", "certificate", "phone", "column", "start_column",
    "activity", "sound", "span", "edition", "period", "filed_on", "stands",
]  # fmt: skip


def tracked(programme: Programme) -> list[str]:
    """The fields whose changes are noted: those that hold a value of their own."""
    return [f.name for f in programme.fields if f.tracked and not f.fills]


def _each(texts: pd.Series, change: object) -> pd.Series:
    """A function over a column, asked once for each text in it."""
    return texts.map({text: change(text) for text in texts.unique()})  # type: ignore[operator]


def _activities(rows: pd.DataFrame, programme: Programme) -> pd.Series:
    """What was attended, in words: the course, or the employer."""
    told = pd.Series("", index=rows.index, dtype=object)
    for kind in programme.kinds:
        if kind.activity in rows:
            of_kind = _as_told(rows, kind.activity, programme).fillna("")
            told = told.where(rows["kind"] != kind.name, of_kind)
    return told


def _start_columns(rows: pd.DataFrame, programme: Programme) -> pd.Series:
    """The letters of the column that says when it began."""
    letters = pd.Series("", index=rows.index, dtype=object)
    for kind in programme.kinds:
        if f"{kind.start}.at" in rows:
            letters = letters.where(rows["kind"] != kind.name, rows[f"{kind.start}.at"])
    return letters


def _as_told(rows: pd.DataFrame, field: str, programme: Programme) -> pd.Series:
    """A field as people read it; None where its form has no column for it."""
    if field not in rows:
        return pd.Series(None, index=rows.index, dtype=object)
    value = rows[field].fillna("")
    codes = programme.field[field].codes
    if codes:
        value = value.map(programme.code_labels[codes]).fillna("")
    typed = rows[f"{field}.text"].fillna("")
    value = value.where(value != "", typed.str.strip())
    return value.where(rows[f"{field}.at"].fillna("") != "", None)
