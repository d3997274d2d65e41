"""待裁定.xlsx: the questions only a person can answer, with what was answered before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pipeline.engine import Engine
from pipeline.model import Claims, Judgement, Month, issues_of
from pipeline.model.words import REASON_WORDS, VERDICT_WORDS
from pipeline.office.fill import Pieces
from pipeline.programme import Programme
from pipeline.render.column_questions import column_questions
from pipeline.render.file_questions_sheet import file_answers, file_questions
from pipeline.render.sides import side_of, sides
from pipeline.values import mask_name

_RANKS = {1: "很可能", 2: "可能", 3: "同名同生日"}
_CHOICES = 4  # claimants a drop-down offers

_NOT_TAKEN = frozenset({"U05", "U06", "U11"})
Refused = Mapping[tuple[str, int], str]  # file and line of a judgement -> why it was not taken

NamesOf = Callable[[Iterable[str]], Mapping[str, str]]  # ID numbers -> names


def questions(
    month: Month, claims: Claims, names_of: NamesOf, programme: Programme, engine: Engine
) -> dict[str, Any]:
    """`pairs`, `keepers`, `claimed`, `files`, `columns` and `choices` for the template: open questions first,
    the weightiest on top; `answers` for the page: what was decided, and what of it was not taken.

    Earlier answers stand in the new workbook, so that dropping it in over the old one loses none; why
    one was not taken stands beside it.
    """
    given = [Judgement(**line) for line in month.table("judgements").to_pylist()]
    judgements = sorted(given, key=lambda j: j.period)
    pairs, keepers = [j for j in judgements if j.id_b], [j for j in judgements if not j.id_b]
    refused = _refused(claims)
    about = sides(month, claims, programme, engine)
    return {
        "pairs": _pairs(claims, pairs, refused, about, names_of, programme),
        "keepers": _keepers(claims, keepers, refused, programme),
        "claimed": _claimed(claims, programme),
        "answers": [
            *_answers(judgements, refused, names_of, programme),
            *file_answers(month, claims, refused, programme),
        ],
        **file_questions(month, claims, refused, programme),
        **column_questions(month, programme),
    }


def _refused(claims: Claims) -> Refused:
    """Why judgements were not taken, by file and line."""
    issues = issues_of(claims.issues, _NOT_TAKEN)
    return {(i.file, i.row or 0): i.message.split("。")[0] for i in issues}


def _answers(
    judgements: Iterable[Judgement], refused: Refused, names_of: NamesOf, programme: Programme
) -> list[dict[str, str]]:
    """What was decided of whom, for the page: a masked name and the last four, never a number."""
    given = list(judgements)
    names = names_of({n for j in given for n in (j.id_a, j.id_b) if n})
    labels = {i.name: i.label for i in programme.indicators}

    def her(number: str) -> str:
        return f"{mask_name(names.get(number, ''))}（尾号 {number[-4:]}）"

    found = []
    for j in given:
        if j.id_b:
            who, what = f"{her(j.id_a)}、{her(j.id_b)}", VERDICT_WORDS.get(j.verdict, "")
        else:
            span = "".join((j.year and f"{j.year}年", labels.get(j.indicator, "")))
            who, what = her(j.id_a), f"{span}计入{programme.gazetteer.name(j.keeper)}"
        found.append(
            {"who": who, "what": what, "reason": j.reason, "decided_by": j.decided_by,
             "state": refused.get((j.file, j.row), "已采用")}
        )  # fmt: skip
    return found


def _pairs(
    claims: Claims,
    answered: list[Judgement],
    refused: Refused,
    about_numbers: Mapping[str, Mapping[str, str]],
    names_of: NamesOf,
    programme: Programme,
) -> list[dict[str, Any]]:
    answers = {frozenset((j.id_a, j.id_b)): j for j in answered}
    labels = {i.name: i.label for i in programme.indicators}
    lines, shown = [], set()
    for pair in claims.suspicions.to_pylist():
        key = frozenset((pair["id_a"], pair["id_b"]))
        shown.add(key)
        about = {
            "rank": _RANKS[pair["rank"]],
            "name_a": pair["name_a"],
            "id_a": pair["id_a"],
            "units_a": _named(pair["units_a"], programme),
            "name_b": _differing(pair["name_a"], pair["name_b"]),
            "id_b": _differing(pair["id_a"], pair["id_b"]),
            "units_b": _named(pair["units_b"], programme),
            "touches": "、".join(labels[i] for i in pair["indicator"].split(";") if i),
            "evidence": pair["evidence"],
            "again": f"重新裁定：{pair['changed']}有变化" if pair["changed"] else "",
            "fingerprint": pair["fingerprint"],
        }
        for side in ("a", "b"):
            about |= {
                f"{word}_{side}": text
                for word, text in side_of(about_numbers, pair[f"id_{side}"]).items()
            }
        lines.append(about | _answer(answers.get(key), refused))
    rest = [j for key, j in answers.items() if key not in shown and j.verdict]
    names = names_of({id_no for j in rest for id_no in (j.id_a, j.id_b)})
    for judgement in rest:
        about = {
            "rank": "", "name_a": names.get(judgement.id_a, ""), "id_a": judgement.id_a,
            "units_a": "", "name_b": names.get(judgement.id_b, ""), "id_b": judgement.id_b,
            "units_b": "", "touches": "", "evidence": "此前已裁定", "again": "",
            "fingerprint": judgement.fingerprint,
        }  # fmt: skip
        for side, number in (("a", judgement.id_a), ("b", judgement.id_b)):
            about |= {
                f"{word}_{side}": text for word, text in side_of(about_numbers, number).items()
            }
        lines.append(about | _answer(judgement, refused))
    lines.sort(key=lambda line: bool(line["verdict"]) and not line["again"] and not line["refused"])
    return [line | {"seq": n} for n, line in enumerate(lines, 1)]


def _differing(first: str, second: str) -> str | Pieces:
    """The second text with what differs from the first standing out; two texts of one length only."""
    if len(first) != len(second) or first == second:
        return second
    pieces: list[tuple[str, bool]] = []
    for one, other in zip(first, second, strict=True):
        if one == other and pieces and not pieces[-1][1]:
            pieces[-1] = (pieces[-1][0] + other, False)
        else:
            pieces.append((other, one != other))
    return Pieces(tuple(pieces))


def _answer(judgement: Judgement | None, refused: Refused) -> dict[str, str]:
    if judgement is None:
        return {"verdict": "", "reason": "", "decided_by": "", "refused": ""}
    return {
        "refused": refused.get((judgement.file, judgement.row), ""),
        "verdict": VERDICT_WORDS.get(judgement.verdict, ""),
        "reason": judgement.reason,
        "decided_by": judgement.decided_by,
    }


def _named(codes: str, programme: Programme) -> str:
    return "、".join(programme.gazetteer.name(c) for c in codes.split(";") if c)


def _keepers(
    claims: Claims, answered: list[Judgement], refused: Refused, programme: Programme
) -> list[dict[str, Any]]:
    labels = {i.name: i.label for i in programme.indicators}
    answers = {(j.id_a, j.indicator, j.year): j for j in answered}
    lines: list[dict[str, Any]] = []
    for (indicator, year, person), group in _by_person(claims):
        ids = [person, *(claim["id_no"] for claim in group)]
        keys = [(i, *k) for i in ids for k in ((indicator, year), (indicator, ""), ("", ""))]
        answer = next((answers[k] for k in keys if k in answers), None)
        lines.append(
            {"seq": len(lines) + 1, "indicator": labels[indicator], "year": int(year)}
            | _keeper(group, answer, refused, programme)
        )
    return lines


def _by_person(claims: Claims) -> list[tuple[tuple[str, str, str], list[dict[str, Any]]]]:
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for claim in claims.claims.to_pylist():
        key = (claim["indicator"], claim["year"], claim["person"])
        groups.setdefault(key, []).append(claim)
    return sorted(groups.items(), key=lambda group: group[0])


def _keeper(
    group: list[dict[str, Any]], answer: Judgement | None, refused: Refused, programme: Programme
) -> dict[str, Any]:
    name, first = programme.gazetteer.name, group[0]
    units = list(dict.fromkeys(name(claim["unit"]) for claim in group))
    choices = {
        f"choice_{n}": unit for n, unit in enumerate((units + [""] * _CHOICES)[:_CHOICES], 1)
    }
    return {
        "name": first["name"],
        "id_no": first["id_no"],
        "units": "、".join(units),
        "kept_by": f"{name(first['counted_for'])}（{REASON_WORDS[first['reason']]}）",
        "again": f"重新裁定：{first['changed']}有变化" if first["changed"] else "",
        "moved_to": name(answer.keeper) if answer else "",
        "reason": answer.reason if answer else "",
        "decided_by": answer.decided_by if answer else "",
        "refused": refused.get((answer.file, answer.row), "") if answer else "",
        "fingerprint": first["fingerprint"],
        **choices,
    }


def _claimed(claims: Claims, programme: Programme) -> list[Mapping[str, Any]]:
    """重复名单: every claim of a person claimed by several units, and for whom she counts."""
    labels = {i.name: i.label for i in programme.indicators}
    name = programme.gazetteer.name
    return [
        {
            "seq": n, "indicator": labels[c["indicator"]], "year": int(c["year"]), "name": c["name"],
            "id_no": c["id_no"], "unit": name(c["unit"]), "counted_for": name(c["counted_for"]),
            "why": REASON_WORDS[c["reason"]],
        }
        for n, c in enumerate(claims.claims.to_pylist(), 1)
    ]  # fmt: skip
