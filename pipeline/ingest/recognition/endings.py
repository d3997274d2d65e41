"""What a header begins and ends in: the noun that tells the kind of a column, and start or finish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.ingest.recognition import weights
from pipeline.ingest.recognition.weights import Evidence, Head
from pipeline.programme import Field, Programme

_AND = re.compile("[及和与、]")


def head(leaf: str, bare: str, field: Field) -> Iterator[Evidence]:
    """What the noun of a header says of a field's kind; `bare` is the header with little round it."""
    fitting = _heads_of(leaf, bare)
    if not fitting:
        return
    # 是否… speaks before any ending does
    first = max(fitting, key=lambda h: (h.begins, len(h.word)))
    alike = (h for h in fitting if (h.begins, len(h.word)) == (first.begins, len(first.word)))
    kinds = frozenset[str]().union(*(h.kinds for h in alike))
    mark = f"以“{first.word}”{'开头' if first.begins else '结尾'}，"
    if field.kind in kinds or field.kind in _of_first_part(bare):
        yield Evidence(f"{mark}写法相合", weights.HEAD_FITS)
    elif field.kind != "text" or not first.begins:
        never = first.begins and field.kind not in ("text", "code")
        yield Evidence(f"{mark}写法不合", weights.NEVER if never else weights.HEAD_AGAINST)


@lru_cache(maxsize=4096)
def _heads_of(leaf: str, bare: str) -> tuple[Head, ...]:
    return tuple(
        h
        for h in weights.HEADS
        if (bare.startswith(h.word) if h.begins else leaf.endswith(h.word) or bare.endswith(h.word))
    )


@lru_cache(maxsize=4096)
def _of_first_part(bare: str) -> frozenset[str]:
    """The kinds that go with what stands before 及: 培训时间及天数 may be a time as well."""
    first, *rest = _AND.split(bare)
    ends = [h for h in weights.HEADS if not h.begins and first.endswith(h.word)] if rest else []
    longest = max((len(h.word) for h in ends), default=0)
    return frozenset[str]().union(*(h.kinds for h in ends if len(h.word) == longest))


def end_written(leaf: str, field: Field, kind: str, programme: Programme) -> Iterator[Evidence]:
    """What a header that says start, or finish, says of the fields of either."""
    roles = programme.kind[kind].roles
    begins, ends = says_start(leaf), says_finish(leaf)
    if begins == ends or not roles.get("finish"):
        return
    for role, right, wrong in (("start", begins, ends), ("finish", ends, begins)):
        if field.name == roles.get(role):
            if right:
                yield Evidence(
                    "表头说的是开始" if role == "start" else "表头说的是结束", weights.RIGHT_END
                )
            if wrong:
                yield Evidence(
                    "表头说的是结束" if role == "start" else "表头说的是开始", weights.WRONG_END
                )


def says_start(leaf: str) -> bool:
    """Whether a header speaks of a start.

    >>> says_start("培训首日"), says_start("培训时间从"), says_start("从业情况")
    (True, True, False)
    """
    return leaf.endswith(weights.FROM) or any(word in leaf for word in weights.BEGINS)


def says_finish(leaf: str) -> bool:
    """Whether a header speaks of a finish."""
    return leaf.endswith(weights.TO) or any(word in leaf for word in weights.ENDS)


@lru_cache(maxsize=4096)
def without_noun(header: str, kind: str) -> str:
    """What of a header is not the noun for its kind: 开班 of 开班时间.

    >>> without_noun("开班的时间", "day"), without_noun("单位名称", "text")
    ('开班', '单位')
    """
    nouns = (h.word for h in weights.HEADS if not h.begins and kind in h.kinds)
    noun = max((n for n in nouns if header.endswith(n)), key=len, default="")
    return header.removesuffix(noun).removesuffix("的")
