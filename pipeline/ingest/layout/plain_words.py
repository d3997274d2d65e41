"""A header as typed -> what it is compared by."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.values import fold

_LONGEST = 300  # characters; what is longer is no header, and keeps its ornaments
_MARK = r"[(【\[](必填|选填|必填项|选填项|单选|多选|文本|文本格式)[)】\]]"
_ORNAMENT = re.compile(
    rf"^[*★#&※▲]+|[*★#&※▲::]+$|^{_MARK}|{_MARK}$|^[(〔\[]?\d{{1,2}}[.、)〕\]](?=\D)|^[一二三四五六七八九十]{{1,3}}、",
    re.ASCII,
)
_HINT = re.compile(r"[(【\[][^()【】\[\]]*[)】\]]$")


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """A header as typed -> what it is compared by.

    >>> plain("*名  族："), plain("是否建档立卡（单选）"), plain("【必填】3、姓名")
    ('名族', '是否建档立卡', '姓名')
    """
    text, before = fold(header).replace("帐", "账"), ""
    while text != before and len(text) <= _LONGEST:
        before, text = text, _ORNAMENT.sub("", text)
    return text


def without_hint(text: str) -> str:
    """A plain header without the hint in brackets at its end.

    >>> without_hint("开班时间(年月日)")
    '开班时间'
    """
    return _HINT.sub("", text) if len(text) <= _LONGEST else text
