"""One file searched: what of a person it tells that its reader may not have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from pipeline.gate.known import Known
from pipeline.gate.pieces import Closed, Piece, Tells
from pipeline.gate.unpacked import pieces
from pipeline.gate.wordings import NAME, NUMBER, PHONE, found_in

SHUT = "shut"
_WORDS = {NUMBER: "身份证号或残疾人证号", NAME: "姓名", PHONE: "电话号码"}
_MOST_SPOTS = 3  # exact places of one kind in one part: who looks there sees the rest
_UNSPEAKABLE = "名称含个人信息的部分"


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
    """All leaks of one file: the first cells, paragraphs or lines of every part and kind; what cannot
    be looked into is one.

    may_hold: the kinds its reader may have. keys: for what lies locked in it.
    """
    spots: dict[tuple[str, str], dict[str, None]] = {}
    shut = []
    # nobody's number is repeated, not even as the name of a file
    tells_by_name = any(found_in(name, known))
    shown = f"（名称含个人信息）{name[name.rfind('.') :]}" if tells_by_name else name
    try:
        for piece in pieces(name, content, keys):
            for kind in {kind for kind, _ in found_in(piece.text, known)} - set(may_hold):
                held = spots.setdefault((piece.place, kind), {})
                held.update(dict.fromkeys(_exact(piece, kind, known, _MOST_SPOTS + 1 - len(held))))
    except Closed as fault:
        shut.append(Leak(shown, "", SHUT, str(fault)))
    found = (
        Leak(shown, place if not any(found_in(place, known)) else _UNSPEAKABLE, kind)
        for (part, kind), held in spots.items()
        for place in _places(part, list(held))
    )
    return [*dict.fromkeys(found), *shut]


def _exact(piece: Piece, kind: str, known: Known, most: int) -> Iterator[str]:
    if piece.finer is None or most <= 0:
        return iter(())
    tells: Tells = lambda text: any(found == kind for found, _ in found_in(text, known))  # noqa: E731
    return islice(piece.finer(tells), most)


def _places(part: str, spots: Sequence[str]) -> list[str]:
    if len(spots) > _MOST_SPOTS:
        return [*spots[:_MOST_SPOTS], f"{part}的其他地方"]
    return list(spots) or [part]


def in_words(leaks: Iterable[Leak], most: int = 12) -> str:
    """The leaks, a line each file and kind: file, places and kind.

    >>> in_words([Leak("a.xlsx", "工作表“一”!B2", "id"), Leak("a.xlsx", "工作表“一”!B3", "id")])
    'a.xlsx：工作表“一”!B2、B3有身份证号或残疾人证号'
    """
    by_kind: dict[tuple[str, str, str], list[str]] = {}
    for leak in leaks:
        by_kind.setdefault((leak.file, leak.kind, leak.reason), []).append(leak.place)
    lines = [
        f"{file}：{reason}，无法检查"
        if kind == SHUT
        else f"{file}：{_listed(places)}有{_WORDS[kind]}"
        for (file, kind, reason), places in by_kind.items()
    ]
    rest = [f"……共 {len(lines)} 处"] if len(lines) > most else []
    return "\n".join([*lines[:most], *rest])


def _listed(places: Iterable[str]) -> str:
    """Places in a row, a sheet named once for its cells."""
    listed, sheet = [], ""
    for place in places:
        before, mark, cell = place.rpartition("!")
        listed.append(cell if mark and before == sheet else place)
        sheet = before
    return "、".join(listed)
