"""Who a newer return no longer lists: gone, moved to another unit, or there under a mended number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine
from pipeline.model import Claims, Issue
from pipeline.numbers import slip
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

GONE, MOVED, CORRECTED, BACK = "gone", "moved", "corrected", "back"
_GROUP = ("entity", "kind", "span")
_TEXTS = (
    *_GROUP, "person", "way", "other", "evidence", "id_no", "name", "unit", "indicator", "file", "sheet",
    "column", "last_period", "since", "newest_file", "new_person", "new_file", "new_sheet",
    "new_column", "back_in",
)  # fmt: skip
_COUNTS = ("row", "before", "new_row")
_MOST_SLIPS, _NUMBER = 3, 18
_FEWEST_LOST, _MOST_LOST = 5, 0.5  # more than half of a list, and no mere handful
_NEW = ("new_file", "new_sheet", "new_row", "new_column")
Line = Mapping[str, Any]
Key = tuple[Any, ...]


def departures(claims: Claims, period: str, engine: Engine) -> pa.Table:
    """One line for each time a person vanished from a unit's roster.

    way: gone | moved (another unit lists her now) | corrected (her number was mended) | back (a
    later return lists her again). recent: she vanished with the return of this period.
    """
    import pyarrow as pa

    rows = {"rows": claims.rows}
    left: list[dict[str, Any]] = []
    mended: dict[Key, dict[str, Any]] = {}
    elsewhere: dict[Key, list[str]] = {}
    if any(edition > 1 for edition in claims.editions.column("edition").to_pylist()):
        found = engine.ask("departures", {**rows, "editions": claims.editions})
        left = found.to_pylist()
    if left:
        asked = {**rows, "departures": found}
        mended = dict(_weighed(engine.ask("corrections", asked).to_pylist()))
        for line in engine.ask("elsewhere", asked).to_pylist():
            elsewhere.setdefault(_key(line), []).append(line["unit"])
    lines = [
        _departure(line, mended.get(_key(line)), sorted(elsewhere.get(_key(line), ())), period)
        for line in left
    ]
    schema = pa.schema(
        [*((t, pa.string()) for t in _TEXTS), *((c, pa.int64()) for c in _COUNTS),
         ("recent", pa.bool_())]
    )  # fmt: skip
    return pa.Table.from_pylist(lines, schema=schema)


def _key(line: Line) -> Key:
    return tuple(line[name] for name in (*_GROUP, "gone_in", "person"))


def _departure(line: Line, mended: Line | None, others: list[str], period: str) -> dict[str, Any]:
    blank = {"new_person": "", "evidence": "", "new_row": 0, **dict.fromkeys(_NEW[:2], ""),
             "new_column": ""}  # fmt: skip
    way = BACK if line["back"] else CORRECTED if mended else MOVED if others else GONE
    still = way != BACK and line["gone_in"] == line["newest"]
    return {
        **line, **(mended or blank), "way": way, "other": ";".join(others) if way == MOVED else "",
        "recent": still and line["since"] == period,
    }  # fmt: skip


def _weighed(pairs: Iterable[dict[str, Any]]) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Each person gone and the one she became, the strongest evidence first, nobody twice."""
    found = []
    for n, pair in enumerate(pairs):
        evidence = _evidence(SimpleNamespace(**pair))
        if evidence:
            group = tuple(pair[name] for name in (*_GROUP, "gone_in"))
            found.append((evidence[0], group, pair["old"], pair["new"], n, evidence[1], pair))
    taken: set[Any] = set()
    for _, group, old, new, _, words, pair in sorted(found, key=lambda f: f[:5]):
        if not {(group, "old", old), (group, "new", new)} & taken:
            taken |= {(group, "old", old), (group, "new", new)}
            yield (
                (*group, old),
                {"new_person": new, "evidence": words, **{c: pair[c] for c in _NEW}},
            )


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


def links_of(left: pa.Table, claims: Claims, engine: Engine) -> pa.Table:
    """Who persons with a mended number are now: person, linked (the same person's new number).

    A number that still stands somewhere stays a person of its own.
    """
    import pyarrow as pa

    mended = {d["person"]: d["new_person"] for d in left.to_pylist() if d["way"] == CORRECTED}
    if mended:
        asked = pa.table({"person": pa.array(sorted(mended), pa.string())})
        found = engine.ask("still_standing", {"rows": claims.rows, "asked": asked})
        standing = set(found.column("person").to_pylist())
        mended = {old: new for old, new in mended.items() if old not in standing}
    linked = {old: _followed(old, mended) for old in sorted(mended)}
    return pa.table(
        {
            "person": pa.array(linked.keys(), pa.string()),
            "linked": pa.array(linked.values(), pa.string()),
        }
    )


def _followed(person: str, links: Mapping[str, str]) -> str:
    passed = {person}
    while (after := links.get(person)) and after not in passed:
        person = after
        passed.add(person)
    return person


def tell_units(left: pa.Table, programme: Programme) -> Iterator[Issue]:
    """What a unit is told of those its newest return no longer lists, at that return.

    A list that lost more than half of its people is one finding, not one a person.
    """
    recent = [line for line in left.to_pylist() if line["recent"]]
    gone: dict[Key, list[Line]] = {}
    for line in recent:
        if line["way"] == GONE:
            gone.setdefault(_group(line), []).append(line)
    most = {
        group: lines
        for group, lines in gone.items()
        if len(lines) >= _FEWEST_LOST and len(lines) > _MOST_LOST * lines[0]["before"]
    }
    for lines in most.values():
        first = lines[0]
        issue = programme.issue(
            "T21", kind=programme.kind[first["kind"]].label, before=first["before"], gone=len(lines)
        )
        yield issue.at(file=first["newest_file"], unit=first["unit"])
    for line in recent:
        if line["way"] != GONE or _group(line) not in most:
            yield _finding(line, programme)


def _group(line: Line) -> Key:
    return tuple(line[name] for name in _GROUP)


def _finding(line: Mapping[str, Any], programme: Programme) -> Issue:
    kind = programme.kind[line["kind"]].label
    if line["way"] == CORRECTED:
        issue = programme.issue("T23", kind=kind, row=line["row"], evidence=line["evidence"])
        return issue.at(
            file=line["new_file"], sheet=line["new_sheet"], row=line["new_row"],
            column=line["new_column"], field=programme.kind[line["kind"]].role("person"), unit=line["unit"],
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
