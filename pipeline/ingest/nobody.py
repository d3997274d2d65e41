"""What a roster says in a person's place: that there is nobody (零报告), or nobody new (本月无新增)."""

from __future__ import annotations

from pipeline.programme import Programme
from pipeline.values import compact, fold

_LONGEST = 30  # characters; what is longer says more than that


def says_nil_word(text: str, programme: Programme) -> bool:
    """零报告, 无 or another of the programme's words for nobody."""
    return fold(text) in programme.words["nil"] or "零报告" in compact(text)


def says_nothing_new(text: str, programme: Programme) -> bool:
    """One of the programme's words for nothing new, in a short text."""
    said = fold(text)
    return len(said) <= _LONGEST and any(word in said for word in programme.words["nothing_new"])


def says_nobody(text: str, programme: Programme) -> bool:
    """Either: no name."""
    return says_nil_word(text, programme) or says_nothing_new(text, programme)
