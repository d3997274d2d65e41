"""构成: the persons of every figure divided as the programme says, and what became of the trained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline.aggregate.tabulated import Boundaries
from pipeline.engine import Engine
from pipeline.model import Claims, Stored
from pipeline.model.words import OUTCOME_WORDS
from pipeline.programme import Breakdown, Outcome, Programme
from pipeline.values import month_end, yes_or_no

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("unit", "level", "indicator", "scope", "dimension", "value", "persons")
AMOUNTS = ("unit", "level", "indicator", "scope", "dimension", "persons", "mean", "first_quartile",
           "median", "third_quartile", "median_before", "followed", "median_gain")  # fmt: skip
SCOPES = ("year", "new", "cumulative")
Key = tuple[str, str, str, str, str]  # entity, indicator, scope, dimension, value
Key3 = tuple[str, str, str]  # unit, level, indicator
Line = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Divided:
    """breakdowns.csv and amounts.csv.

    In the first the line with a blank dimension is the whole; the values of a dimension add up to it,
    '' being those of whom nothing is said. Scope `new`: of the year, those whom no earlier return of
    the year lists. In the second, of amounts and of the days from the end of a training to work; of
    the year beside it median_before, the same a year earlier, and of the persons who say an amount in
    both years how many (followed) and what they gained in the median: null where nobody counted then.
    """

    persons: pa.Table
    amounts: pa.Table


def breakdowns(
    claims: Claims,
    bridge_rows: Stored,
    records: Stored,
    boundaries: Boundaries,
    period: str,
    programme: Programme,
    engine: Engine,
) -> Divided:
    """Every figure of persons divided, at every level."""
    import pyarrow as pa

    about = pa.table({"period": [period], "year": [period[:4]]})
    counting = engine.ask(
        "counting", {"rows": claims.rows, "bridge_rows": bridge_rows, "about": about}
    )
    lines = tuple(boundaries.lines())
    persons: Counter[Key] = Counter()
    amounts = []
    blank = pa.array([""] * len(counting), pa.string())
    _add(persons, "", counting.append_column("word", blank), engine)
    for breakdown in programme.breakdowns:
        divided = in_words(breakdown, counting, records, period, engine)
        _add(persons, breakdown.name, divided, engine, on=_indicators(breakdown, programme))
        if breakdown.by == "amount":
            grown = _growth(divided, bridge_rows, lines, period, engine)
            amounts.append(_quartiles(breakdown.name, divided, lines, grown, engine))
    for outcome in programme.outcomes:
        became = followed(outcome, counting, records, engine)
        for name, table in became.items():
            _add(persons, name, table, engine)
        amounts.append(_quartiles(outcome.name, became[outcome.name], lines, {}, engine))
    return Divided(_persons(persons, lines, programme), _amounts(amounts))


def in_words(
    breakdown: Breakdown, counting: pa.Table, records: Stored, period: str, engine: Engine
) -> pa.Table:
    """The rows of `counting` with the word under which each falls, and the number behind it (n)."""
    import pyarrow as pa

    value = column_of(records, breakdown.field)
    if breakdown.by == "words":
        return counting.append_column("word", value)
    if breakdown.by == "answer":
        return counting.append_column("word", _answers(value))
    low, high, label = zip(*breakdown.spans, strict=True)
    asked = {
        "valued": pa.table({"at": pa.array(range(len(value))), "value": value}),
        "about": pa.table({"by": [breakdown.by], "until": [month_end(period).isoformat()]}),
        "bands": pa.table({"low": low, "high": high, "label": label}),
    }
    found = engine.ask("banded", asked)
    for name in ("word", "n"):
        counting = counting.append_column(name, found.column(name))
    return counting


def _answers(value: pa.ChunkedArray) -> pa.Array:
    """是 or 否 for every cell; each text is looked at once."""
    import pyarrow as pa

    held = value.combine_chunks().dictionary_encode()
    words = pa.array([yes_or_no(text) for text in held.dictionary.to_pylist()], pa.string())
    return words.take(held.indices)


def column_of(records: Stored, field: str) -> pa.ChunkedArray:
    """One column of people.parquet."""
    import pyarrow.parquet as pq

    return pq.read_table(records.files[0], columns=[field]).column(field)


def _indicators(breakdown: Breakdown, programme: Programme) -> frozenset[str]:
    """The indicators whose rosters have the field."""
    on = programme.field[breakdown.field].on
    return frozenset(i.name for i in programme.indicators if not on or i.kind in on)


def _add(
    persons: Counter[Key],
    dimension: str,
    divided: pa.Table,
    engine: Engine,
    on: frozenset[str] | None = None,
) -> None:
    for line in engine.ask("breakdown", {"divided": divided}).to_pylist():
        if on is None or line["indicator"] in on:
            word = OUTCOME_WORDS.get(line["word"], line["word"])
            _count(persons, line, line["indicator"], dimension, word)


def _count(
    persons: Counter[Key], line: Mapping[str, Any], indicator: str, dimension: str, word: str
) -> None:
    """A line under the scopes in which it counts."""
    scopes = (
        ("year", line["entity"]),
        ("new", line["entity"] if line["new"] else ""),
        ("cumulative", line["overall"]),
    )
    for scope, entity in scopes:
        if entity:
            persons[entity, indicator, scope, dimension, word] += line["persons"]


def followed(
    outcome: Outcome, counting: pa.Table, records: Stored, engine: Engine
) -> dict[str, pa.Table]:
    """What became of the persons of one indicator in another, by dimension: under the outcome's name each of them
    with the span of days (word) and the days (n), and whether those who began do what they learned."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for name, field in (("learned", outcome.learned), ("done", outcome.done)):
        learned_in = (
            column_of(records, field) if field else pa.array([""] * len(counting), pa.string())
        )
        counting = counting.append_column(name, learned_in)
    days = (0, *outcome.bands)
    bands = {
        "low": [float(day) for day in days],
        "high": [*map(float, outcome.bands), float("inf")],
        "label": list(_spans(outcome)),
    }
    about = pa.table({"first": [outcome.first], "then": [outcome.then]})
    asked = {"counting": counting, "about": about, "bands": pa.table(bands)}
    whole = engine.ask("outcomes", asked)
    found = {outcome.name: whole}
    if outcome.learned:
        crafts = whole.drop_columns("word").rename_columns({"same": "word"})
        found[f"{outcome.name}_craft"] = crafts.filter(pc.not_equal(crafts["word"], ""))
    return found


def _spans(outcome: Outcome) -> tuple[str, ...]:
    days = (0, *outcome.bands)
    inner = (f"{a}—{b - 1}天" for a, b in pairwise(days))
    return (*inner, f"{days[-1]}天及以上")


def _persons(
    persons: Counter[Key],
    lines: Iterable[Line],
    programme: Programme,
) -> pa.Table:
    import pyarrow as pa

    own: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for (entity, *of), count in persons.items():
        own.setdefault(entity, []).append((tuple(of), count))
    at = {d: n for n, d in enumerate(("", *(b.name for b in programme.breakdowns)))}
    banded = {
        (b.name, label): n for b in programme.breakdowns for n, (*_, label) in enumerate(b.spans)
    } | {(o.name, label): n for o in programme.outcomes for n, label in enumerate(_spans(o))}
    ordered = sorted(
        {tuple(of) for _, *of in persons},
        key=lambda of: (
            of[0], SCOPES.index(of[1]), at.get(of[2], len(at)), of[2], banded.get((of[2], of[3]), 99), of[3]
        ),
    )  # fmt: skip
    place = {of: n for n, of in enumerate(ordered)}
    found: list[tuple[Any, ...]] = []
    for code, level, entities in lines:
        total: Counter[tuple[str, ...]] = Counter()
        for entity in entities:
            for key, count in own.get(entity, ()):
                total[key] += count
        found += [(code, level, *of, total[of]) for of in sorted(total, key=place.__getitem__)]
    columns = list(zip(*found, strict=True)) or [()] * len(COLUMNS)
    types = [pa.int64() if name == "persons" else pa.string() for name in COLUMNS]
    return pa.table({n: pa.array(c, t) for n, c, t in zip(COLUMNS, columns, types, strict=True)})


def _quartiles(
    dimension: str,
    divided: pa.Table,
    lines: Iterable[Line],
    grown: Mapping[Key3, Mapping[str, Any]],
    engine: Engine,
) -> list[dict[str, Any]]:
    asked = {"divided": divided, "lines": _members(lines)}
    blank: dict[str, Any] = dict.fromkeys(AMOUNTS[-3:])
    return [
        {**blank, **line, **_of_year(line, grown), "dimension": dimension}
        for line in engine.ask("quartiles", asked).to_pylist()
    ]


def _of_year(line: Mapping[str, Any], grown: Mapping[Key3, Mapping[str, Any]]) -> Mapping[str, Any]:
    if line["scope"] != "year":
        return {}
    return grown.get((line["unit"], line["level"], line["indicator"]), {})


def _growth(
    divided: pa.Table, bridge_rows: Stored, lines: Iterable[Line], period: str, engine: Engine
) -> dict[Key3, dict[str, Any]]:
    """What the year before said, by unit, level and indicator."""
    import pyarrow as pa

    about = pa.table({"year": [period[:4]], "before": [f"{int(period[:4]) - 1}"]})
    asked = {
        "divided": divided, "bridge_rows": bridge_rows, "lines": _members(lines), "about": about,
    }  # fmt: skip
    found = engine.ask("growth", asked).to_pylist()
    return {(line["unit"], line["level"], line["indicator"]): line for line in found}


def _members(lines: Iterable[Line]) -> pa.Table:
    """The entities of which each line is made."""
    import pyarrow as pa

    members = [(code, level, e) for code, level, entities in lines for e in entities]
    unit, level, entity = zip(*members, strict=True)
    return pa.table({"unit": unit, "level": level, "entity": entity})


def _amounts(found: Iterable[Iterable[dict[str, Any]]]) -> pa.Table:
    import pyarrow as pa

    texts, whole = AMOUNTS[:5], ("persons", "followed")
    schema = pa.schema(
        [(name, pa.string() if name in texts else pa.int64() if name in whole else pa.float64())
         for name in AMOUNTS]
    )  # fmt: skip
    lines = [
        {k: round(v, 2) if isinstance(v, float) else v for k, v in line.items()}
        for of_one in found
        for line in of_one
    ]
    return pa.Table.from_pylist(lines, schema=schema)
