"""The nouns, on one page: what the stages hand to each other.

Issues travel one way: each stage's result carries all that were found up to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


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
    SAME_CONTENT = "same_content"


@dataclass(frozen=True)
class Issue:
    """One fault in what was filed. `row` is the Excel row, `column` the Excel letters."""

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
        return f"{self.column}{self.row}" if self.column and self.row else ""

    def at(self, **place: object) -> Issue:
        """The same fault with its place filled in."""
        return replace(self, **place)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Unit:
    """A reporting unit (填报单位), with the dates between which it exists under this code."""

    code: str
    name: str
    parent: str
    since: date | None = None
    until: date | None = None
    continues: str = ""
    aliases: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Whether the unit exists on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True)
class Submission:
    """One file as dropped: `path` below inbox/ (always `/`, NFC), an archive's member after `!`."""

    path: str
    sha256: str
    folder_period: str
    content: bytes = field(repr=False)
    fault: str = ""  # why it cannot even be taken in (a broken archive), in the clerk's words

    @property
    def file_name(self) -> str:
        """The innermost name, without folders."""
        return self.path.rsplit("!", 1)[-1].rsplit("/", 1)[-1]


class Cell(NamedTuple):
    """One cell as filed. type: s text, n number, d date (ISO text), b yes/no, e error, '' empty."""

    text: str
    type: str


@dataclass(frozen=True)
class Grid:
    """One sheet as filed: cells by (Excel row, column number from 1), nothing interpreted."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[tuple[int, int, int, int], ...] = ()  # first row, first column, last row, last
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False

    @property
    def last_row(self) -> int:
        """The last row that holds anything; 0 for an empty sheet."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def last_column(self) -> int:
        """The last column that holds anything; 0 for an empty sheet."""
        return max((column for _, column in self.cells), default=0)


@dataclass(frozen=True)
class Sheet:
    """One roster as filed: `text` and `types` under field names, index = Excel row.

    `units` gives each row's reporting unit; `columns` each field's Excel letters.
    """

    name: str
    kind: str
    text: pd.DataFrame = field(repr=False)
    types: pd.DataFrame = field(repr=False)
    columns: Mapping[str, str]
    units: pd.Series = field(repr=False)
    filed_on: date | None = None
    nil: bool = False  # says 零报告: files and supersedes without a row


@dataclass(frozen=True)
class StatedTotal:
    """A self-reported total (自报数): what the unit says it has done, and the cell that says it."""

    unit: str
    indicator: str
    count: int
    file: str
    sheet: str
    row: int
    column: str
    filed_on: date | None = None
    covers: str = ""  # year: 累计完成; period: 本期完成; '' where its header says neither


@dataclass(frozen=True)
class Target:
    """One cell of the task breakdown table (任务分解表)."""

    unit: str
    indicator: str
    year: int
    count: int


@dataclass(frozen=True)
class TaskTable:
    """A task breakdown table with the totals it states for itself, for checking the sums."""

    targets: tuple[Target, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class Narrative:
    """What a unit writes: 典型经验举措 (practice) or 存在突出问题 (problem)."""

    unit: str
    topic: str
    text: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True)
class Judgement:
    """A person's decision on an open question (待裁定.xlsx)."""

    id_a: str
    id_b: str  # empty: the question is only who keeps the count
    verdict: str  # same | different | open | ''
    keeper: str  # unit code, or ''
    indicator: str
    year: str
    reason: str
    decided_by: str
    file: str
    row: int


@dataclass(frozen=True)
class ReferenceList:
    """A list to hold the rosters against (残疾人证状态, 建档立卡), as one sheet gives it.

    lines: key (18 characters), meaning (place in the programme's list, -1 for none), on, row
    """

    name: str
    sheet: str
    lines: pd.DataFrame = field(repr=False)
    units: tuple[str, ...] = ()  # whose people it lists; none: everybody's
    as_of: str = ""
    unread: int = 0  # rows without a sound number


@dataclass(frozen=True)
class Reading:
    """Everything one file said. `status` is what ingest alone can know; later stages refine it."""

    submission: Submission
    status: Status
    period: str = ""
    reason: str = ""
    sheets: tuple[Sheet, ...] = ()
    totals: tuple[StatedTotal, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    task_table: TaskTable | None = None
    judgements: tuple[Judgement, ...] = ()
    references: tuple[ReferenceList, ...] = ()
    issues: tuple[Issue, ...] = ()
    units: tuple[str, ...] = ()
    refused_rows: int = 0  # rows of sheets that could not be taken in whole


@dataclass(frozen=True)
class Records:
    """All rosters of all files as typed rows, one frame; `fault` marks the rows that are returned.

    Columns: file, sheet, row, kind, unit, period, filed_on, year (of the return), started_year,
    start, fault, place_cell, and every field of the programme.
    """

    frame: pd.DataFrame
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Compared:
    """What holding the rosters against one reference list came to."""

    path: str
    label: str
    rows: int
    matched: int  # persons of standing returns who are on it
    doubtful: int  # of these, persons to be looked into
    unlisted: int  # persons it should name and does not
    verified: Mapping[str, int]  # persons counted this year and found sound on it, by indicator
    reason: str
    stands: bool = True  # a newer list of its sort takes the place of an older


@dataclass(frozen=True)
class Register:
    """The register as of the period: every person with her history (实名制动态管理).

    people: one line a person (register.parquet)
    events: one line an event of hers, at its source cell (history.parquet)
    dropped: one line for each person whom a unit's newest return no longer lists (减少名单)
    compared: what the reference lists came to
    """

    people: pd.DataFrame
    events: pd.DataFrame
    dropped: pd.DataFrame
    compared: tuple[Compared, ...] = ()


@dataclass(frozen=True)
class Claims:
    """Who counts where.

    rows: one line per row read (file, sheet, row, unit, indicator, year, fate …)
    people: one line per sound standing record (people.parquet)
    claims: every claim of a person claimed by several units (claims.csv)
    probable: pairs that may be one person (probable.csv)
    cumulative: one line per person and indicator over all years, with `counted_for`
    stands: the parts of files that stand, as (file, entity, kind)
    superseded_by: each part that does not stand -> the file that took its place
    """

    rows: pd.DataFrame
    people: pd.DataFrame
    claims: pd.DataFrame
    probable: pd.DataFrame
    cumulative: pd.DataFrame
    stands: frozenset[tuple[str, str, str]]
    superseded_by: Mapping[tuple[str, str, str], str]
    issues: tuple[Issue, ...]
    register: Register | None = None  # filled in by the stage of that name


@dataclass(frozen=True)
class Input:
    """One file of the inbox in the books: what it is, and where each of its rows went."""

    path: str
    sha256: str
    unit: str
    kinds: tuple[str, ...]
    status: Status
    rows_read: int = 0
    counted: int = 0
    returned: int = 0
    merged: int = 0
    superseded: int = 0
    reason: str = ""
    period: str = ""

    @property
    def balances(self) -> bool:
        """Every row read went somewhere, and only once."""
        return self.rows_read == self.counted + self.returned + self.merged + self.superseded


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
class Priority:
    """What to mend first (先改这些): the cells of one returned row, and what mending them can move.

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


@dataclass(frozen=True)
class Figures:
    """The figures of one period: `table` is figures.csv, `today` figures_today.csv.

    expected_rates: 序时进度 by scope, 0–1; not_filed: codes of counties that filed nothing.
    """

    period: str
    table: pd.DataFrame
    today: pd.DataFrame
    inputs: tuple[Input, ...]
    not_filed: tuple[str, ...]
    expected_rates: Mapping[str, float]
    issues: tuple[Issue, ...]
    changes: Mapping[str, Changes] = field(default_factory=dict)
    priorities: tuple[Priority, ...] = ()

    @property
    def filed(self) -> tuple[Input, ...]:
        """What was filed for this period: no task tables, no judgements, nothing of other months."""
        beside = (Status.TASK_TABLE, Status.JUDGEMENTS)
        return tuple(i for i in self.inputs if i.period == self.period and i.status not in beside)


@dataclass(frozen=True)
class Document:
    """One file of the outbox: path below outbox/<period>/, who it is for, and its bytes."""

    path: str
    audience: str
    content: bytes = field(repr=False)
    private: bool = True


@dataclass(frozen=True)
class Receipt:
    """What was delivered and where it lies."""

    folder: Path
    outputs: tuple[Mapping[str, object], ...]
