"""暂计: which figures lack a county or wait for an answer, why, and the range in which they could move."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.aggregate.doubts import doubts_of
from pipeline.aggregate.tabulated import Boundaries
from pipeline.engine import Engine
from pipeline.model import Claims, Month, Status, Stored
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("unit", "level", "indicator", "scope", "counted", "least", "most", "provisional", "why")
_OPEN = ("", "open")
Line = tuple[str, str, tuple[str, ...]]


def coverage(
    month: Month,
    claims: Claims,
    bridge_rows: Stored,
    figures: pa.Table,
    not_filed: Iterable[str],
    boundaries: Boundaries,
    programme: Programme,
    engine: Engine,
) -> pa.Table:
    """coverage.csv: every figure of persons with its range, and whether it is provisional, and why.

    least: open pairs judged the same, persons who count by the order of codes alone moved away, and the
    other of two files taken. most: these moved here, every returned row mended, every row that waits for an
    answer or was refused with its sheet counted. What a unit that filed nothing would have added nobody can
    know: it is named, and not in the range.
    """
    import pyarrow as pa

    lines = tuple(boundaries.lines())
    doubts = doubts_of(month, claims, not_filed, programme)
    choices = _choices(claims, month.period, programme)
    returnable = {
        scope: _returnable(claims, bridge_rows, year, lines, engine)
        for scope, year in (("year", month.period[:4]), ("cumulative", ""))
    }
    clusters = list(_clusters(claims, bridge_rows, month.period, engine))
    entities = {(code, level): frozenset(of) for code, level, of in lines}
    names = {i.name for i in programme.indicators if not i.measure.field}
    unknown = _unknown(month)
    found = []
    for figure in figures.to_pylist():
        at, name, scope = (figure["unit"], figure["level"]), figure["indicator"], figure["scope"]
        if name not in names:
            continue
        own = [doubts[e, name] for e in sorted(entities[at]) if (e, name) in doubts]
        lost, pairs = _lost(clusters, entities[at], name, scope)
        left = set().union(*(d.may_leave for d in own))
        come = {p: keeper for d in own for p, keeper in d.may_come.items()}
        coming = {p for p, keeper in come.items() if keeper not in entities[at]}
        leaving = left - set(come)
        chosen = [
            choices[e, name, scope] for e in sorted(entities[at]) if (e, name, scope) in choices
        ]
        reasons = (*(d.why for d in own), *(c.why for c in chosen))
        why = list(dict.fromkeys(word for words in reasons for word in words))
        why += [f"{pairs} 对人待裁定是不是同一人"] * bool(pairs)
        why += [f"{len(leaving | coming)} 人归哪个单位待裁定"] * bool(leaving | coming)
        why += unknown * (figure["level"] != "county" and at[0] == programme.gazetteer.top)
        waiting = sum(d.waiting_rows for d in own)
        mended = returnable[scope].get((*at, name), 0)
        found.append({
            "unit": at[0], "level": at[1], "indicator": name, "scope": scope,
            "counted": figure["counted"],
            "least": max(figure["counted"] - lost - len(leaving) - sum(c.less for c in chosen), 0),
            "most": figure["counted"] + len(coming) + waiting + mended + sum(c.more for c in chosen),
            "provisional": int(bool(why)), "why": "；".join(why),
        })  # fmt: skip
    whole = ("counted", "least", "most", "provisional")
    types = [(n, pa.int64() if n in whole else pa.string()) for n in COLUMNS]
    return pa.Table.from_pylist(found, schema=pa.schema(types))


@dataclass
class _Choice:
    """Two files of which nobody has said which stands: by how many persons the other could move it."""

    why: dict[str, None] = field(default_factory=dict)
    less: int = 0
    more: int = 0


def _choices(
    claims: Claims, period: str, programme: Programme
) -> Mapping[tuple[str, str, str], _Choice]:
    """By unit (entity), indicator and scope; files of earlier years move the cumulative figures alone."""
    found: defaultdict[tuple[str, str, str], _Choice] = defaultdict(_Choice)
    for line in claims.files.to_pylist():
        if not line["open"] or line["kind"] not in programme.indicator_of:
            continue
        name = programme.indicator_of[line["kind"]].name
        for scope in (
            ("year", "cumulative") if line["period"][:4] == period[:4] else ("cumulative",)
        ):
            choice = found[line["entity"], name, scope]
            choice.why[f"{programme.gazetteer.name(line['unit'])}两份名单哪一份有效待裁定"] = None
            choice.less += line["less"]
            choice.more += line["more"]
    return found


def _unknown(month: Month) -> list[str]:
    """Files of the period of which nobody can tell whose they are, because they cannot be opened."""
    lost = sum(
        line["status"] == Status.UNREADABLE and line["period"] in ("", month.period)
        and len(set(filter(None, line["units"].split(";")))) != 1  # else its own unit says so, by its name
        and (line["folder_period"] or month.period) == month.period
        for line in month.table("inputs").to_pylist()
    )  # fmt: skip
    return [f"{lost} 个看不出单位的文件打不开"] if lost else []


def _returnable(
    claims: Claims, bridge_rows: Stored, year: str, lines: Iterable[Line], engine: Engine
) -> dict[tuple[str, str, str], int]:
    import pyarrow as pa

    unit, level, entity = zip(*((c, lv, e) for c, lv, of in lines for e in of), strict=True)
    asked = {
        "rows": claims.rows,
        "bridge_rows": bridge_rows,
        "about": pa.table({"year": [year]}),
        "lines": pa.table({"unit": unit, "level": level, "entity": entity}),
    }
    found = engine.ask("returnable", asked).to_pylist()
    return {(f["unit"], f["level"], f["indicator"]): f["persons"] for f in found}


def _clusters(
    claims: Claims, bridge_rows: Stored, period: str, engine: Engine
) -> Iterator[dict[tuple[str, str], Counter[str]]]:
    """Persons that open pairs may make one: by indicator and scope how many count for each unit."""
    import pyarrow as pa

    together: dict[str, set[str]] = {}
    for pair in claims.suspicions.to_pylist():
        if pair["probable"] and pair["judgement"] in _OPEN:
            joined = together.get(pair["id_a"], {pair["id_a"]}) | together.get(
                pair["id_b"], {pair["id_b"]}
            )
            together |= dict.fromkeys(joined, joined)
    if not together:
        return
    asked = {
        "rows": claims.rows,
        "bridge_rows": bridge_rows,
        "asked": pa.table({"person": sorted(together)}),
        "about": pa.table({"year": [period[:4]]}),
    }
    counted: dict[str, list[dict[str, Any]]] = {}
    for line in engine.ask("pending", asked).to_pylist():
        counted.setdefault(line["person"], []).append(line)
    for members in sorted(map(sorted, {frozenset(of) for of in together.values()})):
        cluster: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for line in (one for member in members for one in counted.get(member, ())):
            for scope, unit in (("year", line["entity"]), ("cumulative", line["overall"])):
                if unit:
                    cluster[line["indicator"], scope][unit] += 1
        yield cluster


def _lost(
    clusters: Iterable[Mapping[tuple[str, str], Counter[str]]],
    entities: frozenset[str],
    indicator: str,
    scope: str,
) -> tuple[int, int]:
    """How many a line could lose if all of each cluster were one person, and in how many clusters."""
    lost = touched = 0
    for cluster in clusters:
        counts = cluster.get((indicator, scope), Counter())
        own = sum(count for unit, count in counts.items() if unit in entities)
        if own and sum(counts.values()) > 1:
            touched += 1
            lost += own - (own == sum(counts.values()))
    return lost, touched
