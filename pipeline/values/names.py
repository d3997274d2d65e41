"""Names of people as typed."""

from __future__ import annotations

import re

from pipeline.values.words import compact, one_dot

_REMARK = re.compile(r"\((女|男|本人)\)$")


def read_name(text: str) -> str:
    """A person's name without inner spaces or the remark (女) behind it.

    >>> read_name("李  四（女）")
    '李四'
    """
    return _REMARK.sub("", one_dot(compact(text)))
