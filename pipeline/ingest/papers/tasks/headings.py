"""What the header above one column of a task table says: of what, which year, in what unit, or no task."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pipeline.programme import Programme
from pipeline.values import compact, fold, in_digits

Year = int | str  # a year, SUM, or '' where the header does not say
SUM: Literal["sum"] = "sum"
TEN_THOUSAND = 10_000

# no day (2018年9月14日) and no number of a paper (〔2018〕42号)
_YEARS = re.compile(
    r"(?<![\d〔\[【])(20\d{2})(?:年度?)?(?:[-—–~至到]+(20\d{2})年?度?)?(?!\d|年?\d{1,2}月)",
    re.ASCII,
)
_SHORT_YEAR = re.compile(r"(?<!\d)([12]\d)年(?!\d|级)", re.ASCII)  # 18年
_SPELLED_YEAR = re.compile(r"二[〇零○][一二三][〇零○一二三四五六七八九](?=年|$)")
_ALL_YEARS = re.compile(r"[二两三四五六]年(?!级)|总任务|任务总数|总计划|总目标|总指标|总数|总量")
_SO_FAR = ("累计", "累积")
_TEN_THOUSANDS = re.compile(r"万(?!元)(?:人次?|名|个)|单位:万(?!元)")
# money, shares, what was done and parts of the task stand beside it under the same heading
_OTHER = re.compile(
    r"[资基]金|经费|补[助贴]|万元|亿元|\(元\)|元/|/元|增收|收入|标准|率|%|占比|比例|比重|其中|备注|说明"
    r"|责任|联系|带头人"
)
_DONE = re.compile(r"(?<![应需划拟要须])完成(?!任务|指标|目标|计划)|实际|实绩")
# what stands around the word for the thing that is to be done
_AROUND = re.compile(
    r"\([^()]*\)|20\d{2}年?度?|[二两三四五六]年|累[计积]|合计|小计|总计|年度|全年|本年|当年|任务|指标|计划|目标|分解"
    r"|分配|下达|总|应完成|需完成|拟完成|完成|人员|人?数[量额]?|[(人名)]|[-—–~至到]"
)
TASK_WORDS = ("任务", "指标", "计划", "目标")


@dataclass(frozen=True)
class Heading:
    """One column: an indicator ('' where the header leaves it to a group or the title), its year, the
    persons that one unit of the number is, and whether the years before are in it."""

    indicator: str
    year: Year
    factor: int = 1
    so_far: bool = False


def heading_of(path: Iterable[str], programme: Programme) -> Heading | None:
    """What the texts above a column say, from the top; None for a column of something else.

    >>> from pipeline.home import built_in
    >>> from pipeline.programme import load_programme
    >>> handcraft = load_programme(built_in("schemas"), "handcraft")
    >>> heading_of(["累计培训人数（万人）", "2019年"], handcraft)
    Heading(indicator='training', year=2019, factor=10000, so_far=True)
    >>> heading_of(["就业任务", "2018—2020年"], handcraft).year
    'sum'
    >>> heading_of(["培训任务", "其中：补助资金（万元）"], handcraft) is None
    True
    """
    texts = list(dict.fromkeys(map(fold, path)))
    if any(_OTHER.search(text) for text in texts):
        return None
    year = year_of(texts, programme)
    whole = "".join(texts)
    so_far = any(word in whole for word in _SO_FAR)
    if so_far and not year and any(text in _SO_FAR for text in texts):
        year, so_far = SUM, False
    return Heading(indicator_of(texts, programme), year, factor_in(whole), so_far)


def year_of(texts: Iterable[str], programme: Programme) -> Year:
    """A year, SUM for several together, '' for none.

    The innermost that speaks of time says it.
    """
    for written in reversed(list(texts)):
        text = _with_years(written)
        if any(match[2] for match in _YEARS.finditer(text)) or _ALL_YEARS.search(text):
            return SUM
        if match := _YEARS.search(text):
            return int(match[1])
        if text in programme.words["subtotal"] or text.endswith(("合计", "小计", "总计")):
            return SUM
    return ""


def _with_years(text: str) -> str:
    """The text with its years in four digits: 18年, 二〇一八年."""
    spelled = _SPELLED_YEAR.sub(lambda m: in_digits(f"{m[0]}年")[:4], text)
    return _SHORT_YEAR.sub(r"20\1年", spelled)


def indicator_of(path: Iterable[str], programme: Programme) -> str:
    """The indicator that one of the texts is another wording of."""
    texts = list(path)
    for text in texts:
        bare = _bare(text)
        for indicator in programme.indicators:
            known = {_bare(fold(w)) for w in (indicator.label, *indicator.target_headers)}
            if bare and bare in known:
                return indicator.name
    for text in texts:  # 手工技能培训任务: more words than ours, but of one indicator alone
        named = [i.name for i in programme.indicators if fold(i.label) in text]
        is_title = text.endswith("表")
        if len(named) == 1 and not is_title and any(word in text for word in TASK_WORDS):
            return named[0]
    return ""


def factor_in(text: str) -> int:
    """How many persons one unit of a number is: 单位：万人."""
    return TEN_THOUSAND if _TEN_THOUSANDS.search(compact(text).replace("：", ":")) else 1


def years_in(texts: Iterable[str]) -> list[int]:
    """The years that titles speak of; both ends of a span."""
    return [
        int(year)
        for t in map(_with_years, texts)
        for m in _YEARS.finditer(t)
        for year in m.groups()
        if year
    ]


def is_done(path: Iterable[str]) -> bool:
    """Whether the column is of what was done, not of what is to be done."""
    return any(_DONE.search(fold(text)) for text in path)


def _bare(text: str) -> str:
    return _AROUND.sub("", _with_years(text))
