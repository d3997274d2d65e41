"""Yes and no as people type them where a number, a sort or a date may stand for yes."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.values.folding import fold
from pipeline.values.ticks import ticked

YES, NO = "是", "否"
_NO = re.compile(
    r"[无没未不否非].*|[×✗✘✕✖xn0□☐]|no|[暂尚].*|待.*|正?在?办理?中?|.*(?:未|没有?)(?:取得?|签订?|发放?|办理?|获得)"
)
_UNSAID = re.compile(r"[/\\\-—]*|空|未填|null|不详|不清|不明.*")


@lru_cache(maxsize=8192)
def yes_or_no(text: str) -> str:
    """What a cell that asks whether there is something says: 是, 否, or '' where it says nothing.

    A certificate's number, its sort, how long a contract runs: there is one.

    >>> [yes_or_no(t) for t in ("√", "已取得", "ZS2018-0093", "初级", "2018.9.1", "一年", "☑是 □否")]
    ['是', '是', '是', '是', '是', '是', '是']
    >>> [yes_or_no(t) for t in ("否", "无", "未签", "没有", "×", "正在办理，未取得", "□是 ☑否")]
    ['否', '否', '否', '否', '否', '否', '否']
    >>> [yes_or_no(t) for t in ("", "/", "—", "不详")]
    ['', '', '', '']
    """
    folded = fold(ticked(text))
    if _UNSAID.fullmatch(folded):
        return ""
    return NO if _NO.fullmatch(folded) else YES
