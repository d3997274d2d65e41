"""A month worked out without rendering: files in, claims, the register and figures out, as frames and nouns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.aggregate import aggregate
from pipeline.collect import collect, unpacked
from pipeline.deduplicate import count
from pipeline.engine import Engine
from pipeline.limits import LIMITS
from pipeline.model import (
    Changes,
    Claims,
    Compared,
    Figures,
    Input,
    Issue,
    Month,
    Priority,
    Register,
    Stored,
    Submission,
    issues_of,
)
from pipeline.model.composed import Account
from pipeline.month import StoredPart, tables
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.read.part import part_of
from pipeline.register import register

__all__ = [
    "Counted",
    "Registered",
    "Totals",
    "Worked",
    "claimed",
    "dropped",
    "filed",
    "inputs",
    "laid",
    "month",
    "submissions",
    "worked",
]


@dataclass(frozen=True)
class Filed:
    """A part as it lies on the disk."""

    tables: Mapping[str, Path]


@dataclass(frozen=True)
class Registered:
    """The register as frames."""

    people: pd.DataFrame
    events: pd.DataFrame
    dropped: pd.DataFrame
    compared: tuple[Compared, ...]


@dataclass(frozen=True)
class Counted:
    """Claims and what the register adds to them, as frames."""

    rows: pd.DataFrame
    people: pd.DataFrame
    claims: pd.DataFrame
    probable: pd.DataFrame
    suspicions: pd.DataFrame
    counted: pd.DataFrame
    stands: frozenset[tuple[str, str, str]]
    superseded_by: Mapping[tuple[str, str, str], str]
    issues: tuple[Issue, ...]
    register: Registered


@dataclass(frozen=True)
class Totals:
    """Figures as frames and nouns."""

    table: pd.DataFrame
    today: pd.DataFrame
    inputs: tuple[Input, ...]
    not_filed: tuple[str, ...]
    expected_rates: Mapping[str, float]
    issues: tuple[Issue, ...]
    changes: Mapping[str, Changes]
    priorities: tuple[Priority, ...]
    accounts: tuple[Account, ...]
    more: Mapping[str, pd.DataFrame]  # the other tables under the names of their files


@dataclass(frozen=True)
class Worked:
    """All that a month comes to; `tables` are the parts' tables as read, in memory."""

    tables: Mapping[str, pd.DataFrame]
    claims: Counted
    figures: Totals


def submissions(files: Mapping[str, bytes], period: str = "") -> tuple[Submission, ...]:
    """Files by their path below inbox/, as collected."""
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        for name, content in files.items():
            file = inbox / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return inputs(inbox, period)


def inputs(inbox: Path, period: str = "") -> tuple[Submission, ...]:
    """All that lies in an inbox, archives and mails taken apart as a worker does it."""
    return tuple(s for found in collect(inbox, period) for s in unpacked(found, (), LIMITS))


def laid(part: Mapping[str, pa.Table], folder: Path) -> Filed:
    """A part's tables in a folder, as the store would lay them: those without a line left out."""
    folder.mkdir(parents=True)
    paths = {name: folder / f"{name}.parquet" for name, table in part.items() if len(table)}
    for name, path in paths.items():
        pq.write_table(part[name], path)
    return Filed(paths)


@contextmanager
def filed(files: Iterable[Submission], programme: Programme) -> Iterator[list[StoredPart]]:
    """The parts of files, for as long as they are needed."""
    with tempfile.TemporaryDirectory() as folder:
        yield [
            laid(part_of(file, programme), Path(folder) / str(n)) for n, file in enumerate(files)
        ]


def worked(
    parts: Iterable[StoredPart],
    programme: Programme,
    period: str,
    waivers: tuple[Waiver, ...] = (),
    *,
    with_tables: bool = True,
) -> Worked:
    """The middle of the job over parts; with the parts' own tables where they are asked for."""
    with _worked_out(parts, programme, period, waivers) as (joined, claims, history, figures):
        own = _tables(joined) if with_tables else {}
        return Worked(own, _counted(claims, history), _totals(figures))


@contextmanager
def _worked_out(
    parts: Iterable[StoredPart],
    programme: Programme,
    period: str,
    waivers: tuple[Waiver, ...] = (),
) -> Iterator[tuple[Month, Claims, Register, Figures]]:
    with tempfile.TemporaryDirectory() as folder, Engine(Path(folder)) as engine:
        joined = tables(parts, programme, period, waivers, engine)
        claims = count(joined, programme, engine)
        history = register(joined, claims, programme, engine)
        yield joined, claims, history, aggregate(joined, claims, history, programme, engine)


def claimed(
    files: Mapping[str, bytes], programme: Programme, period: str
) -> tuple[Counted, Mapping[str, pd.DataFrame]]:
    """Who counts where, from files by their path below inbox/, whatever periods they are of."""
    with filed(submissions(files, period), programme) as parts:
        found = worked(parts, programme, period)
    return found.claims, found.tables


def dropped(inbox: Path, programme: Programme, period: str) -> Totals:
    """The figures of one period, from what was dropped into an inbox; no paper is written."""
    with (
        filed(inputs(inbox, period), programme) as parts,
        _worked_out(parts, programme, period) as (*_, figures),
    ):
        return _totals(figures)


def month(files: Mapping[str, bytes], programme: Programme, period: str) -> Totals:
    """The figures of one period; not to be changed, for who asks for the same month is given the same."""
    return _month(tuple(files.items()), _Same(programme), period)


@dataclass(frozen=True)
class _Same:
    """A programme as the key of what was worked out by it: one is itself alone."""

    programme: Programme

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.programme is other.programme

    def __hash__(self) -> int:
        return id(self.programme)


@lru_cache(maxsize=32)
def _month(files: tuple[tuple[str, bytes], ...], same: _Same, period: str) -> Totals:
    with (
        filed(submissions(dict(files), period), same.programme) as parts,
        _worked_out(parts, same.programme, period) as (*_, figures),
    ):
        return _totals(figures)


def frame(table: pa.Table | Stored) -> pd.DataFrame:
    """A table as a frame; whole numbers stay whole where some are blank."""
    if isinstance(table, Stored):
        own = [pq.read_table(file).cast(table.schema) for file in table.files]
        table = pa.concat_tables([table.schema.empty_table(), *own])
    whole: Mapping[Any, Any] = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int64Dtype()}
    found: pd.DataFrame = table.to_pandas(types_mapper=whole.get)
    return found


def _tables(joined: Month) -> dict[str, pd.DataFrame]:
    return {name: frame(table) for name, table in joined.tables.items()}


def _counted(claims: Claims, history: Register) -> Counted:
    return Counted(
        rows=frame(claims.rows),
        people=frame(history.records),
        claims=frame(claims.claims),
        probable=frame(claims.probable),
        suspicions=frame(claims.suspicions),
        counted=frame(claims.counted),
        stands=claims.stands,
        superseded_by=claims.superseded_by,
        issues=tuple(issues_of(history.issues)),
        register=Registered(
            people=frame(history.people),
            events=frame(history.events),
            dropped=frame(history.dropped),
            compared=history.compared,
        ),
    )


def _totals(figures: Figures) -> Totals:
    return Totals(
        table=frame(figures.table),
        today=frame(figures.today),
        inputs=figures.inputs,
        not_filed=figures.not_filed,
        expected_rates=figures.expected_rates,
        issues=tuple(issues_of(figures.issues)),
        changes=figures.changes,
        priorities=figures.priorities,
        accounts=figures.accounts,
        more={
            "amounts": frame(figures.amounts),
            "breakdowns": frame(figures.breakdowns),
            "bridge": frame(figures.bridge),
            "comparisons": frame(figures.comparisons),
            "coverage": frame(figures.coverage),
            "monthly": frame(figures.monthly),
            "progress": frame(figures.progress),
            "targets": frame(figures.targets),
        },
    )
