"""Names of people as typed."""

from __future__ import annotations

import re
import unicodedata

from pipeline.values.folding import compact, one_dot

# a full stop between Chinese characters is a name's dot as well
_STOP = re.compile(r"(?<=[\u3400-\u9fff])[.。](?=[\u3400-\u9fff])")
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
TITLES = ("女士", "同志")  # behind a name, and none of it
_REMARK = re.compile(
    r"\((?:女|男|女性|本人|残|残疾|残疾人|学员|[汉满回朝]族?|朝鲜族|蒙古族|贫困户|建档立卡)\)$"
    r"|\((?:曾用名|曾名|原名|又名|别名|小名)[:为是]?[^()]{1,12}\)$"
    rf"|(?<={_HAN}{{2}})(?:{'|'.join(TITLES)})$|(?<={_HAN}{{2}})[★☆※▲△◆■●√。.,、]+$|(?<={_HAN}{{3}})\*+$"
)
# a number of the row, a mark, or the header once more: 1.王秀英, ★王秀英, 姓名:王秀英
_BEFORE = re.compile(
    rf"^(?:[★☆※▲△◆■●√]+|[(\[]?\d{{1,4}}[)\]]?[、.,:·]?|(?:姓名|学员)[::])(?={_HAN}{{2}})"
)
# a number written to a name, which is none of it: 王秀英13844445555
_NUMBER = re.compile(
    rf"(?<={_HAN})[:,;/|-]?\d{{7,22}}[Xx]?$|^\d{{7,22}}[Xx]?[:,;/|-]?(?={_HAN}{{2}})", re.ASCII
)


def read_name(text: str) -> str:
    """A person's name without inner spaces, the remark (女) behind it or the row's number before it.

    >>> read_name("李  四（女）")
    '李四'
    >>> read_name("1.王秀英"), read_name("★王秀英"), read_name("王秀英*"), read_name("王秀英女士")
    ('王秀英', '王秀英', '王秀英', '王秀英')
    >>> read_name("王秀*"), read_name("*秀英"), read_name("王秀英(已退出)"), read_name("王秀英（曾用名：王英）")
    ('王秀*', '*秀英', '王秀英(已退出)', '王秀英')
    >>> read_name("王秀英13844445555"), read_name("王秀英2")
    ('王秀英', '王秀英2')
    >>> read_name("阿依．古丽") == read_name("阿依⋅古丽") == read_name("阿依·古丽")
    True
    """
    if text.isalpha() and text[-2:] not in TITLES and unicodedata.is_normalized("NFKC", text):
        return text  # most names are written as they should be
    name = _NUMBER.sub("", _STOP.sub("·", one_dot(compact(text))))
    return _BEFORE.sub("", _REMARK.sub("", name))
