"""Waivers laid over findings: which errors they turn into notes, which were of use, which ran out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.engine import Engine
from pipeline.model import Issue, Severity, Stored
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.values import month_end

if TYPE_CHECKING:
    import pyarrow as pa


def waivers_table(waivers: Iterable[Waiver]) -> pa.Table:
    """The waivers in their order, none of them used or run out yet."""
    import pyarrow as pa

    texts = ("rule", "unit", "person", "period", "until", "note")
    schema = pa.schema(
        [*((name, pa.string()) for name in texts), ("nth", pa.int64()), ("line", pa.int64()),
         ("used", pa.bool_()), ("run_out", pa.bool_())]
    )  # fmt: skip
    lines = [
        {"rule": w.rule, "unit": w.unit, "person": w.person, "period": w.period,
         "until": w.until.isoformat(), "note": w.note, "nth": nth, "line": w.line,
         "used": False, "run_out": False}
        for nth, w in enumerate(waivers)
    ]  # fmt: skip
    return pa.Table.from_pylist(lines, schema=schema)


def waive(
    issues: pa.Table, rows: Stored, waivers: pa.Table, periods: Sequence[str], engine: Engine
) -> tuple[pa.Table, pa.Table]:
    """The issues, errors of waived rules as notes with the footnote; and the waivers as used by now.

    The first waiver that covers a row and has not run out holds; one that has covers nothing.
    """
    import pyarrow as pa

    if not len(waivers) or not len(issues):
        return issues, waivers
    numbered = issues.append_column("n", pa.array(range(len(issues)), pa.int64()))
    ends = pa.table({"period": periods, "last_day": [month_end(p).isoformat() for p in periods]})
    asked = {"issues": numbered, "rows": rows, "waivers": waivers, "ends": ends}
    held = waivers.to_pylist()
    notes: dict[int, str] = {}
    for line in engine.ask("covered", asked).to_pylist():
        waiver = held[line["nth"]]
        if line["n"] in notes:
            continue
        if line["run_out"]:
            waiver["run_out"] = True
        else:
            waiver["used"] = True
            notes[line["n"]] = waiver["note"]
    lines = issues.to_pylist()
    for n, note in notes.items():
        lines[n] |= _waived(lines[n], note)
    changed = pa.Table.from_pylist(held, schema=waivers.schema)
    return pa.Table.from_pylist(lines, schema=issues.schema), changed


def _waived(line: dict[str, Any], note: str) -> dict[str, Any]:
    return {
        "severity": Severity.INFO.value, "message": f"{line['message']}。已豁免：{note}",
        "suggestion": "", "suggested": "", "waiver": note,
    }  # fmt: skip


def tell_idle(waivers: pa.Table, programme: Programme) -> Iterator[Issue]:
    """A waiver that touched nothing, or that ran out where it was still wanted, is said."""
    for waiver in waivers.to_pylist():
        code = "U09" if waiver["run_out"] else "" if waiver["used"] else "U08"
        if code:
            slots = {word: waiver[word] for word in ("rule", "line", "until")}
            yield programme.issue(code, **slots).at(unit=waiver["unit"])
