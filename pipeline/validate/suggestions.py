"""What a faulty cell might have meant, with the evidence; offered to the filer, never applied by us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks import Rule
from pipeline.numbers import check_digit, compact_no, id_fault
from pipeline.programme import Derivation, Field
from pipeline.validate.typed import TypedRows
from pipeline.values import compact, fold, possible_days

_LONGEST_WORD = 40  # characters; what is longer is no word of a list
_SHORTEST_TO_COMPARE = 3  # one letter off in a word of two proves nothing


class Suggestion(NamedTuple):
    """The bare value to type, or nothing where there are several; and why it is thought of."""

    value: str = ""
    evidence: str = ""


def suggest(rule: Rule, rows: TypedRows, at: int) -> Suggestion:
    """A suggestion for the cell of a finding, or an empty one; `at` is the row, from 0."""
    field = rows.programme.field[rule.field]
    by_check = _BY_CHECK.get(rule.check)
    if by_check:
        return by_check(rule, rows, at)
    if field.kind == "id" and rule.tier == "cell":
        return _number(rule, rows, at)
    if field.kind == "certificate" and rule.tier == "cell":
        return _composed(field, rows, at)
    if field.kind == "day" and rule.check == "readable":
        return _day(rows.columns[rule.field].texts[at])
    return Suggestion()


def _value(rows: TypedRows, field: str, at: int) -> str:
    return str(rows.columns[field].values[at]) if field in rows.columns else ""


def _number(rule: Rule, rows: TypedRows, at: int) -> Suggestion:
    """An ID number from what it is derived from, from the birth date, or from an old one of 15 digits."""
    field, column = rows.programme.field[rule.field], rows.columns[rule.field]
    if field.derive is not None and column.letters:
        derived = field.derive.apply(_value(rows, field.derive.source, at))
        if derived and not id_fault(derived):
            source = rows.programme.field[field.derive.source].label
            return Suggestion(
                derived, f"{source}{_digits(field.derive)}，校验正确，请对照证件核对后填写"
            )
    number = compact_no(column.texts[at])
    if len(number) == 15 and number.isascii() and number.isdigit():
        whole = f"{number[:6]}19{number[6:]}"
        if not id_fault(whole := whole + check_digit(whole)):
            return Suggestion(whole, "15 位老号码升为 18 位，请对照证件核对后填写")
    return _born_as_filed(number, field, rows, at)


def _born_as_filed(number: str, field: Field, rows: TypedRows, at: int) -> Suggestion:
    """An ID number of 18 whose birth date is that of a column of its own."""
    for birth in rows.programme.fields_of(rows.kind.name):
        derive = birth.derive
        if birth.kind != "birth" or derive is None or derive.source != field.name:
            continue
        born = _value(rows, birth.name, at)
        if len(number) == 18 and born and born == str(rows.lasts(birth.name)[at]):
            mended = number[: derive.start] + born.replace("-", "") + number[derive.stop :]
            if mended != number and not id_fault(mended):
                where = f"{_digits(derive)}按{birth.label}栏改后校验相符"
                return Suggestion(mended, f"{where}，请对照证件核对后填写")
    return Suggestion()


def _digits(derive: Derivation) -> str:
    """Which characters, counted from 1 as people do.

    >>> from pipeline.programme.derivations import read_derivation
    >>> _digits(read_derivation("a[:18]")), _digits(read_derivation("a[6:14]"))
    ('前 18 位', '第 7 至 14 位')
    """
    if derive.start == 0:
        return f"前 {derive.stop} 位"
    if derive.stop == derive.start + 1:
        return f"第 {derive.stop} 位"
    return f"第 {derive.start + 1} 至 {derive.stop or '末'} 位"


def _composed(field: Field, rows: TypedRows, at: int) -> Suggestion:
    """A number put together from the fields derived from it, where each has a sound cell of its own."""
    parts = [
        (f.derive, f)
        for f in rows.programme.fields_of(rows.kind.name)
        if f.derive is not None and f.derive.source == field.name and not f.derive.by_parity
    ]
    number = ""
    labels: list[str] = []
    for derive, part in sorted(parts, key=lambda pair: pair[0].start):
        value = _value(rows, part.name, at)
        if derive.start != len(number) or not value:
            return Suggestion()
        if derive.start and not rows.columns[part.name].letters:
            return Suggestion()
        number, labels = number + value, [*labels, part.label]
    if len(labels) < 2:
        return Suggestion()
    return Suggestion(number, f"{'、'.join(labels)}连写，请对照证件核对后填写")


def _day(text: str) -> Suggestion:
    """One other reading is a value, several are only named."""
    days = possible_days(text)
    if len(days) == 1:
        return Suggestion(days[0], f"“{text}”可能是 {days[0]}，请核对后填写")
    return Suggestion("", f"“{text}”可能是 {' 或 '.join(days)}，请核对后填写" if days else "")


def _word(rule: Rule, rows: TypedRows, at: int) -> Suggestion:
    """The one word of the code list that sounds the same, or is one character off."""
    programme, field = rows.programme, rows.programme.field[rule.field]
    text = rows.columns[rule.field].texts[at]
    if len(text) > _LONGEST_WORD:
        return Suggestion()
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


def _of_certificate(rule: Rule, rows: TypedRows, at: int) -> Suggestion:
    """What the number's own digits say of a field."""
    field, other = rows.programme.field[rule.field], rule.text("other")
    code = field.derive.apply(_value(rows, other, at)) if field.derive else ""
    label = rows.programme.code_labels[field.codes].get(code, "")
    source = rows.programme.field[other].label
    return Suggestion(label, f"{source}写的是{label}，请对照证件核对")


def _of_number(rule: Rule, rows: TypedRows, at: int) -> Suggestion:
    """The birth date an ID number says."""
    number = _value(rows, rule.text("other"), at)
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return Suggestion(
        born, f"{rows.programme.field[rule.text('other')].label}第 7 至 14 位，请对照证件核对"
    )


def _nothing(rule: Rule, rows: TypedRows, at: int) -> Suggestion:
    return Suggestion()


_BY_CHECK: Mapping[str, Callable[[Rule, TypedRows, int], Suggestion]] = {
    "known_word": _word,
    "agrees_with_certificate": _of_certificate,
    "same_birth": _of_number,
    "not_filled_down": _nothing,
    "not_ending_with": _nothing,
}
