"""Probable duplicates among 120,000 made-up people with 2 % planted slips: recall, precision, time.

Names are drawn as unevenly as real ones, so that many namesakes stand beside the planted slips. The
time is set against comparing every pair of one name in plain Python, both in one run.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pyarrow as pa

from pipeline.deduplicate.judged import Decisions
from pipeline.deduplicate.suspicions import suspected
from pipeline.engine import Engine
from pipeline.home import built_in
from pipeline.numbers import check_digit, id_fault, is_woman, slip
from pipeline.programme import load_programme

PEOPLE, SLIPS = 120_000, 0.02
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文朴池全玄"
GIVEN = "英兰梅芳玲华秀桂珍红丽艳霞敏静云香凤玉淑莲春琴娟芹萍燕杰荣芝彩霜娜洁琳慧莉晶雪颖佳瑞清凡宁岩冬月波青昕美善花贞仙顺姬子福爱锦蓉"
# one planted kind each: what is changed, and how often
KINDS = ("digit", "digit", "digit", "swap", "swap", "two digits", "digit and sound", "phone")
SOUNDS = {
    "英": "瑛",
    "兰": "岚",
    "梅": "玫",
    "芳": "方",
    "玲": "铃",
    "华": "桦",
    "秀": "绣",
    "珍": "真",
    "丽": "莉",
    "敏": "闵",
    "静": "净",
    "玉": "钰",
    "淑": "书",
    "莲": "连",
    "琴": "芹",
}


def drawn(rng: random.Random, letters: str) -> str:
    """One character, the first ones far more often (Zipf)."""
    weights = [1 / (n + 3) for n in range(len(letters))]
    return rng.choices(letters, weights)[0]


def woman(rng: random.Random, counties: list[str]) -> dict[str, str]:
    """One made-up woman."""
    born = date(1958, 1, 1) + timedelta(days=rng.randrange(16_000))
    county = rng.choice(counties)
    first17 = f"{county}{born:%Y%m%d}{rng.randrange(100):02d}{rng.choice('02468')}"
    given = drawn(rng, GIVEN) + (drawn(rng, GIVEN) if rng.random() < 0.85 else "")
    return {
        "id_no": first17 + check_digit(first17), "name": drawn(rng, SURNAMES) + given,
        "phone": f"1{rng.randrange(3 * 10**9, 10**10 - 1)}", "unit": county, "indicator": "training",
    }  # fmt: skip


def slipped(rng: random.Random, of: dict[str, str], kind: str) -> dict[str, str]:
    """The same woman as a second county typed her; her number sound all the same."""
    while True:
        digits = list(of["id_no"][:17])
        at = rng.randrange(16)
        if kind == "swap":
            digits[at], digits[at + 1] = digits[at + 1], digits[at]
        elif kind == "phone":
            digits[10:14] = f"{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
            digits[14:16] = f"{rng.randrange(100):02d}"
        else:
            for place in {at} if kind != "two digits" else {at, rng.randrange(16)}:
                digits[place] = rng.choice("0123456789")
        first17 = "".join(digits)
        number = first17 + check_digit(first17)
        if (
            number != of["id_no"]
            and not id_fault(number)
            and is_woman(number)
            and "1930" < number[6:10] < "2005"
        ):
            break
    name = of["name"]
    if kind == "digit and sound":
        name = "".join(SOUNDS.get(c, c) for c in name)
    phone = (
        of["phone"] if kind == "phone" or rng.random() < 0.3 else woman(rng, ["220122"])["phone"]
    )
    return of | {
        "id_no": number,
        "name": name,
        "phone": phone,
        "unit": rng.choice(("220122", "220182")),
    }


def main() -> None:
    """Prints recall and precision by kind, and the ratio of times."""
    rng = random.Random(20181201)
    programme = load_programme(built_in("schemas"), "handcraft")
    counties = [
        u.code for u in programme.gazetteer.counties(date(2018, 11, 30)) if u.code < "229000"
    ]
    people = [woman(rng, counties) for _ in range(PEOPLE)]
    planted: dict[frozenset[str], str] = {}
    for one in rng.sample(people, int(PEOPLE * SLIPS)):
        kind = rng.choice(KINDS)
        if kind == "digit and sound" and not set(one["name"]) & set(SOUNDS):
            kind = "digit"
        other = slipped(rng, one, kind)
        people.append(other)
        planted[frozenset((one["id_no"], other["id_no"]))] = kind
    rows = pa.Table.from_pylist(
        [
            {"number": one["id_no"], "fate": "counted", "place": n}
            | {word: one[word] for word in ("name", "phone", "unit", "indicator")}
            for n, one in enumerate(people)
        ]
    )
    with tempfile.TemporaryDirectory() as folder, Engine(Path(folder)) as engine:
        stored = engine.kept("rows", rows.schema, [rows])
        start = time.perf_counter()
        found = suspected(stored, Decisions({}, {}, {}, ()), programme, engine).to_pylist()
        ours = time.perf_counter() - start
    pairs = {frozenset((one["id_a"], one["id_b"])): one["rank"] for one in found}
    asked = {p for p, rank in pairs.items() if rank <= 2}
    hits = asked & set(planted)
    write = sys.stdout.write
    write(
        f"{len(people)} people, {len(planted)} planted, {len({p['name'] for p in people})} names\n"
    )
    write(f"asked (rank 1 and 2): {len(asked)}, recall {len(hits) / len(planted):.1%}, "
          f"precision {len(hits) / len(asked):.1%}\n")  # fmt: skip
    missed = Counter(planted[p] for p in set(planted) - asked)
    write(f"missed by kind: {dict(missed)} of {dict(Counter(planted.values()))}\n")
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for one in found:
        by_kind[one["kind"]].append(frozenset((one["id_a"], one["id_b"])) in planted)
    for kind, true in sorted(by_kind.items()):
        write(f"  {kind}: {len(true)} pairs, {sum(true) / len(true):.1%} planted\n")
    third = {p for p, rank in pairs.items() if rank == 3}
    write(
        f"rank 3 (same name, same birth date, other number): {len(third)}, planted {len(third & set(planted))}\n"
    )
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in people:
        by_name[one["name"]].append(one["id_no"])
    start = time.perf_counter()
    compared = sum(
        1
        for ids in by_name.values()
        for a, b in combinations(sorted(set(ids)), 2)
        if slip(a, b) >= 0
    )
    naive = time.perf_counter() - start
    write(
        f"time {ours:.2f} s against {naive:.2f} s for {compared} pairs of one name in plain Python, ratio {ours / naive:.2f}\n"
    )


if __name__ == "__main__":
    main()
