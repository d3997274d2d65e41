"""The closed vocabulary of checks: each a pure function, rows and rule in, True where it holds.

`rows` is the typed frame of validate: for every field `f` a value, `f.fault` (what reading found
wrong, or nothing) and `f.at` (the Excel letters, empty where the sheet has no such column). A check
never complains about a blank: that is `present` and `answered` alone. Which fields a check compares
is said by the rule (`field`, `other`), never here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipeline.model import Severity

if TYPE_CHECKING:
    import pandas as pd

# a row, or the rows of a small roster, as they would be typed: field -> text, number or date
Example = tuple[Mapping[str, object], ...]


@dataclasses.dataclass(frozen=True)
class Rule:
    """One rule of a programme: what is checked, where it is reported, and in which words."""

    code: str
    severity: Severity
    message: str
    source: str
    check: str = ""
    tier: str = ""
    field: str = ""
    at: tuple[str, ...] = ()
    on: tuple[str, ...] = ()  # kinds of roster; empty: every kind that has the field
    title: str = ""
    since: str = ""  # first and last period in which the rule holds, as 2019 or 2019-03
    until: str = ""
    options: Mapping[str, object] = dataclasses.field(default_factory=dict)
    ok: tuple[Example, ...] = ()
    bad: tuple[Example, ...] = ()

    def number(self, option: str) -> int:
        """A whole-number parameter of the rule."""
        return int(str(self.options[option]))

    def text(self, option: str) -> str:
        """A parameter of the rule in words: the name of the other field, the ending of a number."""
        return str(self.options[option])

    def worded(self, quoted: str = "{value}") -> str:
        """The message with what the cell says and the rule's own numbers in it."""
        message = self.message.replace("{value}", quoted)
        for name, value in self.options.items():
            message = message.replace(f"{{{name}}}", str(value))
        return message

    def in_force(self, period: str) -> bool:
        """Whether the rule holds for returns of a period.

        >>> rule = Rule("R99", Severity.ERROR, "", "", since="2019", until="2019-06")
        >>> [rule.in_force(p) for p in ("2018-12", "2019-01", "2019-06", "2019-07")]
        [False, True, True, False]
        """
        late_enough = period[: len(self.since)] >= self.since
        return late_enough and (not self.until or period[: len(self.until)] <= self.until)


Check = Callable[["pd.DataFrame", Rule], "pd.Series"]


@dataclasses.dataclass(frozen=True)
class Word:
    """One word of the vocabulary, and which options a rule that uses it must give."""

    check: Check
    numbers: frozenset[str]  # options that are whole numbers
    texts: frozenset[str]  # options in words; `other` names a field

    @property
    def meaning(self) -> str:
        """What the check demands, in Chinese, for the rulebook."""
        return (self.check.__doc__ or "").strip()


VOCABULARY: dict[str, Word] = {}


def _word(
    *, numbers: tuple[str, ...] = (), texts: tuple[str, ...] = ()
) -> Callable[[Check], Check]:
    def learn(check: Check) -> Check:
        VOCABULARY[check.__name__] = Word(check, frozenset(numbers), frozenset(texts))
        return check

    return learn


def _reads_without(rows: pd.DataFrame, rule: Rule, fault: str) -> pd.Series:
    return rows[f"{rule.field}.fault"] != fault


def _there(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    return (rows[f"{rule.field}.fault"] != "blank") | (rows[f"{rule.field}.at"] == "")


@_word()
def present(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """必填：有这一列就不能空着。"""
    return _there(rows, rule)


@_word()
def answered(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """有这一列就应填写。"""
    return _there(rows, rule)


@_word()
def not_rounded(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """16 位以上的号码不能按数字录入（Excel 只存 15 位）。"""
    return _reads_without(rows, rule, "rounded")


@_word()
def not_filled_down(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """相邻三行以上的号码不能依次加 1（下拉填充）。"""
    return ~rows[f"{rule.field}.filled_down"].astype(bool)


@_word()
def sound_length(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """身份证号为 18 位。"""
    return _reads_without(rows, rule, "length")


@_word()
def sound_characters(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """身份证号前 17 位为数字，末位为数字或 X。"""
    return _reads_without(rows, rule, "characters")


@_word()
def sound_date(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """身份证号第 7 至 14 位为真实日期。"""
    return _reads_without(rows, rule, "date")


@_word()
def sound_checksum(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """身份证号末位与前 17 位相符（GB 11643）。"""
    return _reads_without(rows, rule, "checksum")


@_word()
def readable(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """填写的内容能读出来。"""
    return _reads_without(rows, rule, "unreadable")


@_word()
def without_doubt(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """日期写得完整，没有第二种读法。"""
    return _reads_without(rows, rule, "doubtful")


@_word()
def known_word(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """填写的词在代码表中。"""
    return _reads_without(rows, rule, "unknown")


@_word()
def dialable(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """电话号码能拨通：11 位手机号或固定电话。"""
    return _reads_without(rows, rule, "undialable")


@_word()
def displayable(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """没有“?”、方框等丢失或无法显示的字。"""
    # as filed: reading drops what cannot be seen
    return ~rows[f"{rule.field}.text"].str.contains("[?？□\ue000-\uf8ff\ufffd]", regex=True)


@_word(numbers=("least", "most"))
def length_between(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """填写的字数在规定范围内。"""
    length = rows[rule.field].str.len()
    return ((length >= rule.number("least")) & (length <= rule.number("most"))) | (length == 0)


@_word(texts=("ending",))
def not_ending_with(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """号码不以指定的几位结尾。"""
    return ~rows[rule.field].str.endswith(rule.text("ending"))


@_word(texts=("beginning",))
def beginning_with(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """号码以指定的几位开头。"""
    return rows[rule.field].str.startswith(rule.text("beginning")) | (rows[rule.field] == "")


@_word(texts=("other",))
def woman(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """性别栏和身份证号第 17 位都不是男。"""
    digit = rows[rule.text("other")].str[16:17]
    return (rows[rule.field] != "1") & ~digit.isin(["1", "3", "5", "7", "9"])


@_word()
def not_answered_no(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """没有填“否”。"""
    return rows[rule.field] != "no"


@_word(texts=("other",))
def same_person(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """残疾人证号前 18 位就是身份证号。"""
    first18, number = rows[rule.field].str[:18], rows[rule.text("other")]
    return (first18 == number) | (first18 == "") | (number == "")


@_word(texts=("other",))
def not_before(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """这个日期不早于另一个日期，按填写的精度比较。"""
    last, earlier = rows[f"{rule.field}.last"], rows[rule.text("other")]
    return (last >= earlier) | (last == "") | (earlier == "")


@_word(texts=("other",))
def within_period(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """两个日期都不晚于报告期末，按填写的精度比较。"""
    end = rows["period_end"]
    return (rows[rule.field] <= end) & (rows[rule.text("other")] <= end)


@_word(texts=("other",))
def agrees_with_certificate(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """残疾类别、等级与残疾人证号第 19、20 位一致。"""
    written = rows[f"{rule.text('other')}.{rule.field}"]
    return (rows[rule.field] == written) | (rows[rule.field] == "") | (written == "")


@_word(texts=("other",))
def same_birth(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """出生日期与身份证号一致，按填写的精度比较。"""
    first, last = rows[rule.field], rows[f"{rule.field}.last"]
    of_id = rows[f"{rule.text('other')}.birth"]
    return ((first <= of_id) & (of_id <= last)) | (first == "") | (of_id == "")


@_word(numbers=("least", "most"))
def age_between(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """开始时的周岁年龄在规定范围内。"""
    age = rows["age_at_start"]
    return age.isna() | ((age >= rule.number("least")) & (age <= rule.number("most")))


@_word()
def begun_in_return_year(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """开始的年度就是报表的年度。"""
    return (rows[rule.field].str[:4] == rows["year"]) | (rows[rule.field] == "")


@_word(numbers=("most",))
def shared_by_fewer_than(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """同一份报表中，同一内容（如电话）不登记给过多的人。"""
    persons = rows.groupby(["unit", "kind", "year", rule.field])["person"].transform("nunique")
    return (persons < rule.number("most")) | (rows[rule.field] == "")
