"""Which formulas can be worked out here with nothing left to doubt, and what they look at.

A wrong number is worse than none: whoever only reads a workbook cannot see that it is wrong. So a
formula is worked out only where all of it is known to come out alike in every spreadsheet program:
its functions are listed here, cells in rows and columns stand only where a function takes them, and
what turns a number into words is looked at by itself. All else is left to the program that opens it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.office.places import LAST_ROW, column_number

_LAST_COLUMN = 16_384
# how a function takes its arguments, the first ones and then those that go on: one value (v), cells (r),
# words (w), what is reckoned cell by cell (l)
_VALUE, _CELLS, _WORDS, _LIFTED = "v", "r", "w", "l"
_TAKES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("SUM", "COUNT", "COUNTA", "COUNTBLANK", "MAX", "MIN", "AVERAGE", "PRODUCT", "MEDIAN", "ROWS", "COLUMNS"),
        ("", _CELLS),
    ),
    **dict.fromkeys(("LARGE", "SMALL"), ("rv", "")),
    **dict.fromkeys(("RANK", "RANK.EQ"), ("vrv", "")),
    **dict.fromkeys(("COUNTIF",), ("rv", "")),
    **dict.fromkeys(("SUMIF", "AVERAGEIF"), ("rvr", "")),
    "COUNTIFS": ("", "rv"),
    **dict.fromkeys(("SUMIFS", "AVERAGEIFS"), ("r", "rv")),
    "SUMPRODUCT": ("", _LIFTED),
    "SUBTOTAL": ("v", _CELLS),
    **dict.fromkeys(("VLOOKUP", "HLOOKUP"), ("vrvv", "")),
    "MATCH": ("vrv", ""),
    "INDEX": ("rvv", ""),
    **dict.fromkeys(
        ("IF", "IFERROR", "IFNA", "IFS", "AND", "OR", "NOT", "CHOOSE", "ROUND", "ROUNDUP", "ROUNDDOWN", "INT",
         "TRUNC", "ABS", "MOD", "SIGN", "POWER", "SQRT", "ISBLANK", "ISNUMBER", "ISTEXT", "ISERROR", "ISNA", "N", "DATE", "YEAR",
         "MONTH", "DAY", "EOMONTH", "EDATE", "ROW", "COLUMN", "TRUE", "FALSE"),
        ("", _VALUE),
    ),
    "TEXT": ("vv", ""),
    "CONCATENATE": ("", _WORDS),
    "CONCAT": ("", _WORDS),
    **dict.fromkeys(("LEFT", "RIGHT", "MID", "REPT", "HYPERLINK"), ("w", _VALUE)),
    **dict.fromkeys(("LEN", "T", "UPPER", "LOWER"), ("w", "")),
    "SUBSTITUTE": ("wwwv", ""),
    "FIND": ("wwv", ""),
    "REPLACE": ("wvvw", ""),
    "EXACT": ("ww", ""),
    "VALUE": ("w", ""),
}  # fmt: skip
# what these come to is a text, or a number whose digits all programs write alike
_WORDED = frozenset(
    {"TEXT", "CONCATENATE", "CONCAT", "LEFT", "RIGHT", "MID", "REPT", "REPLACE", "SUBSTITUTE", "T", "UPPER", "LOWER",
     "HYPERLINK", "ROW", "COLUMN", "ROWS", "COLUMNS", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "LEN",
     "FIND", "INT", "YEAR", "MONTH", "DAY", "MATCH", "RANK", "RANK.EQ"}
)  # fmt: skip
_ARITHMETIC, _COMPARING = frozenset("+-*/^%"), frozenset({"=", "<>", "<", ">", "<=", ">="})
_EXACT = {"VLOOKUP": 3, "HLOOKUP": 3, "MATCH": 2}  # which argument must ask for an exact match
_WORD = '[一-龥（）()—、，。；：%-]*|"[^"]*"'
_OF_NUMBER = rf"(?:{_WORD})*-?(?:#,##)?0+(?:\.0+)?%?(?:{_WORD})*|(?:{_WORD})+"
_FORMATS = re.compile(
    rf"(?:{_OF_NUMBER})(?:;(?:{_OF_NUMBER})){{0,2}}"
    r'|yyyy(?:-mm(?:-dd)?|/m(?:/d)?|"?年"?m"?月"?(?:d"?日"?)?)|m"?月"?(?:d"?日"?)?|yyyy"?年?"?'
)
_CELL = r"\$?([A-Z]{1,3})\$?(\d{1,7})"
_REFERENCE = re.compile(
    rf"(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
    rf"(?:{_CELL}(?::{_CELL})?|\$?([A-Z]{{1,3}}):\$?([A-Z]{{1,3}})|\$?(\d{{1,7}}):\$?(\d{{1,7}}))"
)
_OWN_PLACE = re.compile(r"\b(?:ROW|COLUMN)\(\)")


@dataclass(frozen=True)
class Area:
    """Cells of a sheet, first and last row and column."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell is among them."""
        inside = self.top <= row <= self.bottom and self.left <= column <= self.right
        return inside and sheet == self.sheet

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        beside = self.right < other.left or other.right < self.left
        apart = beside or self.bottom < other.top or other.bottom < self.top
        return self.sheet == other.sheet and not apart


@dataclass
class Asked:
    """A formula that can be worked out: the cells it looks at; and parts of it (formulas themselves)
    whose values must be asked as well: those that become words, and, behind the sign between them, two
    that are compared."""

    formula: str
    areas: list[Area] = field(default_factory=list)
    parts: list[tuple[str, ...]] = field(default_factory=list)
    repeats: tuple[str, int, int] | None = (
        None  # the cell that it says again, where it is that alone
    )

    def looks_at(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell is among those it looks at."""
        return any(a.holds(sheet, row, column) for a in self.areas)


class _Doubtful(Exception):
    """Something in the formula that programs work out differently, or that is not known here."""


def asked(formula: str, home: str) -> Asked | None:
    """What a formula (without =, its names already replaced) on sheet `home` looks at; None where it
    cannot be worked out for certain."""
    import formualizer

    found = Asked(f"={formula}")
    try:
        tree = formualizer.parse(found.formula)
        _walk(tree, _VALUE, home, found)
        if tree.node_type() == "Reference":
            (cell,) = found.areas
            found.repeats = (cell.sheet, cell.top, cell.left)
    except (_Doubtful, formualizer.ParserError, formualizer.TokenizerError, ValueError):
        return None
    return None if any(_OWN_PLACE.search(one) for part in found.parts for one in part) else found


def _walk(node: Any, how: str, home: str, found: Asked) -> None:
    kind = node.node_type()
    if kind == "Literal":
        value = node.get_literal_value()
        if not isinstance(value, bool | int | float | str) or (
            how == _CELLS and isinstance(value, str)
        ):
            raise _Doubtful
        if how == _WORDS and not isinstance(value, str):
            found.parts.append((node.to_formula(),))
    elif kind == "Reference":
        area = _area(node.get_reference_string() or "", home)
        alone = (area.top, area.left) == (area.bottom, area.right)
        if not alone and how not in (_CELLS, _LIFTED):
            raise _Doubtful
        found.areas.append(area)
        if how == _WORDS:
            found.parts.append((node.to_formula(),))
    elif kind in ("UnaryOp", "BinaryOp"):
        _operation(node, how, home, found)
    elif kind == "Function":
        _function(node, how, home, found)
    elif kind != "Omitted":
        raise _Doubtful


def _operation(node: Any, how: str, home: str, found: Asked) -> None:
    operator, operands = node.get_operator(), node.children()
    inner = _LIFTED if how == _LIFTED else _VALUE
    if operator == "&":
        inner = _WORDS
    elif operator in _COMPARING:
        if how != _LIFTED:
            found.parts.append((operator, *(operand.to_formula() for operand in operands)))
    elif operator not in _ARITHMETIC:
        raise _Doubtful
    if how == _WORDS and operator != "&":
        found.parts.append((node.to_formula(),))
    for operand in operands:
        _walk(operand, inner, home, found)


def _function(node: Any, how: str, home: str, found: Asked) -> None:
    name = str(node.get_function_name()).upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
    arguments = node.children()
    if name not in _TAKES or not _is_plain_call(name, arguments):
        raise _Doubtful
    if how == _WORDS and name not in _WORDED:
        found.parts.append((node.to_formula(),))
    for argument, taken in zip(arguments, _letters(*_TAKES[name]), strict=False):
        _walk(argument, taken, home, found)
    first, further = _TAKES[name]
    if len(arguments) > len(first) and not further:
        raise _Doubtful


def _letters(first: str, further: str) -> Iterator[str]:
    yield from first
    while further:
        yield from further


def _is_plain_call(name: str, arguments: list[Any]) -> bool:
    """Whether the call asks for nothing that programs do each in their way."""
    if name in _EXACT:
        nth = _EXACT[name]
        return len(arguments) > nth and _literal(arguments[nth]) in (0, False)
    if name == "TEXT":
        code = _literal(arguments[-1])
        return len(arguments) == 2 and isinstance(code, str) and bool(_FORMATS.fullmatch(code))
    if name == "SUBTOTAL":  # beyond 11 it depends on rows somebody hides
        return _literal(arguments[0]) in range(1, 12) if arguments else False
    if name in ("ROW", "COLUMN"):
        return not arguments or (len(arguments) == 1 and arguments[0].node_type() == "Reference")
    return True


def _literal(node: Any) -> Any:
    return node.get_literal_value() if node.node_type() == "Literal" else None


def _area(text: str, home: str) -> Area:
    match = _REFERENCE.fullmatch(text.upper() if "!" not in text else _upper(text))
    if match is None:
        raise _Doubtful
    named = match["sheet"] or ""
    sheet = named[1:-1].replace("''", "'") if named.startswith("'") else named or home
    c1, r1, c2, r2, w1, w2, n1, n2 = match.groups()[1:]
    if c1:
        top, left = int(r1), column_number(c1)
        bottom, right = (int(r2), column_number(c2)) if c2 else (top, left)
    elif w1:
        top, left, bottom, right = 1, column_number(w1), LAST_ROW, column_number(w2)
    else:
        top, left, bottom, right = int(n1), 1, int(n2), _LAST_COLUMN
    if bottom == LAST_ROW and right == _LAST_COLUMN:
        raise _Doubtful  # a whole sheet, on which parts are worked out aside
    return Area(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _upper(text: str) -> str:
    sheet, _, cells = text.rpartition("!")
    return f"{sheet}!{cells.upper()}"
