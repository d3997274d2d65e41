"""What changed in a person's rows from return to return: field, before, after, and where."""

from __future__ import annotations

import pandas as pd

from pipeline.programme import Programme
from pipeline.register.sightings import tracked
from pipeline.sql import query

_COLUMNS = ["person", "sighting", "field", "before", "after", "from_period", "to_period"]
_ASKED = [
    "sighting",
    "person",
    "entity",
    "kind",
    "span",
    "edition",
    "start",
    "file",
    "sheet",
    "row",
]


def changes(seen: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """One line a field that changed between two returns of one unit, told once a return.

    Within a span all tracked fields of a row; from one span to the next only what is the person's
    own, not the activity's.
    """
    if seen.empty:
        return pd.DataFrame(columns=_COLUMNS)
    fields = tracked(programme)
    columns = [f"f_{field}" for field in fields]
    words = {
        "lagged": ",\n           ".join(
            f"lag({c}) over (partition by person, entity, kind, nth order by span, edition) as was_{c}"
            for c in columns
        ),
        "differs": " or ".join(f"{c} <> was_{c}" for c in columns),
    }
    pairs = query("changes", words=words, sightings=seen[[*_ASKED, *columns]])
    at = seen.set_index("sighting")
    now = at.loc[pairs["sighting"]].reset_index()
    was = at.loc[pairs["was_sighting"]].reset_index()
    found = []
    for field in fields:
        after, before = now[f"f_{field}"], was[f"f_{field}"]
        differs = after.notna() & before.notna() & (after != before)
        if programme.field[field].on:
            differs &= pairs["alike"].eq(1)
        told = now.loc[differs, ["person", "sighting", "entity", "kind", "period"]].assign(
            field=field,
            before=before[differs],
            after=after[differs],
            from_period=was.loc[differs, "period"],
        )
        found.append(told.rename(columns={"period": "to_period"}))
    whole = pd.concat(found, ignore_index=True)
    once = ["person", "entity", "kind", "field", "before", "after", "to_period"]
    return whole.drop_duplicates(once)[_COLUMNS].reset_index(drop=True)
