"""Traditional characters read as simplified ones, and the traditional ones a word may be typed in (OpenCC)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from opencc import OpenCC

_STANDARDS = ("s2t", "s2tw", "s2hk")  # 裏裡, 羣群: as OpenCC, Taiwan and Hong Kong write them


def simplified(text: str) -> str:
    """The text in simplified characters; what is right in both (乾 of 乾安) stays.

    >>> simplified("填報單位：龍井市殘聯"), simplified("乾安縣")
    ('填报单位：龙井市残联', '乾安县')
    """
    return text if text.isascii() else _converter("t2s").convert(text)


def traditional_letters(words: Iterable[str]) -> frozenset[str]:
    """The characters that these simplified words are written with where they are written in traditional ones.

    >>> sorted(traditional_letters(["证件号码", "内"]))
    ['件', '內', '碼', '號', '證']
    """
    together = "\n".join(words)
    return frozenset("".join(_converter(s).convert(together) for s in _STANDARDS)) - {"\n"}


@cache
def _converter(way: str) -> OpenCC:
    return OpenCC(way)
