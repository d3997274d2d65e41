"""The names that the Jinja2 of a template speaks of, as paths: lines[].name, whatever they are called there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

_ENVIRONMENT = SandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
# filters that answer what they are given, or one of it
_SAME = frozenset({"list", "sort", "reverse", "selectattr", "rejectattr", "select", "reject", "unique", "default"})  # fmt: skip
_ONE_OF = frozenset({"first", "last", "random", "min", "max"})
_OURS = frozenset({"loop", "range", "dict", "namespace", "cycler", "joiner", "lipsum", "self", "caller", "varargs", "kwargs"})  # fmt: skip

Bound = Mapping[
    str, str | None
]  # what a name of the template's own stands for; None: nobody can tell


class Used(NamedTuple):
    """A path as the template speaks of it, the line where, and the words it uses there."""

    path: str
    line: int
    words: str


class Broken(Exception):
    """A tag that cannot be read: what is wrong, and the line."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.why, self.line = why, line


def used_names(source: str, bound: Bound | None = None) -> list[Used]:
    """Every path a template speaks of. Raises Broken."""
    try:
        tree = _ENVIRONMENT.parse(source)
        if "|" in source or " is " in source:  # filters and tests that nobody knows
            _ENVIRONMENT.compile(source)
    except TemplateError as fault:
        raise Broken(str(fault.message), getattr(fault, "lineno", 1) or 1) from None
    walk = _Walk()
    walk.body(tree.body, dict(bound or {}))
    return walk.used


class _Walk:
    def __init__(self) -> None:
        self.used: list[Used] = []

    def body(self, found: list[nodes.Node], own: dict[str, str | None]) -> None:
        for node in found:
            self._node(node, own)

    def _node(self, node: nodes.Node, own: dict[str, str | None]) -> None:
        if isinstance(node, nodes.For):
            items = self._path(node.iter, own)
            inner = dict(own)
            one = f"{items}[]" if items is not None else None
            for name in _targets(node.target):
                inner[name] = one if isinstance(node.target, nodes.Name) else None
            for part in [node.test] if node.test else []:
                self._path(part, inner)
            self.body(node.body, inner)
            self.body(node.else_, dict(own))
        elif isinstance(node, nodes.Assign):
            path = self._path(node.node, own)
            for name in _targets(node.target):
                own[name] = path if isinstance(node.target, nodes.Name) else None
        elif isinstance(node, nodes.Macro):
            own[node.name] = None
            self.body(node.body, {**own, **dict.fromkeys(a.name for a in node.args)})
        elif isinstance(node, nodes.AssignBlock | nodes.Import | nodes.FromImport | nodes.With):
            for name in (n.name for n in node.find_all(nodes.Name) if n.ctx in ("store", "param")):
                own[name] = None
            self.body(list(node.iter_child_nodes()), own)
        elif isinstance(node, nodes.Expr):
            self._path(node, own)
        else:
            for child in node.iter_child_nodes():
                self._node(child, own)

    def _path(self, node: nodes.Node, own: dict[str, str | None]) -> str | None:
        """The path of an expression, None where it is none; all paths within it are noted."""
        if isinstance(node, nodes.Name):
            return self._name(node, own)
        if isinstance(node, nodes.Getattr):
            return self._below(self._path(node.node, own), node.attr, node)
        if isinstance(node, nodes.Getitem):
            return self._item(node, own)
        if isinstance(node, nodes.Filter) and node.node is not None:
            path = self._path(node.node, own)
            for argument in (*node.args, *(k.value for k in node.kwargs)):
                self._path(argument, own)
            if node.name in _SAME:
                return path
            return f"{path}[]" if path is not None and node.name in _ONE_OF else None
        for child in node.iter_child_nodes():
            self._path(child, own) if isinstance(child, nodes.Expr) else self._node(child, own)
        return None

    def _name(self, node: nodes.Name, own: dict[str, str | None]) -> str | None:
        if node.name in own:
            return own[node.name]
        if node.name in _OURS:
            return None
        self.used.append(Used(node.name, node.lineno, node.name))
        return node.name

    def _below(self, path: str | None, name: str, node: nodes.Node) -> str | None:
        if path is None:
            return None
        self.used.append(Used(f"{path}.{name}", node.lineno, name))
        return f"{path}.{name}"

    def _item(self, node: nodes.Getitem, own: dict[str, str | None]) -> str | None:
        path, key = self._path(node.node, own), node.arg
        if isinstance(key, nodes.Const) and isinstance(key.value, str):
            return self._below(path, key.value, node)
        self._path(key, own)
        if isinstance(key, nodes.Slice):
            return path
        if isinstance(key, nodes.Const | nodes.Neg):
            return f"{path}[]" if path is not None else None
        return None


def _targets(node: nodes.Node) -> Iterator[str]:
    for name in node.find_all(nodes.Name) if not isinstance(node, nodes.Name) else [node]:
        yield name.name
