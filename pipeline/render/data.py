"""data/*: the tables that other programs read, under names and columns that do not change."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import pandas as pd

from pipeline import __version__
from pipeline.model import Claims, Document, Figures, Issue
from pipeline.programme import Programme

_ISSUES = ("file", "sheet", "cell", "row", "field", "rule", "severity", "message", "unit")
_CLAIMS = ["indicator", "year", "id_no", "unit", "counted_for", "reason"]
_PROBABLE = ["indicator", "id_a", "id_b", "evidence"]
_SUSPICIONS = ["indicator", "id_a", "id_b", "rank", "kind", "evidence", "judgement"]


def tables(figures: Figures, claims: Claims) -> list[Document]:
    """The CSV tables and people.parquet; those that hold ID numbers are private."""
    kept = claims.register
    return [
        _document("issues.csv", issues_csv(figures.issues, figures.period), private=False),
        _document("figures.csv", _frame_csv(figures.table), private=False),
        _document("figures_today.csv", _frame_csv(figures.today), private=False),
        _document("claims.csv", _frame_csv(claims.claims[_CLAIMS])),
        _document("probable.csv", _frame_csv(claims.probable[_PROBABLE])),
        _document("suspicions.csv", _frame_csv(claims.suspicions[_SUSPICIONS])),
        _document("people.parquet", _parquet(claims.people)),
        _document("changes.csv", _changes_csv(figures), private=False),
        _document("priorities.csv", _priorities_csv(figures), private=False),
        *([_document("register.parquet", _parquet(kept.people))] if kept else []),
        *([_document("history.parquet", _parquet(kept.events))] if kept else []),
    ]


def receipt(figures: Figures, programme: Programme, documents: Iterable[Document]) -> Document:
    """data/run.json: what was read, what became of it, and what was written."""
    run = {
        "version": __version__,
        "programme": programme.name,
        "programme_digest": programme.digest,
        "filer": programme.gazetteer.top,
        "period": figures.period,
        "not_filed": list(figures.not_filed),
        "inputs": [asdict(entry) for entry in figures.inputs],
        "outputs": [
            {"path": d.path, "sha256": hashlib.sha256(d.content).hexdigest()}
            for d in sorted(documents, key=lambda d: d.path)
        ],
    }
    text = json.dumps(run, ensure_ascii=False, indent=1) + "\n"
    return _document("run.json", text.encode("utf-8"), private=False)


def shown_path(path: str, period: str) -> str:
    """The path as issues.csv gives it: below inbox/<period>/ for the run's own files."""
    return path.removeprefix(f"{period}/")


def issues_csv(issues: Iterable[Issue], period: str) -> bytes:
    """One line an issue, at its Excel cell."""
    lines = (
        (
            shown_path(i.file, period), i.sheet, i.cell, i.row or "", i.field, i.rule,
            i.severity.value, i.message, i.unit,
        )
        for i in issues
    )  # fmt: skip
    return _csv(_ISSUES, lines)


def _changes_csv(figures: Figures) -> bytes:
    found = [c for unit in figures.changes.values() for c in unit.found]
    lines = ((c.unit, c.kind, c.year, c.state, c.rule, c.field, c.before, c.after) for c in found)
    return _csv(("unit", "kind", "year", "state", "rule", "field", "before", "after"), lines)


def _priorities_csv(figures: Figures) -> bytes:
    header = ("rank", "indicator", "unit", "file", "sheet", "row", "cells", "rules", "gain", "target",
              "counted", "completes", "needed")  # fmt: skip
    lines = (
        (
            n, p.indicator, p.unit, shown_path(p.file, figures.period), p.sheet, p.row,
            ";".join(p.cells), ";".join(p.rules), p.gain, "" if p.target is None else p.target,
            p.counted, int(p.completes), int(p.needed),
        )
        for n, p in enumerate(figures.priorities, 1)
    )  # fmt: skip
    return _csv(header, lines)


def _csv(header: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(lines)
    return out.getvalue().encode("utf-8-sig")


def _frame_csv(frame: pd.DataFrame) -> bytes:
    blank = frame.astype(object).where(frame.notna(), "")
    return _csv(list(frame.columns), blank.itertuples(index=False))


def _parquet(people: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    typed = people.astype({c: "string" for c in people.columns if c != "row"})
    if "row" in typed:
        typed["row"] = typed["row"].astype("int64")
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(typed, preserve_index=False), out)
    return out.getvalue()


def _document(name: str, content: bytes, *, private: bool = True) -> Document:
    return Document(f"data/{name}", "本单位", content, private)
