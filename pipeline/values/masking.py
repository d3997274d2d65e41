"""What must not be seen in full: numbers and names that tell a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_LONG_NUMBER = re.compile(
    r"\d{7,}[\dXx]*"
)  # of any script: a mask is to hide too much, not too little
# by the kind of a field: what is kept of a value that has the usual shape; of any other nothing is
_SHAPES = {
    "id": (r"^([0-9]{3})[0-9]{11}([0-9]{3}[0-9Xx])$", r"\1***********\2"),
    "certificate": (r"^([0-9]{3})[0-9]{11}([0-9]{3}[0-9Xx]).*$", r"\1***********\2"),
    "phone": (r"^(1[0-9]{2})[0-9]{4}([0-9]{4})$", r"\1****\2"),
    "name": (r"^(.).+$", r"\1*"),
}
_HIDDEN = "****"


def mask_id(number: str) -> str:
    """An ID or certificate number with its middle hidden; what belongs to the county stays hidden.

    >>> mask_id("220122197803050244")
    '220***********0244'
    """
    return f"{number[:3]}{'*' * max(len(number[:18]) - 7, 3)}{number[14:18]}" if number else ""


def mask_name(name: str) -> str:
    """A name of which the first character is left.

    >>> mask_name("欧阳秀英"), mask_name("")
    ('欧*', '')
    """
    return f"{name[:1]}*" if name else ""


def mask_digits(text: str) -> str:
    """Free text in which every run of seven or more digits is hidden, for messages and logs.

    >>> mask_digits("见220122197803050244号")
    '见220******号'
    """
    return _LONG_NUMBER.sub(lambda m: m[0][:3] + "******", text)


def masks(kind: str) -> bool:
    """Whether values of this kind of field tell a person."""
    return kind in _SHAPES


def masked_column(kind: str, column: pa.Array) -> pa.Array:
    """A column of texts with what tells a person hidden, by the kind of its field; blanks stay blank.

    >>> import pyarrow as pa
    >>> masked_column("certificate", pa.array(["22012219780305024443B1", None])).to_pylist()
    ['220***********0244', None]
    >>> [masked_column(k, pa.array([v]))[0].as_py() for k, v in
    ...  (("name", "张三"), ("phone", "13844445555"), ("phone", "0433-2512345"))]
    ['张*', '138****5555', '****']
    """
    import pyarrow.compute as pc

    shape, kept = _SHAPES[kind]
    text: Any = column.cast("string")
    usual = pc.match_substring_regex(text, shape)
    hidden = pc.if_else(pc.equal(text, ""), "", _HIDDEN)
    return pc.if_else(usual, pc.replace_substring_regex(text, shape, kept), hidden)
