"""How alike two headers are, and what stands round one that says nothing of it: a second language, a hint."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.ingest.recognition import weights
from pipeline.ingest.recognition.endings import says_finish, says_start
from pipeline.ingest.recognition.sounds import initials, sound

# a second language beside the Chinese: English, and Korean in the border counties
_ELSEWHERE = re.compile(r"[a-z]{2,}[a-z /_.-]*|[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+")
_BRACKETED = re.compile(r"[(【\[〔][^()【】\[\]〔〕]*[)】\]〕]")
_PART = re.compile(r"[前后末尾][一二三四五六七八九十\d]{1,3}位")  # (后四位): not the whole number
LOOSE = "/|-·.:,、* "  # signs that may be left at the ends of a header
LIKE = "像"
_LEAST_INSIDE, _TELLS_MUCH = (
    2,
    3,
)  # characters of a known header that counts as standing inside another


def pairs(text: str) -> frozenset[str]:
    """The characters of a text two by two; a lone one as it is."""
    return frozenset(a + b for a, b in pairwise(text)) or frozenset(filter(None, [text]))


def in_chinese(text: str) -> str:
    """Two languages in one header: 姓名Name, 身份证号/ID No, 성명姓名."""
    chinese = _ELSEWHERE.sub("", text).replace("()", "")
    return chinese.strip(LOOSE) if len(chinese) != len(text) else text


def without_hint(text: str) -> str:
    """A header without what stands in brackets, unless that tells a start from a finish, 上课时间(起),
    or a part from the whole, 身份证号(后四位)."""
    return _BRACKETED.sub(lambda m: m[0] if _tells_end(m[0]) or _PART.search(m[0]) else "", text)


def _tells_end(text: str) -> bool:
    return says_start(text) != says_finish(text)


@lru_cache(maxsize=65536)
def likeness(header: str, known: str) -> tuple[float, str]:
    """How much a header's likeness to a known one says, and in which way they are alike."""
    if not header or not known:
        return 0.0, ""
    if len(header) == len(known) and sound(header) == sound(known):
        return weights.SOUNDS_KNOWN, "读音同" if header != known else "改去错字、修饰后是"
    if header.isascii():
        return (weights.SPELT_KNOWN, "是拼音") if _spells(header, known) else (0.0, "")
    shorter, longer = sorted((header, known), key=len)
    ratio = fuzz.ratio(header, known) / 100
    if len(shorter) >= _LEAST_INSIDE and shorter in longer:
        # a whole word of ours in a longer header says more than a part of ours that stands alone
        least = 0.6 if shorter == known and len(known) >= _TELLS_MUCH else 0.4
        inside = weights.HOLDS_KNOWN * (least + (1 - least) * len(shorter) / len(longer))
        # the noun stands at the end: 学员身份证号码 is a number, 身份证复印件 is not
        if not longer.endswith(shorter):
            inside *= 0.9 if shorter == known and longer.startswith(known) else 0.8
        return inside, "含有"
    if ratio < weights.ALIKE_FROM:
        return 0.0, ""
    part = (ratio - weights.ALIKE_FROM) / (1 - weights.ALIKE_FROM)
    return weights.ALIKE_MOST * part, LIKE


def _spells(header: str, known: str) -> bool:
    """Whether a header is a known one in Latin letters, each syllable whole or its first letter alone.

    >>> _spells("xingming", "姓名"), _spells("sfzh", "身份证号"), _spells("sf", "身份证号"), _spells("h", "号")
    (True, True, False, False)
    """
    if not header.isalpha() or len(header) < _LEAST_INSIDE or known.isascii():
        return False
    return header in (initials(known), sound(known).replace(" ", ""))
