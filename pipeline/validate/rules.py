"""Runs the programme's rules through pandera: one schema a tier, one column check a rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import pandera.pandas as pa

from pipeline.checks import VOCABULARY, Rule


class BrokenCheck(Exception):
    """A check itself failed: our fault, never a county's."""


def failures(frame: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """Every (index, rule code) that fails, all of them, in the order of the rules.

    `frame` is typed, with a unique index. A rule speaks only of returns of periods in which it is
    in force. Raises BrokenCheck where a check could not run.
    """
    order = {rule.code: n for n, rule in enumerate(rules)}
    columns: dict[str, list[pa.Check]] = {}
    for rule in rules:
        columns.setdefault(rule.field, []).append(
            pa.Check(_on_whole_rows(frame, rule), name=rule.code)
        )
    schema = pa.DataFrameSchema(
        {name: pa.Column(object, checks, nullable=True) for name, checks in columns.items()},
        index=pa.Index(int, unique=True),
    )
    try:
        schema.validate(frame[[*columns]], lazy=True)
    except pa.errors.SchemaErrors as found:
        cases = found.failure_cases
    else:
        return pd.DataFrame({"index": [], "code": []})
    strange = ~cases["check"].isin(list(order)) | cases["index"].isna()
    if strange.any():
        # never the values: they may hold ID numbers
        raise BrokenCheck(f"规则 {cases.loc[strange, 'check'].iloc[0]} 没有跑完，这是程序的错误")
    told = pd.DataFrame({"index": cases["index"].astype(int), "code": cases["check"]})
    told["order"] = told["code"].map(order)
    return told.sort_values(["index", "order"])[["index", "code"]].reset_index(drop=True)


def _on_whole_rows(frame: pd.DataFrame, rule: Rule) -> Callable[[pd.Series], pd.Series]:
    """A check of the vocabulary sees whole rows; pandera hands it one column of them."""
    check = VOCABULARY[rule.check].check
    held = frame["period"].map({p: not rule.in_force(p) for p in frame["period"].unique()})
    return lambda column: (check(frame, rule) | held).loc[column.index].astype(bool)
