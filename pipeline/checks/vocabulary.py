"""The closed vocabulary of checks: each a pure function, rows and rule in, True where it holds.

A check sees whole rows (`Rows`), a column at a time. It never complains about a blank: that is
`present` and `answered` alone. Which fields a check compares is said by the rule (`field`, `other`),
never here.
"""

# mypy: disable-error-code="no-any-return"
# numpy types what a comparison of texts gives as Any

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.checks.rule import Check, Holds, Rows, Rule, Texts, Word

VOCABULARY: dict[str, Word] = {}
# checks that look at all rows of a return, which may lie in several files; the others need one row
OVER_RETURNS = frozenset({"shared_by_fewer_than"})
_UNDISPLAYABLE = re.compile("[?？□\ue000-\uf8ff\ufffd]")


def _word(
    *, numbers: tuple[str, ...] = (), texts: tuple[str, ...] = ()
) -> Callable[[Check], Check]:
    def learn(check: Check) -> Check:
        VOCABULARY[check.__name__] = Word(check, frozenset(numbers), frozenset(texts))
        return check

    return learn


def part_of_each(texts: Texts, start: int, stop: int | None = None) -> Texts:
    """Some characters of every text.

    >>> part_of_each(np.array(["2018-11-30", ""]), 0, 4).tolist()
    ['2018', '']
    """
    if texts.dtype.kind != "U":
        return np.array([text[start:stop] for text in texts.tolist()], dtype=object)
    size = texts.dtype.itemsize // 4
    stop = size if stop is None else min(stop, size)
    if start >= stop:
        return np.zeros(len(texts), "U1")
    characters = np.ascontiguousarray(texts).view("U1").reshape(len(texts), size)
    return np.ascontiguousarray(characters[:, start:stop]).view(f"U{stop - start}").reshape(-1)


def _each(texts: Texts, question: Callable[[str], object]) -> npt.NDArray[Any]:
    return np.array([question(text) for text in texts.tolist()])


def _lost(texts: Texts) -> Holds:
    """Which texts hold a character that cannot be shown; one look where none does."""
    if not _UNDISPLAYABLE.search("".join(texts.tolist())):
        return np.zeros(len(texts), bool)
    return _each(texts, lambda text: bool(_UNDISPLAYABLE.search(text)))


def _reads_without(rows: Rows, rule: Rule, fault: str) -> Holds:
    return rows.faults(rule.field) != fault


def _filled(rows: Rows, rule: Rule) -> Holds:
    return (rows.faults(rule.field) != "blank") | ~rows.held(rule.field)


@_word()
def present(rows: Rows, rule: Rule) -> Holds:
    """必填：有这一列就不能空着。"""
    return _filled(rows, rule)


@_word()
def answered(rows: Rows, rule: Rule) -> Holds:
    """有这一列就应填写。"""
    return _filled(rows, rule)


@_word()
def not_rounded(rows: Rows, rule: Rule) -> Holds:
    """16 位以上的号码不能按数字录入（Excel 只存 15 位）。"""
    return _reads_without(rows, rule, "rounded")


@_word()
def not_filled_down(rows: Rows, rule: Rule) -> Holds:
    """相邻三行以上的号码不能依次加 1（下拉填充）。"""
    return ~rows.filled_down(rule.field)


@_word()
def sound_length(rows: Rows, rule: Rule) -> Holds:
    """身份证号为 18 位。"""
    return _reads_without(rows, rule, "length")


@_word()
def sound_characters(rows: Rows, rule: Rule) -> Holds:
    """身份证号前 17 位为数字，末位为数字或 X。"""
    return _reads_without(rows, rule, "characters")


@_word()
def sound_date(rows: Rows, rule: Rule) -> Holds:
    """身份证号第 7 至 14 位为真实日期。"""
    return _reads_without(rows, rule, "date")


@_word()
def sound_checksum(rows: Rows, rule: Rule) -> Holds:
    """身份证号末位与前 17 位相符（GB 11643）。"""
    return _reads_without(rows, rule, "checksum")


@_word()
def readable(rows: Rows, rule: Rule) -> Holds:
    """填写的内容能读出来。"""
    return _reads_without(rows, rule, "unreadable")


@_word()
def without_doubt(rows: Rows, rule: Rule) -> Holds:
    """日期写得完整，没有第二种读法。"""
    return _reads_without(rows, rule, "doubtful")


@_word()
def known_word(rows: Rows, rule: Rule) -> Holds:
    """填写的词在代码表中。"""
    return _reads_without(rows, rule, "unknown")


@_word()
def dialable(rows: Rows, rule: Rule) -> Holds:
    """电话号码能拨通：11 位手机号或固定电话。"""
    return _reads_without(rows, rule, "undialable")


@_word()
def displayable(rows: Rows, rule: Rule) -> Holds:
    """没有“?”、方框等丢失或无法显示的字。"""
    # as filed: reading drops what cannot be seen
    return ~_lost(rows.texts(rule.field))


@_word(numbers=("least", "most"))
def length_between(rows: Rows, rule: Rule) -> Holds:
    """填写的字数在规定范围内。"""
    length = _each(rows.values(rule.field), len)
    return ((length >= rule.number("least")) & (length <= rule.number("most"))) | (length == 0)


@_word(texts=("ending",))
def not_ending_with(rows: Rows, rule: Rule) -> Holds:
    """号码不以指定的几位结尾。"""
    ending = rule.text("ending")
    return ~_each(rows.values(rule.field), lambda text: text.endswith(ending))


@_word(texts=("beginning",))
def beginning_with(rows: Rows, rule: Rule) -> Holds:
    """号码以指定的几位开头。"""
    values, beginning = rows.values(rule.field), rule.text("beginning")
    return _each(values, lambda text: text.startswith(beginning)) | (values == "")


@_word(texts=("other",))
def woman(rows: Rows, rule: Rule) -> Holds:
    """性别栏和身份证号第 17 位都不是男。"""
    digit = part_of_each(rows.values(rule.text("other")), 16, 17)
    return (rows.values(rule.field) != "1") & ~np.isin(digit, ["1", "3", "5", "7", "9"])


@_word()
def not_answered_no(rows: Rows, rule: Rule) -> Holds:
    """没有填“否”。"""
    return rows.values(rule.field) != "no"


@_word(texts=("other",))
def same_person(rows: Rows, rule: Rule) -> Holds:
    """残疾人证号前 18 位就是身份证号。"""
    first18 = part_of_each(rows.values(rule.field), 0, 18)
    number = rows.values(rule.text("other"))
    return (first18 == number) | (first18 == "") | (number == "")


@_word(texts=("other",))
def not_before(rows: Rows, rule: Rule) -> Holds:
    """这个日期不早于另一个日期，按填写的精度比较。"""
    last, earlier = rows.lasts(rule.field), rows.values(rule.text("other"))
    return (last >= earlier) | (last == "") | (earlier == "")


@_word(texts=("other",))
def within_period(rows: Rows, rule: Rule) -> Holds:
    """两个日期都不晚于报告期末，按填写的精度比较。"""
    end = rows.period_ends()
    return (rows.values(rule.field) <= end) & (rows.values(rule.text("other")) <= end)


@_word(texts=("other",))
def agrees_with_certificate(rows: Rows, rule: Rule) -> Holds:
    """残疾类别、等级与残疾人证号第 19、20 位一致。"""
    values, written = rows.values(rule.field), rows.derived(rule.field, rule.text("other"))
    return (values == written) | (values == "") | (written == "")


@_word(texts=("other",))
def same_birth(rows: Rows, rule: Rule) -> Holds:
    """出生日期与身份证号一致，按填写的精度比较。"""
    first, last = rows.values(rule.field), rows.lasts(rule.field)
    of_id = rows.births(rule.text("other"))
    return ((first <= of_id) & (of_id <= last)) | (first == "") | (of_id == "")


@_word(numbers=("least", "most"))
def age_between(rows: Rows, rule: Rule) -> Holds:
    """开始时的周岁年龄在规定范围内。"""
    age = rows.ages(rule.field)
    return np.isnan(age) | ((age >= rule.number("least")) & (age <= rule.number("most")))


@_word()
def begun_in_return_year(rows: Rows, rule: Rule) -> Holds:
    """开始的年度就是报表的年度。"""
    values = rows.values(rule.field)
    return (part_of_each(values, 0, 4) == rows.years()) | (values == "")


@_word(numbers=("most",))
def shared_by_fewer_than(rows: Rows, rule: Rule) -> Holds:
    """同一份报表中，同一内容（如电话）不登记给过多的人。"""
    return (rows.sharing(rule.field) < rule.number("most")) | (rows.values(rule.field) == "")
