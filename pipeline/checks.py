"""The closed vocabulary of checks: each a pure function, rows and rule in, True where it holds.

`rows` is the typed frame of validate: for every field `f` a value, `f.fault` (what reading found
wrong, or nothing) and `f.at` (the Excel letters, empty where the sheet has no such column). A check
never complains about a blank: that is `present` and `answered` alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipeline.model import Severity

if TYPE_CHECKING:
    import pandas as pd


@dataclasses.dataclass(frozen=True)
class Rule:
    """One rule of a programme: what is checked, where it is reported, and in which words."""

    code: str
    severity: Severity
    message: str
    check: str = ""
    tier: str = ""
    field: str = ""
    at: tuple[str, ...] = ()
    source: str = ""
    title: str = ""
    options: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def number(self, option: str) -> int:
        """A whole-number parameter of the rule."""
        return int(str(self.options[option]))


Check = Callable[["pd.DataFrame", Rule], "pd.Series"]
VOCABULARY: dict[str, Check] = {}


def _word(check: Check) -> Check:
    VOCABULARY[check.__name__] = check
    return check


def _fault(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    return rows[f"{rule.field}.fault"]


@_word
def present(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """必填：有这一列就不能空着。"""
    return (_fault(rows, rule) != "blank") | (rows[f"{rule.field}.at"] == "")


@_word
def not_rounded(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """16 位以上的号码不能按数字录入（Excel 只存 15 位）。"""
    return _fault(rows, rule) != "rounded"


@_word
def not_filled_down(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """相邻三行以上的号码不能依次加 1（下拉填充）。"""
    return ~rows[f"{rule.field}.filled_down"].astype(bool)


@_word
def sound_length(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """身份证号为 18 位。"""
    return _fault(rows, rule) != "length"


@_word
def sound_characters(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """身份证号前 17 位为数字，末位为数字或 X。"""
    return _fault(rows, rule) != "characters"


@_word
def sound_date(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """身份证号第 7 至 14 位为真实日期。"""
    return _fault(rows, rule) != "date"


@_word
def sound_checksum(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """身份证号末位与前 17 位相符（GB 11643）。"""
    return _fault(rows, rule) != "checksum"


@_word
def readable(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """填写的内容能读出来。"""
    return _fault(rows, rule) != "unreadable"


@_word
def without_doubt(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """日期写得完整，没有第二种读法。"""
    return _fault(rows, rule) != "doubtful"


@_word
def known_word(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """填写的词在代码表中。"""
    return _fault(rows, rule) != "unknown"


@_word
def dialable(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """电话号码能拨通：11 位手机号或固定电话。"""
    return _fault(rows, rule) != "undialable"


@_word
def woman(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """性别栏和身份证号第 17 位都不是男。"""
    digit = rows["id_no"].str[16:17]
    return (rows[rule.field] != "1") & ~digit.isin(["1", "3", "5", "7", "9"])


@_word
def not_answered_no(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """没有填“否”。"""
    return rows[rule.field] != "no"


@_word
def answered(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """有这一列就应填写。"""
    return (_fault(rows, rule) != "blank") | (rows[f"{rule.field}.at"] == "")


@_word
def same_person(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """残疾人证号前 18 位就是身份证号。"""
    first18 = rows[rule.field].str[:18]
    return (first18 == rows["id_no"]) | (first18 == "") | (rows["id_no"] == "")


@_word
def not_before_start(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """结束不早于开始。"""
    last, start = rows[f"{rule.field}.last"], rows["start"]
    return (last >= start) | (last == "") | (start == "")


@_word
def within_period(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """开始和结束都不晚于报告期末（按填写的精度）。"""
    return (rows[rule.field] <= rows["period_end"]) & (rows["start"] <= rows["period_end"])


@_word
def agrees_with_certificate(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """残疾类别、等级与残疾人证号第 19、20 位一致。"""
    written = rows[f"certificate.{rule.field}"]
    return (rows[rule.field] == written) | (rows[rule.field] == "") | (written == "")


@_word
def same_birth(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """出生日期与身份证号一致，按填写的精度比较。"""
    first, last, of_id = rows[rule.field], rows[f"{rule.field}.last"], rows["id_no.birth"]
    return ((first <= of_id) & (of_id <= last)) | (first == "") | (of_id == "")


@_word
def age_between(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """开始时的周岁年龄在规定范围内。"""
    age = rows["age_at_start"]
    return age.isna() | ((age >= rule.number("least")) & (age <= rule.number("most")))


@_word
def begun_in_return_year(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """开始的年度就是报表的年度。"""
    return (rows[rule.field].str[:4] == rows["year"]) | (rows[rule.field] == "")


@_word
def phone_shared_by_fewer_than(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """同一份报表中，同一电话不登记给过多的人。"""
    persons = rows.groupby(["unit", "kind", "year", rule.field])["person"].transform("nunique")
    return (persons < rule.number("most")) | (rows[rule.field] == "")
