"""The two sides of a question, as far as the rosters tell: certificate, address, dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.engine import Engine
from pipeline.model import Claims, Month
from pipeline.model.words import FIELD
from pipeline.programme import Programme

_WORDS = ("certificate", "address", "dates")


def sides(
    month: Month, claims: Claims, programme: Programme, engine: Engine
) -> dict[str, dict[str, str]]:
    """By ID number, of all numbers that are suspected or judged: what her sound rows say."""
    import pyarrow as pa

    numbers = {p[side] for p in claims.suspicions.to_pylist() for side in ("id_a", "id_b")}
    numbers |= {j[side] for j in month.table("judgements").to_pylist() for side in ("id_a", "id_b")}
    if not (numbers := numbers - {""}):
        return {}
    asked = pa.table({"id_no": pa.array(sorted(numbers), pa.string())})
    tables = {"rows": claims.rows, "filed": month.tables["rows"], "asked": asked}
    found: dict[str, dict[str, dict[str, None]]] = {}
    for row in engine.ask("asked_rows", tables).to_pylist():
        own = found.setdefault(row["asked_no"], {word: {} for word in _WORDS})
        for word, text in _of_row(row, programme).items():
            if text:
                own[word][text] = None
    return {
        number: {word: "；".join(texts) for word, texts in own.items()}
        for number, own in found.items()
    }


def side_of(about: Mapping[str, Mapping[str, str]], number: str) -> Mapping[str, str]:
    """What is known of one number; nothing of one that no roster holds any more."""
    return about.get(number, dict.fromkeys(_WORDS, ""))


def _of_row(row: Mapping[str, Any], programme: Programme) -> dict[str, str]:
    kind = programme.kind[row["kind"]]

    def value(role: str) -> str:
        name = kind.role(role)
        return str(row[FIELD + name]) if name else ""

    label = programme.indicator_of[kind.name].label if kind.name in programme.indicator_of else ""
    days = "至".join(filter(None, (value("start"), value("finish"))))
    return {
        "certificate": value("certificate"),
        "address": value("residence") or value("home"),
        "dates": f"{label} {days}".strip() if days else "",
    }
