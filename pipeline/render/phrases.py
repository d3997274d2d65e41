"""The idioms of official papers, each made from its figures: a list, an exception, a direction, a quotation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_FIRST_FEW = 3
_BETWEEN_OFFICES, _LINE_OF_OFFICES = "　　", 22  # characters of the body's size right of the margin
_WHOLE = "100.0%"  # 序时进度 at the end of the year
_SENTENCE = re.compile(r"[^。！？；]*[。！？；]?")


class Rated(NamedTuple):
    """A unit and its rate as printed (65.2%)."""

    name: str
    percent: str

    def __str__(self) -> str:
        return f"{self.name}（{self.percent}）"


def listed(items: Sequence[object]) -> str:
    """A、B、C."""
    return "、".join(map(str, items))


def numbered(items: Sequence[object], word: str, most: int = 0) -> str:
    """A list with its number; a lone one is named only.

    >>> numbered(["甲县"], "个县"), numbered(["甲县", "乙县"], "个县"), numbered(list("甲乙丙"), "个县", 2)
    ('甲县', '甲县、乙县2个县', '甲、乙等3个县')
    """
    if most and len(items) > most:
        return f"{listed(items[:most])}等{len(items)}{word}"
    return listed(items) if len(items) == 1 else f"{listed(items)}{len(items)}{word}"


def first_few(items: Sequence[object], word: str) -> str:
    """The first three of a long list, with the number of all."""
    return numbered(items, word, _FIRST_FEW)


def exception(ahead: Sequence[Rated], behind: Sequence[Rated], word: str, reached: str) -> str:
    """除…外: who has `reached` something and who has not, the fewer named. `behind`: the lowest first.

    >>> a, b, c = Rated("甲市", "98.0%"), Rated("乙市", "60.0%"), Rated("丙市", "70.0%")
    >>> exception([a, a, a], [b], "个市", "达到序时进度")
    '4个市中，除乙市（60.0%）外，其余3个市均达到序时进度'
    >>> exception([a], [b, c], "个市", "达到序时进度")
    '3个市中，仅甲市（98.0%）达到序时进度，乙市（60.0%）、丙市（70.0%）2个市未达到'
    >>> exception([], [b, c], "个市", "达到序时进度")
    '2个市均未达到序时进度，由低到高依次为乙市（60.0%）、丙市（70.0%）'
    >>> exception([a], [b], "个市", "达到序时进度")
    '2个市中，甲市（98.0%）达到序时进度，乙市（60.0%）未达到'
    """
    of = len(ahead) + len(behind)
    if not of:
        return ""
    whole = f"{of}{word}"
    if not behind:
        return f"{whole}均{reached}" if of > 1 else f"{ahead[0]}{reached}"
    if not ahead:
        if of == 1:
            return f"{behind[0]}未{reached}"
        return f"{whole}均未{reached}，由低到高依次为{listed(behind)}"
    if len(ahead) == 1:
        only = "仅" if len(behind) > 1 else ""
        return f"{whole}中，{only}{ahead[0]}{reached}，{numbered(behind, word)}未达到"
    return f"{whole}中，除{numbered(behind, word)}外，其余{len(ahead)}{word}均{reached}"


def against(points: float, expected: str, rate: float) -> str:
    """How far ahead of 序时进度 or behind it, or that the task is met.

    >>> against(-4.56, "91.7%", 0.87), against(3.0, "91.7%", 0.947), against(0.04, "91.7%", 0.917)
    ('低于序时进度（91.7%）4.6个百分点', '高于序时进度（91.7%）3.0个百分点', '与序时进度（91.7%）持平')
    >>> against(8.3, "91.7%", 1.0), against(0.0, "100.0%", 1.0)
    ('高于序时进度（91.7%）8.3个百分点，提前完成年度任务', '完成年度任务')
    """
    shown = f"{abs(points):.1f}"
    met = "，提前完成年度任务" if rate >= 1 else ""
    if expected == _WHOLE and rate >= 1:
        return "完成年度任务"
    if shown == "0.0":
        return f"与序时进度（{expected}）持平"
    return f"{'高于' if points > 0 else '低于'}序时进度（{expected}）{shown}个百分点{met}"


def over_month(more: int | None, unit_word: str, without: int = 0) -> str:
    """How a count moved since the month before; nothing where that is not known. `without`: units that
    the comparison leaves out.

    >>> over_month(23, "人"), over_month(-2, "人"), over_month(0, "人"), over_month(None, "人")
    ('较上月增加23人', '较上月减少2人', '与上月持平', '')
    >>> over_month(23, "人", 2)
    '较上月增加23人（上月未报的2个单位除外）'
    """
    if more is None:
        return ""
    left_out = f"（上月未报的{without}个单位除外）" if without else ""
    if not more:
        return f"与上月持平{left_out}"
    return f"较上月{'增加' if more > 0 else '减少'}{abs(more)}{unit_word}{left_out}"


def points_over_month(points: float | None) -> str:
    """How a rate moved.

    >>> points_over_month(3.71), points_over_month(-0.5), points_over_month(0.01)
    ('提高3.7个百分点', '下降0.5个百分点', '')
    """
    if points is None or f"{abs(points):.1f}" == "0.0":
        return ""
    return f"{'提高' if points > 0 else '下降'}{abs(points):.1f}个百分点"


def quoted(text: str, most: int) -> str:
    """The whole sentences of a text that fit into `most` characters, at least the first; quotes in it
    become inner ones.

    >>> quoted("坚持“宜绣则绣”，送教上门。产品统一回收。", 16)
    '“坚持‘宜绣则绣’，送教上门。”'
    """
    taken = ""
    for sentence in _SENTENCE.findall(text):
        if taken and len(taken) + len(sentence) > most:
            break
        taken += sentence
    taken = taken.rstrip("；").translate(str.maketrans("“”", "‘’"))
    ended = taken if taken.endswith(("。", "！", "？")) else taken + "。"
    return f"“{ended}”"


def side_by_side(offices: Sequence[str]) -> list[str]:
    """Who signs, in order, as many side by side as a line has room for.

    >>> side_by_side(["甲州残联", "甲州妇联", "甲州扶贫办"])
    ['甲州残联　　甲州妇联　　甲州扶贫办']
    >>> side_by_side(["甲省残疾人联合会", "甲省妇女联合会", "甲省扶贫开发领导小组办公室"])
    ['甲省残疾人联合会　　甲省妇女联合会', '甲省扶贫开发领导小组办公室']
    """
    lines: list[str] = []
    for office in offices:
        together = f"{lines[-1]}{_BETWEEN_OFFICES}{office}" if lines else ""
        if lines and len(together) <= _LINE_OF_OFFICES:
            lines[-1] = together
        else:
            lines.append(office)
    return lines


def standing_for(absent: Sequence[str], never: Sequence[str]) -> str:
    """What counts in place of those that filed nothing; `never`: those of them that have not all year.

    >>> standing_for(["甲县"], []), standing_for(["甲县"], ["甲县"])
    ('按最近一次报送的数据计入', '本年以来未报送，没有数据计入')
    >>> standing_for(["甲县", "乙县"], ["乙县"])
    '除乙县本年以来未报送、没有数据计入外，按最近一次报送的数据计入'
    >>> standing_for(["甲县", "乙县", "丙县"], ["乙县", "丙县"])
    '除甲县按最近一次报送的数据计入外，本年以来均未报送，没有数据计入'
    """
    if not never:
        return "按最近一次报送的数据计入" if absent else ""
    if len(never) == len(absent):
        return f"本年以来{'均' if len(never) > 1 else ''}未报送，没有数据计入"
    once = [unit for unit in absent if unit not in never]
    if len(once) < len(never):
        named = first_few(once, "个单位")
        return f"除{named}按最近一次报送的数据计入外，本年以来均未报送，没有数据计入"
    named = first_few(never, "个单位")
    return f"除{named}本年以来未报送、没有数据计入外，按最近一次报送的数据计入"


def whole_of(region: str) -> str:
    """全省, 全州, 全市: how a paper calls all of its region.

    >>> whole_of("某某省"), whole_of("某某自治州"), whole_of("某某开发区")
    ('全省', '全州', '全区')
    """
    return f"全{region[-1:]}" if region[-1:] in "省市州县区盟旗" else f"全{region}"
