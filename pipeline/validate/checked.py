"""One roster as filed -> its rows as typed, with every fault found at its cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from pipeline.model import Issue, Severity
from pipeline.model.as_filed import Table
from pipeline.programme import Programme
from pipeline.validate.located import Finding, SpokenOf, findings_of
from pipeline.validate.typed import TypedRows
from pipeline.validate.verdicts import failures, verdicts_of


@dataclass(frozen=True)
class Checked:
    """The rows, which of them an error returns, and the findings; `issues` are of the whole sheet."""

    rows: TypedRows
    faulty: npt.NDArray[np.bool_]
    findings: tuple[Finding, ...]
    issues: tuple[Issue, ...]


def check_roster(
    table: Table,
    file: str,
    period: str,
    programme: Programme,
    spoken_of: SpokenOf = MappingProxyType({}),
) -> Checked:
    """Types a roster and holds it against the rules of cells, then of rows: what failed as a cell is
    blank to a row. `spoken_of` are the cells of which reading has spoken."""
    rows = TypedRows(table, period, programme)
    cells, whole = (programme.rules_of(tier, table.kind) for tier in ("cell", "row"))
    verdicts = verdicts_of(rows, rows.size, cells, [period])
    rows.derive()
    failing = failures(verdicts | verdicts_of(rows, rows.size, whole, [period]))
    found = [
        f for rules in (cells, whole) for f in findings_of(rows, failing, rules, file, spoken_of)
    ]
    faulty = np.array([unit == "" for unit in table.units], bool)
    faulty[[f.at for f in found if f.issue.severity == Severity.ERROR]] = True
    return Checked(rows, faulty, tuple(found), tuple(_unheld_rules(table, file, period, programme)))


def _unheld_rules(table: Table, file: str, period: str, programme: Programme) -> Iterator[Issue]:
    """A rule that could not run is a finding: no column, and nothing it could be derived from."""
    filled = {name for column in table.letters for name in programme.field[column].fills}
    missing: dict[str, list[str]] = {}
    for rule in programme.rules_of("row", table.kind):
        field = programme.field[rule.field]
        held = field.derive or field.name in filled or field.name in table.letters
        if rule.severity == Severity.ERROR and rule.in_force(period) and not held:
            missing.setdefault(field.label, []).append(rule.title)
    for label, titles in missing.items():
        issue = programme.issue("S20", label=label, rules="、".join(titles))
        yield issue.at(file=file, sheet=table.sheet)
