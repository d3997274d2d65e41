"""Names of people as typed."""

from __future__ import annotations

import re
import unicodedata

from pipeline.values.folding import compact, one_dot

# a full stop between Chinese characters is a name's dot as well
_STOP = re.compile(r"(?<=[\u3400-\u9fff])[.。](?=[\u3400-\u9fff])")
_REMARK = re.compile(r"\((女|男|本人)\)$")


def read_name(text: str) -> str:
    """A person's name without inner spaces or the remark (女) behind it.

    >>> read_name("李  四（女）")
    '李四'
    >>> read_name("阿依．古丽") == read_name("阿依⋅古丽") == read_name("阿依·古丽")
    True
    """
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):
        return text  # most names are written as they should be
    return _REMARK.sub("", _STOP.sub("·", one_dot(compact(text))))
