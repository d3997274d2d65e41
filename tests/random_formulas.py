"""Formulas as nobody writes them, drawn at random over cells of every kind: for holding two programs side by side."""

from __future__ import annotations

from random import Random
from typing import Any

VALUES: tuple[Any, ...] = (
    0, 1, -1, 2.5, -2.5, 0.1, 0.2, 1 / 3, 100, 12345.678, 99.995, 1.005, 43434, 7, 200.5, "", "长春市", "长春", "12",
    " 3", "—", "ABC", "0", "TRUE", "a*b", "3月",
)  # fmt: skip
_LITERALS = ("0", "1", "2", "-1", "0.5", "100", '"长春市"', '"A"', '""', '"12"', '"—"')
_CRITERIA = ('">=1"', '"<>12"', '"*市"', '"<"&{c}', '"="', '"a?b"', '"长*"', "{c}", "{l}")
_FORMATS = ("0", "0.0%", "0.00", "#,##0", "0人", "0;-0;—", "yyyy-mm-dd", "m月d日")
# {c} a cell, {r} a range, {k} a column, {l} a literal, {n} {t} {a} a number, a text, either; {q} a condition
_NUMBERS = (
    "{c}", "{c}", "{l}", "{n}+{n}", "{n}-{n}", "{n}*{n}", "{n}/{n}", "ROUND({n},2)", "SUM({r},{c})", "MAX({r})", "AVERAGE({r})",
    "COUNT({r})", "COUNTA({r})", "COUNTBLANK({r})", "COUNTIF({r},{w})", "SUMIF({k},{w},{k})", "IF({q},{a},{a})",
    "IFERROR({a},{a})", "INT({n})", "MOD({n},3)", "LEN({t})", "LARGE({r},2)", "SUMPRODUCT(({k}={l})*({k}<>{l}))",
    "MATCH({a},{k},0)", "VLOOKUP({a},A10:F17,3,FALSE)", "ROUNDDOWN({n},-1)", "RANK({c},{r})", "FIND({l},{t})", "SUBTOTAL(9,{r})",
)  # fmt: skip
_TEXTS = (
    "{c}", "{a}&{a}", 'TEXT({n},"{f}")', "LEFT({t},2)", "RIGHT({t},1)", "MID({t},2,2)", 'SUBSTITUTE({t},"长","短")', "UPPER({t})",
    "CONCATENATE({a},{a})", "T({a})",
)  # fmt: skip
_CONDITIONS = ("{a}={a}", "{a}<>{a}", "{a}>{a}", "{a}<={a}", "AND({q},{q})", "NOT({q})", "ISNUMBER({a})", "ISBLANK({c})", "ISERROR({a})")  # fmt: skip


def random_formula(draw: Random, depth: int = 3) -> str:
    """A formula over A10:F17 of its own sheet."""
    return _filled(draw.choice((_NUMBERS, _TEXTS, _CONDITIONS)), draw, depth)


def _filled(patterns: tuple[str, ...], draw: Random, depth: int) -> str:
    text = draw.choice(patterns if depth > 0 else ("{c}", "{l}"))
    while "{" in text:
        before, _, rest = text.partition("{")
        text = before + _piece(rest[0], draw, depth) + rest[2:]
    return text


def _piece(kind: str, draw: Random, depth: int) -> str:
    column, top = draw.choice("ABCDEF"), draw.randint(10, 17)
    if kind in "nat":
        return _filled({"n": _NUMBERS, "t": _TEXTS, "a": _NUMBERS + _TEXTS}[kind], draw, depth - 1)
    if kind == "q":
        return _filled(_CONDITIONS, draw, depth - 1)
    return {
        "c": f"{column}{top}", "r": f"{column}{top}:{column}17", "k": f"{column}10:{column}17",
        "l": draw.choice(_LITERALS), "w": _filled(_CRITERIA, draw, 1), "f": draw.choice(_FORMATS),
    }[kind]  # fmt: skip
