"""Which formulas can be worked out here with nothing left to doubt, and what they look at.

A wrong number is worse than none: whoever only reads a workbook cannot see that it is wrong. So a
formula is worked out only where all of it is known to come out alike in every spreadsheet program:
its functions are known (known_functions), cells in rows and columns stand only where a function takes them, and
what turns a number into words is looked at by itself. All else is left to the program that opens it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pipeline.office.fill.agreeing_values import (
    CLEAR,
    CRITERION,
    DAY,
    IN_WORDS,
    KEY,
    NUMBER,
    WHOLE,
)
from pipeline.office.fill.known_functions import (
    A_NUMBER,
    CELLS,
    EXACT,
    LIFTED,
    NUMERIC,
    RECKONED,
    SEARCHED,
    SOUGHT,
    TAKES,
    VALUE,
    WORDED,
    WORDS,
    is_plain_call,
    letters,
    literal,
)
from pipeline.office.places import LAST_ROW, column_number

_LAST_COLUMN = 16_384
_ARITHMETIC, _COMPARING = frozenset("+-*/^%"), frozenset({"=", "<>", "<", ">", "<=", ">="})
_CELL = r"\$?([A-Z]{1,3})\$?(\d{1,7})"
_REFERENCE = re.compile(
    rf"(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
    rf"(?:{_CELL}(?::{_CELL})?|\$?([A-Z]{{1,3}}):\$?([A-Z]{{1,3}})|\$?(\d{{1,7}}):\$?(\d{{1,7}}))"
)
Part = tuple[str, tuple[str, ...]]  # of which sort what formulas come to must be
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
    """A formula that can be worked out: the cells it looks at, and parts of it whose values must be asked too."""

    formula: str
    areas: list[Area] = field(default_factory=list)
    coerced: list[Area] = field(default_factory=list)  # of these, whose texts would be made numbers
    searched: list[Area] = field(default_factory=list)  # and in which something is sought
    parts: list[Part] = field(default_factory=list)
    repeats: tuple[str, int, int] | None = (
        None  # the cell that it says again, where it is that alone
    )

    def must_be(self, sort: str, *nodes: Any) -> None:
        """What parts come to must be of a sort (agreeing_values)."""
        self.parts.append((sort, tuple(node.to_formula() for node in nodes)))

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
        _walk(tree, VALUE, home, found)
        if tree.node_type() == "Reference":
            (cell,) = found.areas
            found.repeats = (cell.sheet, cell.top, cell.left)
    except (_Doubtful, formualizer.ParserError, formualizer.TokenizerError, ValueError):
        return None
    return None if any(_OWN_PLACE.search(one) for _, part in found.parts for one in part) else found


def _walk(node: Any, how: str, home: str, found: Asked) -> None:
    kind = node.node_type()
    if how == SEARCHED and kind != "Reference":
        raise _Doubtful
    if kind == "Literal":
        value = node.get_literal_value()
        if not isinstance(value, bool | int | float | str) or (
            how == CELLS and isinstance(value, str)
        ):
            raise _Doubtful
        if how in (A_NUMBER, RECKONED) and isinstance(value, str):
            found.must_be(CLEAR, node)
        if how == WORDS and not isinstance(value, str):
            found.must_be(IN_WORDS, node)
    elif kind == "Reference":
        area = _area(node.get_reference_string() or "", home)
        alone = (area.top, area.left) == (area.bottom, area.right)
        if not alone and how not in (CELLS, SEARCHED, LIFTED, RECKONED):
            raise _Doubtful
        found.areas.append(area)
        if how == WORDS:
            found.must_be(IN_WORDS, node)
        if how in (A_NUMBER, RECKONED):
            found.coerced.append(area)
        if how == SEARCHED:
            found.searched.append(area)
    elif kind in ("UnaryOp", "BinaryOp"):
        _operation(node, how, home, found)
    elif kind == "Function":
        _function(node, how, home, found)
    elif kind != "Omitted":
        raise _Doubtful


def _operation(node: Any, how: str, home: str, found: Asked) -> None:
    operator, operands = node.get_operator(), node.children()
    lifted = how in (LIFTED, RECKONED)
    inner = LIFTED if lifted else VALUE
    if operator == "&":
        inner = WORDS
    elif operator in _ARITHMETIC:
        inner = RECKONED if lifted else A_NUMBER
    elif operator in _COMPARING:
        _comparison(operator, operands, found, lifted=lifted)
    else:
        raise _Doubtful
    if how == WORDS and operator != "&":
        found.must_be(IN_WORDS, node)
    for operand in operands:
        _walk(operand, inner, home, found)


def _comparison(sign: str, operands: list[Any], found: Asked, *, lifted: bool) -> None:
    literals = [value for operand in operands if (value := literal(operand)) is not None]
    if any(isinstance(value, bool) for value in literals):
        raise _Doubtful
    if not lifted:
        found.must_be(sign, *operands)
    elif sign not in ("=", "<>") and not any(isinstance(v, int | float) for v in literals):
        raise _Doubtful  # among what is compared there may be two texts


def _function(node: Any, how: str, home: str, found: Asked) -> None:
    name = str(node.get_function_name()).upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
    arguments = node.children()
    if name not in TAKES or not is_plain_call(name, arguments):
        raise _Doubtful
    _ask_of_its_values(name, node, arguments, found)
    if how == A_NUMBER and name not in NUMERIC:
        found.must_be(CLEAR, node)
    if how == WORDS and name not in WORDED:
        found.must_be(IN_WORDS, node)
    taken = list(islice(letters(name), len(arguments)))
    if len(taken) < len(arguments):
        raise _Doubtful
    for argument, own in zip(arguments, taken, strict=True):
        if own == SOUGHT:
            sought = argument.to_formula().removeprefix("=").strip()
            both = (f'=({sought})&""', f"=ISNUMBER({sought})")
            found.parts.append((KEY, both) if name in EXACT else (CRITERION, both[:1]))
        _walk(argument, own, home, found)


def _ask_of_its_values(name: str, node: Any, arguments: list[Any], found: Asked) -> None:
    """What a function's arguments, or it itself, must come to, that all programs make the same of it."""
    if name in ("RANK", "RANK.EQ"):  # where a number is not found, they differ in the error
        found.must_be(NUMBER, node)
    elif name == "MOD":
        for argument in arguments:
            found.must_be(WHOLE, argument)
    elif name == "TEXT":
        code = str(literal(arguments[1]))
        day = set("ymd") & set(code)
        found.must_be(DAY if day else NUMBER if ";" in code else CLEAR, arguments[0])


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
