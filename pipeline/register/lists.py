"""The standing rosters held against the reference lists in the inbox (残疾人证状态, 建档立卡)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from pipeline.model import Claims, Compared, Issue, Reading, ReferenceList
from pipeline.programme import Programme, Reference
from pipeline.sql import query
from pipeline.values import month_end

_COLUMNS = ["person", "sighting", "list", "reference", "label", "since", "doubtful"]


class _Named(NamedTuple):
    """One list that stands: the file and sheet it is read from, and what the programme says of it."""

    path: str
    reference: Reference
    found: ReferenceList


@dataclass(frozen=True)
class Found:
    """matches: one line a row of a standing roster and list that names her."""

    matches: pd.DataFrame
    compared: tuple[Compared, ...]
    issues: tuple[Issue, ...]


def compare(
    claims: Claims, readings: Iterable[Reading], programme: Programme, period: str
) -> Found:
    """Every sound standing row against the newest list of each sort; nobody loses her count by it."""
    standing, replaced = _newest(readings, programme)
    if not standing and not replaced:
        return Found(pd.DataFrame(columns=_COLUMNS), (), ())
    rows = _rows(claims, programme)
    matches = _matched(rows, standing)
    issues: list[Issue] = []
    compared = [*replaced]
    for nth, named in enumerate(standing):
        own = matches[matches["nth"] == nth]
        doubtful = own[own["doubtful"].eq(True)]
        absent = _absent(rows, own, named, programme)
        issues += _tell_doubtful(doubtful, rows, named, programme)
        issues += _tell_absent(absent, named, programme)
        compared.append(_told(named, own, doubtful, absent, rows, period))
    return Found(matches[_COLUMNS].reset_index(drop=True), tuple(compared), tuple(issues))


def _newest(
    readings: Iterable[Reading], programme: Programme
) -> tuple[list[_Named], list[Compared]]:
    """Of each sort (and unit, and status that a title says) the newest file; and those it replaced."""
    known = {r.name: r for r in programme.references}
    sorts: dict[tuple[Any, ...], dict[tuple[str, str], list[_Named]]] = {}
    for reading in readings:
        for found in reading.references:
            if found.name not in known:
                continue
            said = frozenset(found.lines["meaning"]) if len(found.lines) else frozenset()
            sort = (found.name, found.units, said if len(said) == 1 else "")
            age = (found.as_of or _end(reading.period), reading.submission.path)
            named = _Named(reading.submission.path, known[found.name], found)
            sorts.setdefault(sort, {}).setdefault(age, []).append(named)
    standing, replaced = [], []
    for by_age in sorts.values():
        newest = max(by_age)
        standing += by_age[newest]
        for age, lists in by_age.items():
            if age != newest:
                replaced += [_gone(named, newest[1]) for named in lists]
    return standing, replaced


def _end(period: str) -> str:
    return month_end(period).isoformat() if period else ""


def _gone(named: _Named, by: str) -> Compared:
    label, rows = named.reference.label, len(named.found.lines)
    return Compared(
        named.path,
        label,
        rows,
        0,
        0,
        0,
        {},
        f"参考名单：{label}，已由较新的 {by} 替代，未用到",
        stands=False,
    )


def _rows(claims: Claims, programme: Programme) -> pd.DataFrame:
    """The sound standing rows, with the last day of what each of them did."""
    rows = claims.rows[claims.rows["fate"].isin(["counted", "merged"])]
    if rows.empty:
        return pd.DataFrame()
    until = rows["start"].copy()
    for kind in programme.kinds:
        if kind.finish and kind.finish in rows:
            finish = rows[f"{kind.finish}.last"].fillna("")
            until = until.where((rows["kind"] != kind.name) | (finish == ""), finish)
    return rows.assign(sighting=rows.index, certificate=rows["cert_no"].str[:18], until=until)


def _matched(rows: pd.DataFrame, standing: list[_Named]) -> pd.DataFrame:
    columns = [*_COLUMNS, "nth", "meaning"]
    if rows.empty or not standing:
        return pd.DataFrame(columns=columns)
    lines = pd.concat(
        [named.found.lines.assign(list=nth) for nth, named in enumerate(standing)],
        ignore_index=True,
    ).rename(columns={"on": "since"})
    asked = rows[["sighting", "id_no", "certificate"]]
    found = query("matched", rows=asked, lines=lines).rename(columns={"list": "nth"})
    meant = [
        standing[nth].reference.meanings[m] if m >= 0 else None
        for nth, m in zip(found["nth"], found["meaning"], strict=True)
    ]
    until = rows["until"].reindex(found["sighting"]).to_numpy()
    since = found["since"].to_numpy()
    return found.assign(
        person=rows["person"].reindex(found["sighting"]).to_numpy(),
        list=[standing[nth].path for nth in found["nth"]],
        reference=[standing[nth].reference.name for nth in found["nth"]],
        label=[m.label if m else standing[nth].reference.label for nth, m in zip(found["nth"], meant, strict=True)],
        # what befell her after the course or the start of work touches neither
        doubtful=[
            bool(m and m.rule and (not day or day <= end))
            for m, day, end in zip(meant, since, until, strict=True)
        ],
    )[columns]  # fmt: skip


def _absent(
    rows: pd.DataFrame, own: pd.DataFrame, named: _Named, programme: Programme
) -> pd.DataFrame:
    """Rows of those whom the list should name and does not: only of units it speaks for at all."""
    if not named.reference.unlisted or rows.empty or own.empty:
        return rows.head(0)
    entity = programme.gazetteer.entity
    covered = {entity(u) for u in named.found.units} or set(rows["entity"])
    listed = set(own["person"])
    return rows[rows["entity"].isin(covered) & ~rows["person"].isin(listed)]


def _tell_doubtful(
    doubtful: pd.DataFrame, rows: pd.DataFrame, named: _Named, programme: Programme
) -> Iterable[Issue]:
    for match in doubtful.to_dict("records"):
        meaning = named.reference.meanings[match["meaning"]]
        when = f"（{match['since']}）" if match["since"] else "（名单未写日期）"
        issue = programme.issue(
            meaning.rule, label=named.reference.label, status=meaning.label, when=when
        )
        yield _at(issue, rows.loc[match["sighting"]], ("cert_no", "id_no"))


def _tell_absent(absent: pd.DataFrame, named: _Named, programme: Programme) -> Iterable[Issue]:
    records: Iterable[Any] = absent.to_dict("records")
    for row in records:
        issue = programme.issue(named.reference.unlisted, label=named.reference.label)
        yield _at(issue, row, ("id_no", "cert_no"))


def _at(issue: Issue, row: Mapping[str, Any] | pd.Series, fields: tuple[str, str]) -> Issue:
    field = next((f for f in fields if row[f"{f}.at"]), fields[0])
    return issue.at(
        file=row["file"], sheet=row["sheet"], row=int(row["row"]),
        column=row[f"{field}.at"], field=field, unit=row["unit"],
    )  # fmt: skip


def _told(
    named: _Named,
    own: pd.DataFrame,
    doubtful: pd.DataFrame,
    absent: pd.DataFrame,
    rows: pd.DataFrame,
    period: str,
) -> Compared:
    label, found = named.reference.label, named.found
    sound = own[~own["sighting"].isin(doubtful["sighting"])]
    verified: dict[str, int] = {}
    if not rows.empty:
        counted = rows[(rows["fate"] == "counted") & (rows["begun"] == period[:4])]
        counted = counted[counted["sighting"].isin(sound["sighting"])]
        persons: Iterable[Any] = counted.groupby("indicator")["person"].nunique().items()
        verified = {str(indicator): int(count) for indicator, count in persons}
    facts = [
        f"{len(found.lines)} 人，与花名册匹配 {own['person'].nunique()} 人",
        f"其中须核实 {doubtful['person'].nunique()} 人" if named.reference.meanings else "",
        f"名单中没有的 {absent['person'].nunique()} 人" if len(absent) else "",
        f"另有 {found.unread} 行证号读不出" if found.unread else "",
    ]
    return Compared(
        path=named.path,
        label=label,
        rows=len(found.lines),
        matched=own["person"].nunique(),
        doubtful=doubtful["person"].nunique(),
        unlisted=absent["person"].nunique() if len(absent) else 0,
        verified=verified,
        reason=f"参考名单：{label}，{'，'.join(filter(None, facts))}",
    )
