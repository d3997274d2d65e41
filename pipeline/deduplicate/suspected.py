"""Pairs that may be one person: found by name, sound, shape and number; ranked, with their evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from pipeline.deduplicate.judged import Decisions
from pipeline.programme import Programme
from pipeline.sql import query
from pipeline.values import fold

COLUMNS = (
    "indicator", "id_a", "id_b", "rank", "kind", "evidence", "probable", "name_a", "name_b",
    "units_a", "units_b", "judgement", "fingerprint", "changed",
)  # fmt: skip
PARTS = ("姓名", "上报单位", "证据")  # what a fingerprint is made of


class Suspicion(NamedTuple):
    """What a pair's likeness amounts to. rank 1: nearly surely one person; 3: perhaps namesakes."""

    rank: int
    kind: str
    evidence: str
    probable: bool  # by the definition of probable.csv: equal name, and birth or number alike


def suspected(people: pd.DataFrame, decisions: Decisions, programme: Programme) -> pd.DataFrame:
    """One line a pair of sound persons over all indicators and years, the weightiest first."""
    if people.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    pairs = query("suspected", people=_compared(people, programme))
    about = _about(people, set(pairs["id_a"]) | set(pairs["id_b"]))
    order = [i.name for i in programme.indicators]
    lines = [
        _line(pair, suspicion, about, decisions, order)
        for pair in pairs.itertuples(index=False)
        if (suspicion := _suspicion(pair))
    ]
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    return frame.sort_values(["rank", "id_a", "id_b"], kind="stable").reset_index(drop=True)


def _compared(people: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """What suspected.sql asks about: each number with each name and phone it goes under."""
    name = people["name"].map(fold).astype(str)
    shapes = str.maketrans(dict(programme.lookalikes))
    names = {n: (_sound(n), n.translate(shapes)) for n in set(name)}
    phone = people["phone"] if "phone" in people else pd.Series("", index=people.index)
    return pd.DataFrame(
        {
            "id_no": people["id_no"].astype(str),
            "name": name,
            "sound": name.map(lambda n: names[n][0]).astype(str),
            "shape": name.map(lambda n: names[n][1]).astype(str),
            "phone": phone.astype(str),
        }
    ).drop_duplicates()


@lru_cache(maxsize=65_536)
def _sound(name: str) -> str:
    """How a name sounds, without tones: 秀英 and 秀瑛 are one."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name))


def _about(people: pd.DataFrame, wanted: set[str]) -> Mapping[str, Mapping[str, Any]]:
    """Name, indicators and units of each number in a pair."""
    own = people[people["id_no"].isin(wanted)]
    found: dict[str, dict[str, Any]] = {}
    columns = own[["id_no", "name", "indicator", "unit"]]
    for id_no, name, indicator, unit in columns.itertuples(index=False):
        about = found.setdefault(id_no, {"name": name, "indicators": set(), "units": set()})
        about["indicators"].add(indicator)
        about["units"].add(unit)
    return found


def _suspicion(pair: Any) -> Suspicion | None:
    """The weight of one pair, or nothing where names only sound alike and numbers prove little."""
    swapped = pair.slips == 2 and _swapped(pair.id_a, pair.id_b)
    near = pair.slips <= 1 or swapped
    number = "身份证号相邻两位互换" if swapped else f"身份证号前 17 位有 {pair.slips} 位不同"
    birth = "出生日期相同" if pair.same_birth else "出生日期不同"
    phone = "，登记同一电话" if pair.same_phone else ""
    if pair.same_name:
        probable = bool(pair.same_birth or pair.slips <= 3)
        rank = 1 if near or pair.same_phone else 2 if pair.slips <= 3 else 3
        kind = "near_number" if pair.slips <= 3 else "same_phone" if phone else "same_birth"
        return Suspicion(rank, kind, f"姓名相同，{birth}，{number}{phone}", probable)
    if not near:
        return None
    alike = "姓名同音" if pair.same_sound else "姓名字形相近"
    kind = "like_sound" if pair.same_sound else "like_shape"
    return Suspicion(1 if phone else 2, kind, f"{alike}，{birth}，{number}{phone}", False)


def _swapped(first: str, second: str) -> bool:
    """Whether two numbers differ by two neighbouring digits of the first 17 in each other's place.

    >>> _swapped("220122197803050244", "220122197830050244")
    True
    """
    at = [n for n in range(17) if first[n] != second[n]]
    return (
        len(at) == 2
        and at[1] == at[0] + 1
        and first[at[0]] == second[at[1]]
        and first[at[1]] == second[at[0]]
    )


def _line(
    pair: Any,
    suspicion: Suspicion,
    about: Mapping[str, Mapping[str, Any]],
    decisions: Decisions,
    order: Iterable[str],
) -> tuple[object, ...]:
    first, second = about[pair.id_a], about[pair.id_b]
    units = [";".join(sorted(one["units"])) for one in (first, second)]
    touched = first["indicators"] | second["indicators"]
    print_ = fingerprint(f"{first['name']}|{second['name']}", "|".join(units), suspicion.evidence)
    decided = decisions.pairs.get(frozenset((pair.id_a, pair.id_b)))
    return (
        ";".join(i for i in order if i in touched), pair.id_a, pair.id_b, suspicion.rank,
        suspicion.kind, suspicion.evidence, suspicion.probable, first["name"], second["name"],
        *units, decided.verdict if decided else "", print_,
        changed_since(decided.fingerprint, print_) if decided else "",
    )  # fmt: skip


def fingerprint(*parts: str) -> str:
    """The evidence of a question in short, part by part, so that a change can be named later."""
    return "-".join(hashlib.sha256(part.encode()).hexdigest()[:6] for part in parts)


def changed_since(before: str, now: str) -> str:
    """Which parts of the evidence have changed since a judgement; nothing where it carries none.

    >>> was, now = fingerprint("甲|甲", "1|2", "x"), fingerprint("甲|乙", "1|2", "x")
    >>> changed_since(was, now), changed_since("", now)
    ('姓名', '')
    """
    old, new = before.split("-"), now.split("-")
    if not before or len(old) != len(new):
        return ""
    parts = zip(PARTS, old, new, strict=False)
    return "、".join(name for name, one, other in parts if one != other)
