"""The Jinja2 in a template's cells: compiled once, evaluated for each line, faults at their cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, Undefined, nodes
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
            self.chain: Chain | None = _chain(_parsed(text), variable) if variable else None
            self._compiled: Callable[..., Any] | None = (
                None
                if self.chain
                else _ENVIRONMENT.compile_expression(text, undefined_to_none=False)
            )
        except TemplateError as fault:
            raise place.fault(str(fault.message)) from None

    def value(self, view: View, line: Any = None) -> Any:
        """Its value; `line` is the item a repeated row stands for. Raises ProgrammeFault."""
        try:
            if self._compiled is None:
                return self._first(line)
            found = self._compiled(view, **{self._variable: line} if self._variable else {})
        except FAULTS as fault:
            raise self._place.fault(why(fault)) from None
        return self._defined(found)

    def unknown(self, name: str) -> ProgrammeFault:
        """The fault of a column that a table has not."""
        return self._place.fault(f"{name} 没有定义")

    def _first(self, line: Any) -> Any:
        found = None
        for part in self.chain or ():
            if isinstance(part, Constant):
                found = part.value
            elif type(line) is dict and part.name in line and not hasattr(dict, part.name):
                found = line[part.name]
            else:
                found = self._defined(_ENVIRONMENT.getattr(line, part.name))
            if found:
                return found
        return found

    def _defined(self, found: Any) -> Any:
        if isinstance(found, Undefined):
            raise self._place.fault(f"{self._text} 没有定义")
        return found


class Text:
    """A text with expressions in it."""

    def __init__(self, text: str, place: Place, variable: str = "") -> None:
        self._place, self._variable = place, variable
        try:
            self._template = _ENVIRONMENT.from_string(text)
        except TemplateError as fault:
            raise place.fault(str(fault.message)) from None

    def value(self, view: View, line: Any = None) -> str:
        """The text filled in. Raises ProgrammeFault."""
        try:
            if self._variable:
                return self._template.render(view, **{self._variable: line})
            return self._template.render(view)
        except FAULTS as fault:
            raise self._place.fault(why(fault)) from None


def compiled(text: str, place: Place, variable: str = "") -> Expression | Text:
    """What stands in a cell: a lone expression keeps the type of its value, all else is text."""
    lone = _LONE.match(text.strip())
    return Expression(lone[1], place, variable) if lone else Text(text, place, variable)


def _parsed(text: str) -> Any:
    """What an expression is made of."""
    whole = _ENVIRONMENT.parse("{{" + text + "}}").body[0]
    return whole.nodes[0] if isinstance(whole, nodes.Output) else None


def _chain(node: Any, variable: str) -> Chain | None:
    if isinstance(node, nodes.Or):
        left, right = _chain(node.left, variable), _chain(node.right, variable)
        return (*left, *right) if left and right else None
    if isinstance(node, nodes.Const):
        return (Constant(node.value),)
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return (Column(node.attr),) if node.node.name == variable else None
    return None
