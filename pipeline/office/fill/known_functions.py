"""The functions of spreadsheets that all programs work out alike, and how each takes its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# how a function takes its arguments, the first ones and then those that go on: one value (v), a number (n),
# cells (r), cells that are searched (s), what is sought in them (c), words (w), what is reckoned cell by cell (l)
VALUE, A_NUMBER, CELLS, SEARCHED, SOUGHT, WORDS, LIFTED = "v", "n", "r", "s", "c", "w", "l"
RECKONED = "L"  # what is lifted and must be numbers
TAKES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("SUM", "COUNT", "COUNTA", "COUNTBLANK", "MAX", "MIN", "AVERAGE", "PRODUCT", "MEDIAN", "ROWS", "COLUMNS"),
        ("", CELLS),
    ),
    **dict.fromkeys(("LARGE", "SMALL"), ("rn", "")),
    **dict.fromkeys(("RANK", "RANK.EQ"), ("nrn", "")),
    **dict.fromkeys(("COUNTIF",), ("sc", "")),
    **dict.fromkeys(("SUMIF", "AVERAGEIF"), ("scr", "")),
    "COUNTIFS": ("", "sc"),
    **dict.fromkeys(("SUMIFS", "AVERAGEIFS"), ("r", "sc")),
    "SUMPRODUCT": ("", LIFTED),
    "SUBTOTAL": ("v", CELLS),
    **dict.fromkeys(("VLOOKUP", "HLOOKUP"), ("csnv", "")),
    "MATCH": ("csv", ""),
    "INDEX": ("rnn", ""),
    **dict.fromkeys(
        ("IF", "IFERROR", "IFNA", "IFS", "AND", "OR", "NOT", "ISBLANK", "ISNUMBER", "ISTEXT", "ISERROR", "ISNA", "N",
         "ROW", "COLUMN", "TRUE", "FALSE"),
        ("", VALUE),
    ),
    **dict.fromkeys(
        ("ROUND", "ROUNDUP", "ROUNDDOWN", "INT", "TRUNC", "ABS", "MOD", "SIGN", "POWER", "SQRT", "DATE", "YEAR",
         "MONTH", "DAY", "EOMONTH", "EDATE"),
        ("", A_NUMBER),
    ),
    "CHOOSE": ("n", VALUE),
    "TEXT": ("vv", ""),
    "CONCATENATE": ("", WORDS),
    "CONCAT": ("", WORDS),
    **dict.fromkeys(("LEFT", "RIGHT", "MID", "REPT"), ("w", A_NUMBER)),
    "HYPERLINK": ("wv", ""),
    **dict.fromkeys(("LEN", "T", "UPPER", "LOWER"), ("w", "")),
    "SUBSTITUTE": ("wwwn", ""),
    "FIND": ("wwn", ""),
    "REPLACE": ("wnnw", ""),
    "EXACT": ("ww", ""),
}  # fmt: skip
# what these come to is a text, or a number whose digits all programs write alike
WORDED = frozenset(
    {"TEXT", "CONCATENATE", "CONCAT", "LEFT", "RIGHT", "MID", "REPT", "REPLACE", "SUBSTITUTE", "T", "UPPER", "LOWER",
     "HYPERLINK", "ROW", "COLUMN", "ROWS", "COLUMNS", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "LEN",
     "FIND", "INT", "YEAR", "MONTH", "DAY", "MATCH", "RANK", "RANK.EQ"}
)  # fmt: skip
# what these come to is a number or an error, never a text that may be taken for a number
NUMERIC = frozenset(
    {"SUM", "MAX", "MIN", "AVERAGE", "PRODUCT", "MEDIAN", "LARGE", "SMALL", "SUMIF", "AVERAGEIF", "SUMIFS", "AVERAGEIFS",
     "SUMPRODUCT", "SUBTOTAL", "ROUND", "ROUNDUP", "ROUNDDOWN", "TRUNC", "ABS", "MOD", "SIGN", "POWER", "SQRT", "N",
     "DATE", "EOMONTH", "EDATE"}
) | (WORDED - {"TEXT", "CONCATENATE", "CONCAT", "LEFT", "RIGHT", "MID", "REPT", "REPLACE", "SUBSTITUTE", "T", "UPPER",
                "LOWER", "HYPERLINK"})  # fmt: skip
EXACT = {"VLOOKUP": 3, "HLOOKUP": 3, "MATCH": 2}  # which argument must ask for an exact match
_WORD = '[一-龥（）()—、，。；：%-]|"[^"]*"'
_OF_NUMBER = rf"(?:{_WORD})*-?(?:#,##)?0+(?:\.0+)?%?(?:{_WORD})*|(?:{_WORD})+"
_FORMATS = re.compile(
    rf"(?:{_OF_NUMBER})(?:;(?:{_OF_NUMBER})){{0,2}}"
    r'|yyyy(?:-mm(?:-dd)?|/m(?:/d)?|"?年"?m"?月"?(?:d"?日"?)?)|m"?月"?(?:d"?日"?)?|yyyy"?年?"?'
)


def letters(name: str) -> Iterator[str]:
    """How a function takes its arguments, one after the other, as far as it takes any."""
    first, further = TAKES[name]
    yield from first
    while further:
        yield from further


def is_plain_call(name: str, arguments: list[Any]) -> bool:
    """Whether the call asks for nothing that programs do each in their way."""
    if name in EXACT:
        nth = EXACT[name]
        return len(arguments) > nth and literal(arguments[nth]) in (0, False)
    if name == "TEXT":
        code = literal(arguments[-1])
        return len(arguments) == 2 and isinstance(code, str) and bool(_FORMATS.fullmatch(code))
    if name == "FIND":  # for nothing: some find it at once, others nowhere
        return bool(literal(arguments[0])) if arguments else False
    if name == "SUBTOTAL":  # beyond 11 it depends on rows somebody hides
        return literal(arguments[0]) in range(1, 12) if arguments else False
    if name in ("ROW", "COLUMN"):
        return not arguments or (len(arguments) == 1 and arguments[0].node_type() == "Reference")
    return True


def literal(node: Any) -> Any:
    """The value that is written in a formula; None where anything else stands."""
    return node.get_literal_value() if node.node_type() == "Literal" else None
