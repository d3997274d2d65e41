"""Dates whose numbers are Chinese numerals: 二〇一八年九月一日."""

from __future__ import annotations

import re

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_ONES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"元": 1, "正": 1}
_ZEROS = "〇○◯零ОΟOoо0"
_YEAR = re.compile(
    rf"(?<![{_ZEROS}一二三四五六七八九])(?:[二一][{_ZEROS}一二三四五六七八九]{{3}}|[一二][一二三四五六七八九])(?=\s*年)"
)
_MONTH_OR_DAY = re.compile(
    r"(?:[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|初?[元正一二三四五六七八九])(?=\s*[月日号])"
)
_DOTTED = re.compile(
    rf"([二一][{_ZEROS}一二三四五六七八九]{{3}})([.、/-])([一二三四五六七八九十廿卅]{{1,3}})\2([一二三四五六七八九十廿卅]{{1,3}})"
)
_SMALL = re.compile(
    r"[一二三四五六七八九]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九]"
)
_NUMERALS = re.compile(
    r"[二一].{3}[.、/-]|[一二三四五六七八九十壹贰元正廿卅][^年月日号]{0,3}[年月日号]"
)


def in_digits(text: str) -> str:
    """The text with the Chinese numerals of its dates as digits.

    >>> in_digits("二〇一八年十一月二十八日"), in_digits("二○一八年元月三十日"), in_digits("一八年九月一日")
    ('2018年11月28日', '2018年1月30日', '18年9月1日')
    """
    if not _NUMERALS.search(text):
        return text
    plain = text.translate(_FORMAL)
    if match := _DOTTED.fullmatch(plain):
        plain = f"{match[1]}年{match[3]}月{match[4]}日"
    found = _YEAR.sub(lambda m: "".join("0" if c in _ZEROS else str(_ONES[c]) for c in m[0]), plain)
    return _MONTH_OR_DAY.sub(lambda m: str(_number(m[0])), found)


def _number(numeral: str) -> int:
    spelled = numeral.replace("廿", "二十").replace("卅", "三十").replace("初", "")
    if "十" not in spelled:
        return _ONES[spelled]
    tens, _, ones = spelled.partition("十")
    return 10 * (_ONES[tens] if tens else 1) + (_ONES[ones] if ones else 0)


def read_numeral(text: str) -> int | None:
    """A number below a hundred in Chinese numerals, plain or formal; None for anything else.

    >>> read_numeral("十二"), read_numeral("伍"), read_numeral("廿一"), read_numeral("若干")
    (12, 5, 21, None)
    """
    plain = text.translate(_FORMAL).replace("两", "二")
    return _number(plain) if _SMALL.fullmatch(plain) else None
