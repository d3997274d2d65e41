"""What a roster says in a person's place: that there is nobody (零报告), or nobody new (本月无新增)."""

from __future__ import annotations

import re

from pipeline.ingest.layout import OfProgramme
from pipeline.programme import Programme
from pipeline.values import compact, fold

# 同10月份名单, 与10月一致, 和上个月一样
_AS_IN = re.compile(
    r"(?:同|沿用|维持|见)(?:\d{1,2}|上个?|前一?个)月"
    r"|(?:与|和|跟|同)(?:\d{1,2}月|上个?月|上个?季|上[期次]|上一个?[月期次]|前期|前一?个?[月期次]|之前|以前)[份度]?.{0,8}(?:相同|一致|一样|持平|没变)",
    re.ASCII,
)
# 新增0人, 新增人数：零, 零增长
_NO_NEW = re.compile(
    r"(?:新增|增加)[^\d]{0,8}?(?:[0零〇]|无)(?:人|名|例|个)?|[0零〇](?:新增|增[长加])(?!\d)",
    re.ASCII,
)
_NIL = re.compile(r"零报告|(?<!\d)0报告|^(?:此|本|该)表(?:为|是)空(?:表|白表?)?[。.]?$", re.ASCII)
_LONGEST = 30  # characters; what is longer says more than that


def says_nil_word(text: str, programme: Programme) -> bool:
    """零报告, 无, 暂未开展 or another of the programme's words for nobody."""
    if fold(text) in programme.words["nil"] or _NIL.search(compact(text)):
        return True
    match = _nothing_done(programme).fullmatch(compact(text))
    return match is not None and not _of_new_ones(match)


def says_nothing_new(text: str, programme: Programme) -> bool:
    """One of the programme's words for nothing new, in a short text."""
    words = fold(text)
    if len(words) > _LONGEST:
        return False
    if any(word in words for word in programme.words["nothing_new"]) or _AS_IN.search(words):
        return True
    if _NO_NEW.search(words):
        return True
    if words in programme.words["nil"]:  # 本期无 is a nil return, whatever else it looks like
        return False
    done = _nothing_done(programme).fullmatch(compact(text))
    return done is not None and _of_new_ones(done)


def _of_new_ones(nothing: re.Match[str]) -> bool:
    """Whether only this month has nothing, or nobody new came: 本月未开展培训, 无新培训人员."""
    return bool(nothing["month"]) or "新" in nothing[0]


def _sentence(programme: Programme) -> re.Pattern[str]:
    """暂未开展培训; with a month before it, 本月未开展培训, what was filed before stands."""
    kinds = "|".join(re.escape(word) for kind in programme.kinds for word in kind.title_words)
    return re.compile(
        r"[(【]?(?:[^()]{0,8}[县市区州]|(?:本|我)?(?:单位|地区?|辖区)|全[县市区州])?(?P<month>(?:本|该|这|当)(?:月|期|季度?|次)|\d{1,2}月份?)?(?:截至?目前|目前|今年|全年|本年度?|\d{4}年度?)?[,，、:]?"
        r"(?:暂|尚|均|还)?(?:无|没有?|未有?)(?:此项|该项|此类|相关|有关|符合条件的?|任何|新)?(?:开展|组织|举办|安排|进行|发生|参加|实施|开班|开课|有)?(?:新的?|任何|其他)?"
        rf"(?:此项|该项|此类|相关|手工|残疾|妇女|{kinds}|工作|业务|活动|任务|人员|学员|对象|情况|数据|内容|报名|参加|贫困|建档立卡|需求|计划|者|的|人|户|班)*[)】]?[。.!]?"
    )


_nothing_done = OfProgramme(_sentence)


def says_nobody(text: str, programme: Programme) -> bool:
    """Either: no name."""
    return says_nil_word(text, programme) or says_nothing_new(text, programme)


def is_code_word(text: str, programme: Programme) -> bool:
    """Whether it is a word of a code list and so nobody's name: 其中 听力 2 below the rows."""
    return any(fold(text) in words for words in programme.code_words.values())
