"""Text made comparable: without spaces and invisible characters, one sort of letters and brackets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.values.radicals import unified
from pipeline.values.traditional import simplified

# what clerks write where they have nothing to write (DOMAIN.md 5 no. 34)
_NOTHING = frozenset(
    {"", "无", "/", "\\", "-", "--", "—", "——", "空", "暂无", "未填", "NULL", "null"}
)
_DOTS = re.compile("[·•・‧∙⋅⸱᛫ꞏ]")
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5")  # what letters call themselves that show nothing
_COUNT = re.compile(r"(?:共计?|合计)?([\d,]{1,18})(?:\.0{1,18})?(?:人|名|个)?", re.ASCII)
_MOST = 10**12  # what counts more is no number of persons


@lru_cache(maxsize=8192)
def compact(text: str) -> str:
    """NFKC without any kind of space, line break or invisible character; characters for radicals.

    >>> compact("姓　 名\\n"), compact("⻄安\ufe00\u200b区")
    ('姓名', '西安区')
    """
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):
        return text  # most cells are written as they should be
    folded = unified(unicodedata.normalize("NFKC", text))
    return "".join(c for c in folded if not _is_unseen(c))


def _is_unseen(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "ZC" or category == "Mn" or character in _FILLERS


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A word made comparable: compacted, lower case, simplified, one sort of brackets and name dots.

    >>> fold("月均收入（元）"), fold("填報單位")
    ('月均收入(元)', '填报单位')
    """
    return simplified(one_dot(compact(text))).lower()


def one_dot(text: str) -> str:
    """The text with one sort of dot where names are joined.

    >>> one_dot("阿依古丽•买买提")
    '阿依古丽·买买提'
    """
    return _DOTS.sub("·", text)


def is_nothing(text: str) -> bool:
    """Whether the cell holds only a sign for nothing (无, /, —).

    >>> is_nothing(" 无 "), is_nothing("0")
    (True, False)
    """
    return compact(text) in _NOTHING


def read_count(text: str) -> int | None:
    """A number of persons as typed: `120人`, `1,250`, `4.0`; None for anything else, or too much.

    >>> read_count("４ 人"), read_count("1,250"), read_count("若干"), read_count("9" * 17)
    (4, 1250, None, None)
    """
    match = _COUNT.fullmatch(compact(text))
    digits = match[1].replace(",", "") if match else ""
    return int(digits) if digits and int(digits) < _MOST else None
