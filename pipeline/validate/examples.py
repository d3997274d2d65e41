"""A rule carries its proof: its examples, read as a county's roster would be and held against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from pipeline.checks import Example, Rule
from pipeline.model.as_filed import Table
from pipeline.programme import Programme
from pipeline.validate.typed import TypedRows
from pipeline.validate.verdicts import failures, verdicts_of
from pipeline.values import column_letters


def kinds_of(rule: Rule, programme: Programme) -> list[str]:
    """The kinds of roster a rule speaks of."""
    return [
        kind.name
        for kind in programme.kinds
        if (not rule.on or kind.name in rule.on)
        and rule.field in {f.name for f in programme.fields_of(kind.name)}
    ]


def holds(rule: Rule, example: Example, kind: str, programme: Programme) -> bool:
    """Whether no row of an example fails the rule.

    A row says only the columns that matter; `period` may say of when the roster is, otherwise it
    is of November of the programme's first year, or of the rule's first period if that is later.
    """
    first = max(
        f"{programme.years[0]}-11", rule.since and f"{rule.since[:4]}-{rule.since[5:] or '11'}"
    )
    period = next((str(row["period"]) for row in example if "period" in row), first)
    rows = TypedRows(_table(example, kind), period, programme)
    if rule.tier != "cell":
        rows.derive()
    return not failures(verdicts_of(rows, rows.size, [rule], [period]))


def disproved(programme: Programme) -> Iterator[tuple[Rule, str, Example]]:
    """Every example that says otherwise than its rule: (rule, `ok` or `bad`, example)."""
    for rule in programme.rules:
        for kind in kinds_of(rule, programme) if rule.check else ():
            for word, examples in (("ok", rule.ok), ("bad", rule.bad)):
                for example in examples:
                    if _fits(example, kind, programme) and holds(
                        rule, example, kind, programme
                    ) != (word == "ok"):
                        yield rule, word, example


def _fits(example: Example, kind: str, programme: Programme) -> bool:
    """Whether a roster of that kind has the columns the example speaks of."""
    known = {f.name for f in programme.fields_of(kind)} | {"period"}
    return all(set(row) <= known for row in example)


def _table(example: Example, kind: str) -> Table:
    names = [n for n in dict.fromkeys(n for row in example for n in row) if n != "period"]
    cells = {name: [_cell(row.get(name, "")) for row in example] for name in names}
    return Table(
        sheet="",
        kind=kind,
        rows=list(range(2, 2 + len(example))),
        texts={name: [text for text, _ in column] for name, column in cells.items()},
        types={name: [type_ for _, type_ in column] for name, column in cells.items()},
        letters={name: column_letters(i) for i, name in enumerate(names, 1)},
        headers=dict.fromkeys(names, ""),
        units=[""] * len(example),
    )


def _cell(value: object) -> tuple[str, str]:
    """A value of TOML as the cell it stands for: its text, and what Excel would call its type."""
    if isinstance(value, (date, datetime)):
        return value.isoformat(), "d"
    if isinstance(value, (int, float)):
        return (str(value) if isinstance(value, int) else repr(value).upper()), "n"
    return str(value), "s" if value else ""
