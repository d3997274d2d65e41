"""data/*: the tables that other programs read, under names and columns that do not change."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import starmap

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import __version__
from pipeline.engine import Engine
from pipeline.model import Claims, Figures, Month, Register, Stored, cell_at
from pipeline.model.papers import Papers
from pipeline.model.supervised import Supervision
from pipeline.month import side_by_side
from pipeline.programme import Programme
from pipeline.render.safe_csv import write_csv

_OURS = "本单位"
_ISSUES = ("file", "sheet", "cell", "row", "field", "rule", "severity", "message", "unit")
_CLAIMS = ["indicator", "year", "id_no", "unit", "counted_for", "reason"]
_PROBABLE = ["indicator", "id_a", "id_b", "evidence"]
_SUSPICIONS = ["indicator", "id_a", "id_b", "rank", "kind", "evidence", "judgement"]


def write_tables(
    month: Month,
    claims: Claims,
    history: Register,
    figures: Figures,
    engine: Engine,
    papers: Papers,
) -> None:
    """The CSV tables and the Parquet ones; those that hold ID numbers are private.

    Beside what other programs read lie `rows.parquet`, every row read, with its fate, and
    `standing.parquet`, the rows of what stands with all their cells (`standing_cells.parquet`: as
    filed, where that says more).
    """
    standing = _standing(month, claims, engine)
    texts = engine.ask_to("standing_cells", {"cells": month.tables["cells"], "standing": standing})
    public = {
        "issues": issues_table(figures.issues, figures.period),
        "figures": figures.table,
        "figures_today": figures.today,
        "changes": _changes(figures),
        "priorities": _priorities(figures),
        "bridge": figures.bridge,
        "targets": figures.targets,
        "progress": figures.progress,
        "monthly": figures.monthly,
        "filings": figures.filings,
        "comparisons": figures.comparisons,
        "amounts": figures.amounts,
        "coverage": figures.coverage,
    }
    private = {
        "breakdowns": figures.breakdowns,
        "claims": claims.claims.select(_CLAIMS),
        "probable": claims.probable.select(_PROBABLE),
        "suspicions": claims.suspicions.select(_SUSPICIONS),
    }
    for name, table in (public | private).items():
        with papers.open(f"data/{name}.csv", _OURS, private=name in private) as stream:
            write_csv(table, stream)
    for name, stored in {
        "people": history.records,
        "register": history.people,
        "history": history.events,
        "rows": claims.rows,
        "bridge_rows": figures.bridge_rows,
        "standing": standing,
        "standing_cells": texts,
    }.items():
        (file,) = stored.files  # as the engine laid it: the same table gives the same bytes
        with papers.open(f"data/{name}.parquet", _OURS) as stream, file.open("rb") as laid:
            shutil.copyfileobj(laid, stream)


def _standing(month: Month, claims: Claims, engine: Engine) -> Stored:
    """Every row of what stands, as filed, with what became of it: what a unit's next form begins with."""
    schema = month.tables["rows"].schema.append(pa.field("fate", pa.string()))

    def pieces() -> Iterator[pa.Table]:
        for known, own in side_by_side(month, claims, ("fate", "unit")):
            rows = own.append_column(schema.field("fate"), known["fate"])
            rows = rows if rows.schema.equals(schema) else rows.cast(schema)
            stands = pc.and_(
                pc.not_equal(known["fate"], "superseded"), pc.not_equal(known["unit"], "")
            )
            yield rows if pc.all(stands).as_py() else rows.filter(stands)

    return engine.kept("standing_rows", schema, pieces())


def write_supervision(supervision: Supervision, papers: Papers) -> None:
    """to_look_at.csv and performance.csv, that name no person, and inspections.csv, that does."""
    for name, table in vars(supervision).items():
        private = name == "inspections"
        with papers.open(f"data/{name}.csv", _OURS, private=private) as stream:
            write_csv(table, stream)


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


def issues_table(issues: pa.Table, period: str) -> pa.Table:
    """issues.csv: one line an issue that is listed, at its Excel cell."""
    found = issues.filter(pc.field("listed"))
    file, row = found["file"], pc.if_else(pc.equal(found["row"], 0), None, found["row"])
    own = pc.utf8_slice_codeunits(file, len(period) + 1)
    places = zip(found["column"].to_pylist(), row.to_pylist(), strict=True)
    columns = {
        "file": pc.if_else(pc.starts_with(file, f"{period}/"), own, file),
        "cell": pa.array(starmap(cell_at, places), pa.string()),
        "row": row,
    }
    columns |= {name: found[name] for name in _ISSUES if name not in columns}
    return pa.table({name: columns[name] for name in _ISSUES})


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
