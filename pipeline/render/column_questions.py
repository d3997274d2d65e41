"""认列: columns whose reading is for a clerk to settle, with what was answered before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.model import Month
from pipeline.programme import Programme
from pipeline.render.data import shown_path

_BETWEEN = "⏐"  # the samples of a question
_SAMPLES = 3
_NOW = {
    "asked": "整张表等认列",
    "doubtful": "照此读取，待核实",
    "refuted": "未读取：内容不符",
    "unread": "未读取：表缺必需的列",
    "open": "未读取：表里没找到这一项，人员先照常计入",
    "answered": "已认定",
}
NOT_USED, OWN_UNIT, EVERYBODY = "不用", "本单位", "全部单位"


def column_questions(month: Month, programme: Programme) -> dict[str, Any]:
    """`columns`: a line a column, those that keep a sheet waiting first; `columns_open`: how many are not
    answered; `choices`: what they may be.

    Columns of a county's own that nobody needs are not asked about. Answers given stand in the new
    workbook, so that dropping it in over the old one loses none.
    """
    asked = [
        line
        for line in month.table("column_questions").to_pylist()
        if line["state"] != "own" and line["period"] == month.period
    ]
    asked.sort(key=lambda line: (not line["waits"], line["unit"], line["file"], line["letters"]))
    given = {(a["unit"], a["header"]): a for a in month.table("column_answers").to_pylist()}
    lines = [_question(line, month.period, programme) for line in asked]
    lines += [_answer(answer, programme) for _, answer in sorted(given.items())]
    labels = [f.label for f in programme.fields if f.form or f.required]
    return {
        "columns_open": len(asked),
        "columns": [{**line, "seq": n} for n, line in enumerate(lines, 1)],
        "choices": [{"label": label} for label in (NOT_USED, *dict.fromkeys(labels))],
    }


def _question(line: Mapping[str, Any], period: str, programme: Programme) -> dict[str, Any]:
    samples = [*line["samples"].split(_BETWEEN), *[""] * _SAMPLES]
    labels = (programme.field[name].label for name in line["readings"].split(";") if name)
    return {
        "unit": programme.gazetteer.name(line["unit"]) if line["unit"] else "",
        "file": shown_path(line["file"], period), "sheet": line["sheet"],
        "letters": line["letters"], "header": line["header"],
        **{f"sample_{n}": samples[n - 1] for n in range(1, _SAMPLES + 1)},
        "readings": "、".join(labels),
        "now": _NOW[line["state"]] if line["waits"] or line["state"] != "asked" else "未读取",
        "answer": "", "scope": OWN_UNIT, "reason": "", "decided_by": "",
    }  # fmt: skip


def _answer(answer: Mapping[str, Any], programme: Programme) -> dict[str, Any]:
    field = answer["field"]
    return {
        "unit": programme.gazetteer.name(answer["unit"]) if answer["unit"] else "",
        "file": "", "sheet": "", "letters": "", "header": answer["header"],
        **{f"sample_{n}": "" for n in range(1, _SAMPLES + 1)},
        "readings": "", "now": _NOW["answered"],
        "answer": programme.field[field].label if field else NOT_USED,
        "scope": OWN_UNIT if answer["unit"] else EVERYBODY,
        "reason": answer["reason"], "decided_by": answer["decided_by"],
    }  # fmt: skip
