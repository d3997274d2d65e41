"""Days whose month is an English word, as an English Excel writes them: 1-Sep-18, Sep 1, 2018."""

from __future__ import annotations

import re

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_NAMES)})[a-z]{{0,6}}"
_SIGN = r"[\s,./-]*"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)?\d{2})"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[\s,.]+)?"
_ORDERS = tuple(
    re.compile(_WEEKDAY + _SIGN.join(parts), re.ASCII | re.IGNORECASE)
    for parts in ((_DAY, _MONTH, _YEAR), (_MONTH, _DAY, _YEAR), (_YEAR, _MONTH, _DAY))
)
_LETTER = re.compile("[a-zA-Z]{3}")


def in_english(text: str) -> str:
    """A day with an English month as 2018-9-1; any other text as it is.

    >>> in_english("1-Sep-18"), in_english("Sep 1, 2018"), in_english("Sat Sep 01 2018"), in_english("待定")
    ('18-9-1', '2018-9-1', '2018-9-1', '待定')
    """
    if not _LETTER.search(text):
        return text
    for order in _ORDERS:
        if match := order.fullmatch(text):
            month = _NAMES.index(match["month"].lower()) + 1
            return f"{match['year']}-{month}-{int(match['day'])}"
    return text
