"""The Jinja2 in a template's cells: compiled once, evaluated for each line, faults at their cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from pipeline.programme import ProgrammeFault

_LONE = re.compile(r"^\{\{((?:(?!\}\}).)+)\}\}$", re.DOTALL)
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined)

View = Mapping[str, Any]
# what an expression may end with: a tag that is wrong, or a — where it reckons with a number
FAULTS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError)


def why(fault: Exception) -> str:
    """What an expression ended with, for the one who wrote it."""
    if isinstance(fault, TemplateError):
        return str(fault.message)
    return f"算不出来：{fault}。没有数的地方是“—”，先用 if 排除"


@dataclass(frozen=True)
class Place:
    """A cell of a template, for faults."""

    file: Path
    sheet: str
    cell: str

    def fault(self, why: str) -> ProgrammeFault:
        """What is wrong there, for the one who wrote the template."""
        place = f"工作表“{self.sheet}”单元格 {self.cell}"
        return ProgrammeFault(self.file, None, f"{place}的写法有误（{why}）")


@dataclass(frozen=True)
class Column:
    """`p.name`: a line's own value."""

    name: str


@dataclass(frozen=True)
class Constant:
    """`'—'`: a value that stands in the template."""

    value: Any


# `p.a or p.b or ''`: the first that is not empty, else the last
Chain = tuple[Column | Constant, ...]


class Expression:
    """One expression, whose value keeps its type."""

    def __init__(self, text: str, place: Place, variable: str = "") -> None:
        self._text, self._place, self._variable = text.strip(), place, variable
        try:
            self._followed = _followed(_parsed(text))
            self._compiled = None if self._followed else _compiled_expression(text)
        except TemplateError as fault:
            raise place.fault(str(fault.message)) from None
        self.chain = _chain(self._followed, variable)

    def value(self, view: View, line: Any = None) -> Any:
        """Its value; `line` is the item a repeated row stands for. Raises ProgrammeFault."""
        try:
            if self._compiled is None:
                found = _first(self._followed, view, self._variable, line)
            else:
                found = self._compiled(view, **{self._variable: line} if self._variable else {})
        except FAULTS as fault:
            raise self._place.fault(why(fault)) from None
        if isinstance(found, Undefined):
            raise self._place.fault(f"{self._text} 没有定义")
        return found

    def unknown(self, name: str) -> ProgrammeFault:
        """The fault of a column that a table has not."""
        return self._place.fault(f"{name} 没有定义")


class Text:
    """A text with expressions in it."""

    def __init__(self, text: str, place: Place, variable: str = "") -> None:
        self._place, self._variable = place, variable
        try:
            self._pieces = _pieces(text)
            self._template = None if self._pieces else _compiled_text(text)
        except TemplateError as fault:
            raise place.fault(str(fault.message)) from None

    def value(self, view: View, line: Any = None) -> str:
        """The text filled in. Raises ProgrammeFault."""
        try:
            if self._template is None:
                return "".join(
                    piece if isinstance(piece, str)
                    else str(_first(piece, view, self._variable, line))
                    for piece in self._pieces
                )  # fmt: skip
            if self._variable:
                return self._template.render(view, **{self._variable: line})
            return self._template.render(view)
        except FAULTS as fault:
            raise self._place.fault(why(fault)) from None


def compiled(text: str, place: Place, variable: str = "") -> Expression | Text:
    """What stands in a cell: a lone expression keeps the type of its value, all else is text."""
    lone = _LONE.match(text.strip())
    return Expression(lone[1], place, variable) if lone else Text(text, place, variable)


# Nine cells in ten name a value and do nothing with it. Jinja compiles each into a module of its own, which
# takes longer than to fill the sheet: such names are followed here, by the sandbox's own rules.
Names = tuple[str, ...]  # `line.year.done`
Followed = tuple[Names | Constant, ...]  # joined by `or`


def _first(parts: Followed, view: View, variable: str, line: Any) -> Any:
    """The first that is not empty, else the last; Undefined where a name is not there."""
    found = None
    for part in parts:
        if isinstance(part, Constant):
            found = part.value
        else:
            name, *attributes = part
            if variable and name == variable:
                found = line
            elif name in view:
                found = view[name]
            else:
                found = _ENVIRONMENT.globals.get(name) or _ENVIRONMENT.undefined(name=name)
            for attribute in attributes:
                found = _attribute(found, attribute)
        if isinstance(found, Undefined) or (part is not parts[-1] and found):
            break
    return found


def _attribute(holder: Any, name: str) -> Any:
    if type(holder) is dict and name in holder and not hasattr(dict, name):
        return holder[name]
    return _ENVIRONMENT.getattr(holder, name)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Any:
    """What an expression is made of."""
    whole = _ENVIRONMENT.parse("{{" + text + "}}").body[0]
    return whole.nodes[0] if isinstance(whole, nodes.Output) else None


@lru_cache(maxsize=1024)
def _compiled_expression(text: str) -> Callable[..., Any]:
    return _ENVIRONMENT.compile_expression(text, undefined_to_none=False)


@lru_cache(maxsize=1024)
def _compiled_text(text: str) -> Template:
    return _ENVIRONMENT.from_string(text)


@lru_cache(maxsize=1024)
def _pieces(text: str) -> tuple[str | Followed, ...]:
    """A text in pieces, fixed ones and what is to be followed; nothing where it does more than that."""
    pieces: list[str | Followed] = []
    for output in _ENVIRONMENT.parse(text).body:
        for node in output.nodes if isinstance(output, nodes.Output) else [output]:
            piece = node.data if isinstance(node, nodes.TemplateData) else _followed(node)
            if not piece:
                return ()
            pieces.append(piece)
    return tuple(pieces)


def _followed(node: Any) -> Followed:
    """Names and constants joined by `or`; nothing where an expression does more."""
    if isinstance(node, nodes.Or):
        left, right = _followed(node.left), _followed(node.right)
        return (*left, *right) if left and right else ()
    if isinstance(node, nodes.Const):
        return (Constant(node.value),)
    names = _names(node)
    return (names,) if names else ()


def _names(node: Any) -> Names:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr) and (before := _names(node.node)):
        return (*before, node.attr)
    return ()


def _chain(parts: Followed, variable: str) -> Chain | None:
    """The same where it asks of a line alone: what can be filled in whole columns."""
    found: list[Column | Constant] = []
    for part in parts if variable else ():
        if isinstance(part, Constant):
            found.append(part)
        elif part[0] == variable and len(part) == 2:
            found.append(Column(part[1]))
        else:
            return None
    return tuple(found) or None
