"""退回/<unit>/减少名单.xlsx: those whom a unit's newest return no longer lists, for her to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.model import Register
from pipeline.model.papers import Papers
from pipeline.office.fill import fill_workbook
from pipeline.programme import Programme

_WORKBOOK = "减少名单.xlsx"


def leavers(
    history: Register,
    programme: Programme,
    templates: Path,
    view: Mapping[str, Any],
    papers: Papers,
) -> None:
    """One workbook for each unit whose return of this period dropped somebody."""
    for unit, lines in sorted(_by_unit(history, programme).items()):
        name = programme.gazetteer.name(unit)
        left = [line | {"seq": n} for n, line in enumerate(lines, 1)]
        list_of = {"unit": name, "left": left, "period_label": view["period_label"]}
        with papers.open(f"退回/{unit}_{name}/{_WORKBOOK}", unit) as stream:
            fill_workbook(templates / _WORKBOOK, list_of, stream)


def register_in_words(history: Register, programme: Programme) -> dict[str, Any]:
    """What the index page says: who left, and what the reference lists came to."""
    ways = [line["way"] for lines in _by_unit(history, programme).values() for line in lines]
    labels = {i.name: i.counted_label for i in programme.indicators}
    lists = [
        {
            "path": found.path, "label": found.label, "rows": found.rows, "matched": found.matched,
            "doubtful": found.doubtful, "unlisted": found.unlisted,
            "verified": {labels[name]: found.verified.get(name, 0) for name in labels},
        }
        for found in history.compared
        if found.stands
    ]  # fmt: skip
    counts = {way: ways.count(way) for way in ("gone", "moved", "corrected")}
    return {"leavers": counts | {"count": len(ways)}, "lists": lists}


def _by_unit(history: Register, programme: Programme) -> dict[str, list[dict[str, Any]]]:
    """The leavers of this period by unit, those without a trace first."""
    order = {"gone": 0, "moved": 1, "corrected": 2}
    left = [line for line in history.dropped.to_pylist() if line["recent"]]
    left.sort(
        key=lambda d: (
            d["unit"], order[d["way"]], d["kind"], d["file"], d["sheet"], d["row"]
        )
    )  # fmt: skip
    units: dict[str, list[dict[str, Any]]] = {}
    for line in left:
        leaver = {
            "kind": programme.kind[line["kind"]].label,
            "clue": _clue(line, programme),
            **{k: line[k] for k in ("name", "id_no", "file", "sheet", "row", "last_period", "since", "way")},
        }  # fmt: skip
        units.setdefault(line["unit"], []).append(leaver)
    return units


def _clue(line: Mapping[str, Any], programme: Programme) -> str:
    if line["way"] == "moved":
        others = "、".join(map(programme.gazetteer.name, line["other"].split(";")))
        return f"现由{others}上报"
    if line["way"] == "corrected":
        where = f"“{line['new_sheet']}”" if line["new_sheet"] else ""
        return f"疑为更正证件号，见本期{where}第 {line['new_row']} 行（{line['evidence']}）"
    return "本期各单位名单中均未见"
