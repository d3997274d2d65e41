"""Dates inside a longer text, in digits or in Chinese numerals: 填报日期：二〇一八年十一月二十八日 审核人…"""

from __future__ import annotations

import re
import unicodedata

from pipeline.values.dates import Day, read_day

_LONGEST = 400  # characters; what is longer is no filing line
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2}|\d{2}(?=\s*年))\s*[年.\-/]\s*\d{1,2}(?:\s*[月.\-/]\s*\d{1,2}\s*[日号]?(?!\d)|\s*月)"
    r"|(?<!\d)20\d{6}(?!\d)"
    r"|(?<![\d年.\-/])\d{1,2}\s*月\s*\d{1,2}\s*[日号]",
    re.ASCII,
)
_ONES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"元": 1, "正": 1}
_ZEROS = "〇○◯零ОΟOoо0"
_YEAR = re.compile(
    rf"(?<![{_ZEROS}一二三四五六七八九])[二一][{_ZEROS}一二三四五六七八九]{{3}}(?=\s*年)"
)
_MONTH_OR_DAY = re.compile(
    r"(?:[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|[元正一二三四五六七八九])(?=\s*[月日号])"
)


def in_digits(text: str) -> str:
    """The text with the Chinese numerals of its dates as digits.

    >>> in_digits("二〇一八年十一月二十八日"), in_digits("二○一八年元月三十日")
    ('2018年11月28日', '2018年1月30日')
    """
    found = _YEAR.sub(lambda m: "".join("0" if c in _ZEROS else str(_ONES[c]) for c in m[0]), text)
    return _MONTH_OR_DAY.sub(lambda m: str(_number(m[0])), found) if found != text else text


def _number(numeral: str) -> int:
    spelled = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" not in spelled:
        return _ONES[spelled]
    tens, _, ones = spelled.partition("十")
    return 10 * (_ONES[tens] if tens else 1) + (_ONES[ones] if ones else 0)


def days_in(text: str) -> list[tuple[str, Day | None]]:
    """Every date in a text as written, in order, each with what it says; None where it is no day. One
    that leaves out the year takes that of the date before it.

    >>> [(t, d and d.first.isoformat()) for t, d in days_in("2018年11月31日，11月28日改")]
    [('2018年11月31日', None), ('11月28日', '2018-11-28')]
    """
    if len(text) > _LONGEST:
        return []
    plain = in_digits(unicodedata.normalize("NFKC", text))
    found: list[tuple[str, Day | None]] = []
    year = ""
    for match in _DATE.finditer(plain):
        written = match[0]
        if match["year"] or not re.search("[月]", written[:3]):
            year = match["year"] or written[:4]
            found.append((written, read_day(written)))
        elif year:
            found.append((written, read_day(f"{year}年{written}")))
    return found
