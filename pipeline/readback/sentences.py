"""A paragraph held against the facts: every number by what it counts, directions by their sign, names by their unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.readback.month_facts import Facts, Standing

_QUOTED = re.compile(r"“[^”]*”")
# what holds digits and is no figure: titles, document numbers, annexes, tables and charts, telephones, numbering
_NO_FIGURE = re.compile(
    r"《[^》]*》|〔\d{4}〕\s*\d+\s*号|附件[:：]?\s*\d*(?:[．.]|(?=\D)|$)|[表图]\d+|\d{3,4}-\d{7,8}|\d{11}"
    r"|^\s*\d+[．.、]"
)
_DATE = re.compile(r"(?:(?P<year>\d{4})年(?:度)?)?(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?")
_YEARS = re.compile(r"(\d{4})[—–-](\d{4})年")
_COUNTED = ("个市（州）", "个县（市、区）", "个单位", "个", "处", "行", "对", "类")
_OF_INDICATORS = ("个市（州）", "个县（市、区）", "个")
_NOT_COUNTED = ("个工作日", "个月", "个百分点", "个项目")
_CLAUSE = re.compile(r"[，。；：]")
_DIRECTION = re.compile(r"(高于|低于)序时进度|(较上月)(增加|减少)|完成率(提高|下降)")
_LEVEL = re.compile(r"与序时进度(?:（[\d.]+%）)?持平|与上月持平")
_RATED = re.compile(r"([一-鿿]{2,14})（(\d+(?:\.\d+)?)(%|[一-鿿]{1,3})）")
_RANGE = re.compile(r"(\d+)[一-鿿]{1,3}至(\d+)[一-鿿]{1,3}之间")
_SEVERAL = re.compile(r"由两个以上单位上报的\d+|\d+[一-鿿]{1,3}由两个以上")
_SAID_BY = re.compile(r"(\d+)个县（市、区）(?:反映|(?:做法相近|反映类似)，如[^“，]*)?$")
_KINDS = re.compile(r"(\d+)类")
_NO_QUOTES = str.maketrans("", "", "“”‘’")
_LONG_TEXT = 4  # characters from which a text is no number that happens to be written
_MEASURED = re.compile("任务|完成|差|缺口|增加|减少")
_EVEN = 0.05  # printed to one place


def faults_in(text: str, facts: Facts) -> Iterator[str]:
    """What a paragraph says that the facts do not: one text a fault, in the clerk's words."""
    bare, faults = _without_others(text, facts)
    yield from faults
    if not re.search(r"\d", bare):
        yield from _level_faults(bare, facts)
        return
    yield from _date_faults(bare, facts)
    bare = _YEARS.sub(lambda m: "·" * len(m[0]), bare)
    bare = _DATE.sub(lambda m: "·" * len(m[0]), bare)
    yield from _name_faults(bare, facts)
    yield from _number_faults(bare, facts)
    yield from _gathered_faults(bare, facts)
    yield from _level_faults(bare, facts)
    yield from _list_faults(bare, facts)


def _without_others(text: str, facts: Facts) -> tuple[str, list[str]]:
    """The text with what others wrote and what is no figure blanked out, and quotations nobody wrote."""
    faults = []
    for quotation in _QUOTED.findall(text):
        inner = _unquoted(quotation).rstrip("。")
        counts = {n for t, n in facts.sayings if inner in _unquoted(t)}
        written = counts or any(inner in _unquoted(t) for t in facts.texts)
        if not written and re.search(r"\d", inner):
            faults.append(f"引文{quotation}与各地所写不符")
        speaker = _SAID_BY.search(text[: text.find(quotation)])
        if counts and speaker and int(speaker[1]) not in counts:
            faults.append(f"{quotation}是{max(counts)}个单位所写，写成了{speaker[0]}")
        text = text.replace(quotation, "“" + "·" * (len(quotation) - 2) + "”")
    for other in facts.texts:
        if len(other) >= _LONG_TEXT and re.search(r"\d", other):
            text = text.replace(other, "·" * len(other))
    return _NO_FIGURE.sub(lambda m: "·" * len(m[0]), text), faults


def _unquoted(text: str) -> str:
    return text.translate(_NO_QUOTES)


def _date_faults(text: str, facts: Facts) -> Iterator[str]:
    for first, last in _YEARS.findall(text):
        if (int(first), int(last)) != (facts.years[0], facts.years[-1]):
            yield f"“{first}—{last}年”不是项目的年度"
    for match in re.finditer(r"截[至止]到?" + _DATE.pattern, _YEARS.sub("", text)):
        named = match["year"], match["month"], match["day"]
        right = facts.year, facts.month, facts.day
        if any(part and int(part) != day for part, day in zip(named, right, strict=True)):
            yield f"“{match[0]}”不是报告期末"


def _name_faults(text: str, facts: Facts) -> Iterator[str]:
    """X（65.2%）, X（24人）: X is a unit, and the number is hers."""
    for match in _RATED.finditer(text):
        name = _unit_before(match[1], facts)
        if match[1].endswith("序时进度"):
            continue
        if name is None:
            if match[3] == "%" or match[3] in facts.unit_words:
                yield f"“{match[0]}”前面不是本项目的单位"
            continue
        own = facts.of(name, _indicators(text, match.start(), facts), "year")
        number = float(match[2])
        if match[3] == "%" and not any(_is_rate(match[2], s.rate) for s in own):
            yield f"{name}的完成率应为{_rates_of(own)}，写成了{match[2]}%"
        elif match[3] in facts.unit_words and not any(
            number in _persons_of(s, _sentence_before(text, match.start())) for s in own
        ):
            yield f"{name}没有{match[2]}{match[3]}这个数"


def _number_faults(text: str, facts: Facts) -> Iterator[str]:
    """Every other number, by the word behind it."""
    for match in _number_pattern(facts.unit_words).finditer(text):
        number, word, at = match["number"], match["word"] or "", match.start()
        if word in _NOT_COUNTED and word != "个百分点":
            continue
        scope = _scope(text, at)
        indicators = _indicators(text, at, facts)
        own = [s for name in _subjects(text, at, facts) for s in facts.of(name, indicators, scope)]
        if word == "%":
            ok = any(_is_rate(number, rate) for rate in (*(s.rate for s in own), *facts.rates))
        elif word == "个百分点":
            ok = _is_direction(text, at, match.end(), float(number), own, facts)
        elif word and {word, word.removesuffix("次")} & facts.unit_words:
            ok = _is_count_of_persons(text, at, int(float(number)), word, own, facts)
        else:
            ok = _is_count(text, at, int(float(number)), word, indicators, facts)
        if not ok:
            yield f"“{_around(text, match)}”中的{number}{word}与数据不符"


def _is_count(
    text: str, at: int, number: int, word: str, indicators: list[str], facts: Facts
) -> bool:
    clause = _clause_before(text, at)
    total, filed = facts.filing
    if clause.endswith("应报县级单位") or clause.endswith("已报"):
        return number == (filed if clause.endswith("已报") else total)
    if (word == "处" and _concern_before(clause, facts)) or word == "类":
        return True  # held with what it is gathered under
    allowed = facts.counts.get((word, ""), frozenset())
    if word in _OF_INDICATORS and "“" not in text and any(label in text for label in facts.labels):
        allowed = frozenset()  # what is counted of an indicator is not to be taken for other counts
    return number in allowed.union(*(facts.counts.get((word, i), ()) for i in indicators))


def _concern_before(clause: str, facts: Facts) -> str:
    return next((name for name in facts.concerns if clause.endswith(name)), "")


def _gathered_faults(text: str, facts: Facts) -> Iterator[str]:
    """So many places of a sort of fault, in so many units; so many other themes."""
    for name, (places, units) in facts.concerns.items():
        for match in re.finditer(rf"{re.escape(name)}(\d+)处(?:（(\d+)个单位）)?", text):
            if int(match[1]) != places or int(match[2] or units) != units:
                yield f"{name}是{units}个单位{places}处，写成了“{match[0]}”"
    quotations = len(_QUOTED.findall(text))
    for match in _KINDS.finditer(text):
        if quotations and int(match[1]) not in {n - quotations for n in facts.topics}:
            yield f"“{match[0]}”与数据不符"


@lru_cache(maxsize=8)
def _number_pattern(unit_words: frozenset[str]) -> re.Pattern[str]:
    words = sorted(
        {"%", *_NOT_COUNTED, *_COUNTED, *unit_words, *(w + "次" for w in unit_words)},
        key=lambda w: (-len(w), w),
    )
    held = "|".join(map(re.escape, words))
    # behind a figure stands what it counts, or nothing at all; other words count other things
    return re.compile(rf"(?<![\d.])(?P<number>\d+(?:\.\d+)?)(?P<word>{held}|(?=[，。；、）]|$))")


def _is_rate(text: str, rate: float | None) -> bool:
    """Whether a rate is printed so, to as many places as it shows."""
    return rate is not None and f"{rate * 100:.{len(text.partition('.')[2])}f}" == text


def _persons_of(standing: Standing, before: str) -> set[int | None]:
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


def _is_count_of_persons(
    text: str, at: int, number: int, word: str, own: list[Standing], facts: Facts
) -> bool:
    clause = _clause_before(text, at)
    direction = _DIRECTION.search(clause)
    if direction and direction[2]:
        sign = 1 if direction[3] == "增加" else -1
        return any(s.more == sign * number for s in own)
    if word not in facts.unit_words:  # 人次
        return any(s.attendances == number for s in own)
    indicators = _indicators(text, at, facts)
    for provisional in _RANGE.finditer(text):
        if provisional.start() <= at < provisional.end():
            bounds = int(provisional[1]), int(provisional[2])
            return bounds in {facts.ranges.get(i) for i in indicators}
    if any(m.start() <= at < m.end() for m in _SEVERAL.finditer(text)):
        return number == facts.several
    if ("差" in clause or "缺口" in clause) and any(number in facts.gaps[i] for i in indicators):
        return True
    if any(number in _persons_of(s, clause) for s in own):
        return True
    # a wording that is none of these: it stops a month only with a number that nothing in it bears out
    return not _MEASURED.search(clause) and number in facts.known


def _is_direction(
    text: str, at: int, end: int, number: float, own: list[Standing], facts: Facts
) -> bool:
    """高于、低于、提高、下降 so many points; 低于…以上 is the threshold of who is named."""
    if text[end : end + 2] == "以上":
        return number == facts.lagging
    found = list(_DIRECTION.finditer(_clause_before(text, at)))
    if not found:
        return any(s.points is not None and abs(abs(s.points) - number) < _EVEN for s in own)
    word = found[-1][1] or found[-1][4]
    sign = 1 if word in ("高于", "提高") else -1
    values = (s.points if found[-1][1] else s.points_more for s in own)
    return any(abs(v - sign * number) < _EVEN for v in values if v is not None)


def _level_faults(text: str, facts: Facts) -> Iterator[str]:
    """持平 says that nothing moved, or that it is where it should be."""
    for match in _LEVEL.finditer(text):
        own = [
            s
            for name in _subjects(text, match.start(), facts)
            for s in facts.of(name, _indicators(text, match.start(), facts), _scope(text, match.start()))
        ]  # fmt: skip
        values = [s.points if "序时" in match[0] else s.more for s in own]
        if not any(v is not None and abs(v) < _EVEN for v in values):
            yield f"“{match[0]}”与数据不符"


def _list_faults(text: str, facts: Facts) -> Iterator[str]:
    """甲、乙2个市（州）: as many as are listed; 甲、乙等5个: at least."""
    names = _names(facts)
    words = "|".join(map(re.escape, _COUNTED[:4]))
    listed = rf"({names})(?:（[^（）]*）)?"
    pattern = rf"((?:{listed}、)*{listed})(等?)(\d+)({words})"
    for match in re.finditer(pattern, text):
        count = len(re.findall(listed, match[1]))
        number, open_ended = int(match[match.lastindex - 1]), match[match.lastindex - 2] == "等"  # type: ignore[operator]
        if number < count or (number != count and not open_ended):
            yield f"“{match[0]}”列了{count}个，写成了{number}个"


def _subjects(text: str, at: int, facts: Facts) -> list[str]:
    """Whose a number may be: the unit named last in its clause, and the whole region."""
    named = re.findall(_names(facts), _clause_before(text, at))
    return [facts.names[named[-1]], facts.top] if named else [facts.top]


def _unit_before(text: str, facts: Facts) -> str | None:
    """The unit whose name a text ends with."""
    found = [name for name in facts.names if text.endswith(name)]
    return facts.names[max(found, key=len)] if found else None


@lru_cache(maxsize=8)
def _alternatives(names: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(names, key=lambda n: (-len(n), n))))


def _names(facts: Facts) -> str:
    return _alternatives(tuple(facts.names))


def _indicators(text: str, at: int, facts: Facts) -> list[str]:
    """The indicator that is named last before a number, or all where none is."""
    before = text[:at]
    places = [
        (before.rfind(label), name) for label, name in facts.labels.items() if label in before
    ]
    return [max(places)[1]] if places else list(facts.labels.values())


def _scope(text: str, at: int) -> str:
    return "cumulative" if "累计" in _sentence_before(text, at) else "year"


def _sentence_before(text: str, at: int) -> str:
    return re.split(r"[。；]", text[:at])[-1]


def _clause_before(text: str, at: int) -> str:
    return _CLAUSE.split(text[:at])[-1]


def _rates_of(own: list[Standing]) -> str:
    found = dict.fromkeys(f"{s.rate * 100:.1f}%" for s in own if s.rate is not None)
    return "、".join(found) or "—"


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(match.start() - 12, 0) : match.end() + 2]
