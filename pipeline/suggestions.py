"""What a faulty cell might have meant, with the evidence; offered to the filer, never applied by us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.checks import Rule
from pipeline.numbers import check_digit, compact_no, id_fault
from pipeline.programme import Programme
from pipeline.values import compact, fold, possible_days

Row = Mapping[Any, Any]
_SHORTEST_TO_COMPARE = 3  # one letter off in a word of two proves nothing


class Suggestion(NamedTuple):
    """The bare value to type, or nothing where there are several; and why it is thought of."""

    value: str = ""
    evidence: str = ""


def suggest(rule: Rule, row: Row, programme: Programme) -> Suggestion:
    """A suggestion for the cell of a finding, or an empty one. `row` is a typed row."""
    field = programme.field[rule.field]
    by_check = _BY_CHECK.get(rule.check)
    if by_check:
        return by_check(rule, row, programme)
    if field.kind == "id" and rule.tier == "cell":
        return _number(rule, row)
    if field.kind == "certificate" and rule.tier == "cell":
        return _certificate(row)
    if field.kind == "day" and rule.check == "readable":
        return _day(str(row[f"{rule.field}.text"]))
    return Suggestion()


def _number(rule: Rule, row: Row) -> Suggestion:
    """An ID number from the certificate, from the birth date, or from an old one of 15 digits."""
    first18 = row["cert_no"][:18]
    if first18 and not id_fault(first18) and row["id_no.at"]:
        return Suggestion(first18, "残疾人证号前 18 位，校验正确，请对照身份证核对后填写")
    number = compact_no(str(row[f"{rule.field}.text"]))
    if len(number) == 15 and number.isdigit():
        whole = f"{number[:6]}19{number[6:]}"
        if not id_fault(whole := whole + check_digit(whole)):
            return Suggestion(whole, "15 位老号码升为 18 位，请对照身份证核对后填写")
    born = row.get("birth", "")
    if len(number) == 18 and born and born == row["birth.last"]:
        mended = number[:6] + born.replace("-", "") + number[14:]
        if mended != number and not id_fault(mended):
            return Suggestion(
                mended, "第 7 至 14 位按出生日期栏改后校验相符，请对照身份证核对后填写"
            )
    return Suggestion()


def _certificate(row: Row) -> Suggestion:
    number, category, grade = row["id_no"], row["category"], row["grade"]
    if number and category and grade and row["category.at"] and row["grade.at"]:
        return Suggestion(
            number + category + grade, "身份证号加残疾类别、等级，请对照残疾人证核对后填写"
        )
    return Suggestion()


def _day(text: str) -> Suggestion:
    """One other reading is a value, several are only named."""
    days = possible_days(text)
    if len(days) == 1:
        return Suggestion(days[0], f"“{text}”可能是 {days[0]}，请核对后填写")
    return Suggestion("", f"“{text}”可能是 {' 或 '.join(days)}，请核对后填写" if days else "")


def _word(rule: Rule, row: Row, programme: Programme) -> Suggestion:
    """The one word of the code list that sounds the same, or is one character off."""
    text, field = str(row[f"{rule.field}.text"]), programme.field[rule.field]
    labels = programme.code_labels[field.codes]
    codes = _alike(compact(text), tuple(programme.code_words[field.codes].items()))
    if len(codes) != 1:
        return Suggestion()
    label = labels[next(iter(codes))]
    return Suggestion(label, f"与“{label}”音同或只差一个字，请核对后填写")


@lru_cache(maxsize=2048)
def _alike(text: str, words: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """The codes of the words that sound like a text; where none does, of those one letter off."""
    from rapidfuzz.distance import Levenshtein

    sound = _sound(fold(text))
    same = frozenset(code for word, code in words if _sound(word) == sound)
    if same:
        return same
    return frozenset(
        code
        for word, code in words
        if min(len(word), len(text)) >= _SHORTEST_TO_COMPARE
        and Levenshtein.distance(word, fold(text), score_cutoff=1) <= 1
    )


@lru_cache(maxsize=4096)
def _sound(text: str) -> str:
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text))


def _of_certificate(rule: Rule, row: Row, programme: Programme) -> Suggestion:
    """What the certificate's own digits say of category or grade."""
    field = programme.field[rule.field]
    code = row[f"{rule.text('other')}.{rule.field}"]
    label = programme.code_labels[field.codes].get(code, "")
    return Suggestion(label, f"残疾人证号写的是{label}，请对照残疾人证核对")


def _of_number(rule: Rule, row: Row, programme: Programme) -> Suggestion:
    """The birth date an ID number says."""
    born = date.fromisoformat(row[f"{rule.text('other')}.birth"])
    return Suggestion(born.isoformat(), "身份证号第 7 至 14 位，请对照证件核对")


def _nothing(rule: Rule, row: Row, programme: Programme) -> Suggestion:
    return Suggestion()


_BY_CHECK: Mapping[str, Callable[[Rule, Row, Programme], Suggestion]] = {
    "known_word": _word,
    "agrees_with_certificate": _of_certificate,
    "same_birth": _of_number,
    "not_filled_down": _nothing,
    "not_ending_with": _nothing,
}
