"""Holds rows against rules: each check sees whole columns once, and pandera judges what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa

from pipeline.checks import VOCABULARY, Rows, Rule

Holds = npt.NDArray[np.bool_]


class BrokenCheck(Exception):
    """A check itself failed: our fault, never a county's."""


def verdicts_of(
    rows: Rows, size: int, rules: Sequence[Rule], periods: Sequence[str]
) -> dict[str, Holds]:
    """Where each rule holds, by its code, in the order given.

    A rule speaks only of returns of periods in which it is in force: one period for all rows, or one
    for each. Raises BrokenCheck where a check could not run.
    """
    return {rule.code: _verdict(rows, size, rule, periods) for rule in rules}


def failures(verdicts: Mapping[str, Holds]) -> dict[str, Holds]:
    """The rules that pandera finds not to hold in every row, and which rows fail them.

    Only what fails somewhere goes before the judge: a rule that holds in every row breaks no schema.
    Where they fail is known from the verdicts: pandera's own collection of failure cases costs more
    than all checks.
    """
    doubtful = {code: holds for code, holds in verdicts.items() if not holds.all()}
    if not doubtful:
        return {}
    try:
        _schema(doubtful).validate(pd.DataFrame(doubtful), lazy=True)
    except pa.errors.SchemaErrors as found:
        broken = {fault.check.name for fault in found.schema_errors if fault.check is not None}
        if len(broken) != len(found.schema_errors) or not broken <= set(doubtful):
            raise BrokenCheck("核对规则时出错，这是程序的错误") from None
        return {code: ~holds for code, holds in doubtful.items() if code in broken}
    return {}


def _schema(codes: Iterable[str]) -> pa.DataFrameSchema:
    """Every real-name record is complete and sound: each rule holds in every row."""

    def holds(code: str) -> pa.Check:
        return pa.Check(lambda verdicts: bool(verdicts[code].all()), name=code)

    return pa.DataFrameSchema(checks=[holds(code) for code in codes])


def _verdict(rows: Rows, size: int, rule: Rule, periods: Sequence[str]) -> Holds:
    """Where a rule holds, or is not in force."""
    in_force: Mapping[str, bool] = {period: rule.in_force(period) for period in set(periods)}
    if not any(in_force.values()):
        return np.ones(size, bool)
    try:
        holds: Any = VOCABULARY[rule.check].check(rows, rule)
    except Exception as fault:
        # never the fault's own words: they may hold ID numbers
        raise BrokenCheck(
            f"规则 {rule.code} 没有跑完（{type(fault).__name__}），这是程序的错误"
        ) from None
    if not isinstance(holds, np.ndarray) or holds.shape != (size,) or holds.dtype != bool:
        raise BrokenCheck(f"规则 {rule.code} 没有跑完，这是程序的错误")
    if all(in_force.values()):
        return holds
    found: Holds = holds | np.array([not in_force[period] for period in periods])
    return found
