"""待裁定.xlsx: the questions only a person can answer, with what was answered before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.model import Claims, Judgement, Reading
from pipeline.programme import Programme

_VERDICTS = {"same": "同一人", "different": "不同人", "open": "待核实"}
_REASONS = {
    "judgement": "裁定",
    "residence": "户籍地",
    "start": "开始时间较早",
    "code": "单位代码在前",
}


def questions(claims: Claims, readings: Iterable[Reading], programme: Programme) -> dict[str, Any]:
    """`pairs` and `keepers` for the template: open questions first shown, earlier answers kept.

    Earlier answers stand in the new workbook, so that dropping it in over the old one loses none.
    """
    judgements = [j for r in readings for j in r.judgements]
    return {
        "pairs": _pairs(claims, [j for j in judgements if j.id_b], programme),
        "keepers": _keepers(claims, [j for j in judgements if not j.id_b], programme),
    }


def _pairs(claims: Claims, answered: list[Judgement], programme: Programme) -> list[dict[str, Any]]:
    answers = {frozenset((j.id_a, j.id_b)): j for j in answered}
    labels = {i.name: i.label for i in programme.indicators}
    lines = []
    shown = set()
    for pair in claims.probable.to_dict("records"):
        key = frozenset((pair["id_a"], pair["id_b"]))
        shown.add(key)
        about = {
            "name_a": pair["name_a"],
            "id_a": pair["id_a"],
            "units_a": _named(pair["units_a"], programme),
            "name_b": pair["name_b"],
            "id_b": pair["id_b"],
            "units_b": _named(pair["units_b"], programme),
            "touches": "、".join(labels[i] for i in pair["indicator"].split(";") if i),
            "evidence": pair["evidence"],
        }
        lines.append(about | _answer(answers.get(key)))
    names = _names(claims)
    for key, judgement in answers.items():
        if key not in shown and judgement.verdict:
            about = {
                "name_a": names.get(judgement.id_a, ""), "id_a": judgement.id_a, "units_a": "",
                "name_b": names.get(judgement.id_b, ""), "id_b": judgement.id_b, "units_b": "",
                "touches": "", "evidence": "此前已裁定",
            }  # fmt: skip
            lines.append(about | _answer(judgement))
    return [line | {"seq": n} for n, line in enumerate(lines, 1)]


def _answer(judgement: Judgement | None) -> dict[str, str]:
    if judgement is None:
        return {"verdict": "", "reason": "", "decided_by": ""}
    return {
        "verdict": _VERDICTS.get(judgement.verdict, ""),
        "reason": judgement.reason,
        "decided_by": judgement.decided_by,
    }


def _names(claims: Claims) -> dict[str, str]:
    if claims.people.empty:
        return {}
    return dict(zip(claims.people["id_no"], claims.people["name"], strict=True))


def _named(codes: str, programme: Programme) -> str:
    return "、".join(programme.gazetteer.name(c) for c in codes.split(";") if c)


def _keepers(
    claims: Claims, answered: list[Judgement], programme: Programme
) -> list[dict[str, Any]]:
    name = programme.gazetteer.name
    labels = {i.name: i.label for i in programme.indicators}
    answers: dict[tuple[str, str, str], Judgement] = {}
    for j in answered:
        answers[j.id_a, j.indicator, j.year] = j
    lines: list[dict[str, Any]] = []
    grouped: Iterable[Any] = claims.claims.groupby(["indicator", "year", "id_no"], sort=True)
    for (indicator, year, id_no), group in grouped:
        answer = next(
            (answers[k] for k in ((id_no, indicator, year), (id_no, indicator, ""), (id_no, "", ""))
             if k in answers),
            None,
        )  # fmt: skip
        lines.append(
            {
                "seq": len(lines) + 1,
                "indicator": labels[indicator],
                "year": int(year),
                "name": group["name"].iloc[0],
                "id_no": id_no,
                "units": "、".join(name(u) for u in group["unit"]),
                "kept_by": f"{name(group['counted_for'].iloc[0])}（{_REASONS[group['reason'].iloc[0]]}）",
                "moved_to": name(answer.keeper) if answer else "",
                "reason": answer.reason if answer else "",
                "decided_by": answer.decided_by if answer else "",
            }
        )
    return lines
