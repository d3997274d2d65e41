"""Any number with identity, as typed -> as it is compared."""

from __future__ import annotations

import re

from pipeline.values import compact

_LOOKS_LIKE_X = str.maketrans({"x": "X", "Х": "X", "х": "X", "×": "X", "Χ": "X", "χ": "X"})
_PUNCTUATION = re.compile(r"[\s'\"`‘’“”′.,，。、·\-‐‑‒–—_]")


def compact_no(text: str) -> str:
    """A number as typed -> its digits and letters only, upper case; what is wrong stays wrong.

    >>> compact_no(" '220122 19780305 0244")
    '220122197803050244'
    >>> compact_no("２２０６２１１９６５１０１２２２８ｘ")
    '22062119651012228X'
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    return _PUNCTUATION.sub("", compact(text)).upper().translate(_LOOKS_LIKE_X)
