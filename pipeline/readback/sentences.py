"""A paragraph held against the facts: every number by what it counts, directions by their sign, names by their unit.

A wording that is not known here never stops a month: only a number does that is said of what figures measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.readback.clauses import (
    clause_before,
    indicators_of,
    own_figures,
    sentence_around,
)
from pipeline.readback.gathered_words import (
    concern_before,
    date_faults,
    gathered_faults,
    without_dates,
)
from pipeline.readback.month_facts import Facts, Standing
from pipeline.readback.named_units import (
    is_measured,
    is_rate,
    list_faults,
    name_faults,
    persons_of,
)
from pipeline.readback.others_words import own_words

_POINTS = "个百分点"
_NOT_COUNTED = ("个工作日", "个月", "个项目")
# what is counted besides persons -> words of the sentences in which it is a figure of ours
_COUNTED = {
    "个市（州）": "报|进度|完成|滞后|反映|做法|涉及|除|任务|经验|缺口",
    "个县（市、区）": "报|进度|完成|滞后|反映|做法|涉及|除|任务|经验|缺口",
    "个单位": "报|进度|完成|滞后|反映|做法|涉及|除|任务|经验|上月|退回|核实",
    "个": "报|进度|达到|完成|滞后|市（州）|县（市、区）",
    "处": "退回|核实|其余|问题|质量",
    "行": "退回|合并|收到|花名册|名单|批准",
    "对": "疑似|重复|裁定",
    "类": "做法|困难",
}
_OF_INDICATORS = ("个市（州）", "个县（市、区）", "个")
_RATES = re.compile("任务|完成|进度|报送率|达到")
_SHARE = re.compile("占|其中")
_AIMED = re.compile(
    "力争|确保|争取|不低于|不少于|目标|计划|标准|每"
)  # what is to be, or for each: no figure
_DIRECTION = re.compile(r"(高于|低于)序时进度|(较上月)(增加|减少)|完成率(提高|下降)")
_POINTED = re.compile("序时进度|完成率")
_LEVEL = re.compile(r"与序时进度(?:（[\d.]+%）)?持平|与上月持平")
_RANGE = re.compile(r"(\d+)[一-鿿]{1,3}至(\d+)[一-鿿]{1,3}之间")
_SEVERAL = re.compile(r"由两个以上单位上报的\d+|\d+[一-鿿]{1,3}由两个以上")
_EVEN = 0.05  # printed to one place


def faults_in(text: str, facts: Facts) -> Iterator[str]:
    """What a paragraph says that the facts do not: one text a fault, in the clerk's words."""
    bare, faults = own_words(text, facts)
    yield from faults
    if re.search(r"\d", bare):
        yield from date_faults(bare, facts)
        bare = without_dates(bare)
        yield from name_faults(bare, facts)
        yield from _number_faults(bare, facts)
        yield from gathered_faults(bare, facts)
        yield from list_faults(bare, facts)
    yield from _level_faults(bare, facts)


def _number_faults(text: str, facts: Facts) -> Iterator[str]:
    """Every number, by the word behind it."""
    for match in _number_pattern(facts.unit_words).finditer(text):
        number, word = match["number"], match["word"]
        if word not in _NOT_COUNTED and not _holds(text, match, facts):
            around = text[max(match.start() - 12, 0) : match.end() + 2]
            yield f"“{around}”中的{number}{word}与数据不符"


def _holds(text: str, match: re.Match[str], facts: Facts) -> bool:
    number, word, at = float(match["number"]), match["word"], match.start()
    own, clause = own_figures(text, at, facts), clause_before(text, at)
    if _AIMED.search(clause):
        return True
    if word == "%":
        if word in facts.unit_words and any(number in persons_of(s, clause) for s in own):
            return True
        if any(is_rate(match["number"], rate) for rate in (*(s.rate for s in own), *facts.rates)):
            return True
        return not _RATES.search(clause) or bool(_SHARE.search(clause))
    if word == _POINTS:
        return _is_direction(clause, text[match.end() :], number, own, facts)
    if word in _COUNTED and word not in facts.unit_words:
        return _is_count(text, at, number, word, facts)
    times = word.removesuffix("次") in facts.unit_words  # 人次 of 人
    if times and word.endswith("次") and any(s.attendances == number for s in own):
        return True
    if word in facts.unit_words:
        return _is_count_of_persons(text, at, number, own, facts)
    return _is_unusual(clause, number, facts) and not (word and is_measured(clause))


@lru_cache(maxsize=8)
def _number_pattern(unit_words: frozenset[str]) -> re.Pattern[str]:
    """A number with what it counts behind it, or with nothing at all; other words count other things."""
    words = {"%", _POINTS, *_NOT_COUNTED, *_COUNTED, *unit_words, *(w + "次" for w in unit_words)}
    held = "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))
    return re.compile(rf"(?<![\d.])(?P<number>\d+(?:\.\d+)?)(?P<word>{held}|(?=[，。；、）]|$))")


def _is_unusual(clause: str, number: float, facts: Facts) -> bool:
    """A wording that says nothing figures measure; or one that does, with a number that the month knows."""
    measured = is_measured(clause) or any(label in clause for label in facts.labels)
    return not measured or number in facts.known


def _is_count(text: str, at: int, number: float, word: str, facts: Facts) -> bool:
    clause, (total, filed) = clause_before(text, at), facts.filing
    if clause.endswith(("应报县级单位", "已报")):
        return number == (filed if clause.endswith("已报") else total)
    if (word == "处" and concern_before(clause, facts)) or word == "类":
        return True  # held with what it is gathered under
    if not re.search(_COUNTED[word], sentence_around(text, at)):
        return True
    allowed = facts.counts.get((word, ""), frozenset())
    if word in _OF_INDICATORS and "“" not in text and any(label in text for label in facts.labels):
        allowed = frozenset()  # what is counted of an indicator is not to be taken for other counts
    indicators = indicators_of(text, at, facts)
    return number in allowed.union(*(facts.counts.get((word, i), ()) for i in indicators))


def _is_count_of_persons(
    text: str, at: int, number: float, own: list[Standing], facts: Facts
) -> bool:
    clause, indicators = clause_before(text, at), indicators_of(text, at, facts)
    direction = _DIRECTION.search(clause)
    if direction and direction[2]:
        sign = 1 if direction[3] == "增加" else -1
        return any(s.more == sign * number for s in own)
    for provisional in _RANGE.finditer(text):
        if provisional.start() <= at < provisional.end():
            ends = int(provisional[1]), int(provisional[2])
            return ends in {facts.ranges.get(i) for i in indicators}
    if any(m.start() <= at < m.end() for m in _SEVERAL.finditer(text)):
        return number == facts.several
    if clause.endswith(("差", "缺口")) and any(number in facts.gaps[i] for i in indicators):
        return True
    if any(number in persons_of(s, clause) for s in own):
        return True
    named_only = clause.split("、")[-1] in facts.labels
    words = sentence_around(text, at) if named_only else clause
    return not is_measured(words) and _is_unusual(clause, number, facts)


def _is_direction(
    clause: str, behind: str, number: float, own: list[Standing], facts: Facts
) -> bool:
    """高于、低于、提高、下降 so many points; 低于…以上 is the threshold of who is named."""
    if behind.startswith("以上"):
        return number == facts.lagging or not _POINTED.search(clause)
    found = list(_DIRECTION.finditer(clause))
    if not found:
        if any(s.points is not None and abs(abs(s.points) - number) < _EVEN for s in own):
            return True
        return not _POINTED.search(clause)
    word = found[-1][1] or found[-1][4]
    sign = 1 if word in ("高于", "提高") else -1
    values = (s.points if found[-1][1] else s.points_more for s in own)
    return any(abs(v - sign * number) < _EVEN for v in values if v is not None)


def _level_faults(text: str, facts: Facts) -> Iterator[str]:
    """持平 says that nothing moved, or that it is where it should be."""
    for match in _LEVEL.finditer(text):
        own = own_figures(text, match.start(), facts)
        values = [s.points if "序时" in match[0] else s.more for s in own]
        if not any(v is not None and abs(v) < _EVEN for v in values):
            yield f"“{match[0]}”与数据不符"
