"""报送情况: a line a unit, who filed when, and how sound it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import Figures, Severity
from pipeline.office.fill import cited
from pipeline.programme import Programme
from pipeline.render.standings import DASH, in_order

_COUNTS = ("due", "filed", "files", "rounds", "first_rows", "first_sound")
_FOUND = {"errors": Severity.ERROR, "warnings": Severity.WARNING}


def filing_in_words(
    figures: Figures, lines: Sequence[Mapping[str, Any]], programme: Programme
) -> dict[str, Any]:
    """filing: the lines of the task table, each with what the unit filed and what stands to be mended."""
    filing = {(f["unit"], f["level"]): f for f in figures.filings.to_pylist()}
    places = _places(figures, programme)
    return {
        "filing": in_order(
            [
                {**line, **_filed(line, filing.get(_of(line))), **_found(line, places)}
                for line in lines
            ],
            programme,
        )
    }


def _of(line: Mapping[str, Any]) -> tuple[str, str]:
    return line["code"], "own" if line.get("own") else line["level"]


def _filed(line: Mapping[str, Any], filing: Mapping[str, Any] | None) -> dict[str, Any]:
    if filing is None:  # 本级: not a unit that has to file
        blank = dict.fromkeys((*_COUNTS, "first_rate", "state"), DASH)
        return {**blank, "first_on": "", "last_on": ""}
    rate = filing["first_sound"] / filing["first_rows"] if filing["first_rows"] else DASH
    state = "已报" if filing["filed"] == filing["due"] else "未报齐" if filing["filed"] else "未报"
    return {
        **{word: _cited(line, filing[word], word) for word in _COUNTS},
        "first_rate": _cited(line, rate, "first_rate"),
        "first_on": filing["first_on"],
        "last_on": filing["last_on"],
        "state": state,
    }


def _found(line: Mapping[str, Any], places: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    return {
        word: DASH if line.get("own") else _cited(line, places.get((line["code"], word), 0), word)
        for word in _FOUND
    }


def _cited(line: Mapping[str, Any], value: Any, measure: str) -> Any:
    return cited(value, (*_of(line), "", "year", f"filings:{measure}", ""))


def _places(figures: Figures, programme: Programme) -> dict[tuple[str, str], int]:
    """By unit, and all together by prefecture and whole: the cells that an open finding speaks of."""
    import pyarrow.compute as pc

    gazetteer = programme.gazetteer
    found: Counter[tuple[str, str]] = Counter()
    for word, severity in _FOUND.items():
        meant = figures.open.filter(pc.field("listed") & (pc.field("severity") == severity.value))
        cells = meant.select(["unit", "rule", "file", "sheet", "row", "column"])
        for unit in cells.group_by(cells.column_names).aggregate([])["unit"].to_pylist():
            for code in {unit, gazetteer.prefecture_of(unit), gazetteer.top} - {""}:
                found[code, word] += 1
    return found
