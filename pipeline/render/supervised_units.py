"""督导 in words: the appraisal a line a county, every part with its reason, inspections, what to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipeline.model.supervised import Supervision
from pipeline.model.words import INSPECTION_VERDICTS, INSPECTION_WAYS
from pipeline.programme import APPRAISED, Programme
from pipeline.values import mask_id

_DASH, _MOST_PLACES = "—", 12
_STATES = {
    "counted": "计入", "not_counted": "现未计入", "unknown": "名单里没有此人",
    "several": "名单里不止一人，对不上是谁",
}  # fmt: skip
Line = Mapping[str, Any]


def supervision_in_words(supervision: Supervision, programme: Programme) -> dict[str, Any]:
    """appraisal: what heads the column of each part; appraised: counties, the best first; appraisal_parts: a line a county and part; clues: what to look
    at, ranked; inspected: results, a line a person and way; inspected_units: how many, by unit."""
    parts = supervision.performance.to_pylist()
    results = supervision.inspections.to_pylist()
    clues = list(_clues(supervision.to_look_at.to_pylist(), programme))
    return {
        "appraisal": dict.fromkeys(APPRAISED, "")
        | {part.name: f"{part.label}\n（{part.points}分）" for part in programme.appraisals},
        "appraised": _appraised(parts, programme),
        "appraisal_parts": [_part(line, programme) for line in parts if line["part"]],
        "clues": clues,
        "clue_kinds": [
            {"label": c.label, "count": sum(one["clue"] == c.check for one in clues)}
            for c in programme.clues
        ],
        "inspected": [_result(line, programme) for line in results],
        "inspected_count": {
            verdict: sum(line["verdict"] == verdict for line in results)
            for verdict in INSPECTION_VERDICTS
        }
        | {"unjoined": sum(line["state"] in ("unknown", "several") for line in results)},
    }


def _appraised(parts: list[Line], programme: Programme) -> list[dict[str, Any]]:
    """A line a county with its rank; equal values have equal ranks, who could not be appraised has none."""
    found = []
    for unit, own in groupby(parts, key=itemgetter("unit")):
        lines = {line["part"]: line for line in own}
        whole = lines.pop("")
        points: dict[str, Any] = dict.fromkeys(APPRAISED, "")
        points |= {p: _DASH if x["points"] is None else x["points"] for p, x in lines.items()}
        found.append(
            {
                "unit": programme.gazetteer.name(unit),
                "prefecture": programme.gazetteer.name(programme.gazetteer.prefecture_of(unit)),
                "value": whole["value"], "points": whole["points"], "of": whole["of"],
                "why": whole["why"], "by": points,
            }
        )  # fmt: skip
    found.sort(key=lambda line: (line["value"] is None, -(line["value"] or 0)))
    values = [line["value"] for line in found]
    return [
        {**line, "rank": _DASH, "value": _DASH}
        if line["value"] is None
        else {**line, "rank": values.index(line["value"]) + 1}
        for line in found
    ]


def _part(line: Line, programme: Programme) -> dict[str, Any]:
    return {
        "unit": programme.gazetteer.name(line["unit"]),
        "label": line["label"],
        "value": _DASH if line["value"] is None else line["value"],
        "points": "不评" if line["points"] is None else line["points"],
        "of": _DASH if line["of"] is None else line["of"],
        "why": line["why"],
    }


def _clues(lines: list[Line], programme: Programme) -> Iterator[dict[str, Any]]:
    """A line a finding: what was seen, and at which cells."""
    labels = {i.name: i.label for i in programme.indicators}
    for rank, own in groupby(lines, key=itemgetter("rank")):
        rows = list(own)
        units = dict.fromkeys(programme.gazetteer.name(row["unit"]) for row in rows)
        about = dict.fromkeys(labels[row["indicator"]] for row in rows)
        yield {
            **{word: rows[0][word] for word in ("clue", "label", "evidence", "persons")},
            "rank": rank,
            "units": "、".join(units),
            "indicators": "、".join(about),
            "places": "；".join(_places(rows)),
        }


def _places(rows: Iterable[Line]) -> Iterator[str]:
    """File, sheet and cells, the first of them where they are many."""
    shown = list(rows)
    for (file, sheet), own in groupby(shown[:_MOST_PLACES], key=itemgetter("file", "sheet")):
        cells = "、".join(row["cell"] or f"第 {row['row']} 行" for row in own)
        yield " ".join(filter(None, (file, sheet, cells)))
    if len(shown) > _MOST_PLACES:
        yield f"等 {len(shown)} 行，全部见 data/to_look_at.csv"


def _result(line: Line, programme: Programme) -> dict[str, Any]:
    labels = {archive.name: archive.label for archive in programme.archives}
    archives = (part.partition("=") for part in line["archives"].split(";") if part)
    listed = (line["listed_file"], line["listed_sheet"])
    place = " ".join(filter(None, listed)) + f" 第 {line['listed_row']} 行"
    return {
        "unit": programme.gazetteer.name(line["unit"]),
        "indicator": programme.indicator[line["indicator"]].label,
        "name": line["name"],
        "number": mask_id(line["id_no"]),
        "way": INSPECTION_WAYS[line["way"]].removesuffix("结论"),
        "verdict": INSPECTION_VERDICTS.get(line["verdict"], _DASH),
        "archives": "、".join(f"{labels.get(name, name)}：{state}" for name, _, state in archives),
        "reason": line["reason"],
        "decided_by": line["decided_by"],
        "day": line["day"],
        "state": _STATES[line["state"]],
        "place": place if line["listed_file"] else "",
    }
