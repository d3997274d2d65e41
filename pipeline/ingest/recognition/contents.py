"""What a column holds, whatever stands above it: how much of it reads as each kind of field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.numbers import compact_no, id_fault, read_certificate
from pipeline.programme import Field, Programme
from pipeline.values import (
    compact,
    fold,
    is_nothing,
    is_phone,
    read_day,
    read_name,
    read_phones,
    read_span,
    ticked,
    without_end,
)

SAMPLE = 60  # cells looked at
# a name has two to four characters, or parts with a dot between them; and begins with a surname
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[^\W\d_]+(?:·[^\W\d_]+)+")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路"
    "詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉"
    "饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖"
    "糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺朴太玄"
    "闫肖付代覃候冮那富佟英乌阿尼南皮占鹿逄矫初由门姚宿柏战修仝暴丰才尚关栾牟逯岑禹邴卢仉贲欧上诸司端东夏"
)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,12}")
_AMOUNT = re.compile(
    r"[¥￥]?\d{1,9}(?:,\d{3})*(?:\.\d+)?(?:元|万元|天|课时|学时|人|个|岁)?", re.ASCII
)
_YES_NO = frozenset(
    [
        "是",
        "否",
        "有",
        "无",
        "√",
        "×",
        "✓",
        "✔",
        "y",
        "n",
        "yes",
        "no",
        "已",
        "未",
        "对",
        "错",
        "○",
        "☑",
        "□",
    ]
)
_LEAP_YEAR = 2016
_SAYS_DAYS = re.compile("[年月日天]")
_YEAR_FIRST = re.compile(r"(?:19|20)\d{2}(?!\d{5,})", re.ASCII)
_UNFILLED = frozenset({"0", "0.0", "0人", "0名", "#N/A"})  # what a form shows that nobody filled in
_SHORT_COUNT = 2  # digits of what may number the rows as well as a code
_SHORTEST_NUMBER = 18
_FEW_PLACES = 3
_LONGEST = 60  # characters of a cell that may still be a number, a date or a name


@dataclass(frozen=True)
class Seen:
    """One column under a header: its number from 1, what stands above it from top to bottom, and its
    cells in order, '' where nothing stands (texts and types, one entry a row)."""

    column: int
    path: tuple[str, ...]
    texts: Sequence[str]
    types: Sequence[str]

    @property
    def leaf(self) -> str:
        """The header nearest to the cells, '' for a column without one."""
        return self.path[-1] if self.path else ""

    @cached_property
    def values(self) -> list[tuple[str, str]]:
        """Text and type of the first cells that say anything."""
        speaking = (
            (text, kind)
            for text, kind in zip(self.texts, self.types, strict=True)
            if text and kind != "e" and text not in _UNFILLED and not is_nothing(text)
        )
        return [value for value, _ in zip(speaking, range(SAMPLE), strict=False)]

    @cached_property
    def _shares(self) -> dict[str, float]:
        return {}

    def share(self, kind: str) -> float:
        """How much of the column reads as a kind of value (READS): 0 to 1; 0 for an empty one."""
        if kind not in self._shares:
            self._shares[kind] = self._part(READS[kind])
        return self._shares[kind]

    def _part(self, reads: Callable[[str, str], bool]) -> float:
        if not self.values:
            return 0.0
        verdicts = {value: reads(*value) for value in set(self.values) if len(value[0]) <= _LONGEST}
        return sum(verdicts.get(value, False) for value in self.values) / len(self.values)

    def share_of(self, field: Field, programme: Programme) -> float:
        """How much of the column reads as the field: for words of a code list, those of its list."""
        if field.kind == "code":
            words = programme.code_words[field.codes]
            return self._part(lambda text, _: fold(text) in words or fold(ticked(text)) in words)
        if field.kind == "category_grade":
            return self._part(_both_words(field, programme))
        return self.share(field.kind) if field.kind in READS else 0.0

    def share_of_words(self, programme: Programme) -> float:
        """How much of the column are words of code lists, of whichever (女, 肢体, 初中) but those of yes and no:
        没有 among names says that nobody stands there."""
        lists = [words for words in programme.code_words.values() if "yes" not in words.values()]
        return self._part(lambda text, _: any(fold(text) in words for words in lists))

    def share_of_places(self, programme: Programme) -> float:
        """How much of the column are names of the province's units; of more than a few different ones nobody asks."""
        if len(set(self.values)) > _FEW_PLACES:
            return 0.0
        return self._part(lambda text, _: bool(programme.gazetteer.find(compact(text))))

    @cached_property
    def distinct(self) -> float:
        """How many of its cells differ: 1 where no two are alike."""
        return len(set(self.values)) / len(self.values) if self.values else 0.0


def _both_words(field: Field, programme: Programme) -> Callable[[str, str], bool]:
    """Whether a cell says a word of either list a field fills: 肢体三级, but not 三级(中度)."""
    lists = [programme.code_words[programme.field[f].codes] for f in field.fills]
    orders = [(one, other) for one in lists for other in lists if one is not other]

    def reads(text: str, _: str) -> bool:
        folded = fold(text)
        if any(folded in words for words in lists):
            return False
        return any(
            len(word) > 1
            and word in folded
            and any(w in folded.replace(word, "", 1) for w in others)
            for words, others in orders
            for word in words
        )

    return reads


def _is_number(text: str, _: str) -> bool:
    if len(text) < _SHORTEST_NUMBER:
        return False
    number = compact_no(text)
    return len(number) == 18 and not id_fault(number)


def _is_span(text: str, kind: str) -> bool:
    if read_day(text, kind) is not None:
        return False
    if read_span(text, kind) is not None:
        return True
    # 9月1日至15日: the return says the year
    without = "月" in text and read_day(text, kind, _LEAP_YEAR) is None
    return without and read_span(text, kind, _LEAP_YEAR) is not None


def _is_day(text: str, kind: str) -> bool:
    day = read_day(text, kind)
    if day is None and not text.isdigit():
        since = without_end(text)
        day = read_day(since, kind) if since else None
        if day is None and "月" in text:
            day = read_day(text, kind, _LEAP_YEAR)  # 9月1日: the return says the year
    # a bare year is as good as any number of four digits
    return day is not None and (day.last - day.first).days < 32


def _is_name(text: str, _: str) -> bool:
    name = read_name(text)
    return bool(_NAME.fullmatch(name)) and (name[0] in _SURNAMES or "·" in name)


def _is_phone(text: str, kind: str) -> bool:
    # 20180914 or 2018.2.30 could be dialled, but nobody means it so
    if _SAYS_DAYS.search(text) or _YEAR_FIRST.match(compact(text)):
        return False
    return any(map(is_phone, read_phones(text)))


READS: Mapping[str, Callable[[str, str], bool]] = {
    "id": _is_number,
    "certificate": lambda text, _: (
        len(text) >= _SHORTEST_NUMBER and bool(read_certificate(compact_no(text)))
    ),
    "name": _is_name,
    "han": lambda text, _: bool(_HAN.fullmatch(compact(text))),
    "day": _is_day,
    "birth": _is_day,
    "span": _is_span,
    "phone": _is_phone,
    "number": lambda text, kind: kind == "n" or bool(_AMOUNT.fullmatch(compact(text))),
    "yes_no": lambda text, _: compact(ticked(text)).lower() in _YES_NO,
    "digit": lambda text, _: len(text) <= _SHORT_COUNT and text.isdigit(),
    "no_digit": lambda text, _: not any(c.isdigit() for c in text),
    "long_number": lambda text, _: sum(c.isdigit() for c in text) >= 14,
}
# what a column must plainly hold (share) to be no field of a kind, by kind: a contradiction
CONTRADICTS: Mapping[str, tuple[str, ...]] = {
    "id": ("certificate", "day", "span", "phone", "yes_no", "no_digit"),
    "certificate": ("id", "day", "span", "phone", "yes_no", "no_digit"),
    "name": ("id", "certificate", "day", "span", "phone", "yes_no", "number"),
    "day": ("id", "certificate", "phone", "yes_no", "span"),
    "span": ("id", "certificate", "phone", "yes_no"),
    "birth": ("id", "certificate", "phone", "yes_no", "span"),
    "phone": ("id", "certificate", "day", "span", "yes_no", "no_digit"),
    "code": ("id", "certificate", "day", "span", "phone"),
    "category_grade": ("id", "certificate", "day", "span", "phone"),
    "number": ("id", "certificate", "phone"),
    "text": ("id", "certificate"),
}
