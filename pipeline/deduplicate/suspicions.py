"""Pairs that may be one person: found by name, sound, shape and number; ranked, with their evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.deduplicate.judged import Decisions
from pipeline.engine import Engine
from pipeline.model import Stored
from pipeline.programme import Programme
from pipeline.syllables import syllables_of

if TYPE_CHECKING:
    import pyarrow as pa

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


def suspected(rows: Stored, decisions: Decisions, programme: Programme, engine: Engine) -> pa.Table:
    """One line a pair of sound persons over all indicators and years, the weightiest first."""
    import pyarrow as pa

    names = _compared(engine.ask("names", {"rows": rows}), programme)
    pairs = engine.ask("suspected", {"rows": rows, "names": names})
    weighed = [
        (pair, suspicion)
        for line in pairs.to_pylist()
        if (suspicion := _suspicion(pair := SimpleNamespace(**line)))
    ]
    weighed.sort(key=lambda found: (found[1].rank, found[0].id_a, found[0].id_b))
    about = _about({n for pair, _ in weighed for n in (pair.id_a, pair.id_b)}, rows, engine)
    order = [i.name for i in programme.indicators]
    lines = [_line(pair, suspicion, about, decisions, order) for pair, suspicion in weighed]
    types = {"rank": pa.int64(), "probable": pa.bool_()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    return pa.Table.from_pylist([dict(zip(COLUMNS, x, strict=True)) for x in lines], schema=schema)


def _compared(names: pa.Table, programme: Programme) -> pa.Table:
    """Each name by numbers: its own, that of how it sounds, without tones (秀英 and 秀瑛 are one), and
    that of how it looks."""
    import pyarrow as pa

    folded = names.column("name").to_pylist()
    sounds = {c: "".join(spoken) for c, spoken in syllables_of(set().union(*folded)).items()}
    shapes = str.maketrans(dict(programme.lookalikes))
    sound: dict[str, int] = {}
    shape: dict[str, int] = {}
    return pa.table(
        {
            "folded": pa.array(folded, pa.string()),
            "name": pa.array(range(len(folded)), pa.int32()),
            "sound": pa.array(
                [
                    sound.setdefault(" ".join(map(sounds.__getitem__, n)), len(sound))
                    for n in folded
                ],
                pa.int32(),
            ),
            "shape": pa.array(
                [shape.setdefault(n.translate(shapes), len(shape)) for n in folded], pa.int32()
            ),
        }
    )


def _about(numbers: set[str], rows: Stored, engine: Engine) -> Mapping[str, Mapping[str, Any]]:
    """Name, indicators and units of each number in a pair."""
    import pyarrow as pa

    found: dict[str, dict[str, Any]] = {}
    asked = pa.table({"id_no": pa.array(sorted(numbers), pa.string())})
    for line in engine.ask("about", {"rows": rows, "asked": asked}).to_pylist() if numbers else ():
        about = found.setdefault(
            line["id_no"], {"name": line["name"], "indicators": set(), "units": set()}
        )
        about["indicators"].add(line["indicator"])
        about["units"].add(line["unit"])
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
