"""What the job works out: records, claims, the register, figures, books, documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model.findings import Changes, Issue, Priority, Status

if TYPE_CHECKING:
    import pandas as pd


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
    probable: pairs that may be one person by name and number, not judged the same (probable.csv)
    suspicions: all pairs that may be one person, ranked (suspicions.csv); see deduplicate.suspected
    cumulative: one line per person and indicator over all years, with `counted_for`
    stands: the parts of files that stand, as (file, entity, kind)
    superseded_by: each part that does not stand -> the file that took its place
    """

    rows: pd.DataFrame
    people: pd.DataFrame
    claims: pd.DataFrame
    probable: pd.DataFrame
    suspicions: pd.DataFrame
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
