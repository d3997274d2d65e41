"""What is found in what was filed: severities, statuses, issues, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from pipeline.model.cell_names import cell_at


class Severity(StrEnum):
    """error: the record is returned and does not count; warning: counts and is listed; info: noted;
    shadow: run on trial, and said nowhere but by `pipeline rules --try`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    SHADOW = "shadow"


class Status(StrEnum):
    """What became of one input: the words of run.json and of `pipeline check`."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_NOTES = "accepted_with_notes"
    RETURNED = "returned"
    SUPERSEDED = "superseded"
    UNREADABLE = "unreadable"
    NOT_A_RETURN = "not_a_return"
    TASK_TABLE = "task_table"
    JUDGEMENTS = "judgements"
    INSPECTIONS = "inspections"
    SAME_CONTENT = "same_content"


class Issue(NamedTuple):
    """One fault in what was filed. `row` is the Excel row, `column` the Excel letters; of a person who is no
    row, the row she is known by, and how far from it the cell stands (`D+2`).

    A tuple, because one file of rubbish makes hundreds of thousands of them.
    """

    rule: str
    severity: Severity
    message: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    field: str = ""
    unit: str = ""
    suggestion: str = ""  # what the cell may have meant, with the evidence
    suggested: str = ""  # the bare value of it; may be an ID number
    waiver: str = ""  # why an office counts the record all the same

    @property
    def cell(self) -> str:
        """`F7`, or nothing for a fault of the whole file or sheet."""
        return cell_at(self.column, self.row)

    def at(self, **place: Any) -> Issue:
        """The same fault with its place filled in."""
        return self._replace(**place)

    def line(self, *, listed: bool = True) -> dict[str, Any]:
        """The fault as a line of an issues table (model.tables.ISSUES)."""
        row, severity = self.row or 0, self.severity.value
        return {**self._asdict(), "severity": severity, "row": row, "listed": listed}


@dataclass(frozen=True)
class Change:
    """One finding of a return held against the return before it (差错变化)."""

    unit: str
    kind: str
    year: str
    state: str  # fixed | still | new | gone
    rule: str
    field: str
    before: str  # file, sheet and cell of the earlier finding, or nothing
    after: str


@dataclass(frozen=True)
class Changes:
    """What became of one unit's findings, and how many returns of the period it took."""

    rounds: int
    found: tuple[Change, ...]

    def count(self, state: str) -> int:
        """How many findings are in a state."""
        return sum(c.state == state for c in self.found)

    @property
    def fixed(self) -> int:
        """已改正."""
        return self.count("fixed")

    @property
    def still(self) -> int:
        """仍有错."""
        return self.count("still")

    @property
    def new(self) -> int:
        """新出现."""
        return self.count("new")

    @property
    def gone(self) -> int:
        """人已不在名单."""
        return self.count("gone")


@dataclass(frozen=True)
class Mended:
    """What became of all units' findings together: of how many units, and how many findings a state."""

    units: int
    fixed: int
    still: int
    new: int
    gone: int


@dataclass(frozen=True)
class Priority:
    """What to mend first (优先更正清单): the cells of one returned row, and what mending them can move.

    gain: persons more in the unit's figure of the year; completes: whether the unit then meets its
    task; needed: whether the row is on the shortest list that makes the province's figure safe.
    """

    indicator: str
    unit: str
    file: str
    sheet: str
    row: int
    cells: tuple[str, ...]
    rules: tuple[str, ...]
    gain: int
    target: int | None
    counted: int
    completes: bool
    needed: bool
