"""Any number with identity, as typed -> as it is compared."""

from __future__ import annotations

import re

from pipeline.values import compact

_LOOKS_LIKE_X = str.maketrans({"x": "X", "Х": "X", "х": "X", "×": "X", "Χ": "X", "χ": "X"})
_PUNCTUATION = re.compile(r"[\s'\"`‘’“”′.,，。、·\-‐‑‒–—_]")
# what is written before or behind a number and is none of it: 身份证号：…, =…, …;
_AROUND = re.compile(
    r"^=|^(?:居民|公民|第?二代)?(?:身份号码?|(?:身份证|残疾人?证|证件|证)(?:件?号码?|编号)?)[::]?(?=\d)|[;；!！]$|\((?:身份证|残疾人?证)(?:号码?)?\)$"
)


def compact_no(text: str) -> str:
    """A number as typed -> its digits and letters only, upper case; what is wrong stays wrong.

    >>> compact_no(" '220122 19780305 0244")
    '220122197803050244'
    >>> compact_no("２２０６２１１９６５１０１２２２８ｘ")
    '22062119651012228X'
    >>> compact_no("身份证号：220122197803050244"), compact_no('="220122197803050244"'), compact_no("无证号")
    ('220122197803050244', '220122197803050244', '无证号')
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = _AROUND.sub("", _PUNCTUATION.sub("", compact(text)))
    return plain.upper().translate(_LOOKS_LIKE_X)
