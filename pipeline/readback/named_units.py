"""Names of units in a paragraph: the number behind a name is hers, and a list is as long as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.readback.clauses import indicators_of, names_pattern, sentence_before, unit_before
from pipeline.readback.month_facts import Facts, Standing

_RATED = re.compile(r"（(?P<number>\d+(?:\.\d+)?)(?P<word>%|[一-鿿]{1,3})）")
_NAMED = re.compile(r"[一-鿿]{3,}$")
_NO_NAME = "全各我本该属点后些部余困数个几"  # before 省, 市, 县: 全省, 各市, 所属县, 重点县 are no unit's name
_EXPECTED = "序时进度"
_LISTED = ("个市（州）", "个县（市、区）", "个单位", "个")
MEASURED = re.compile("任务|完成|差$|缺口|增加|减少")
_OTHER_TIME = re.compile("去年|上年|同期|同比")


def name_faults(text: str, facts: Facts) -> Iterator[str]:
    """X（65.2%）, X（24人）: X is a unit, and the number is hers."""
    for match in _RATED.finditer(text):
        before, number, word = text[: match.start()], match["number"], match["word"]
        if before.endswith(_EXPECTED) or (word != "%" and word not in facts.unit_words):
            continue
        name = unit_before(before, facts)
        if not name:
            if stranger := _stranger(before, facts):
                yield f"“{stranger}{match[0]}”前面不是本项目的单位"
            continue
        own = facts.of(name, indicators_of(text, match.start(), facts), "year")
        sentence = sentence_before(text, match.start())
        if word in facts.unit_words and _is_hers(float(number), sentence, own, facts):
            continue
        if word != "%":
            yield f"{name}没有{number}{word}这个数"
        elif not any(is_rate(number, s.rate) for s in own):
            yield f"{name}的完成率应为{_rates_of(own)}，写成了{number}%"


def _stranger(before: str, facts: Facts) -> str:
    """What looks like the name of a unit and is none of ours; '' for any other word."""
    word = _NAMED.search(before)
    ends = {name[-1] for name in facts.names}
    alike = word is not None and word[0][-1] in ends and word[0][-2] not in _NO_NAME
    return word[0][-6:] if word is not None and alike else ""


def _is_hers(number: float, before: str, own: list[Standing], facts: Facts) -> bool:
    if any(number in persons_of(s, before) for s in own):
        return True
    return not is_measured(before) and number in facts.known


def is_measured(words: str) -> bool:
    """Whether words say a measure of this year that figures.csv has."""
    return bool(MEASURED.search(words)) and not _OTHER_TIME.search(words)


def is_rate(text: str, rate: float | None) -> bool:
    """Whether a rate is printed so, to as many places as it shows."""
    return rate is not None and f"{rate * 100:.{len(text.partition('.')[2])}f}" == text


def persons_of(standing: Standing, before: str) -> set[int | None]:
    """What a number of persons may be of a figure, by the word that stands last before it."""
    measures = {
        "任务": (standing.target,),
        "完成": (standing.done,),
        "差": (standing.short,),
        "缺口": (standing.short,),
    }
    places = {before.rfind(word): word for word in measures if word in before}
    if places:
        return set(measures[places[max(places)]])
    return {standing.done, standing.target, standing.short}


def list_faults(text: str, facts: Facts) -> Iterator[str]:
    """甲、乙2个市（州）: as many as are listed; 甲、乙等5个: at least."""
    words = "|".join(map(re.escape, _LISTED))
    name = rf"(?:{names_pattern(facts)})(?:（[^（）]*）)?"
    pattern = rf"(?P<list>(?:{name}、)*{name})(?P<open>等?)(?P<number>\d+)(?:{words})"
    for match in re.finditer(pattern, text):
        listed, number = len(re.findall(name, match["list"])), int(match["number"])
        if listed == 1 and not match["open"]:
            continue  # 某某省9个市（州）: hers, no list
        if number < listed or (number != listed and not match["open"]):
            yield f"“{match[0]}”列了{listed}个，写成了{number}个"


def _rates_of(own: list[Standing]) -> str:
    found = dict.fromkeys(f"{s.rate * 100:.1f}%" for s in own if s.rate is not None)
    return "、".join(found) or "—"
