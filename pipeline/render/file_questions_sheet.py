"""选文件: two files of one return of which only a person can say which stands, with what was answered before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.model import Claims, Month
from pipeline.programme import Programme

_WORDS = {"a": "采用甲", "b": "采用乙", "both": "两份都算"}
_NOW = {"a": "暂用甲", "b": "暂用乙", "both": "两份都算，重复的人以后一份为准"}
_SUMMED = ("lines_a", "lines_b", "faulty_a", "faulty_b")
_MOST_UNITS = 3
Refused = Mapping[tuple[str, int], str]
Pair = tuple[str, str]


def file_questions(
    month: Month, claims: Claims, refused: Refused, programme: Programme
) -> dict[str, Any]:
    """`files`: a line a pair of files, what is open first; `files_open`: how many of them are.

    Answers given stand in the new workbook, so that dropping it in over the old one loses none; why one
    was not taken stands beside it.
    """
    given = _given(month)
    lines = []
    for pair, own in _by_pair(claims.files.to_pylist()).items():
        answer = given.get((own[0]["answer_file"], own[0]["answer_row"])) or _of_pair(
            pair, given.values()
        )
        lines.append(_question(own, answer, refused, programme))
    lines.sort(key=lambda line: not line["open"])
    return {
        "files": [{**line, "seq": n} for n, line in enumerate(lines, 1)],
        "files_open": sum(line["open"] for line in lines),
    }


def file_answers(
    month: Month, claims: Claims, refused: Refused, programme: Programme
) -> list[dict[str, str]]:
    """For the page: what was answered of which files, and what became of it."""
    by_answer: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for line in claims.files.to_pylist():
        by_answer.setdefault((line["answer_file"], line["answer_row"]), []).append(line)
    found = []
    for key, answer in _given(month).items():
        own = by_answer.get(key, [])
        about = f"{_units(own, programme)}：" if own else ""
        changed = own[0]["changed"] if own else ""
        state = refused.get(key) or (
            f"重新裁定：文件{changed}有变化"
            if changed
            else "已采用"
            if own
            else "未用到：两份文件已不并存"
        )
        found.append(
            {"who": f"{about}甲 {answer['file_a']}，乙 {answer['file_b']}",
             "what": _WORDS[answer["verdict"]], "reason": answer["reason"],
             "decided_by": answer["decided_by"], "state": state}
        )  # fmt: skip
    return found


def _given(month: Month) -> dict[tuple[str, int], Mapping[str, Any]]:
    """The answers by file and line, those of the newest workbook last."""
    lines = month.table("file_answers").to_pylist()
    lines.sort(key=lambda line: (line["period"], line["file"], line["row"]))
    return {(line["file"], line["row"]): line for line in lines}


def _by_pair(lines: Iterable[Mapping[str, Any]]) -> dict[Pair, list[Mapping[str, Any]]]:
    pairs: dict[Pair, list[Mapping[str, Any]]] = {}
    for line in lines:
        pairs.setdefault((line["file_a"], line["file_b"]), []).append(line)
    return pairs


def _of_pair(pair: Pair, answers: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """An answer about these files that was not taken, to stand in the workbook with the reason."""
    own = [a for a in answers if {a["file_a"], a["file_b"]} == set(pair)]
    return own[-1] if own else None


def _question(
    lines: list[Mapping[str, Any]],
    answer: Mapping[str, Any] | None,
    refused: Refused,
    programme: Programme,
) -> dict[str, Any]:
    first = lines[0]
    kinds = dict.fromkeys(programme.kind[line["kind"]].label for line in lines)
    differs = {(programme.kind[line["kind"]].label, line["differs"]): None for line in lines}
    several = len(kinds) > 1
    return {
        "unit": _units(lines, programme),
        "kinds": "、".join(kinds),
        "period": first["period"],
        **{word: first[word] for word in ("file_a", "file_b", "filed_on_a", "filed_on_b")},
        **{word: sum(line[word] for line in lines) for word in _SUMMED},
        "differs": "；".join(f"{kind}：{text}" if several else text for kind, text in differs),
        "now": _NOW[first["stands"]],
        "answer": _answered(answer, first),
        "reason": answer["reason"] if answer else "",
        "decided_by": answer["decided_by"] if answer else "",
        "refused": refused.get((answer["file"], answer["row"]), "") if answer else "",
        "again": f"重新裁定：文件{first['changed']}有变化" if first["changed"] else "",
        "fingerprint": f"{first['digest_a']};{first['digest_b']}",
        "open": any(line["open"] for line in lines),
    }


def _answered(answer: Mapping[str, Any] | None, line: Mapping[str, Any]) -> str:
    """The answer in the words of this workbook, where the two files may have changed places."""
    if answer is None:
        return ""
    verdict = answer["verdict"]
    turned = line["file_a"] == answer["file_b"] or (
        answer["digest_a"] == line["digest_b"] and answer["digest_a"] != line["digest_a"]
    )
    if turned and verdict in ("a", "b"):
        verdict = "b" if verdict == "a" else "a"
    return _WORDS[verdict]


def _units(lines: Iterable[Mapping[str, Any]], programme: Programme) -> str:
    names = list(dict.fromkeys(programme.gazetteer.name(line["unit"]) for line in lines))
    shown = "、".join(names[:_MOST_UNITS])
    return shown if len(names) <= _MOST_UNITS else f"{shown}等 {len(names)} 个单位"
