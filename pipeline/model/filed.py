"""What is filed, as filed: units, files, cells, sheets, and all that one file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from pipeline.model.findings import Issue, Status

if TYPE_CHECKING:
    import pandas as pd


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
    period: str = ""  # of the workbook it was written in
    fingerprint: str = ""  # of the evidence it was made on


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
