"""What must not be seen in full: numbers that tell a person."""

from __future__ import annotations

import re

_LONG_NUMBER = re.compile(
    r"\d{7,}[\dXx]*"
)  # of any script: a mask is to hide too much, not too little


def mask_id(number: str) -> str:
    """An ID or certificate number with its middle hidden; what belongs to the county stays hidden.

    >>> mask_id("220122197803050244")
    '220***********0244'
    """
    return f"{number[:3]}{'*' * max(len(number[:18]) - 7, 3)}{number[14:18]}" if number else ""


def mask_digits(text: str) -> str:
    """Free text in which every run of seven or more digits is hidden, for messages and logs.

    >>> mask_digits("见220122197803050244号")
    '见220******号'
    """
    return _LONG_NUMBER.sub(lambda m: m[0][:3] + "******", text)
