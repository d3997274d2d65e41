"""Sets the figures against the task breakdown table, and keeps the books of every input."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from pipeline.aggregate.books import UnbalancedBooks, inputs, not_filed
from pipeline.aggregate.bridge_steps import bridge, bridge_rows
from pipeline.aggregate.compared_months import over_time
from pipeline.aggregate.covered_units import coverage
from pipeline.aggregate.divided import breakdowns, followed, in_words
from pipeline.aggregate.filing_dates import filed_when
from pipeline.aggregate.followed_findings import changes
from pipeline.aggregate.overwritten_rounds import with_overwritten
from pipeline.aggregate.pace import progress, spans_of
from pipeline.aggregate.ranked_cells import priorities
from pipeline.aggregate.self_reported import compare_stated
from pipeline.aggregate.sorts_of_fault import concerns
from pipeline.aggregate.sums import sums_of
from pipeline.aggregate.tabulated import Boundaries, figures_table
from pipeline.aggregate.targets import targets_of
from pipeline.aggregate.what_units_wrote import accounts, themes
from pipeline.engine import Engine
from pipeline.model import Claims, Figures, Input, Month, Register, Status, issue_lines
from pipeline.programme import Programme
from pipeline.values import month_end

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Boundaries", "UnbalancedBooks", "aggregate", "followed", "in_words", "targets_of"]

_REPLACED = (Status.SUPERSEDED, Status.SAME_CONTENT)
_BESIDE_PERIODS = (Status.TASK_TABLE, Status.JUDGEMENTS, Status.INSPECTIONS)


def aggregate(
    month: Month, claims: Claims, register: Register, programme: Programme, engine: Engine
) -> Figures:
    """The figures of one period, by unit, indicator and scope. Raises UnbalancedBooks."""
    period, gazetteer = month.period, programme.gazetteer
    targets = targets_of(month, programme)
    sums = sums_of(month, claims, programme, engine)

    def table(day: date, *, redrawn: bool) -> pa.Table:
        boundaries = Boundaries(gazetteer, day, redrawn)
        return figures_table(sums, targets.numbers, boundaries, programme, period)

    stated = compare_stated(month, claims, programme, engine)
    from pipeline.model.tables import ISSUES, table_of

    issues = _joined(register.issues, table_of(ISSUES, issue_lines((*stated, *targets.issues))))
    reported, spans = table(month_end(period), redrawn=False), spans_of(period, programme.years)
    expected = {scope: span.gone / span.months for scope, span in spans.items()}
    concerning = _of_period(issues, month, claims, engine)
    steps = bridge_rows(month, claims, register.issues, programme, engine)
    boundaries = Boundaries(gazetteer, month_end(period), redrawn=False)
    divided = breakdowns(claims, steps, register.records, boundaries, period, programme, engine)
    compared = over_time(month, claims, boundaries, programme, engine)
    absent = not_filed(month, programme)
    books = inputs(month, claims, register, programme, engine)
    standing = _open(concerning, books, claims, engine)
    written = accounts(month, claims)
    followed = with_overwritten(
        changes(claims, register.issues, period, engine),
        month, claims, register.issues, programme, engine,
    )  # fmt: skip
    return Figures(
        period=period,
        table=reported,
        today=table(date.max, redrawn=True),
        inputs=books,
        not_filed=absent,
        expected_rates=expected,
        issues=concerning,
        named=engine.ask("named", {"rows": claims.rows, "issues": concerning}),
        open=standing,
        changes=followed,
        filings=filed_when(month, claims, register.issues, followed, boundaries, programme, engine),
        priorities=priorities(
            claims, register.issues, reported, expected["year"], programme, engine
        ),
        bridge=bridge(steps, reported, boundaries, month, claims, programme, engine),
        bridge_rows=steps,
        targets=targets.table,
        progress=progress(reported, spans, compared.before, period),
        monthly=compared.monthly,
        comparisons=compared.comparisons,
        breakdowns=divided.persons,
        amounts=divided.amounts,
        concerns=concerns(standing, programme),
        accounts=written,
        themes=themes(written, programme),
        coverage=coverage(month, claims, steps, reported, absent, boundaries, programme, engine),
    )


def _joined(*issues: pa.Table) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(issues)


def _of_period(issues: pa.Table, month: Month, claims: Claims, engine: Engine) -> pa.Table:
    """Issues of the period's own files, and of earlier files that still stand; in file order."""
    import pyarrow as pa

    standing = {file for file, _, _ in claims.stands}
    current = [
        entry["path"]
        for entry in month.table("inputs").to_pylist()
        if entry["period"] in (month.period, "")
        or entry["status"] in _BESIDE_PERIODS
        or entry["path"] in standing
    ]
    numbered = issues.append_column("n", pa.array(range(len(issues)), pa.int64()))
    files = pa.table({"file": pa.array(current, pa.string())})
    found = engine.ask(
        "issues_of_period", {"issues": numbered, "current_files": files, "rows": claims.rows}
    )
    from pipeline.model.tables import ISSUES

    return found.select(ISSUES.names).cast(ISSUES)


def _open(issues: pa.Table, books: Iterable[Input], claims: Claims, engine: Engine) -> pa.Table:
    """The issues of what stands: none of a file, a sheet or a row that another took the place of."""
    import pyarrow as pa

    gone = [entry.path for entry in books if entry.status in _REPLACED]
    numbered = issues.append_column("n", pa.array(range(len(issues)), pa.int64()))
    about = {"issues": numbered, "gone": pa.table({"file": pa.array(gone, pa.string())})}
    kept = engine.ask("open_issues", {"rows": claims.rows, **about})
    return issues.take(kept.column("n"))
