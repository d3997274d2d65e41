"""What the job works out: the month's tables, claims, the register, figures, books, documents.

What holds persons is a table of declared columns, on the disk (Stored) where it grows with the
province and in memory (Arrow) where it counts in the thousands; what counts in the hundreds is nouns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model.composed import Account, FoundConcern, FoundTheme
from pipeline.model.findings import Changes, Issue, Mended, Priority, Severity, Status

if TYPE_CHECKING:
    import pyarrow as pa

_AT_ONCE = 10_000  # lines of a table turned into objects


@dataclass(frozen=True)
class Stored:
    """A table on the disk: Parquet files of one schema, in the order given; none: an empty table."""

    schema: pa.Schema
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Month:
    """All that was filed up to a period, every part's tables under the names of model.tables.PART.

    `rows` and `cells` stay on the disk. Beside them `excused`: the rows (file, sheet, table, row) that
    waivers keep from being returned. What depends on more than one file is settled: of equal files
    one files, waived errors are notes.
    """

    period: str
    tables: Mapping[str, pa.Table | Stored]

    def table(self, name: str) -> pa.Table:
        """One of the tables in memory."""
        found = self.tables[name]
        if isinstance(found, Stored):
            raise TypeError(f"{name} lies on the disk")
        return found

    @property
    def periods(self) -> Mapping[str, str]:
        """The period of each file's return, by path."""
        inputs = self.table("inputs")
        return dict(zip(*(inputs.column(c).to_pylist() for c in ("path", "period")), strict=True))


@dataclass(frozen=True)
class Claims:
    """Who counts where.

    rows: one line per row read, in the order of `place` (a number that tells rows apart): place, file,
        sheet, table, row, unit, entity, kind, indicator, period, year, begun, filed_on, number,
        person, name, certificate, phone, start, finish, activity; number_at, name_at,
        certificate_at, start_at (letters); span, edition, edition_on, stands (the return it is part of); fate (counted |
        merged | returned | superseded), counted_for (unit), keeper (entity), reason, claimants
    claims: every claim of a person claimed by several units (claims.csv): indicator, year, id_no, unit,
        counted_for, reason, name, person, fingerprint, changed
    suspicions: all pairs that may be one person, ranked (suspicions.csv); see deduplicate.suspected
    probable: those of them alike by name and number, not judged the same (probable.csv)
    counted: one line a claim and span (a year, or `cumulative`): place, indicator, span, person,
        unit, keeper (entity), claimants, reason, nth (1: the row by which she counts)
    editions: one line a part of a file, under the return it is part of: file, entity, kind, span,
        period, filed_on, stands, edition (the returns of a unit, kind and span from the oldest; 0: a part
        that was mended while others of its return stood on, and a row that a later file says again)
    stands: the parts of files that stand, as (file, entity, kind)
    files: of which two files only a person can say which stands, and what she said
        (model.tables.FILE_QUESTIONS)
    superseded_by: each part that does not stand -> the file that took its place
    issues: all found so far (model.tables.ISSUES)
    """

    rows: Stored
    claims: pa.Table
    probable: pa.Table
    suspicions: pa.Table
    counted: Stored
    editions: pa.Table
    files: pa.Table
    stands: frozenset[tuple[str, str, str]]
    superseded_by: Mapping[tuple[str, str, str], str]
    issues: pa.Table


@dataclass(frozen=True)
class Compared:
    """What holding the rosters against one reference list came to."""

    path: str
    label: str
    rows: int
    matched: int  # persons of standing returns who are on it
    doubtful: int  # of these, persons to be looked into
    unlisted: int | None  # persons it should name and does not; None where it need not name all
    verified: Mapping[str, int]  # persons counted this year and found sound on it, by indicator
    reason: str
    stands: bool = True  # a newer list of its sort takes the place of an older


@dataclass(frozen=True)
class Register:
    """The register as of the period: every person with her history (实名制动态管理).

    records: one line a sound standing row, words for codes (people.parquet): id_no, indicator, year,
        unit, counted_for, fate, start, the other fields under their own names, file, sheet, row,
        first_seen, last_seen, changed
    people: one line a person (register.parquet)
    events: one line an event of hers, at its source cell (history.parquet)
    dropped: one line for each person whom a unit's newest return no longer lists (减少名单)
    compared: what the reference lists came to
    issues: all found so far, those of the claims included (model.tables.ISSUES)
    """

    records: Stored
    people: Stored
    events: Stored
    dropped: pa.Table
    compared: tuple[Compared, ...]
    issues: pa.Table


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
    made_from: tuple[str, ...] = ()  # digests of the files it was made from, the newest first

    @property
    def balances(self) -> bool:
        """Every row read went somewhere, and only once."""
        return self.rows_read == self.counted + self.returned + self.merged + self.superseded


@dataclass(frozen=True)
class Figures:
    """The figures of one period: `table` is figures.csv, `today` figures_today.csv.

    expected_rates: 序时进度 by scope, 0–1; not_filed: codes of counties that filed nothing.
    issues: those that concern the period (model.tables.ISSUES), in the order of files and cells;
    open: those of them that speak of what stands: what papers list as still to be done.
    named: the name on every row that an issue speaks of: file, sheet, row, name.
    bridge: 差异桥, unit, level, indicator, step, detail, value; bridge_rows: the rows behind its steps.
    targets: the tasks and the cells that say them, see aggregate.targets.
    progress: 进度, see aggregate.pace; monthly, comparisons: 环比、同比, see aggregate.compared_months.
    filings: 报送情况, see aggregate.filing_dates.
    breakdowns, amounts: 构成, see aggregate.breakdowns; coverage: 暂计, see aggregate.coverage.
    concerns: the findings on what stands by sort of fault; accounts: what units wrote, themes: the same
    folded and grouped.
    """

    period: str
    table: pa.Table
    today: pa.Table
    inputs: tuple[Input, ...]
    not_filed: tuple[str, ...]
    expected_rates: Mapping[str, float]
    issues: pa.Table
    named: pa.Table
    bridge: pa.Table
    bridge_rows: Stored
    targets: pa.Table
    progress: pa.Table
    monthly: pa.Table
    filings: pa.Table
    comparisons: pa.Table
    breakdowns: pa.Table
    amounts: pa.Table
    coverage: pa.Table
    open: pa.Table
    changes: Mapping[str, Changes] = field(default_factory=dict)
    priorities: tuple[Priority, ...] = ()
    concerns: tuple[FoundConcern, ...] = ()
    accounts: tuple[Account, ...] = ()
    themes: tuple[FoundTheme, ...] = ()

    @property
    def mended(self) -> Mended:
        """改正: of the findings of earlier returns, what later ones made of them; a unit in whose earlier
        returns nothing was found has mended nothing."""
        own = [changes for changes in self.changes.values() if len(changes.found) > changes.new]
        states = (sum(c.count(state) for c in own) for state in ("fixed", "still", "new", "gone"))
        return Mended(len(own), *states)

    @property
    def filed(self) -> tuple[Input, ...]:
        """What was filed for this period: no task tables, no judgements, nothing of other months."""
        beside = (Status.TASK_TABLE, Status.JUDGEMENTS, Status.INSPECTIONS)
        return tuple(i for i in self.inputs if i.period == self.period and i.status not in beside)


def issues_of(table: pa.Table, rules: Collection[str] = ()) -> Iterator[Issue]:
    """The lines of an issues table as issues, those that are listed, in its order; `rules`: of these alone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = table.filter(table["listed"])
    if rules:
        wanted = wanted.filter(pc.is_in(wanted["rule"], pa.array(sorted(rules), pa.string())))
    severities = {severity.value: severity for severity in Severity}
    for batch in wanted.select(Issue._fields).to_batches(_AT_ONCE):
        columns = dict(zip(Issue._fields, (c.to_pylist() for c in batch.columns), strict=True))
        columns["severity"] = [severities[word] for word in columns["severity"]]
        columns["row"] = [row or None for row in columns["row"]]
        yield from map(Issue._make, zip(*columns.values(), strict=True))


def issue_lines(issues: Iterable[Issue]) -> Iterator[dict[str, object]]:
    """Issues as lines of an issues table (model.tables.table_of)."""
    return (issue.line() for issue in issues)


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
    edited: tuple[
        Path, ...
    ] = ()  # papers of the delivery before that a person had worked on, put by
