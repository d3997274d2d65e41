"""data/*: the tables that other programs read, under names and columns that do not change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import __version__
from pipeline.model import Claims, Figures, Issue
from pipeline.model.papers import Papers
from pipeline.programme import Programme
from pipeline.render.safe_csv import write_csv

_OURS = "本单位"
_ISSUES = ("file", "sheet", "cell", "row", "field", "rule", "severity", "message", "unit")
_CLAIMS = ["indicator", "year", "id_no", "unit", "counted_for", "reason"]
_PROBABLE = ["indicator", "id_a", "id_b", "evidence"]
_SUSPICIONS = ["indicator", "id_a", "id_b", "rank", "kind", "evidence", "judgement"]


def write_tables(figures: Figures, claims: Claims, papers: Papers) -> None:
    """The CSV tables and the Parquet ones; those that hold ID numbers are private."""
    kept = claims.register
    public = {
        "issues.csv": issues_table(figures.issues, figures.period),
        "figures.csv": _arrow(figures.table),
        "figures_today.csv": _arrow(figures.today),
        "changes.csv": _changes(figures),
        "priorities.csv": _priorities(figures),
    }
    private = {
        "claims.csv": _arrow(claims.claims[_CLAIMS]),
        "probable.csv": _arrow(claims.probable[_PROBABLE]),
        "suspicions.csv": _arrow(claims.suspicions[_SUSPICIONS]),
        "people.parquet": _typed(claims.people),
    }
    if kept:
        private |= {"register.parquet": _typed(kept.people), "history.parquet": _typed(kept.events)}
    for name, table in (*public.items(), *private.items()):
        with papers.open(f"data/{name}", _OURS, private=name in private) as stream:
            if name.endswith(".csv"):
                write_csv(table, stream)
            else:
                pq.write_table(table, stream)


def write_receipt(figures: Figures, programme: Programme, papers: Papers) -> None:
    """data/run.json: what was read, what became of it, and what was written."""
    run = {
        "version": __version__,
        "programme": programme.name,
        "programme_digest": programme.digest,
        "filer": programme.gazetteer.top,
        "period": figures.period,
        "not_filed": list(figures.not_filed),
        "inputs": [asdict(entry) for entry in figures.inputs],
        "outputs": sorted(papers.written, key=lambda entry: entry["path"]),
    }
    text = json.dumps(run, ensure_ascii=False, indent=1) + "\n"
    papers.add("data/run.json", _OURS, text.encode("utf-8"), private=False)


def shown_path(path: str, period: str) -> str:
    """The path as issues.csv gives it: below inbox/<period>/ for the run's own files."""
    return path.removeprefix(f"{period}/")


def issues_table(issues: Iterable[Issue], period: str) -> pa.Table:
    """One line an issue, at its Excel cell."""
    lines = (
        (
            shown_path(i.file, period), i.sheet, i.cell, i.row, i.field, i.rule,
            i.severity.value, i.message, i.unit,
        )
        for i in issues
    )  # fmt: skip
    return _table(_ISSUES, lines)


def _changes(figures: Figures) -> pa.Table:
    found = [c for unit in figures.changes.values() for c in unit.found]
    lines = ((c.unit, c.kind, c.year, c.state, c.rule, c.field, c.before, c.after) for c in found)
    return _table(("unit", "kind", "year", "state", "rule", "field", "before", "after"), lines)


def _priorities(figures: Figures) -> pa.Table:
    header = ("rank", "indicator", "unit", "file", "sheet", "row", "cells", "rules", "gain", "target",
              "counted", "completes", "needed")  # fmt: skip
    lines = (
        (
            n, p.indicator, p.unit, shown_path(p.file, figures.period), p.sheet, p.row,
            ";".join(p.cells), ";".join(p.rules), p.gain, p.target,
            p.counted, int(p.completes), int(p.needed),
        )
        for n, p in enumerate(figures.priorities, 1)
    )  # fmt: skip
    return _table(header, lines)


def _table(header: Sequence[str], lines: Iterable[Sequence[object]]) -> pa.Table:
    columns = list(zip(*lines, strict=True)) or [()] * len(header)
    return pa.table(dict(zip(header, map(list, columns), strict=True)))


def _arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def _typed(people: pd.DataFrame) -> pa.Table:
    typed = people.astype({c: "string" for c in people.columns if c != "row"})
    if "row" in typed:
        typed["row"] = typed["row"].astype("int64")
    return _arrow(typed)
