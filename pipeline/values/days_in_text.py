"""Dates inside a longer text, in digits or in Chinese numerals: 填报日期：二〇一八年十一月二十八日 审核人…"""

from __future__ import annotations

import re
import unicodedata

from pipeline.values.dates import Day, read_day
from pipeline.values.numerals import in_digits

_LONGEST = 400  # characters; what is longer is no filing line
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2}|\d{2}(?=\s*年))\s*[年.\-/]\s*\d{1,2}(?:\s*[月.\-/]\s*\d{1,2}\s*[日号]?(?!\d)|\s*月)"
    r"|(?<!\d)20\d{6}(?!\d)"
    r"|(?<![\d年.\-/])\d{1,2}\s*月\s*\d{1,2}\s*[日号]",
    re.ASCII,
)


def days_in(text: str, year: int = 0) -> list[tuple[str, Day | None]]:
    """Every date in a text as written, in order, each with what it says; None where it is no day. One
    that leaves out the year takes that of the date before it, the first `year`, where that is known.

    >>> [(t, d and d.first.isoformat()) for t, d in days_in("2018年11月31日，11月28日改")]
    [('2018年11月31日', None), ('11月28日', '2018-11-28')]
    """
    if len(text) > _LONGEST:
        return []
    plain = in_digits(unicodedata.normalize("NFKC", text))
    found: list[tuple[str, Day | None]] = []
    known = str(year or "")
    for match in _DATE.finditer(plain):
        written = match[0]
        if match["year"] or not re.search("[月]", written[:3]):
            known = match["year"] or written[:4]
            found.append((written, read_day(written)))
        elif known:
            found.append((written, read_day(f"{known}年{written}")))
    return found
