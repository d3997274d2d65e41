"""Every rule keeps its examples, and every check its comparisons: break one, and an example says so."""

from __future__ import annotations

import ast
import copy
import importlib.util
import inspect
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pipeline.checks.vocabulary as checks
from pipeline.checks import VOCABULARY, Example, Rule, Word
from pipeline.home import built_in
from pipeline.programme import Programme, load_programme
from pipeline.validate.examples import disproved, holds, kinds_of

ROOT = Path(__file__).parent.parent
BUILT_IN = load_programme(built_in("schemas"), "handcraft")
CASES = [
    (rule, word, nth, kind)
    for rule in BUILT_IN.rules
    if rule.check
    for kind in kinds_of(rule, BUILT_IN)[:1]
    for word in ("ok", "bad")
    for nth in range(len(getattr(rule, word)))
]


@pytest.mark.parametrize(
    ("rule", "word", "nth", "kind"), CASES, ids=[f"{r.code}-{w}-{n}" for r, w, n, _ in CASES]
)
def test_an_example_says_what_its_rule_says(
    rule: Rule, word: str, nth: int, kind: str, programme: Programme
) -> None:
    example: Example = getattr(rule, word)[nth]
    own = next((k for k in kinds_of(rule, programme) if _has(example, k, programme)), kind)
    assert holds(rule, example, own, programme) == (word == "ok")


def _has(example: Example, kind: str, programme: Programme) -> bool:
    known = {f.name for f in programme.fields_of(kind)} | {"period"}
    return all(set(row) <= known for row in example)


def test_no_built_in_example_is_disproved_and_a_wrong_one_is_named(programme: Programme) -> None:
    assert list(disproved(programme)) == []
    swapped = [replace(r, ok=r.bad, bad=r.ok) for r in programme.rules if r.ok and r.bad]
    wrong = replace(programme, rules=tuple(swapped))
    assert {(r.code, w) for r, w, _ in disproved(wrong)} == {
        (r.code, w) for r in swapped for w in ("ok", "bad")
    }


def test_every_word_of_the_vocabulary_is_used_and_explained(programme: Programme) -> None:
    used = {rule.check for rule in programme.rules if rule.check}
    assert used == set(VOCABULARY)
    assert all(word.meaning.endswith("。") for word in VOCABULARY.values())


def test_every_rule_names_its_source_and_says_the_remedy(programme: Programme) -> None:
    for rule in programme.rules:
        assert rule.source, rule.code
        assert rule.severity == "info" or "请" in rule.message or "{remedy}" in rule.message


# ------------------------------------------------------------------ mutations
_OPPOSITE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}
_SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


def _mutants(tree: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function that differs from the original in one comparison or one and/or."""
    for nth, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Compare):
            for other in _OPPOSITE.get(type(node.ops[0]), ()):
                yield from _changed(tree, nth, "ops", [other()], ast.unparse(node))
        elif isinstance(node, ast.BinOp) and type(node.op) in _SWAPPED:
            yield from _changed(tree, nth, "op", _SWAPPED[type(node.op)](), ast.unparse(node))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
            twice = ast.UnaryOp(ast.Invert(), node.operand)
            yield from _changed(tree, nth, "operand", twice, ast.unparse(node))


def _changed(
    tree: ast.FunctionDef, nth: int, attribute: str, value: object, was: str
) -> Iterator[tuple[str, ast.FunctionDef]]:
    mutant = copy.deepcopy(tree)
    node = next(itertools.islice(ast.walk(mutant), nth, None))
    setattr(node, attribute, value)
    yield f"{was} -> {ast.unparse(node)}", mutant


def _all_mutants() -> Iterator[tuple[str, str, ast.FunctionDef]]:
    source = ast.parse(inspect.getsource(checks))
    for node in source.body:
        if isinstance(node, ast.FunctionDef) and node.name in {
            *VOCABULARY,
            "_reads_without",
            "_there",
        }:
            for change, mutant in _mutants(node):
                yield node.name, change, mutant


MUTANTS = list(_all_mutants())


def _compiled(mutant: ast.FunctionDef) -> Callable[..., Any]:
    plain = copy.deepcopy(mutant)
    plain.decorator_list = []
    space = dict(vars(checks))
    exec(compile(ast.fix_missing_locations(ast.Module([plain], [])), "mutant", "exec"), space)
    made: Callable[..., Any] = space[plain.name]
    return made


@pytest.mark.parametrize(
    ("name", "change", "mutant"), MUTANTS, ids=[f"{n}: {c}" for n, c, _ in MUTANTS]
)
def test_breaking_a_comparison_breaks_an_example(
    name: str,
    change: str,
    mutant: ast.FunctionDef,
    programme: Programme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = _compiled(mutant)
    if name in VOCABULARY:
        monkeypatch.setitem(VOCABULARY, name, Word(broken, frozenset(), frozenset()))
        rules = [r for r in programme.rules if r.check == name]
    else:
        monkeypatch.setattr(checks, name, broken)
        rules = list(programme.rules)
    assert next(disproved(replace(programme, rules=tuple(rules))), None) is not None, change


def test_the_mutants_are_many() -> None:
    assert len(MUTANTS) > 40


def test_rules_written_out_by_hand_in_pandas_find_the_same(programme: Programme) -> None:
    """The second implementation is the benchmark's; here on a roster small enough for every run."""
    spec = importlib.util.spec_from_file_location("by_hand", ROOT / "benchmarks" / "validation.py")
    assert spec is not None
    assert spec.loader is not None
    witness = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(witness)
    roster = witness.made_up(3_000, seed=7)
    found = witness.by_pipeline(witness.tables_of(roster), programme)
    assert len({rule for _, rule in found}) >= 12
    assert found == witness.by_hand(roster, programme)


def test_no_message_quotes_what_tells_a_person(programme: Programme) -> None:
    telling = {
        f.name
        for f in programme.fields
        if f.sensitive or f.kind in ("name", "id", "certificate", "phone")
    }
    assert {"name", "id_no", "cert_no", "phone", "birth"} <= telling
    for rule in programme.rules:
        if telling & {rule.field, *rule.at}:
            assert "{value}" not in rule.message, rule.code
