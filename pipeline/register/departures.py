"""Who a newer return no longer lists: gone, moved to another unit, or there under a mended number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from pipeline.model import Issue
from pipeline.numbers import slip
from pipeline.programme import Programme
from pipeline.register.sightings import GROUP
from pipeline.sql import query

GONE, MOVED, CORRECTED, BACK = "gone", "moved", "corrected", "back"
_COLUMNS = [
    *GROUP, "person", "way", "other", "evidence", "id_no", "name", "unit", "indicator", "file", "sheet",
    "row", "column", "last_period", "since", "before", "newest_file", "new_person", "new_file",
    "new_sheet", "new_row", "new_column", "back_in", "recent",
]  # fmt: skip
_MOST_SLIPS, _NUMBER = 3, 18
_FEWEST_LOST, _MOST_LOST = 5, 0.5  # more than half of a list, and no mere handful
_PLACE = ["file", "sheet", "row", "column"]


def departures(
    seen: pd.DataFrame, editions: pd.DataFrame, programme: Programme, period: str
) -> pd.DataFrame:
    """One line for each time a person vanished from a unit's roster.

    way: gone | moved (another unit lists her now) | corrected (her number was mended) | back (a
    later return lists her again). recent: she vanished with the return of this period.
    """
    if seen.empty:
        return pd.DataFrame(columns=_COLUMNS)
    asked = seen[[*GROUP, "edition", "person", "name", "certificate", "phone"]]
    left = query("departures", sightings=asked, editions=editions[[*GROUP, "edition"]])
    if left.empty:
        return pd.DataFrame(columns=_COLUMNS)
    left = _with_last_row(left, seen)
    left = _with_returns(left, seen, editions)
    left = _with_correction(left, asked, seen)
    left["moved_to"] = _now_elsewhere(left, seen)
    left["way"] = [
        BACK if back else CORRECTED if new else MOVED if moved else GONE
        for back, new, moved in zip(left["back"], left["new_person"], left["moved_to"], strict=True)
    ]
    left["other"] = left["moved_to"].where(left["way"] == MOVED, "")
    still = (left["way"] != BACK) & (left["gone_in"] == left["newest"])
    left["recent"] = still & (left["since"] == period)
    return left[_COLUMNS]


def _with_last_row(left: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """The row that listed her last, and how many persons that return listed."""
    key = [*GROUP, "edition", "person"]
    rows = seen.sort_values(["file", "sheet", "row"]).drop_duplicates(key)
    last = rows[[*key, "id_no", "shown_name", "unit", "indicator", *_PLACE, "period"]]
    last = last.rename(
        columns={"edition": "last_in", "shown_name": "name", "period": "last_period"}
    )
    persons = rows.groupby([*GROUP, "edition"]).size().rename("before").reset_index()
    persons = persons.rename(columns={"edition": "last_in"})
    return left.merge(last, on=[*GROUP, "last_in", "person"]).merge(persons, on=[*GROUP, "last_in"])


def _with_returns(left: pd.DataFrame, seen: pd.DataFrame, editions: pd.DataFrame) -> pd.DataFrame:
    """The period of the return that no longer lists her, of the one that does again, and the newest file."""
    numbered = editions.drop_duplicates([*GROUP, "edition"])[[*GROUP, "edition", "period"]]
    since = numbered.rename(columns={"edition": "gone_in", "period": "since"})
    back = numbered.rename(columns={"edition": "back", "period": "back_in"})
    files = editions[editions["stands"] == 1].groupby(GROUP)["file"].min().rename("newest_file")
    told = left.merge(since, on=[*GROUP, "gone_in"]).merge(back, on=[*GROUP, "back"], how="left")
    told = told.merge(files.reset_index(), on=GROUP, how="left")
    return told.fillna({"back_in": "", "newest_file": ""})


def _with_correction(left: pd.DataFrame, asked: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """The row under whose number she stands now, with the evidence in words."""
    key = [*GROUP, "gone_in", "person"]
    pairs = query("corrections", sightings=asked, departures=left[[*key, "last_in"]])
    mended = pd.DataFrame(list(_weighed(pairs)), columns=[*key, "new_person", "evidence"]).astype(
        {"gone_in": "int64"}
    )
    rows = seen.sort_values(["file", "sheet", "row"]).drop_duplicates([*GROUP, "edition", "person"])
    rows = rows[[*GROUP, "edition", "person", *_PLACE]].rename(
        columns={"edition": "gone_in", "person": "new_person"} | {p: f"new_{p}" for p in _PLACE}
    )
    mended = mended.merge(rows, on=[*GROUP, "gone_in", "new_person"])
    told = left.merge(mended, on=key, how="left")
    texts = ["new_person", "evidence", *(f"new_{p}" for p in _PLACE if p != "row")]
    return told.fillna(dict.fromkeys(texts, "") | {"new_row": 0}).astype({"new_row": "int64"})


def _weighed(pairs: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Each person gone and the one she became, the strongest evidence first, nobody twice."""
    found = []
    for pair in pairs.itertuples(index=False):
        evidence = _evidence(pair)
        if evidence:
            group = (pair.entity, pair.kind, pair.span, int(str(pair.gone_in)))
            found.append((evidence[0], group, str(pair.old), str(pair.new), evidence[1]))
    taken: set[Any] = set()
    for _, group, old, new, words in sorted(found):
        if not {(group, "old", old), (group, "new", new)} & taken:
            taken |= {(group, "old", old), (group, "new", new)}
            yield (*group, old, new, words)


def _evidence(pair: Any) -> tuple[int, str] | None:
    """How sure it is that two numbers are one person's, the lower the surer, and why."""
    numbers = len(pair.old) == len(pair.new) == _NUMBER
    slips = slip(pair.old, pair.new) if numbers else _NUMBER
    if pair.same_certificate:
        return 0, "残疾人证号相同" + ("，姓名相同" if pair.same_name else "")
    if pair.same_name and slips <= _MOST_SLIPS:
        return 1, f"姓名相同，身份证号前 17 位有 {slips} 位不同"
    if pair.same_name and numbers and pair.old[6:14] == pair.new[6:14]:
        return 2, "姓名相同，出生日期相同"
    return (3, "姓名相同，联系电话相同") if pair.same_name and pair.same_phone else None


def _now_elsewhere(left: pd.DataFrame, seen: pd.DataFrame) -> list[str]:
    """The other units whose standing rosters of the same kind list her, joined by ;."""
    stand = seen.loc[seen["fate"] != "superseded", ["kind", "person", "entity", "unit"]]
    units: dict[tuple[str, str], dict[str, str]] = {}
    for kind, person, entity, unit in stand.drop_duplicates().itertuples(index=False):
        units.setdefault((kind, person), {})[entity] = unit
    return [
        ";".join(sorted(u for e, u in units.get((kind, person), {}).items() if e != entity))
        for kind, person, entity in zip(left["kind"], left["person"], left["entity"], strict=True)
    ]


def people_linked(seen: pd.DataFrame, left: pd.DataFrame) -> pd.Series:
    """Who each sighting is, a mended number being the same person under the new one.

    A number that still stands somewhere stays a person of its own.
    """
    standing = set(seen.loc[seen["fate"] != "superseded", "person"])
    mended = left[left["way"] == CORRECTED]
    links = {
        old: new
        for old, new in zip(mended["person"], mended["new_person"], strict=True)
        if old not in standing
    }
    return seen["person"].map({p: _followed(p, links) for p in seen["person"].unique()})


def _followed(person: str, links: Mapping[str, str]) -> str:
    passed = {person}
    while (after := links.get(person)) and after not in passed:
        person = after
        passed.add(person)
    return person


def tell_units(left: pd.DataFrame, programme: Programme) -> Iterator[Issue]:
    """What a unit is told of those its newest return no longer lists, at that return.

    A list that lost more than half of its people is one finding, not one a person.
    """
    recent = left[left["recent"].astype(bool)]
    gone = recent[recent["way"] == GONE]
    most = {
        group: lines
        for group, lines in gone.groupby(GROUP)
        if len(lines) >= _FEWEST_LOST and len(lines) > _MOST_LOST * lines["before"].iloc[0]
    }
    for lines in most.values():
        first = lines.iloc[0]
        issue = programme.issue(
            "T21", kind=programme.kind[first["kind"]].label, before=first["before"], gone=len(lines)
        )
        yield issue.at(file=first["newest_file"], unit=first["unit"])
    records: Iterable[Any] = recent.to_dict("records")
    for line in records:
        if line["way"] != GONE or (line["entity"], line["kind"], line["span"]) not in most:
            yield _told(line, programme)


def _told(line: Mapping[str, Any], programme: Programme) -> Issue:
    kind = programme.kind[line["kind"]].label
    if line["way"] == CORRECTED:
        issue = programme.issue("T23", kind=kind, row=line["row"], evidence=line["evidence"])
        return issue.at(
            file=line["new_file"], sheet=line["new_sheet"], row=line["new_row"],
            column=line["new_column"], field="id_no", unit=line["unit"],
        )  # fmt: skip
    slots = {"kind": kind, "file": line["file"], "place": place_in_words(line)}
    if line["way"] == MOVED:
        other = "、".join(map(programme.gazetteer.name, line["other"].split(";")))
        issue = programme.issue("T22", other=other, **slots)
    else:
        issue = programme.issue("T20", **slots)
    return issue.at(file=line["newest_file"], unit=line["unit"])


def place_in_words(line: Mapping[str, Any]) -> str:
    """Where a row stands in its file, as a clerk looks it up."""
    sheet = f"“{line['sheet']}”" if line["sheet"] else ""
    return f"{sheet}第 {line['row']} 行"
