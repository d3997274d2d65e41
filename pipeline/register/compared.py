"""The standing rosters held against the reference lists in the inbox (残疾人证状态, 建档立卡)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.engine import Engine
from pipeline.model import Claims, Compared, Issue, Month, Stored
from pipeline.programme import Programme, Reference
from pipeline.values import month_end

if TYPE_CHECKING:
    import pyarrow as pa


class NamedList(NamedTuple):
    """One list that stands: the file and sheet it is read from, and what the programme says of it."""

    path: str
    sheet: str
    reference: Reference
    units: tuple[str, ...]
    lines: int
    unread: int


@dataclass(frozen=True)
class Found:
    """matches: one line a row of a standing roster and list that names her: place, person, entity,
    list_nth, list (its file), reference, label, meaning, since, doubtful."""

    matches: Stored
    compared: tuple[Compared, ...]
    issues: tuple[Issue, ...]


def compare(month: Month, claims: Claims, programme: Programme, engine: Engine) -> Found:
    """Every sound standing row against the newest list of each sort; nobody loses her count by it."""
    standing, replaced = _newest(month, programme, engine)
    if not standing:
        return Found(Stored(_no_matches(), ()), tuple(replaced), ())
    lists, meanings = _lists(standing)
    matches = engine.ask_to(
        "matched",
        {"rows": claims.rows, "reference_lines": month.tables["reference_lines"], "lists": lists,
         "meanings": meanings},
    )  # fmt: skip
    asked = {"rows": claims.rows, "matches": matches}
    doubtful = engine.ask("doubtful", asked).to_pylist()
    absent = engine.ask("absent", {**asked, **_covered(standing, programme)}).to_pylist()
    issues = [_doubtful(row, standing[row["list_nth"]], programme) for row in doubtful]
    issues += [_absent(row, standing[row["list_nth"]], programme) for row in absent]
    sums = {
        line["list_nth"]: line
        for line in engine.ask("listed_sums", {"matches": matches}).to_pylist()
    }
    verified = _verified(asked, month.period, engine)
    missing: dict[int, set[str]] = {}
    for row in absent:
        missing.setdefault(row["list_nth"], set()).add(row["person"])
    compared = [
        _compared(named, sums.get(nth, {}), len(missing.get(nth, ())), verified.get(nth, {}))
        for nth, named in enumerate(standing)
    ]
    return Found(matches, (*replaced, *compared), tuple(issues))


def _no_matches() -> pa.Schema:
    texts = ("person", "entity", "list", "reference", "label", "since")
    return _schema(texts, "place", "list_nth", "meaning", "doubtful")


def standing_lists(month: Month, programme: Programme, engine: Engine) -> list[NamedList]:
    """Of each sort of reference list (and unit, and status that a title says) the newest."""
    return _newest(month, programme, engine)[0]


def _newest(
    month: Month, programme: Programme, engine: Engine
) -> tuple[list[NamedList], list[Compared]]:
    """Of each sort (and unit, and status that a title says) the newest file; and those it replaced."""
    known = {r.name: r for r in programme.references}
    references = month.table("references").to_pylist()
    if not references:
        return [], []
    held = engine.ask(
        "lists_held", {"reference_lines": month.tables["reference_lines"]}
    ).to_pylist()
    lines = {(h["file"], h["sheet"], h["name"]): h for h in held}
    none = {"lines": 0, "least": None, "most": ""}
    sorts: dict[tuple[Any, ...], dict[tuple[str, str], list[NamedList]]] = {}
    for found in references:
        if found["name"] not in known:
            continue
        own = lines.get((found["file"], found["sheet"], found["name"]), none)
        stated = own["least"] if own["least"] == own["most"] else ""
        units = tuple(filter(None, found["units"].split(";")))
        age = (found["as_of"] or _end(month.periods[found["file"]]), found["file"])
        named = NamedList(found["file"], found["sheet"], known[found["name"]], units, own["lines"],
                       found["unread"])  # fmt: skip
        sorts.setdefault((found["name"], units, stated), {}).setdefault(age, []).append(named)
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


def _gone(named: NamedList, by: str) -> Compared:
    label = named.reference.label
    reason = f"参考名单：{label}，已由较新的 {by} 替代，未用到"
    return Compared(named.path, label, named.lines, 0, 0, None, {}, reason, stands=False)


def _lists(standing: Iterable[NamedList]) -> tuple[pa.Table, pa.Table]:
    """The lists that stand, numbered, and what their statuses mean."""
    import pyarrow as pa

    lists, meanings = [], []
    for nth, named in enumerate(standing):
        lists.append(
            {"nth": nth, "file": named.path, "sheet": named.sheet, "name": named.reference.name,
             "label": named.reference.label}
        )  # fmt: skip
        meanings += [
            {"nth": nth, "meaning": n, "label": m.label, "rule": m.rule}
            for n, m in enumerate(named.reference.meanings)
        ]
    return (
        pa.Table.from_pylist(lists, _schema(("file", "sheet", "name", "label"), "nth")),
        pa.Table.from_pylist(meanings, _schema(("label", "rule"), "nth", "meaning")),
    )


def _schema(texts: Iterable[str], *counts: str) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([*((t, pa.string()) for t in texts), *((c, pa.int64()) for c in counts)])


def _covered(standing: Iterable[NamedList], programme: Programme) -> dict[str, pa.Table]:
    """The lists that should name everybody, and the units of which their titles say so."""
    import pyarrow as pa

    entity = programme.gazetteer.entity
    complete = [n for n, named in enumerate(standing) if named.reference.unlisted]
    covered = [
        {"nth": n, "entity": entity(u)} for n, named in enumerate(standing) for u in named.units
    ]
    return {
        "complete": pa.table({"nth": pa.array(complete, pa.int64())}),
        "covered": pa.Table.from_pylist(covered, _schema(("entity",), "nth")),
    }


def _doubtful(row: Mapping[str, Any], named: NamedList, programme: Programme) -> Issue:
    meaning = named.reference.meanings[row["meaning"]]
    when = f"（{row['since']}）" if row["since"] else "（名单未写日期）"
    issue = programme.issue(
        meaning.rule, label=named.reference.label, status=meaning.label, when=when
    )
    return _at(issue, row, row["certificate_at"] or row["number_at"], programme)


def _absent(row: Mapping[str, Any], named: NamedList, programme: Programme) -> Issue:
    issue = programme.issue(named.reference.unlisted, label=named.reference.label)
    return _at(issue, row, row["number_at"], programme)


def _at(issue: Issue, row: Mapping[str, Any], column: str, programme: Programme) -> Issue:
    role = "certificate" if column and column == row["certificate_at"] else "person"
    return issue.at(
        file=row["file"], sheet=row["sheet"], row=row["row"], column=column,
        field=programme.kind[row["kind"]].role(role), unit=row["unit"],
    )  # fmt: skip


def _verified(
    asked: Mapping[str, Stored], period: str, engine: Engine
) -> Mapping[int, Mapping[str, int]]:
    import pyarrow as pa

    found: dict[int, dict[str, int]] = {}
    about = pa.table({"year": [period[:4]]})
    for line in engine.ask("verified", {**asked, "about": about}).to_pylist():
        found.setdefault(line["list_nth"], {})[line["indicator"]] = line["persons"]
    return found


def _compared(
    named: NamedList, sums: Mapping[str, int], absent: int, verified: Mapping[str, int]
) -> Compared:
    matched, doubtful = sums.get("matched", 0), sums.get("doubtful", 0)
    facts = [
        f"{named.lines} 人，与花名册匹配 {matched} 人",
        f"其中须核实 {doubtful} 人" if named.reference.meanings else "",
        f"名单中没有的 {absent} 人" if absent else "",
        f"另有 {named.unread} 行证号读不出" if named.unread else "",
    ]
    return Compared(
        path=named.path,
        label=named.reference.label,
        rows=named.lines,
        matched=matched,
        doubtful=doubtful,
        unlisted=absent if named.reference.unlisted else None,
        verified=verified,
        reason=f"参考名单：{named.reference.label}，{'，'.join(filter(None, facts))}",
    )
