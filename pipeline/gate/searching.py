"""One file searched: what of a person it tells that its reader may not have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from pipeline.gate.known import Known
from pipeline.gate.unpacked import Closed, pieces
from pipeline.gate.wordings import NAME, NUMBER, PHONE, told_in

SHUT = "shut"
_WORDS = {NUMBER: "身份证号或残疾人证号", NAME: "姓名", PHONE: "电话号码"}


class Leak(NamedTuple):
    """Personal data where it may not be: never the value itself. `kind` is id, name, phone or shut."""

    file: str
    place: str
    kind: str
    reason: str = ""


def search(
    name: str,
    content: bytes,
    known: Known,
    *,
    may_hold: Collection[str] = (),
    keys: Sequence[bytes] = (),
) -> list[Leak]:
    """All leaks of one file, one a place and kind; what cannot be looked into is one.

    may_hold: the kinds its reader may have. keys: for what lies locked in it.
    """
    found: dict[Leak, None] = {}
    if any(told_in(name, known)):  # nobody's number is repeated, not even as the name of a file
        name = f"（名称含个人信息）{name[name.rfind('.') :]}"
    shown: dict[str, str] = {}
    try:
        for place, text in pieces(name, content, keys):
            for kind, _ in told_in(text, known):
                if kind not in may_hold:
                    if place not in shown:
                        shown[place] = (
                            "名称含个人信息的部分" if any(told_in(place, known)) else place
                        )
                    found[Leak(name, shown[place], kind)] = None
    except Closed as shut:
        found[Leak(name, "", SHUT, str(shut))] = None
    return list(found)


def in_words(leaks: Iterable[Leak], most: int = 12) -> str:
    """The leaks, a line each: file, place and kind.

    >>> in_words([Leak("a.xlsx", "工作表“一”", "id")])
    'a.xlsx：工作表“一”有身份证号或残疾人证号'
    """
    lines = [
        f"{leak.file}：{leak.reason}，无法检查"
        if leak.kind == SHUT
        else f"{leak.file}：{leak.place}有{_WORDS[leak.kind]}"
        for leak in leaks
    ]
    rest = [f"……共 {len(lines)} 处"] if len(lines) > most else []
    return "\n".join([*lines[:most], *rest])
